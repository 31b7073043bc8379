/* strerror ERRNO...: the C library's words, one line each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) puts(strerror(atoi(argv[i])));
  return 0;
}

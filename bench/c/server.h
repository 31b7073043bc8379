// What the servers in C share: they tell the port, and may open as many files as the system lets them.
#pragma once
#include "harness.h"

// A socket of `type` on every loopback address and a free port, which is told on the standard output.
// A stream socket listens.
static inline int bind_and_tell(int type) {
  const int fd = must(socket(AF_INET, type, 0), "socket"), on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
  socklen_t length = sizeof address;
  if ((type & SOCK_STREAM) != 0) must(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  must(bind(fd, (struct sockaddr*)&address, sizeof address), "bind");
  if ((type & SOCK_STREAM) != 0) must(listen(fd, SOMAXCONN), "listen");
  must(getsockname(fd, (struct sockaddr*)&address, &length), "getsockname");
  printf("{\"port\":%d}\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

static inline void raise_file_limit(void) {
  struct rlimit files;
  must(getrlimit(RLIMIT_NOFILE, &files), "getrlimit");
  files.rlim_cur = files.rlim_max;
  must(setrlimit(RLIMIT_NOFILE, &files), "setrlimit");
}

/* client PORT [MESSAGE]: what lib/examples/client.ts does, in C. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include "frame.h"

int main(int argc, char **argv) {
  char buf[BUFFER_SIZE + 1] = {0};
  int client_sockfd;
  struct sockaddr_in address;
  if (argc < 2) return 2;
  if (argc > 2 && strlen(argv[2]) >= BUFFER_SIZE) return 2;
  memset(&address, 0, sizeof(address));
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = inet_addr("127.0.0.1");
  address.sin_port = htons(parse_port(argv[1]));

  if ((client_sockfd = socket(AF_INET, SOCK_STREAM, 0)) < 0) fail("client_sockfd creation failed");
  if (connect(client_sockfd, (struct sockaddr *)&address, sizeof(address)) < 0) fail("connect failed");
  if (argc > 2) {
    strcpy(buf, argv[2]);
  } else {
    printf("Please input the message:");
    if (scanf("%40s", buf) != 1) {
      fprintf(stderr, "input failed: standard input ended before a word came\n");
      return EXIT_FAILURE;
    }
    if (strlen(buf) >= BUFFER_SIZE) {
      fprintf(stderr, "input failed: the message is longer than %d bytes\n", BUFFER_SIZE - 1);
      return EXIT_FAILURE;
    }
  }
  send_frame(client_sockfd, buf);
  recv_frame(client_sockfd, buf, "recv server data failed");
  printf("receive data from server: %s\n", buf);
  close(client_sockfd);
  return EXIT_SUCCESS;
}

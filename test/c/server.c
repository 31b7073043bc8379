/* server PORT [reuse]: what lib/examples/server.ts does, in C. It says on standard error where it listens. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include "frame.h"

/* With port 0 the kernel has chosen. */
static void say_where(int fd, unsigned short port) {
  struct sockaddr_storage address;
  socklen_t size = sizeof(address);
  if (port == 0) {
    if (getsockname(fd, (struct sockaddr *)&address, &size) < 0) fail("getsockname failed");
    port = ntohs(((struct sockaddr_in *)&address)->sin_port);
  }
  fprintf(stderr, "listening on 0.0.0.0:%d\n", port);
}

int main(int argc, char **argv) {
  char buf[BUFFER_SIZE + 1] = {0};
  const char answer[BUFFER_SIZE] = "I have received your message.";
  int server_sockfd, client_sockfd;
  struct sockaddr_in server_address;
  struct sockaddr_storage client_address;
  socklen_t size = sizeof(client_address);
  if (argc < 2) return 2;
  memset(&server_address, 0, sizeof(server_address));
  server_address.sin_family = AF_INET;
  server_address.sin_addr.s_addr = htonl(INADDR_ANY);
  server_address.sin_port = htons(parse_port(argv[1]));

  if ((server_sockfd = socket(AF_INET, SOCK_STREAM, 0)) < 0) fail("server_sockfd creation failed");
  if (argc > 2 && strcmp(argv[2], "reuse") == 0) {
    const int on = 1;
    if (setsockopt(server_sockfd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0) fail("setsockopt failed");
  }
  if (bind(server_sockfd, (struct sockaddr *)&server_address, sizeof(server_address)) < 0) {
    fail("server socket bind failed");
  }
  if (listen(server_sockfd, 5) < 0) fail("listen failed");
  say_where(server_sockfd, ntohs(server_address.sin_port));
  if ((client_sockfd = accept(server_sockfd, (struct sockaddr *)&client_address, &size)) < 0) {
    fail("accept client socket failed");
  }
  recv_frame(client_sockfd, buf, "recv client data failed");
  printf("receive from client:%s\n", buf);
  send_frame(client_sockfd, answer);
  close(client_sockfd);
  close(server_sockfd);
  return EXIT_SUCCESS;
}

// The other end of every served case: the same program for every contestant. It plays until the
// server has gone, or for two minutes. `generator ping-pong|conversation PORT`.
#include "harness.h"

#define MESSAGE 40

static char message[MESSAGE];

// A connected socket, or -1 once the server has gone.
static int dial(int port) {
  const int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (connect(fd, (struct sockaddr*)&address, sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

static int exchange(int fd) {
  if (send(fd, message, MESSAGE, MSG_NOSIGNAL) != MESSAGE) return 0;
  return recv(fd, message, MESSAGE, 0) == MESSAGE;
}

static void ping_pong(int port) {
  const int fd = dial(port);
  while (fd != -1 && exchange(fd)) continue;
}

// The server closes first, so each conversation would leave its port in TIME_WAIT for a minute, and
// 28,000 conversations later there would be none left. So the client waits for the server's end of
// file, which means that the server has done all its work, and then resets the connection
// (SO_LINGER of 0 seconds), which ends TIME_WAIT's reason. The server's calls are the same.
static void conversation(int port) {
  const struct linger reset = {.l_onoff = 1, .l_linger = 0};
  for (;;) {
    const int fd = dial(port);
    if (fd == -1) return;
    const int alive = exchange(fd) && recv(fd, message, MESSAGE, 0) == 0;
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(fd);
    if (!alive) return;
  }
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  alarm(120);
  if (strcmp(argv[1], "ping-pong") == 0) ping_pong(atoi(argv[2]));
  if (strcmp(argv[1], "conversation") == 0) conversation(atoi(argv[2]));
  return 0;
}

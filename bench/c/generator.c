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

static int ask(int fd) { return send(fd, message, MESSAGE, MSG_NOSIGNAL) == MESSAGE; }
static int is_answered(int fd) { return recv(fd, message, MESSAGE, MSG_WAITALL) == MESSAGE; }

static void ping_pong(int port) {
  const int fd = dial(port);
  while (fd != -1 && ask(fd) && is_answered(fd)) continue;
}

// Some conversations are always begun ahead, so that the server has work and is measured, not its sleep.
#define AHEAD 8

// The server closes first, so each conversation would leave its port in TIME_WAIT for a minute, and
// 28,000 conversations later there would be none left. So the client waits for the server's end of
// file, which means that the server has done all its work, and then resets the connection
// (SO_LINGER of 0 seconds): nothing is left to wait for. The server's calls are the same.
static void conversation(int port) {
  const struct linger reset = {.l_onoff = 1, .l_linger = 0};
  int begun[AHEAD];
  for (int i = 0; i < AHEAD; i++) {
    if ((begun[i] = dial(port)) == -1 || !ask(begun[i])) return;
  }
  for (int i = 0;; i = (i + 1) % AHEAD) {
    if (!is_answered(begun[i]) || recv(begun[i], message, MESSAGE, 0) != 0) return;
    setsockopt(begun[i], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(begun[i]);
    if ((begun[i] = dial(port)) == -1 || !ask(begun[i])) return;
  }
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  alarm(120);
  if (strcmp(argv[1], "ping-pong") == 0) ping_pong(atoi(argv[2]));
  if (strcmp(argv[1], "conversation") == 0) conversation(atoi(argv[2]));
  return 0;
}

// The same loops in C: what every rate is a rate of. `reference [--threaded] CASE WARM_MS MEASURE_MS`.
// --threaded starts a second thread, which sleeps: Node always has some, and with them the kernel
// has to count each use of a descriptor. What that costs, no addon can avoid.
#include <pthread.h>

#include "harness.h"

#define MESSAGE 40

static int fds[2];
static char message[MESSAGE];

// One getsockopt(SO_REUSEADDR) on a TCP socket.
static void getsockopt_setup(void) { fds[0] = must(socket(AF_INET, SOCK_STREAM, 0), "socket"); }

static void getsockopt_body(long count) {
  for (long i = 0; i < count; i++) {
    int value = 0;
    socklen_t length = sizeof value;
    must(getsockopt(fds[0], SOL_SOCKET, SO_REUSEADDR, &value, &length), "getsockopt");
  }
}

// One byte sent and received on a connected pair.
static void pair_setup(void) { must(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), "socketpair"); }

static void pair_body(long count) {
  char byte = 1;
  for (long i = 0; i < count; i++) {
    must(send(fds[0], &byte, 1, 0), "send");
    must(recv(fds[1], &byte, 1, 0), "recv");
  }
}

// A listener on every loopback address, whose port the generator is told.
static int listen_and_tell(void) {
  const int listener = must(socket(AF_INET, SOCK_STREAM, 0), "socket"), on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
  socklen_t length = sizeof address;
  must(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  must(bind(listener, (struct sockaddr*)&address, sizeof address), "bind");
  must(listen(listener, 128), "listen");
  must(getsockname(listener, (struct sockaddr*)&address, &length), "getsockname");
  printf("{\"port\":%d}\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

// 40 bytes received and sent back on one connection.
static void ping_pong_setup(void) { fds[0] = must(accept(listen_and_tell(), NULL, NULL), "accept"); }

static void ping_pong_body(long count) {
  for (long i = 0; i < count; i++) {
    must(recv(fds[0], message, MESSAGE, 0), "recv");
    must(send(fds[0], message, MESSAGE, 0), "send");
  }
}

// accept with the peer's address, recv 40, send 40, close.
static void conversation_setup(void) { fds[0] = listen_and_tell(); }

static void conversation_body(long count) {
  for (long i = 0; i < count; i++) {
    struct sockaddr_in peer;
    socklen_t length = sizeof peer;
    const int fd = must(accept(fds[0], (struct sockaddr*)&peer, &length), "accept");
    must(recv(fd, message, MESSAGE, 0), "recv");
    must(send(fd, message, MESSAGE, 0), "send");
    must(close(fd), "close");
  }
}

static const struct {
  const char* name;
  void (*setup)(void);
  Body body;
} cases[] = {
    {"getsockopt", getsockopt_setup, getsockopt_body},
    {"pair", pair_setup, pair_body},
    {"ping-pong", ping_pong_setup, ping_pong_body},
    {"conversation", conversation_setup, conversation_body},
};

static void* sleeper(void* unused) {
  for (;;) pause();
  return unused;
}

int main(int argc, char** argv) {
  pthread_t thread;
  if (argc > 1 && strcmp(argv[1], "--threaded") == 0) {
    if (pthread_create(&thread, NULL, sleeper, NULL) != 0) return 1;
    argc--, argv++;
  }
  for (size_t i = 0; argc == 4 && i < sizeof cases / sizeof *cases; i++) {
    if (strcmp(cases[i].name, argv[1]) != 0) continue;
    cases[i].setup();
    measure(cases[i].body, atol(argv[2]), atol(argv[3]));
    return 0;
  }
  fprintf(stderr, "usage: reference [--threaded] CASE WARM_MS MEASURE_MS\n");
  return 2;
}

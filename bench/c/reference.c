// The same loops in C: what every rate is a rate of. `reference [--threaded] CASE WARM_MS MEASURE_MS`.
// --threaded starts a second thread, which sleeps: Node always has some, and with them the kernel
// has to count each use of a descriptor. What that costs, no addon can avoid.
#include "harness.h"
// After it: it asks for the GNU functions.
#include <pthread.h>

#define MESSAGE 40
// What one send loads, and how it is cut: 64 messages of 64 bytes on a stream, 32 datagrams of 64 bytes.
#define SMALL 64
#define STREAM_BURST 64
#define DATAGRAM_BURST 32

static int fds[2];
static char message[MESSAGE], small[SMALL], load[STREAM_BURST * SMALL];

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

// 64 bytes received of a stream; one send loads it for 64 receives.
static void recv_body(long count) {
  for (long i = 0; i < count; i += STREAM_BURST) {
    must(send(fds[0], load, sizeof load, 0), "send");
    for (int j = 0; j < STREAM_BURST; j++) must(recv(fds[1], small, SMALL, 0), "recv");
  }
}

// Two buffers of 32 bytes sent on a stream; one receive empties it of 64 messages.
static void sendmsg_body(long count) {
  for (long i = 0; i < count; i += STREAM_BURST) {
    for (int j = 0; j < STREAM_BURST; j++) {
      struct iovec buffers[] = {{load, SMALL / 2}, {load + SMALL / 2, SMALL / 2}};
      const struct msghdr two = {.msg_iov = buffers, .msg_iovlen = 2};
      must(sendmsg(fds[0], &two, 0), "sendmsg");
    }
    must(recv(fds[1], load, sizeof load, MSG_WAITALL), "recv");
  }
}

// Two UDP sockets, the first connected to the second: UDP_SEGMENT cuts what it sends into datagrams.
static void datagrams_setup(void) {
  const int size = SMALL;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  for (int i = 0; i < 2; i++) fds[i] = must(socket(AF_INET, SOCK_DGRAM, 0), "socket");
  must(bind(fds[1], (struct sockaddr*)&address, sizeof address), "bind");
  must(getsockname(fds[1], (struct sockaddr*)&address, &length), "getsockname");
  must(connect(fds[0], (struct sockaddr*)&address, sizeof address), "connect");
  must(setsockopt(fds[0], SOL_UDP, UDP_SEGMENT, &size, sizeof size), "setsockopt");
}

static void send_datagrams(void) { must(send(fds[0], load, DATAGRAM_BURST * SMALL, 0), "send"); }

// One datagram received with its sender's address.
static void recvfrom_body(long count) {
  for (long i = 0; i < count; i += DATAGRAM_BURST) {
    send_datagrams();
    for (int j = 0; j < DATAGRAM_BURST; j++) {
      struct sockaddr_in sender;
      socklen_t length = sizeof sender;
      must(recvfrom(fds[1], small, SMALL, 0, (struct sockaddr*)&sender, &length), "recvfrom");
    }
  }
}

// 32 datagrams received with their senders' addresses, in one call.
static void recvmmsg_body(long count) {
  for (long i = 0; i < count; i++) {
    struct mmsghdr messages[DATAGRAM_BURST] = {0};
    struct iovec buffers[DATAGRAM_BURST];
    struct sockaddr_in senders[DATAGRAM_BURST];
    for (int j = 0; j < DATAGRAM_BURST; j++) {
      buffers[j] = (struct iovec){load + j * SMALL, SMALL};
      messages[j].msg_hdr = (struct msghdr){
          .msg_name = &senders[j], .msg_namelen = sizeof senders[j], .msg_iov = &buffers[j], .msg_iovlen = 1};
    }
    send_datagrams();
    must(recvmmsg(fds[1], messages, DATAGRAM_BURST, 0, NULL), "recvmmsg");
  }
}

// The same, one recv for each.
static void recv_datagrams_body(long count) {
  for (long i = 0; i < count; i++) {
    send_datagrams();
    for (int j = 0; j < DATAGRAM_BURST; j++) must(recv(fds[1], load + j * SMALL, SMALL, 0), "recv");
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
    {"recv", pair_setup, recv_body},
    {"sendmsg", pair_setup, sendmsg_body},
    {"recvfrom", datagrams_setup, recvfrom_body},
    {"recvmmsg", datagrams_setup, recvmmsg_body},
    {"recv-datagrams", datagrams_setup, recv_datagrams_body},
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

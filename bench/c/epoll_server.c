// The server in C: one thread, one edge-triggered epoll, every socket registered once for its life.
// `epoll_server echo|conversation|one-way|to-client [eager]`; eager tries to receive as soon as it has accepted.
#include "server.h"
// After it: it asks for the GNU functions.
#include <stdbool.h>
#include <sys/epoll.h>

#define EVENTS 512
#define CONVERSATION 40

enum mode { ECHO, CONVERSATION_MODE, ONE_WAY, TO_CLIENT };

struct connection {
  int fd;
  int unsent, sent;  // of `rest`: what the peer did not take yet
  char* rest;
};

static enum mode mode;
static bool eager;
static int epoll, listener;
static char buffer[1 << 16];

static void watch(int fd, void* what, uint32_t events) {
  struct epoll_event event = {.events = events | EPOLLET, .data.ptr = what};
  must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

static void close_connection(struct connection* connection) {
  close(connection->fd);
  free(connection->rest);
  free(connection);
}

// Sends; what the peer does not take is kept until it does. False when the peer has gone.
static bool send_or_keep(struct connection* connection, const char* bytes, int length) {
  int sent = send(connection->fd, bytes, length, MSG_NOSIGNAL);
  if (sent == -1 && errno != EAGAIN && errno != EINTR) return false;
  if (sent == -1) sent = 0;
  if (sent == length) return true;
  connection->unsent = length - sent;
  connection->sent = 0;
  connection->rest = malloc(connection->unsent);
  memcpy(connection->rest, bytes + sent, connection->unsent);
  return true;
}

// Sends what was kept. False when the peer has gone.
static bool send_rest(struct connection* connection) {
  while (connection->unsent > 0) {
    const int sent = send(connection->fd, connection->rest + connection->sent, connection->unsent, MSG_NOSIGNAL);
    if (sent == -1 && errno == EINTR) continue;
    if (sent == -1) return errno == EAGAIN;
    connection->sent += sent;
    connection->unsent -= sent;
  }
  free(connection->rest);
  connection->rest = NULL;
  return true;
}

// Sends as much as the peer takes, from where the last block ended. False when the peer has gone.
static bool send_blocks(struct connection* connection) {
  for (;;) {
    const int sent = send(connection->fd, buffer + connection->sent, sizeof buffer - connection->sent, MSG_NOSIGNAL);
    if (sent == -1 && errno == EINTR) continue;
    if (sent == -1) return errno == EAGAIN;
    connection->sent = (connection->sent + sent) % sizeof buffer;
  }
}

// A ready connection. False when it is over.
static bool serve(struct connection* connection, uint32_t events) {
  if (mode == TO_CLIENT) return send_blocks(connection);
  const int capacity = mode == CONVERSATION_MODE ? CONVERSATION : (int)sizeof buffer;
  if ((events & EPOLLOUT) != 0 && connection->unsent > 0 && !send_rest(connection)) return false;
  while (connection->unsent == 0) {
    const int length = recv(connection->fd, buffer, capacity, 0);
    if (length == -1 && errno == EINTR) continue;
    if (length == -1) return errno == EAGAIN;
    if (length == 0) return false;
    if (mode != ONE_WAY && !send_or_keep(connection, buffer, length)) return false;
    if (mode == CONVERSATION_MODE) return false;
    // Less than was asked for: it is empty, and epoll tells when it is not (epoll(7)).
    if (length < capacity && (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) == 0) return true;
  }
  return true;
}

static void accept_all(void) {
  for (;;) {
    struct sockaddr_in peer;
    socklen_t length = sizeof peer;
    const int fd = accept4(listener, (struct sockaddr*)&peer, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd == -1) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno == EAGAIN) return;
      must(fd, "accept4");
    }
    struct connection* const connection = calloc(1, sizeof *connection);
    connection->fd = fd;
    if (eager && !serve(connection, 0)) {
      close_connection(connection);
      continue;
    }
    watch(fd, connection, EPOLLIN | EPOLLOUT | EPOLLRDHUP);
  }
}

int main(int argc, char** argv) {
  static const char* const modes[] = {"echo", "conversation", "one-way", "to-client"};
  struct epoll_event events[EVENTS];
  unsigned wanted = 0;
  while (argc > 1 && wanted < 4 && strcmp(argv[1], modes[wanted]) != 0) wanted++;
  if (argc < 2 || wanted == 4) {
    fprintf(stderr, "usage: epoll_server echo|conversation|one-way|to-client [eager]\n");
    return 2;
  }
  mode = wanted;
  eager = argc > 2 && strcmp(argv[2], "eager") == 0;
  for (size_t i = 0; mode == TO_CLIENT && i < sizeof buffer; i++) buffer[i] = 'a' + i % 26;
  raise_file_limit();
  epoll = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  listener = bind_and_tell(SOCK_STREAM | SOCK_NONBLOCK);
  watch(listener, NULL, EPOLLIN);
  for (;;) {
    const int count = epoll_wait(epoll, events, EVENTS, -1);
    for (int i = 0; i < count; i++) {
      struct connection* const connection = events[i].data.ptr;
      if (connection == NULL)
        accept_all();
      else if (!serve(connection, events[i].events))
        close_connection(connection);
    }
  }
}

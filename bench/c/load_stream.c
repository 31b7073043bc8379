// Connections that stay open: echo, ping-pong, one-way, to-client, idle.
#include "load.h"
// After it.
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>

#define EVENTS 256
// So many connections are made at a time: fewer than any server's backlog.
#define AT_A_TIME 64

static struct connection {
  int fd;
  int sent;        // bytes of the message
  int received;    // bytes of the answer that is under way
  uint64_t stamp;  // of the message that it answers
  int64_t asked;   // when
} * connections;
static int epoll;
static char answer[LARGEST];

// Sends what is left of the message, as much as the socket takes: the server may answer before it has all.
static void send_rest(struct connection* connection) {
  if (connection->sent == options.size) return;
  const char* const rest = message + connection->sent;
  const long sent = send(connection->fd, rest, options.size - connection->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent != -1 || errno != EAGAIN) connection->sent += must(sent, "send");
}

static void ask(struct connection* connection) {
  static uint64_t stamps;
  connection->sent = connection->received = 0;
  stamp_message(connection->stamp = ++stamps);
  connection->asked = wall_ns();
  send_rest(connection);
}

// Receives what is there; true when the answer is whole.
static bool is_answered(struct connection* connection, int flags) {
  const long length = recv(connection->fd, answer, options.size - connection->received, flags);
  if (length == -1 && errno == EAGAIN) return false;
  if (must(length, "recv") == 0) {
    fprintf(stderr, "load: the server closed a connection\n");
    exit(1);
  }
  check_answer(connection->stamp, connection->received, answer, length);
  connection->received += length;
  if (connection->received < options.size) return false;
  note_latency(wall_ns() - connection->asked);
  return true;
}

// Opens all connections; each has had one answer, so the server has really accepted it.
static void open_connections(void) {
  connections = calloc(options.connections, sizeof *connections);
  for (int first = 0; first < options.connections; first += AT_A_TIME) {
    const int end = first + AT_A_TIME < options.connections ? first + AT_A_TIME : options.connections;
    for (int i = first; i < end; i++) {
      connections[i].fd = dial(i);
      ask(&connections[i]);
    }
    for (int i = first; i < end; i++) {
      for (bool waits = true; waits; waits = !is_answered(&connections[i], MSG_DONTWAIT)) send_rest(&connections[i]);
    }
  }
}

static void echo_open(void) {
  open_connections();
  epoll = must(epoll_create1(0), "epoll_create1");
  for (int i = 0; i < options.connections; i++) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = &connections[i]};
    must(epoll_ctl(epoll, EPOLL_CTL_ADD, connections[i].fd, &event), "epoll_ctl");
  }
}

// One message under way on each connection.
static void echo_round(void) {
  struct epoll_event events[EVENTS];
  int asked = options.connections;
  bool more = true;
  for (int i = 0; i < options.connections; i++) ask(&connections[i]);
  while (asked > 0) {
    const int count = wait_events(epoll, events, EVENTS);
    for (int i = 0; i < count; i++) {
      struct connection* const connection = events[i].data.ptr;
      send_rest(connection);
      if (!is_answered(connection, MSG_DONTWAIT)) continue;
      played++;
      if (more)
        ask(connection);
      else
        asked--;
    }
    if (more) more = round_goes_on();
  }
}

static void ping_pong_round(void) {
  do {
    ask(connections);
    while (!is_answered(connections, 0)) send_rest(connections);
    played++;
  } while (round_goes_on());
}

static void one_way_open(void) {
  connections = calloc(options.connections, sizeof *connections);
  for (int i = 0; i < options.connections; i++) connections[i].fd = dial(i);
}

// Blocks that nobody answers. Between rounds nothing is left in the socket's send buffer.
static void one_way_round(void) {
  do {
    for (int i = 0; i < options.connections; i++) {
      must(send(connections[i].fd, message, options.size, MSG_NOSIGNAL), "send");
      played++;
    }
  } while (round_goes_on());
  for (int i = 0, unsent = 1; i < options.connections; unsent = 1, i++) {
    while (unsent > 0) {
      must(ioctl(connections[i].fd, SIOCOUTQ, &unsent), "ioctl");
      poll(NULL, 0, 1);
    }
  }
}

// The server sends block after block; between rounds its send buffers are full, and it waits.
static void to_client_round(void) {
  do {
    for (int i = 0; i < options.connections; i++) {
      struct connection* const connection = &connections[i];
      const long length = must(recv(connection->fd, answer, options.size - connection->received, 0), "recv");
      if (length == 0 || memcmp(answer, message + connection->received, length) != 0) {
        fprintf(stderr, "load: the server sent other bytes than it should, or none\n");
        exit(1);
      }
      if ((connection->received += length) < options.size) continue;
      connection->received = 0;
      played++;
    }
  } while (round_goes_on());
}

// Connections that are only there, until this program's standard input ends.
static void idle_round(void) {}

const struct play echo = {"echo", echo_open, echo_round};
const struct play ping_pong = {"ping-pong", open_connections, ping_pong_round};
const struct play one_way = {"one-way", one_way_open, one_way_round};
const struct play to_client = {"to-client", one_way_open, to_client_round};
const struct play idle = {"idle", open_connections, idle_round};

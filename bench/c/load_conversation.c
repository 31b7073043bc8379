// The article's conversation, many at a time: connect, send, receive the same bytes, see the server close.
#include "load.h"

#define EVENTS 256

static struct conversation {
  int fd;
  int received;
  uint64_t stamp;
} * conversations;
static int epoll;

static void begin(struct conversation* one) {
  static uint64_t stamps;
  one->received = 0;
  one->stamp = ++stamps;
  one->fd = dial(one->stamp % 64);
  stamp_message(one->stamp);
  must(send(one->fd, message, options.size, MSG_NOSIGNAL), "send");
  struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = one};
  must(epoll_ctl(epoll, EPOLL_CTL_ADD, one->fd, &event), "epoll_ctl");
}

// The end of file has come: the server has closed, and done all its work. Our close resets the connection,
// so nothing is left to wait for at either end, and no port runs out.
static void end(struct conversation* one) {
  if (one->received != options.size) {
    fprintf(stderr, "load: the server closed after %d of %d bytes\n", one->received, options.size);
    exit(1);
  }
  must(close(one->fd), "close");
}

// Receives what is there; true at the end of file.
static bool is_over(struct conversation* one) {
  char answer[1 << 16];
  for (;;) {
    const long length = recv(one->fd, answer, sizeof answer, MSG_DONTWAIT);
    if (length == -1 && errno == EAGAIN) return false;
    if (must(length, "recv") == 0) return true;
    check_answer(one->stamp, one->received, answer, length);
    one->received += length;
  }
}

static void conversation_open(void) {
  conversations = calloc(options.connections, sizeof *conversations);
  epoll = must(epoll_create1(0), "epoll_create1");
}

static void conversation_round(void) {
  struct epoll_event events[EVENTS];
  int begun = options.connections;
  bool more = true;
  for (int i = 0; i < options.connections; i++) begin(&conversations[i]);
  while (begun > 0) {
    const int count = wait_events(epoll, events, EVENTS);
    for (int i = 0; i < count; i++) {
      struct conversation* const one = events[i].data.ptr;
      if (!is_over(one)) continue;
      end(one);
      played++;
      if (more)
        begin(one);
      else
        begun--;
    }
    if (more) more = round_goes_on();
  }
}

const struct play conversation = {"conversation", conversation_open, conversation_round};

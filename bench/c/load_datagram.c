// UDP: some sockets, a window of datagrams under way on each. Several travel with one call, so that this
// program is not the limit.
#include "load.h"

#define EVENTS 64
#define WINDOW_MAX 64
#define SIZE_MAX_BYTES 2048

static struct sender {
  int fd;
  uint64_t stamps[WINDOW_MAX];  // of the datagram that each slot of the window waits for; 0: none
} * senders;
static int epoll;
static long under_way;

static void datagrams_open(void) {
  const struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(options.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (options.window > WINDOW_MAX || options.size > SIZE_MAX_BYTES) exit(2);
  senders = calloc(options.connections, sizeof *senders);
  epoll = must(epoll_create1(0), "epoll_create1");
  for (int i = 0; i < options.connections; i++) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = &senders[i]};
    senders[i].fd = must(socket(AF_INET, SOCK_DGRAM, 0), "socket");
    must(connect(senders[i].fd, (const struct sockaddr*)&address, sizeof address), "connect");
    must(epoll_ctl(epoll, EPOLL_CTL_ADD, senders[i].fd, &event), "epoll_ctl");
  }
}

// Sends a new datagram for each of `count` slots. The slot is the lowest part of the stamp.
static void send_slots(struct sender* sender, const int* slots, int count) {
  static uint64_t serial;
  static char bytes[WINDOW_MAX][SIZE_MAX_BYTES];
  struct mmsghdr headers[WINDOW_MAX] = {0};
  struct iovec buffers[WINDOW_MAX];
  for (int i = 0; i < count; i++) {
    stamp_message(sender->stamps[slots[i]] = ++serial * WINDOW_MAX + slots[i]);
    memcpy(bytes[i], message, options.size);
    buffers[i] = (struct iovec){bytes[i], options.size};
    headers[i].msg_hdr = (struct msghdr){.msg_iov = &buffers[i], .msg_iovlen = 1};
  }
  for (int sent = 0; sent < count;) sent += must(sendmmsg(sender->fd, headers + sent, count - sent, 0), "sendmmsg");
  under_way += count;
}

// Receives the answers that are there. Returns how many, and their slots; late ones are not counted again.
static int receive_slots(struct sender* sender, int* slots) {
  static char bytes[WINDOW_MAX][SIZE_MAX_BYTES];
  struct mmsghdr headers[WINDOW_MAX] = {0};
  struct iovec buffers[WINDOW_MAX];
  for (int i = 0; i < options.window; i++) {
    buffers[i] = (struct iovec){bytes[i], SIZE_MAX_BYTES};
    headers[i].msg_hdr = (struct msghdr){.msg_iov = &buffers[i], .msg_iovlen = 1};
  }
  const int count = recvmmsg(sender->fd, headers, options.window, MSG_DONTWAIT, NULL);
  if (count == -1 && errno == EAGAIN) return -1;
  must(count, "recvmmsg");
  int fresh = 0;
  for (int i = 0; i < count; i++) {
    uint64_t stamp;
    memcpy(&stamp, bytes[i], sizeof stamp);
    const int slot = stamp % WINDOW_MAX;
    if (sender->stamps[slot] != stamp) continue;
    check_answer(stamp, 0, bytes[i], headers[i].msg_len);
    sender->stamps[slot] = 0;
    slots[fresh++] = slot;
  }
  return fresh;
}

// Nothing has come for a tenth of a second: what is under way is lost.
static void forget_lost(void) {
  lost += under_way;
  under_way = 0;
  for (int i = 0; i < options.connections; i++) memset(senders[i].stamps, 0, sizeof senders[i].stamps);
}

static void send_windows(void) {
  int slots[WINDOW_MAX];
  for (int i = 0; i < options.window; i++) slots[i] = i;
  for (int i = 0; i < options.connections; i++) send_slots(&senders[i], slots, options.window);
}

static void datagrams_round(void) {
  struct epoll_event events[EVENTS];
  int slots[WINDOW_MAX];
  bool more = true;
  while (more || under_way > 0) {
    if (under_way == 0) send_windows();
    const int count = must(epoll_wait(epoll, events, EVENTS, 100), "epoll_wait");
    if (count == 0) forget_lost();
    for (int i = 0; i < count; i++) {
      struct sender* const sender = events[i].data.ptr;
      for (int answered; (answered = receive_slots(sender, slots)) != -1;) {
        played += answered;
        under_way -= answered;
        if (more && answered > 0) send_slots(sender, slots, answered);
      }
    }
    if (more) more = round_goes_on();
  }
}

const struct play datagrams = {"datagrams", datagrams_open, datagrams_round};

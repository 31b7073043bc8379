/* For interpreter.c: the calls on messages. */
#ifndef MESSAGES_H
#define MESSAGES_H
#include "answers.h"

union control {
  struct cmsghdr aligned;
  unsigned char bytes[MOST_CONTROL];
};

static size_t add_control(unsigned char *control, size_t at, int level, int type, const void *data, size_t length) {
  struct cmsghdr *header = (struct cmsghdr *)(void *)(control + at);
  if (at + CMSG_SPACE(length) > MOST_CONTROL) abort();
  header->cmsg_level = level;
  header->cmsg_type = type;
  header->cmsg_len = CMSG_LEN(length);
  memcpy(CMSG_DATA(header), data, length);
  return at + CMSG_SPACE(length);
}

/* rights:SLOT.SLOT… cred:PID:uid:gid (PID 0 is this process) pktinfo:ifindex:ip:ip int:level:type:value
 * data:level:type:HEX */
static size_t add_item(unsigned char *control, size_t at, char *item) {
  char *part[4] = {NULL, NULL, NULL, NULL}, *slot[MOST_BUFFERS];
  int fds[MOST_BUFFERS];
  size_t i;
  split(item, ':', part, 4);
  if (*item == 'r') {
    const size_t count = split(part[1], '.', slot, MOST_BUFFERS);
    for (i = 0; i < count; i++) fds[i] = fd_of(slot[i]);
    return add_control(control, at, SOL_SOCKET, SCM_RIGHTS, fds, count * sizeof(int));
  }
  if (*item == 'c') {
    const struct ucred who = {number(part[1]) == 0 ? getpid() : number(part[1]), (uid_t)number(part[2]),
                              (gid_t)number(part[3])};
    return add_control(control, at, SOL_SOCKET, SCM_CREDENTIALS, &who, sizeof who);
  }
  if (*item == 'p') {
    struct in_pktinfo info;
    info.ipi_ifindex = number(part[1]);
    inet_pton(AF_INET, part[2], &info.ipi_spec_dst);
    inet_pton(AF_INET, part[3], &info.ipi_addr);
    return add_control(control, at, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
  }
  if (*item == 'i') {
    const int value = number(part[3]);
    return add_control(control, at, number(part[1]), number(part[2]), &value, sizeof value);
  }
  const struct iovec data = hex_of(part[3]);
  return add_control(control, at, number(part[1]), number(part[2]), data.iov_base, data.iov_len);
}

static size_t datas_of(char *word, char separator, struct iovec *datas) {
  char *parts[MOST_BUFFERS];
  const size_t count = split(word, separator, parts, MOST_BUFFERS);
  size_t i;
  for (i = 0; i < count; i++) datas[i] = data_of(parts[i]);
  return count;
}

static size_t rooms_of(char *word, struct iovec *rooms) {
  char *parts[MOST_BUFFERS];
  const size_t count = split(word, ',', parts, MOST_BUFFERS);
  size_t i;
  for (i = 0; i < count; i++) rooms[i] = room_of(parts[i]);
  return count;
}

static void set_address(struct msghdr *message, char *word, struct address *address) {
  if (strcmp(word, "-") == 0) return;
  *address = address_of(word);
  message->msg_name = &address->u;
  message->msg_namelen = address->length;
}

/* SLOT flags ADDRESS|- DATA,DATA…|- ITEM;ITEM…|- */
static void run_sendmsg(char **w) {
  static union control control;
  struct iovec datas[MOST_BUFFERS];
  struct address to;
  char *items[MOST_BUFFERS];
  const size_t count = split(w[4], ';', items, MOST_BUFFERS);
  size_t i, length = 0;
  struct msghdr message;
  memset(&message, 0, sizeof message);
  memset(&control, 0, sizeof control);
  set_address(&message, w[2], &to);
  message.msg_iov = datas;
  message.msg_iovlen = datas_of(w[3], ',', datas);
  for (i = 0; i < count; i++) length = add_item(control.bytes, length, items[i]);
  message.msg_control = length == 0 ? NULL : &control;
  message.msg_controllen = length;
  answer(sendmsg(fd_of(w[0]), &message, number(w[1])));
}

/* SLOT flags controlLength room,room…|- */
static void run_recvmsg(char **w) {
  static union control control;
  struct iovec rooms[MOST_BUFFERS];
  struct address from;
  struct msghdr message;
  memset(&message, 0, sizeof message);
  message.msg_name = &from.u;
  message.msg_namelen = sizeof from.u;
  message.msg_iov = rooms;
  message.msg_iovlen = rooms_of(w[3], rooms);
  message.msg_control = number(w[2]) == 0 ? NULL : &control;
  message.msg_controllen = (size_t)number(w[2]);
  if (answer(recvmsg(fd_of(w[0]), &message, number(w[1])))) {
    /* Ours always asks for close-on-exec, and does not tell the flag that says so. */
    printf(" %x", (unsigned)message.msg_flags & ~(unsigned)MSG_CMSG_CLOEXEC);
    from.length = message.msg_namelen;
    print_address(&from);
    print_control(&message);
  }
  print_rooms(rooms, message.msg_iovlen);
}

/* SLOT flags room,room…|- */
static void run_recvmmsg(char **w) {
  struct iovec rooms[MOST_BUFFERS];
  struct address from[MOST_BUFFERS];
  struct mmsghdr messages[MOST_BUFFERS];
  const size_t count = rooms_of(w[2], rooms);
  size_t i;
  memset(messages, 0, sizeof messages);
  for (i = 0; i < count; i++) {
    messages[i].msg_hdr.msg_name = &from[i].u;
    messages[i].msg_hdr.msg_namelen = sizeof from[i].u;
    messages[i].msg_hdr.msg_iov = &rooms[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  const int got = recvmmsg(fd_of(w[0]), messages, (unsigned)count, number(w[1]), NULL);
  answer(got);
  for (i = 0; (int)i < got; i++) {
    printf(" %u %x", messages[i].msg_len, (unsigned)messages[i].msg_hdr.msg_flags);
    from[i].length = messages[i].msg_hdr.msg_namelen;
    print_address(&from[i]);
  }
  print_rooms(rooms, count);
}

/* SLOT flags ADDRESS|-=DATA+DATA…|-,… or - */
static void run_sendmmsg(char **w) {
  struct iovec datas[MOST_BUFFERS][MOST_BUFFERS];
  struct address to[MOST_BUFFERS];
  struct mmsghdr messages[MOST_BUFFERS];
  char *parts[MOST_BUFFERS];
  const size_t count = split(w[2], ',', parts, MOST_BUFFERS);
  size_t i;
  memset(messages, 0, sizeof messages);
  for (i = 0; i < count; i++) {
    char *sides[2];
    split(parts[i], '=', sides, 2);
    set_address(&messages[i].msg_hdr, sides[0], &to[i]);
    messages[i].msg_hdr.msg_iov = datas[i];
    messages[i].msg_hdr.msg_iovlen = datas_of(sides[1], '+', datas[i]);
  }
  answer(sendmmsg(fd_of(w[0]), messages, (unsigned)count, number(w[1])));
}

#endif

/* For interpreter.c: the words of a call, and the slots that its descriptors are in. */
#ifndef WORDS_H
#define WORDS_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { SLOTS = 17, FIRST_RECEIVED = 8, RECEIVED_SLOTS = 8, DEV_NULL = 16, CLOSED_FD = 1000000 };
enum { MOST_BUFFERS = 32, MOST_BYTES = 1 << 21, MOST_CONTROL = 4096, MOST_WORDS = 16 };

static int slots[SLOTS];
static int received;
static const char *folder;
static char prefix[32];
static unsigned char memory[MOST_BYTES];
static size_t used;

static int slot_of(const char *word) { return atoi(word) % SLOTS; }

static int fd_of(const char *word) { return slots[slot_of(word)]; }

static void empty(int slot) {
  const struct linger at_once = {1, 0};
  if (slots[slot] == CLOSED_FD || slot == DEV_NULL) return;
  setsockopt(slots[slot], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once); /* leaves no TIME_WAIT behind */
  close(slots[slot]);
  slots[slot] = CLOSED_FD;
}

/* Ours are close-on-exec from the start, so these are made so here. Nothing may block on either side. */
static void keep(int slot, int fd) {
  empty(slot);
  slots[slot] = fd;
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static int keep_received(int fd) {
  const int slot = FIRST_RECEIVED + received++ % RECEIVED_SLOTS;
  keep(slot, fd);
  return slot;
}

static void reset(void) {
  int i;
  char path[200];
  for (i = 0; i < SLOTS; i++) empty(i);
  for (i = 0; i < 4; i++) { /* the paths that the generator uses */
    snprintf(path, sizeof path, "%s/p%d", folder, i);
    unlink(path);
  }
  received = 0;
}

/* ---- words in ---- */

static size_t split(char *text, char separator, char **parts, size_t most) {
  size_t count = 0;
  if (strcmp(text, "-") == 0) return 0;
  while (text != NULL && count < most) {
    char *end = strchr(text, separator);
    parts[count++] = text;
    if (end != NULL) *end++ = '\0';
    text = end;
  }
  return count;
}

static int number(const char *word) { return (int)strtoll(word, NULL, 10); }

static unsigned char *take(size_t length) {
  unsigned char *bytes = memory + used;
  if (used + length > sizeof memory) abort();
  used += length;
  return bytes;
}

/* LENGTH:SEED, a pattern */
static struct iovec data_of(const char *word) {
  struct iovec data;
  size_t i;
  const char *colon = strchr(word, ':');
  const unsigned seed = colon == NULL ? 0 : (unsigned)atoi(colon + 1);
  data.iov_len = (size_t)atoi(word);
  data.iov_base = take(data.iov_len);
  for (i = 0; i < data.iov_len; i++) ((unsigned char *)data.iov_base)[i] = (unsigned char)(seed + 7 * i);
  return data;
}

/* LENGTH: room that holds 0xaa, to see what is written */
static struct iovec room_of(const char *word) {
  struct iovec room;
  room.iov_len = (size_t)atoi(word);
  room.iov_base = memset(take(room.iov_len), 0xaa, room.iov_len);
  return room;
}

static struct iovec hex_of(const char *word) {
  struct iovec bytes;
  size_t i;
  unsigned value;
  bytes.iov_len = strcmp(word, "-") == 0 ? 0 : strlen(word) / 2;
  bytes.iov_base = take(bytes.iov_len);
  for (i = 0; i < bytes.iov_len; i++) {
    sscanf(word + 2 * i, "%2x", &value);
    ((unsigned char *)bytes.iov_base)[i] = (unsigned char)value;
  }
  return bytes;
}

struct address {
  union {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct sockaddr_un un;
    struct sockaddr_nl nl;
    struct sockaddr_storage storage;
  } u;
  socklen_t length;
};

static struct address name_of(const char *slot) {
  struct address name;
  memset(&name, 0, sizeof name);
  name.length = sizeof name.u;
  if (getsockname(fd_of(slot), &name.u.any, &name.length) == -1) name.length = sizeof(sa_family_t);
  /* A path of 108 bytes has a length of 111, which no call takes: ours gives back what was bound. */
  if (name.u.any.sa_family == AF_UNIX && name.length > sizeof name.u.un) name.length = sizeof name.u.un;
  return name;
}

/* a number, or @SLOT: the port that the slot's socket is bound to */
static in_port_t port_of(const char *word) {
  if (*word != '@') return htons((unsigned short)atoi(word));
  const struct address name = name_of(word + 1);
  return name.u.any.sa_family == AF_INET || name.u.any.sa_family == AF_INET6 ? name.u.in.sin_port : 0;
}

/* a number, or @SLOT: the port id of the slot's netlink socket */
static uint32_t port_id_of(const char *word) {
  if (*word != '@') return (uint32_t)strtoul(word, NULL, 10);
  const struct address name = name_of(word + 1);
  return name.u.any.sa_family == AF_NETLINK ? name.u.nl.nl_pid : 0;
}

static socklen_t unix_name(struct address *address, const char *bytes, size_t length) {
  if (length > sizeof address->u.un.sun_path) abort();
  memcpy(address->u.un.sun_path, bytes, length);
  return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

/* 4/IP/PORT 6/IP/PORT/FLOW/SCOPE a/NAME (abstract) x/HEX (abstract, not UTF-8) p/NAME (a path) u (unnamed)
 * n/PORTID/GROUPS r/HEX @SLOT (its name) */
static struct address address_of(char *word) {
  struct address address;
  char *parts[5] = {NULL, NULL, NULL, NULL, NULL};
  char path[200];
  if (*word == '@') return name_of(word + 1);
  memset(&address, 0, sizeof address);
  if (strchr("46nr", *word) != NULL) split(word, '/', parts, 5);
  if (*word == '4') {
    address.u.in.sin_family = AF_INET;
    inet_pton(AF_INET, parts[1], &address.u.in.sin_addr);
    address.u.in.sin_port = port_of(parts[2]);
    address.length = sizeof address.u.in;
  } else if (*word == '6') {
    address.u.in6.sin6_family = AF_INET6;
    inet_pton(AF_INET6, parts[1], &address.u.in6.sin6_addr);
    address.u.in6.sin6_port = port_of(parts[2]);
    address.u.in6.sin6_flowinfo = htonl((uint32_t)atoi(parts[3]));
    address.u.in6.sin6_scope_id = (uint32_t)strtoul(parts[4], NULL, 10);
    address.length = sizeof address.u.in6;
  } else if (*word == 'n') {
    address.u.nl.nl_family = AF_NETLINK;
    address.u.nl.nl_pid = port_id_of(parts[1]);
    address.u.nl.nl_groups = (uint32_t)strtoul(parts[2], NULL, 10);
    address.length = sizeof address.u.nl;
  } else if (*word == 'r') {
    const struct iovec bytes = hex_of(parts[1]);
    memcpy(&address.u, bytes.iov_base, bytes.iov_len);
    address.length = (socklen_t)bytes.iov_len;
  } else {
    int length = 0;
    address.u.un.sun_family = AF_UNIX;
    if (*word == 'x') {
      const struct iovec bytes = hex_of(word + 2);
      length = snprintf(path, sizeof path, "%c%s%.*s", '\0', prefix, (int)bytes.iov_len, (const char *)bytes.iov_base);
    }
    if (*word == 'a') length = snprintf(path, sizeof path, "%c%s%s", '\0', prefix, word + 2);
    /* with its NUL, where there is room for it */
    if (*word == 'p') length = snprintf(path, sizeof path, "%s/%s", folder, word + 2);
    if (*word == 'p' && length < (int)sizeof address.u.un.sun_path) length++;
    address.length = unix_name(&address, path, (size_t)length);
  }
  return address;
}

#endif

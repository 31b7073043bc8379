/* Runs sequences of socket calls and prints what each answered: interpreter.ts does the same through bsd-sockets.
 *
 *   interpreter FOLDER < calls
 *
 * A line is a call; its words are told at the function that runs it. "begin PREFIX" starts a sequence, "end" closes
 * its sockets and is answered with "end". Descriptors are in slots: 0 to 7 are chosen by the calls, received ones go
 * into 8 to 15, 16 is /dev/null. A path's folder and an abstract name's prefix are this side's own. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <linux/filter.h>
#include <poll.h>
#include <signal.h>

#include "messages.h"

/* ---- the calls: their words are in the comments ---- */

static void answer_fd(int fd, const char *slot) {
  if (fd == -1) {
    answer(fd);
    return;
  }
  printf("0");
  keep(slot_of(slot), fd);
}

/* SLOT domain type protocol */
static void run_socket(char **w) { answer_fd(socket(number(w[1]), number(w[2]), number(w[3])), w[0]); }

/* SLOT SLOT domain type protocol */
static void run_socketpair(char **w) {
  int fds[2];
  if (!answer(socketpair(number(w[2]), number(w[3]), number(w[4]), fds))) return;
  keep(slot_of(w[0]), fds[0]);
  keep(slot_of(w[1]), fds[1]);
}

/* SLOT ADDRESS */
static void run_bind(char **w) {
  const struct address address = address_of(w[1]);
  answer(bind(fd_of(w[0]), &address.u.any, address.length));
}

/* SLOT ADDRESS */
static void run_connect(char **w) {
  const struct address address = address_of(w[1]);
  answer(connect(fd_of(w[0]), &address.u.any, address.length));
}

/* SLOT backlog */
static void run_listen(char **w) { answer(listen(fd_of(w[0]), number(w[1]))); }

/* SLOT SLOT: the listener's, the connection's. Also tells the flags of the new open file. */
static void run_accept(char **w) {
  struct address peer;
  peer.length = sizeof peer.u;
  const int fd = accept(fd_of(w[0]), &peer.u.any, &peer.length);
  if (fd != -1) {
    printf("%x ", (unsigned)fcntl(fd, F_GETFL));
  }
  answer_fd(fd, w[1]);
  if (fd != -1) print_address(&peer);
}

/* SLOT DATA flags */
static void run_send(char **w) {
  const struct iovec data = data_of(w[1]);
  answer(send(fd_of(w[0]), data.iov_base, data.iov_len, number(w[2])));
}

/* SLOT DATA flags ADDRESS */
static void run_sendto(char **w) {
  const struct iovec data = data_of(w[1]);
  const struct address to = address_of(w[3]);
  answer(sendto(fd_of(w[0]), data.iov_base, data.iov_len, number(w[2]), &to.u.any, to.length));
}

/* SLOT room flags */
static void run_recv(char **w) {
  const struct iovec room = room_of(w[1]);
  answer(recv(fd_of(w[0]), room.iov_base, room.iov_len, number(w[2])));
  print_rooms(&room, 1);
}

/* SLOT room flags */
static void run_recvfrom(char **w) {
  const struct iovec room = room_of(w[1]);
  struct address from;
  from.length = sizeof from.u;
  if (answer(recvfrom(fd_of(w[0]), room.iov_base, room.iov_len, number(w[2]), &from.u.any, &from.length)))
    print_address(&from);
  print_rooms(&room, 1);
}

/* SLOT how */
static void run_shutdown(char **w) { answer(shutdown(fd_of(w[0]), number(w[1]))); }

/* SLOT */
static void run_close(char **w) {
  const int slot = slot_of(w[0]);
  if (slot == DEV_NULL) {
    printf("0");
    return;
  }
  answer(close(slots[slot]));
  slots[slot] = CLOSED_FD;
}

/* SLOT */
static void run_getsockname(char **w) {
  struct address name;
  name.length = sizeof name.u;
  if (answer(getsockname(fd_of(w[0]), &name.u.any, &name.length))) print_address(&name);
}

/* SLOT */
static void run_getpeername(char **w) {
  struct address name;
  name.length = sizeof name.u;
  if (answer(getpeername(fd_of(w[0]), &name.u.any, &name.length))) print_address(&name);
}

/* SLOT level option: an int */
static void run_getsockopt(char **w) {
  int value = 0;
  socklen_t length = sizeof value;
  if (answer(getsockopt(fd_of(w[0]), number(w[1]), number(w[2]), &value, &length))) printf(" %d", value);
}

/* Linux counts what SO_GET_FILTER writes in instructions, where ours counts bytes as everywhere. */
static socklen_t unit_of(int level, int option) {
  return level == SOL_SOCKET && option == SO_GET_FILTER ? sizeof(struct sock_filter) : 1;
}

/* SLOT level option length: bytes. What is told is what was written, where there is more than room for. */
static void run_getsockoptbytes(char **w) {
  const int level = number(w[1]), option = number(w[2]);
  const size_t size = (size_t)number(w[3]);
  const socklen_t unit = unit_of(level, option), room = (socklen_t)size / unit;
  unsigned char *bytes = (unsigned char *)memset(take(size), 0, size);
  socklen_t length = room;
  if (!answer(getsockopt(fd_of(w[0]), level, option, bytes, &length))) return;
  printf(" ");
  print_bytes(bytes, (length < room ? length : room) * unit);
}

/* SLOT level option value: an int */
static void run_setsockopt(char **w) {
  const int value = number(w[3]);
  answer(setsockopt(fd_of(w[0]), number(w[1]), number(w[2]), &value, sizeof value));
}

/* SLOT level option HEX: bytes; a filter's are its instructions */
static void run_setsockoptbytes(char **w) {
  const int level = number(w[1]), option = number(w[2]);
  const struct iovec bytes = hex_of(w[3]);
  struct sock_fprog program;
  if (level != SOL_SOCKET || (option != SO_ATTACH_FILTER && option != SO_ATTACH_REUSEPORT_CBPF)) {
    answer(setsockopt(fd_of(w[0]), level, option, bytes.iov_base, (socklen_t)bytes.iov_len));
    return;
  }
  program.len = (unsigned short)(bytes.iov_len / sizeof(struct sock_filter));
  program.filter = (struct sock_filter *)bytes.iov_base;
  answer(setsockopt(fd_of(w[0]), level, option, &program, sizeof program));
}

/* timeout SLOT:events,SLOT:events…|- */
static void run_poll(char **w) {
  struct pollfd fds[MOST_BUFFERS];
  char *parts[MOST_BUFFERS];
  const size_t count = split(w[1], ',', parts, MOST_BUFFERS);
  size_t i;
  for (i = 0; i < count; i++) {
    fds[i].fd = fd_of(parts[i]);
    fds[i].events = (short)number(strchr(parts[i], ':') + 1);
    fds[i].revents = 0;
  }
  answer(poll(fds, count, number(w[0])));
  for (i = 0; i < count; i++) printf(" %x", (unsigned)fds[i].revents);
}

/* SLOT command argument|pgrp: the process group, negated as F_SETOWN takes it */
static void run_fcntl(char **w) {
  errno = 0;
  const int result = fcntl(fd_of(w[0]), number(w[1]), strcmp(w[2], "pgrp") == 0 ? -getpgrp() : number(w[2]));
  answer(result);
}

/* SLOT SLOT: a duplicate, and where to */
static void run_dup(char **w) { answer_fd(fcntl(fd_of(w[0]), F_DUPFD_CLOEXEC, 0), w[1]); }

static const struct {
  const char *name;
  void (*run)(char **words);
} calls[] = {
    {"socket", run_socket},
    {"socketpair", run_socketpair},
    {"bind", run_bind},
    {"connect", run_connect},
    {"listen", run_listen},
    {"accept", run_accept},
    {"send", run_send},
    {"sendto", run_sendto},
    {"recv", run_recv},
    {"recvfrom", run_recvfrom},
    {"sendmsg", run_sendmsg},
    {"recvmsg", run_recvmsg},
    {"sendmmsg", run_sendmmsg},
    {"recvmmsg", run_recvmmsg},
    {"shutdown", run_shutdown},
    {"close", run_close},
    {"getsockname", run_getsockname},
    {"getpeername", run_getpeername},
    {"getsockopt", run_getsockopt},
    {"getsockoptbytes", run_getsockoptbytes},
    {"setsockopt", run_setsockopt},
    {"setsockoptbytes", run_setsockoptbytes},
    {"poll", run_poll},
    {"fcntl", run_fcntl},
    {"dup", run_dup},
};

static void run_line(char *line) {
  char *words[MOST_WORDS];
  size_t i;
  const size_t count = split(line, ' ', words, MOST_WORDS);
  for (i = 0; i < sizeof calls / sizeof *calls; i++) {
    if (strcmp(calls[i].name, words[0]) != 0) continue;
    used = 0;
    if (count > 1) calls[i].run(words + 1);
    printf("\n");
    return;
  }
  fprintf(stderr, "no such call: %s\n", words[0]);
  exit(2);
}

/* The kernel notes times of arrival while any socket wants them, and a worker thread of its turns that on a moment
 * later: some packets had no time on one side. One socket wants them all the time. */
static void want_times(void) {
  const int on = 1;
  setsockopt(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), SOL_SOCKET, SO_TIMESTAMP, &on, sizeof on);
}

int main(int argc, char **argv) {
  static char line[1 << 16];
  int i;
  if (argc != 2) return 2;
  folder = argv[1];
  signal(SIGPIPE, SIG_IGN); /* as Node does */
  signal(SIGINT, SIG_IGN);  /* it ends with its input */
  want_times();
  for (i = 0; i < SLOTS; i++) slots[i] = CLOSED_FD;
  slots[DEV_NULL] = open("/dev/null", O_RDWR | O_CLOEXEC);
  while (fgets(line, sizeof line, stdin) != NULL) {
    char *comment = strstr(line, " #");
    line[strcspn(line, "\n")] = '\0';
    if (comment != NULL) *comment = '\0';
    if (strncmp(line, "begin ", 6) == 0) {
      snprintf(prefix, sizeof prefix, "%s", line + 6);
    } else if (strcmp(line, "end") == 0) {
      reset();
      printf("end\n");
      fflush(stdout);
    } else {
      run_line(line);
    }
  }
  return 0;
}

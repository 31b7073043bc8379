/* Preloaded into a process: system calls that fail as the kernel may let them fail. Each fails before it is made.
 *   FAIL_ACCEPT=ERRNO:TIMES  accept4(2) fails so often with this errno
 *   FAIL_EINTR=1             every other recvfrom(2), sendto(2) and epoll_wait(2) is interrupted */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>

typedef int (*accept4_call)(int, struct sockaddr *, socklen_t *, int);
typedef int (*epoll_wait_call)(int, struct epoll_event *, int, int);
typedef long (*syscall_call)(long, long, long, long, long, long, long);

#ifdef __cplusplus
extern "C" {
#endif

static int is_interrupted(void) {
  static int calls = 0;
  if (getenv("FAIL_EINTR") == NULL || __sync_fetch_and_add(&calls, 1) % 2 == 0) return 0;
  errno = EINTR;
  return 1;
}

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags) {
  static int calls = 0;
  int number = 0, times = 0;
  const char *given = getenv("FAIL_ACCEPT");
  if (given != NULL && sscanf(given, "%d:%d", &number, &times) == 2 && calls < times) {
    calls++;
    errno = number;
    return -1;
  }
  return ((accept4_call)dlsym(RTLD_NEXT, "accept4"))(fd, address, length, flags);
}

int epoll_wait(int fd, struct epoll_event *events, int most, int timeout) {
  if (is_interrupted()) return -1;
  return ((epoll_wait_call)dlsym(RTLD_NEXT, "epoll_wait"))(fd, events, most, timeout);
}

long syscall(long number, ...) {
  long a[6];
  va_list rest;
  va_start(rest, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(rest, long);
  va_end(rest);
  if ((number == SYS_recvfrom || number == SYS_sendto) && is_interrupted()) return -1;
  return ((syscall_call)dlsym(RTLD_NEXT, "syscall"))(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

#ifdef __cplusplus
}
#endif

// What every program here shares: it runs one case, warms up, measures, and prints JSON lines.
#pragma once
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// Does the case's work `count` times.
typedef void (*Body)(long count);

// A failed call: a benchmark of errors would be no benchmark.
static inline long must(long result, const char* what) {
  if (result == -1) {
    perror(what);
    exit(1);
  }
  return result;
}

static inline int64_t wall_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

// CPU time of the whole process, user and system.
static inline int64_t cpu_ns(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  const int64_t us =
      (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * INT64_C(1000000) + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
  return us * 1000;
}

// Warms up for `warmMs`, says that it is ready, and then measures `measureMs` for each byte on its
// standard input. The clock is read every two milliseconds or so, not after each operation.
static inline void measure(Body body, long warmMs, long measureMs) {
  const int64_t warmUntil = wall_ns() + warmMs * 1000000;
  long chunk = 1;
  while (wall_ns() < warmUntil) {
    const int64_t started = wall_ns();
    body(chunk);
    if (wall_ns() - started < 2000000) chunk *= 2;
  }
  printf("{\"ready\":true}\n");
  fflush(stdout);
  for (char go; read(STDIN_FILENO, &go, 1) == 1;) {
    const int64_t cpu = cpu_ns(), wall = wall_ns(), until = wall + measureMs * 1000000;
    long ops = 0;
    while (wall_ns() < until) {
      body(chunk);
      ops += chunk;
    }
    const int64_t wallNs = wall_ns() - wall, cpuNs = cpu_ns() - cpu;
    printf("{\"ops\":%ld,\"wallNs\":%lld,\"cpuNs\":%lld}\n", ops, (long long)wallNs, (long long)cpuNs);
    fflush(stdout);
  }
}

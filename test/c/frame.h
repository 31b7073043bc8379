/* What the C server and client share: frames of 40 bytes, and perror with exit. */
#ifndef FRAME_H
#define FRAME_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>

#define BUFFER_SIZE 40

static void fail(const char *step) {
  perror(step);
  exit(EXIT_FAILURE);
}

/* A port in decimal digits, or exit status 2. */
static unsigned short parse_port(const char *text) {
  char *end;
  const long port = strtol(text, &end, 10);
  if (end == text || *end != '\0' || port < 0 || port > 65535) {
    fprintf(stderr, "not a port: %s\n", text);
    exit(2);
  }
  return (unsigned short)port;
}

/* A stream gives what is there, not a whole frame. */
static void recv_frame(int fd, char *frame, const char *step) {
  ssize_t received = 0;
  while (received < BUFFER_SIZE) {
    const ssize_t count = recv(fd, frame + received, (size_t)(BUFFER_SIZE - received), 0);
    if (count < 0) fail(step);
    if (count == 0) {
      fprintf(stderr, "%s: the peer closed the connection after %ld of %d bytes\n", step, (long)received, BUFFER_SIZE);
      exit(EXIT_FAILURE);
    }
    received += count;
  }
}

static void send_frame(int fd, const char *frame) {
  ssize_t sent = 0;
  while (sent < BUFFER_SIZE) {
    const ssize_t count = send(fd, frame + sent, (size_t)(BUFFER_SIZE - sent), 0);
    if (count < 0) fail("send failed");
    sent += count;
  }
}

#endif

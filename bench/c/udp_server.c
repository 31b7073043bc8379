// The UDP echo in C: `udp_server recvfrom|recvmmsg`, one datagram a call or as many as are there.
#include "server.h"

#define BATCH 32
#define SIZE 2048

static void echo_each(int fd) {
  static char buffer[SIZE];
  for (;;) {
    struct sockaddr_in sender;
    socklen_t length = sizeof sender;
    const long bytes = must(recvfrom(fd, buffer, SIZE, 0, (struct sockaddr*)&sender, &length), "recvfrom");
    must(sendto(fd, buffer, bytes, 0, (struct sockaddr*)&sender, length), "sendto");
  }
}

static void echo_batches(int fd) {
  static char buffers[BATCH][SIZE];
  static struct sockaddr_in senders[BATCH];
  struct mmsghdr messages[BATCH] = {0};
  struct iovec pieces[BATCH];
  for (;;) {
    for (int i = 0; i < BATCH; i++) {
      pieces[i] = (struct iovec){buffers[i], SIZE};
      messages[i].msg_hdr = (struct msghdr){
          .msg_name = &senders[i], .msg_namelen = sizeof senders[i], .msg_iov = &pieces[i], .msg_iovlen = 1};
    }
    // Waits for the first only.
    const int count = must(recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL), "recvmmsg");
    for (int i = 0; i < count; i++) pieces[i].iov_len = messages[i].msg_len;
    for (int sent = 0; sent < count;) sent += must(sendmmsg(fd, messages + sent, count - sent, 0), "sendmmsg");
  }
}

int main(int argc, char** argv) {
  if (argc == 2 && strcmp(argv[1], "recvfrom") == 0) echo_each(bind_and_tell(SOCK_DGRAM));
  if (argc == 2 && strcmp(argv[1], "recvmmsg") == 0) echo_batches(bind_and_tell(SOCK_DGRAM));
  fprintf(stderr, "usage: udp_server recvfrom|recvmmsg\n");
  return 2;
}

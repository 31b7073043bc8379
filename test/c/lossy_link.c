// Two networks and a bad line between them: it loses, delays and doubles packets.
//
//   lossy_link LOSS REORDER DUPLICATE SEED     each of a thousand packets
//
// It makes two network namespaces, each with one end (a tun device, 10.77.0.1 and 10.77.0.2), and says
// {"pid":…,"networks":[fd,fd]}: `nsenter --net=/proc/PID/fd/FD` runs a program there. Everything is gone with it.
// It ends when its standard input does, and says how many packets it carried, lost, reordered and duplicated.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define LARGEST 2048
#define LATE_MS 5  // a packet that waits for the next one waits no longer

struct end {
  int tun;
  int network;
  int held;  // bytes of the packet that shall come after the next one
  char packet[LARGEST];
};

static struct {
  long carried, lost, reordered, duplicated;
} counts;

static int must(int result, const char* what) {
  if (result != -1) return result;
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(1);
}

static void set_address(int fd, unsigned long request, const char* name, const char* address) {
  struct ifreq ifreq;
  struct sockaddr_in sin;
  memset(&ifreq, 0, sizeof ifreq);
  memset(&sin, 0, sizeof sin);
  strcpy(ifreq.ifr_name, name);
  sin.sin_family = AF_INET;
  inet_pton(AF_INET, address, &sin.sin_addr);
  memcpy(&ifreq.ifr_addr, &sin, sizeof sin);
  must(ioctl(fd, request, &ifreq), "ioctl");
}

// Makes a network of its own, and one end of the line in it.
static void open_end(struct end* end, const char* own, const char* other) {
  struct ifreq ifreq;
  must(unshare(CLONE_NEWNET), "unshare");
  end->network = must(open("/proc/self/ns/net", O_RDONLY), "/proc/self/ns/net");
  end->tun = must(open("/dev/net/tun", O_RDWR | O_NONBLOCK), "/dev/net/tun");
  memset(&ifreq, 0, sizeof ifreq);
  ifreq.ifr_flags = IFF_TUN | IFF_NO_PI;
  strcpy(ifreq.ifr_name, "line");
  must(ioctl(end->tun, TUNSETIFF, &ifreq), "TUNSETIFF");
  const int fd = must(socket(AF_INET, SOCK_DGRAM, 0), "socket");
  set_address(fd, SIOCSIFADDR, "line", own);
  set_address(fd, SIOCSIFDSTADDR, "line", other);
  ifreq.ifr_flags = IFF_UP | IFF_RUNNING;
  must(ioctl(fd, SIOCSIFFLAGS, &ifreq), "SIOCSIFFLAGS");
  close(fd);
}

static unsigned long long state;

// Does this happen, so many times in a thousand? xorshift64*
static int happens(long perMille) {
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return (long)((state * 2685821657736338717ULL >> 33) % 1000) < perMille;
}

// A packet that the other end has no room for is lost, too.
static void put(struct end* to, const char* packet, int length) {
  if (write(to->tun, packet, length) == -1) counts.lost++;
}

static void release(struct end* to) {
  if (to->held > 0) put(to, to->packet, to->held);
  to->held = 0;
}

static void carry(struct end* from, struct end* to, const long* perMille) {
  char packet[LARGEST];
  for (int length; (length = read(from->tun, packet, sizeof packet)) > 0;) {
    counts.carried++;
    if (happens(perMille[0])) {
      counts.lost++;
    } else if (to->held == 0 && happens(perMille[1])) {
      counts.reordered++;
      memcpy(to->packet, packet, to->held = length);
    } else {
      put(to, packet, length);
      if (happens(perMille[2])) {
        counts.duplicated++;
        put(to, packet, length);
      }
      release(to);
    }
  }
}

int main(int argc, char** argv) {
  static struct end one, two;
  if (argc != 5) return 2;
  const long perMille[] = {atol(argv[1]), atol(argv[2]), atol(argv[3])};
  state = strtoull(argv[4], NULL, 10) * 2 + 1;
  open_end(&one, "10.77.0.1", "10.77.0.2");
  open_end(&two, "10.77.0.2", "10.77.0.1");
  printf("{\"pid\":%d,\"networks\":[%d,%d]}\n", getpid(), one.network, two.network);
  fflush(stdout);
  struct pollfd fds[] = {{one.tun, POLLIN, 0}, {two.tun, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  while (fds[2].revents == 0) {
    const int ready = must(poll(fds, 3, one.held + two.held > 0 ? LATE_MS : -1), "poll");
    if (ready == 0) {
      release(&one);
      release(&two);
    }
    if (fds[0].revents != 0) carry(&one, &two, perMille);
    if (fds[1].revents != 0) carry(&two, &one, perMille);
  }
  printf("{\"carried\":%ld,\"lost\":%ld,\"reordered\":%ld,\"duplicated\":%ld}\n", counts.carried, counts.lost,
         counts.reordered, counts.duplicated);
  return 0;
}

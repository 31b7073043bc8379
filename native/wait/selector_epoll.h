// The selector of Linux: epoll(7), edge-triggered (EPOLLET).
#pragma once

#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "wait/readiness.h"

class Selector {
 public:
  static constexpr int kMost = 1024;  // events at once

  struct Event {
    int fd;
    uint16_t state;  // of DescriptorState: what has come
  };

  Selector() : fd_(epoll_create1(EPOLL_CLOEXEC)) {}
  ~Selector() { Close(); }
  Selector(const Selector&) = delete;
  Selector& operator=(const Selector&) = delete;

  int fd() const { return fd_; }
  void Close() {
    if (fd_ != -1) ::close(fd_);
    fd_ = -1;
  }

  int Add(int fd) {
    epoll_event event = {};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET;
    event.data.fd = fd;
    return epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event) == -1 && errno != EEXIST ? -errno : 0;
  }

  // -ENOENT where the number is another open file's by now: the registration belongs to the open file.
  int Remove(int fd) { return epoll_ctl(fd_, EPOLL_CTL_DEL, fd, nullptr) == -1 ? -errno : 0; }

  int Wait() {
    int count;
    do {
      count = epoll_wait(fd_, events_, kMost, 0);
    } while (count == -1 && errno == EINTR);
    if (count == kMost || count == -1) TellAgain();  // what is left, or could not be fetched, is not lost
    return count;
  }

  Event At(int i) const {
    const uint32_t events = events_[i].events;
    unsigned state = 0;
    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) state |= kReadable;
    if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) state |= kWritable;
    if ((events & (EPOLLPRI | EPOLLHUP | EPOLLERR)) != 0) state |= kUrgent;
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) state |= kErrors;
    if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR | EPOLLPRI)) != 0) state |= kEnded;
    return {events_[i].data.fd, static_cast<uint16_t>(state)};
  }

  // libuv's epoll watches this one level-triggered, so that after each turn the kernel looks once more whether anything
  // is ready: that costs a lone connection 5 %. Edge-triggered it need not, for we take all there is. It leans on what
  // libuv has in the data of its events, the descriptor itself: where that is not so, all stays as it is.
  void TellEdges(int outer) {
    char path[64], line[256];
    snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", outer);
    FILE* file = fopen(path, "re");
    if (file == nullptr) return;
    while (fgets(line, sizeof(line), file) != nullptr) {
      int fd;
      unsigned long long data;
      if (sscanf(line, "tfd: %d events: %*x data: %llx", &fd, &data) == 2 && fd == fd_ &&
          data == static_cast<unsigned>(fd)) {
        outer_ = outer;
      }
    }
    fclose(file);
    TellAgain();
  }

 private:
  // Where edges are told: tells once more, if anything is ready.
  void TellAgain() {
    if (outer_ == -1) return;
    epoll_event event = {};
    event.events = EPOLLIN | EPOLLET;
    event.data.fd = fd_;
    epoll_ctl(outer_, EPOLL_CTL_MOD, fd_, &event);
  }

  int fd_;
  int outer_ = -1;
  epoll_event events_[kMost];
};

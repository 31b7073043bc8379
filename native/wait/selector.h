// A set of descriptors that tells which of them became readable or writable: epoll(7), kqueue(2) on macOS.
// Edge-triggered: each change is told once, and what is so when a descriptor is added counts as a change.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <cstdio>

#ifdef __linux__
#include <sys/epoll.h>
#else
#include <sys/event.h>
#include <sys/time.h>
#endif

class Selector {
 public:
  static constexpr int kMost = 1024;  // events at once

  struct Event {
    int fd;
    bool readable;
    bool writable;
    bool ended;  // or urgent data: what is there may come in several parts
  };

#ifdef __linux__
  Selector() : fd_(epoll_create1(EPOLL_CLOEXEC)) {}

  int Add(int fd) {
    epoll_event event = {};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET;
    event.data.fd = fd;
    return epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event) == -1 && errno != EEXIST ? -errno : 0;
  }

  int Remove(int fd) { return epoll_ctl(fd_, EPOLL_CTL_DEL, fd, nullptr) == -1 ? -errno : 0; }

  int Wait() {
    const int count = epoll_wait(fd_, events_, kMost, 0);
    if (count == kMost) TellAgain();
    return count;
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

  Event At(int i) const {
    const uint32_t events = events_[i].events;
    return {events_[i].data.fd, (events & ~EPOLLOUT) != 0, (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0,
            (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR | EPOLLPRI)) != 0};
  }
#else
  Selector() : fd_(kqueue()) {}

  int Add(int fd) {
    struct kevent changes[2];
    EV_SET(&changes[0], fd, EVFILT_READ, EV_ADD | EV_CLEAR, 0, 0, nullptr);
    EV_SET(&changes[1], fd, EVFILT_WRITE, EV_ADD | EV_CLEAR, 0, 0, nullptr);
    return kevent(fd_, changes, 2, nullptr, 0, nullptr) == -1 ? -errno : 0;
  }

  int Remove(int fd) {
    struct kevent changes[2];
    EV_SET(&changes[0], fd, EVFILT_READ, EV_DELETE, 0, 0, nullptr);
    EV_SET(&changes[1], fd, EVFILT_WRITE, EV_DELETE, 0, 0, nullptr);
    return kevent(fd_, changes, 2, nullptr, 0, nullptr) == -1 ? -errno : 0;
  }

  void TellEdges(int) {}

  int Wait() {
    const timespec now = {0, 0};
    return kevent(fd_, nullptr, 0, events_, kMost, &now);
  }

  Event At(int i) const {
    const bool ended = (events_[i].flags & EV_EOF) != 0;
    return {static_cast<int>(events_[i].ident), ended || events_[i].filter == EVFILT_READ,
            ended || events_[i].filter == EVFILT_WRITE, ended};
  }
#endif

  ~Selector() { Close(); }
  Selector(const Selector&) = delete;
  Selector& operator=(const Selector&) = delete;

  int fd() const { return fd_; }
  void Close() {
    if (fd_ != -1) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
#ifdef __linux__
  // Where edges are told: tells once more, if anything is ready.
  void TellAgain() {
    if (outer_ == -1) return;
    epoll_event event = {};
    event.events = EPOLLIN | EPOLLET;
    event.data.fd = fd_;
    epoll_ctl(outer_, EPOLL_CTL_MOD, fd_, &event);
  }

  int outer_ = -1;
  epoll_event events_[kMost];
#else
  struct kevent events_[kMost];
#endif
};

// The selector of macOS: kqueue(2), edge-triggered (EV_CLEAR). It has no event for the error queue, which macOS lacks.
#pragma once

#include <sys/event.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>

#include "wait/readiness.h"

class Selector {
 public:
  static constexpr int kMost = 1024;  // events at once

  struct Event {
    int fd;
    uint16_t state;  // of DescriptorState: what has come
  };

  Selector() : fd_(kqueue()) {}
  ~Selector() { Close(); }
  Selector(const Selector&) = delete;
  Selector& operator=(const Selector&) = delete;

  int fd() const { return fd_; }
  void Close() {
    if (fd_ != -1) ::close(fd_);
    fd_ = -1;
  }

  int Add(int fd) { return Change(fd, EV_ADD | EV_CLEAR); }
  // -ENOENT where the number is another open file's by now.
  int Remove(int fd) { return Change(fd, EV_DELETE); }

  void TellEdges(int) {}

  int Wait() {
    const timespec now = {0, 0};
    int count;
    do {
      count = kevent(fd_, nullptr, 0, events_, kMost, &now);
    } while (count == -1 && errno == EINTR);
    return count;
  }

  Event At(int i) const {
    const bool ended = (events_[i].flags & EV_EOF) != 0;
    unsigned state = ended ? kAnyQueue | kEnded : 0;
    if (events_[i].filter == EVFILT_READ) state |= kReadable | kUrgent;
    if (events_[i].filter == EVFILT_WRITE) state |= kWritable;
    return {static_cast<int>(events_[i].ident), static_cast<uint16_t>(state)};
  }

 private:
  int Change(int fd, uint16_t flags) {
    struct kevent changes[2];
    EV_SET(&changes[0], fd, EVFILT_READ, flags, 0, 0, nullptr);
    EV_SET(&changes[1], fd, EVFILT_WRITE, flags, 0, 0, nullptr);
    return kevent(fd_, changes, 2, nullptr, 0, nullptr) == -1 ? -errno : 0;
  }

  int fd_;
  struct kevent events_[kMost];
};

// Readiness: what is known of each descriptor of the promise layer, as bits in a table that JavaScript shares. Here is
// the one description of the table; JavaScript has the bits and their places from `readiness` of the addon.
#pragma once

#include <sys/types.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

enum DescriptorState : uint16_t {
  kReadable = 1,  // a call of this queue may succeed: nobody has said EAGAIN since the last event
  kWritable = 2,
  kUrgent = 4,         // for MSG_OOB: EPOLLPRI
  kErrors = 8,         // for MSG_ERRQUEUE: EPOLLERR
  kAnyQueue = 15,      // each of the four
  kEnded = 256,        // end, error or urgent data, which are told only once: a short read does not mean "empty"
  kDrains = 512,       // TCP: a short read does mean "empty"
  kOwned = 1024,       // a Socket owns it: it is closed with the environment
  kRegistered = 2048,  // the selector watches it
  kWaitShift = 4,      // kReadable << kWaitShift: a call of this queue waits, so its events are delivered
};

class ReadinessTable {
 public:
  // A table for all descriptors that a process usually may have costs address space only: it is zero until touched.
  static constexpr size_t kDescriptors = 1 << 20;

  explicit ReadinessTable(uint16_t* states) : states_(states) {}

  bool Has(int fd) const { return fd >= 0 && static_cast<size_t>(fd) < kDescriptors; }
  uint16_t& At(int fd) { return states_[fd]; }
  bool Is(int fd, DescriptorState bit) const { return Has(fd) && (states_[fd] & bit) != 0; }

  // A descriptor that was just made is the environment's from here on.
  int Adopt(int fd, bool drains) {
    if (fd >= end_) end_ = fd + 1;
    states_[fd] = static_cast<uint16_t>(kOwned | kReadable | kWritable | (drains ? kDrains : 0));
    return fd;
  }

  // A receive without flags of `size` bytes has returned `result`, or -errno.
  void Received(int fd, int result, size_t size) {
    if (!Has(fd)) return;
    uint16_t& state = states_[fd];
    if (result == -EAGAIN) {
      state &= static_cast<uint16_t>(~(kReadable | kEnded));
    } else if (result > 0 && static_cast<size_t>(result) < size && (state & (kDrains | kEnded)) == kDrains) {
      state &= static_cast<uint16_t>(~kReadable);
    }
  }

  // A send without flags has returned `result`, or -errno.
  void Sent(int fd, int result) {
    if (result == -EAGAIN && Has(fd)) states_[fd] &= static_cast<uint16_t>(~kWritable);
  }

  // All descriptors that were ever owned are smaller.
  int end() const { return end_; }

 private:
  uint16_t* states_;
  int end_ = 0;
};

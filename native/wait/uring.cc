#include "wait/uring.h"

#if defined(__linux__) && __has_include(<linux/io_uring.h>)
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

// Names that are younger than io_uring: include/uapi/linux/io_uring.h.
#ifndef IORING_SETUP_SUBMIT_ALL
#define IORING_SETUP_SUBMIT_ALL (1U << 7)  // Linux 5.18
#endif
#ifndef IORING_SETUP_COOP_TASKRUN
#define IORING_SETUP_COOP_TASKRUN (1U << 8)  // Linux 5.19
#endif
#ifndef IORING_SETUP_SINGLE_ISSUER
#define IORING_SETUP_SINGLE_ISSUER (1U << 12)  // Linux 6.0
#endif

// What the kernel shares with us.
struct Uring::Ring {
  io_uring_params params = {};
  char* rings = nullptr;
  size_t ringsSize = 0;
  io_uring_sqe* entries = nullptr;
  size_t entriesSize = 0;

  unsigned* At(unsigned offset) const { return reinterpret_cast<unsigned*>(rings + offset); }
  unsigned* submissionTail() const { return At(params.sq_off.tail); }
  unsigned* completionHead() const { return At(params.cq_off.head); }
  unsigned* completionTail() const { return At(params.cq_off.tail); }
  const io_uring_cqe& completion(unsigned index) const {
    const auto* completions = reinterpret_cast<const io_uring_cqe*>(rings + params.cq_off.cqes);
    return completions[index & *At(params.cq_off.ring_mask)];
  }
};

Uring::Uring() : ring_(new Ring) {}

std::unique_ptr<Uring> Uring::Open() {
  std::unique_ptr<Uring> uring(new Uring);
  io_uring_params& params = uring->ring_->params;
  params.flags = IORING_SETUP_SUBMIT_ALL | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SINGLE_ISSUER;
  uring->fd_ = static_cast<int>(syscall(__NR_io_uring_setup, kMost, &params));
  if (uring->fd_ == -1 || (params.features & IORING_FEAT_SINGLE_MMAP) == 0 || !uring->Map()) return nullptr;
  return uring;
}

bool Uring::Map() {
  const io_uring_params& params = ring_->params;
  ring_->ringsSize = std::max(params.sq_off.array + params.sq_entries * sizeof(unsigned),
                              params.cq_off.cqes + params.cq_entries * sizeof(io_uring_cqe));
  ring_->entriesSize = params.sq_entries * sizeof(io_uring_sqe);
  constexpr int kAccess = PROT_READ | PROT_WRITE, kKind = MAP_SHARED | MAP_POPULATE;
  void* const rings = mmap(nullptr, ring_->ringsSize, kAccess, kKind, fd_, IORING_OFF_SQ_RING);
  if (rings == MAP_FAILED) return false;
  ring_->rings = static_cast<char*>(rings);
  void* const entries = mmap(nullptr, ring_->entriesSize, kAccess, kKind, fd_, IORING_OFF_SQES);
  if (entries == MAP_FAILED) return false;
  ring_->entries = static_cast<io_uring_sqe*>(entries);
  // Run empties the ring each time: the entries are always taken in the same order, whatever the tail says.
  unsigned* const order = ring_->At(params.sq_off.array);
  for (unsigned i = 0; i < params.sq_entries; i++) order[i] = i;
  return true;
}

Uring::~Uring() {
  if (ring_->entries != nullptr) munmap(ring_->entries, ring_->entriesSize);
  if (ring_->rings != nullptr) munmap(ring_->rings, ring_->ringsSize);
  if (fd_ != -1) close(fd_);
}

void Uring::Add(Direction direction, int fd, void* bytes, size_t size) {
  constexpr size_t kLargest = 0x7ffff000;  // the kernel's own limit: MAX_RW_COUNT
  const unsigned mask = ring_->params.sq_entries - 1;
  io_uring_sqe& entry = ring_->entries[(*ring_->submissionTail() + noted_) & mask];
  entry = {};
  entry.opcode = direction == Direction::kReceive ? IORING_OP_RECV : IORING_OP_SEND;
  entry.fd = fd;
  entry.addr = reinterpret_cast<uintptr_t>(bytes);
  entry.len = static_cast<unsigned>(std::min(size, kLargest));
  entry.msg_flags = MSG_DONTWAIT | (direction == Direction::kSend ? MSG_NOSIGNAL : 0);
  entry.user_data = noted_++;
}

void Uring::Run(int32_t* results) {
  std::fill_n(results, noted_, kNotMade);
  __atomic_store_n(ring_->submissionTail(), *ring_->submissionTail() + noted_, __ATOMIC_RELEASE);
  for (unsigned submitted = 0, completed = 0; completed < noted_;) {
    // The first time it does not wait: all that can be done is done at once.
    const unsigned wait = submitted == noted_ ? noted_ - completed : 0;
    const long result =
        syscall(__NR_io_uring_enter, fd_, noted_ - submitted, wait, wait > 0 ? IORING_ENTER_GETEVENTS : 0, nullptr, 0);
    if (result > 0) submitted += static_cast<unsigned>(result);
    if (result <= 0 && wait == 0) break;
    unsigned head = *ring_->completionHead();
    const unsigned tail = __atomic_load_n(ring_->completionTail(), __ATOMIC_ACQUIRE);
    for (; head != tail; head++, completed++) {
      const io_uring_cqe& completion = ring_->completion(head);
      results[completion.user_data] = completion.res;
    }
    __atomic_store_n(ring_->completionHead(), head, __ATOMIC_RELEASE);
  }
  // What was not taken is taken back.
  const unsigned* const taken = ring_->At(ring_->params.sq_off.head);
  __atomic_store_n(ring_->submissionTail(), __atomic_load_n(taken, __ATOMIC_ACQUIRE), __ATOMIC_RELEASE);
  noted_ = 0;
}

#else
struct Uring::Ring {};
Uring::Uring() {}
std::unique_ptr<Uring> Uring::Open() { return nullptr; }
Uring::~Uring() {}
void Uring::Add(Direction, int, void*, size_t) {}
void Uring::Run(int32_t*) {}
bool Uring::Map() { return false; }
#endif

// io_uring(7), where the kernel has it and allows it: the transfers of many sockets in one system call.
//
// Nothing is ever under way between two calls of Run: each request says MSG_DONTWAIT and is done when Run returns. So
// the kernel holds nobody's buffer, and no byte leaves a socket before somebody has asked for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

class Uring {
 public:
  static constexpr unsigned kMost = 64;  // requests at once

  enum class Direction { kReceive, kSend };

  // Null where there is none. It is for the thread that opens it.
  static std::unique_ptr<Uring> Open();
  ~Uring();
  Uring(const Uring&) = delete;
  Uring& operator=(const Uring&) = delete;

  // Notes a request: recv(2) or send(2).
  void Add(Direction direction, int fd, void* bytes, size_t size);

  // Makes the requests that were noted. `results` has the number of bytes or -errno of each, in the order in which they
  // were noted; kNotMade where the kernel had no memory for the request.
  void Run(int32_t* results);
  static constexpr int32_t kNotMade = INT32_MIN;

 private:
  Uring();
  bool Map();

  [[maybe_unused]] int fd_ = -1;
  [[maybe_unused]] unsigned noted_ = 0;
  struct Ring;
  std::unique_ptr<Ring> ring_;
};

// The system calls that receive and send.
#pragma once

#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif
#include <sys/socket.h>

#include "boundary.h"

// On Linux without libc's wrappers, which make every call a cancellation point in a process that has threads: no thread
// is ever cancelled here.
inline ssize_t Receive(int fd, const ByteView& bytes, int flags, sockaddr* from, socklen_t* length) {
#ifdef SYS_recvfrom
  return syscall(SYS_recvfrom, fd, bytes.data, bytes.size, flags, from, length);
#else
  return ::recvfrom(fd, bytes.data, bytes.size, flags, from, length);
#endif
}

// Nothing that is sent raises SIGPIPE. Node ignores it, but a program that has taken a listener of it away again is
// back at the default, which ends the process.
#ifdef MSG_NOSIGNAL
constexpr int kNoSignal = MSG_NOSIGNAL;
#else
constexpr int kNoSignal = 0;  // macOS: SO_NOSIGPIPE on the socket (cloexec.h)
#endif

inline ssize_t Transmit(int fd, const ByteView& bytes, int flags, const sockaddr* to, socklen_t length) {
  flags |= kNoSignal;
#ifdef SYS_sendto
  return syscall(SYS_sendto, fd, bytes.data, bytes.size, flags, to, length);
#else
  return ::sendto(fd, bytes.data, bytes.size, flags, to, length);
#endif
}

// An address of no bytes is not the same as none, which is NULL.
inline const sockaddr* NotNull(const sockaddr* address) {
  static const sockaddr empty = {};
  return address == nullptr ? &empty : address;
}

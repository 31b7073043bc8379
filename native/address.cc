// bind(2), connect(2), getsockname(2), getpeername(2): the calls about addresses
#include <poll.h>

#include "init.h"
#include "wait/blocking.h"

// bind(fd, sockaddr) -> 0 | -errno. bind(2)
static Napi::Value Bind(const Napi::CallbackInfo& info) {
  const SockaddrIn address(info, 1);
  return Result(info, ::bind(Int(info, 0), address.addr(), address.len()));
}

// After a signal the attempt goes on in the kernel. Linux waits for it where connect(2) is called again.
static int ConnectAgain(int fd, [[maybe_unused]] const SockaddrIn& address) {
#ifdef __linux__
  return ::connect(fd, address.addr(), address.len());
#else
  pollfd writable = {fd, POLLOUT, 0};
  int error = 0;
  socklen_t length = sizeof error;
  if (::poll(&writable, 1, -1) == -1 || ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == -1) return -1;
  errno = error;
  return error == 0 ? 0 : -1;
#endif
}

// connect(fd, sockaddr) -> 0 | -errno. connect(2)
static Napi::Value Connect(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0);
  const SockaddrIn address(info, 1);
  bool again = false;
  return Blocking(info, Limit::OfConnecting(fd), [&] {
    if (again) return ConnectAgain(fd, address);
    again = true;
    return ::connect(fd, address.addr(), address.len());
  });
}

// getsockname(fd) -> 0 | -errno; the address is in the reply. getsockname(2)
static Napi::Value GetSockName(const Napi::CallbackInfo& info) {
  SockaddrOut address(info);
  const int result = ::getsockname(Int(info, 0), address.addr(), &address.len);
  address.Store();
  return Result(info, result);
}

// getpeername(fd) -> 0 | -errno; the address is in the reply. getpeername(2)
static Napi::Value GetPeerName(const Napi::CallbackInfo& info) {
  SockaddrOut address(info);
  const int result = ::getpeername(Int(info, 0), address.addr(), &address.len);
  address.Store();
  return Result(info, result);
}

void InitAddress(Environment& environment, Napi::Object exports) {
  environment.Export<Bind>(exports, "bind");
  environment.Export<Connect>(exports, "connect");
  environment.Export<GetSockName>(exports, "getsockname");
  environment.Export<GetPeerName>(exports, "getpeername");
}

// bind(2), connect(2), getsockname(2), getpeername(2): the calls about addresses
#include "init.h"
#include "wait/blocking.h"

// bind(fd, sockaddr) -> 0 | -errno. bind(2)
static Napi::Value Bind(const Napi::CallbackInfo& info) {
  const SockaddrIn address(info, 1);
  return Result(info, ::bind(Int(info, 0), address.addr(), address.len()));
}

// connect(fd, sockaddr) -> 0 | -errno. connect(2)
static Napi::Value Connect(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0);
  const SockaddrIn address(info, 1);
  return Blocking(info, [&] { return ::connect(fd, address.addr(), address.len()); });
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

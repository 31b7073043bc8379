// recv(2), recvfrom(2), send(2), sendto(2)
#include "blocking.h"
#include "init.h"

// recv(fd, bytes, flags) -> bytes received | -errno. recv(2)
static Napi::Value Recv(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 2);
  const ByteView bytes(info, 1);
  return Blocking(info, [&] { return ::recv(fd, bytes.data, bytes.size, flags); });
}

// send(fd, bytes, flags) -> bytes sent | -errno. send(2)
static Napi::Value Send(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 2);
  const ByteView bytes(info, 1);
  return Blocking(info, [&] { return ::send(fd, bytes.data, bytes.size, flags); });
}

// recvfrom(fd, bytes, flags) -> bytes received | -errno; the sender's address is in the reply. recvfrom(2)
static Napi::Value RecvFrom(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 2);
  const ByteView bytes(info, 1);
  SockaddrOut sender(info);
  const Napi::Value result = Blocking(info, [&] {
    sender.len = sizeof(sender.reply.address);
    return ::recvfrom(fd, bytes.data, bytes.size, flags, sender.addr(), &sender.len);
  });
  sender.Store();
  return result;
}

// sendto(fd, bytes, flags, sockaddr) -> bytes sent | -errno. sendto(2)
static Napi::Value SendTo(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 2);
  const ByteView bytes(info, 1);
  const SockaddrIn address(info, 3);
  // An address of no bytes is not the same as none, which is NULL.
  static const sockaddr empty = {};
  const sockaddr* to = address.size == 0 ? &empty : address.addr();
  return Blocking(info, [&] { return ::sendto(fd, bytes.data, bytes.size, flags, to, address.len()); });
}

void InitTransfer(Environment& environment, Napi::Object exports) {
  environment.Export<Recv>(exports, "recv");
  environment.Export<RecvFrom>(exports, "recvfrom");
  environment.Export<Send>(exports, "send");
  environment.Export<SendTo>(exports, "sendto");
}

// recv(2), recvfrom(2), send(2), sendto(2)
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "blocking.h"
#include "hot_call.h"
#include "init.h"

// An address of no bytes is not the same as none, which is NULL.
static const sockaddr* NotNull(const sockaddr* address) {
  static const sockaddr empty = {};
  return address == nullptr ? &empty : address;
}

// recv(fd, bytes, flags) -> bytes received | -errno. recv(2)
static Napi::Value Recv(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 2);
  const ByteView bytes(info, 1);
  return MaybeBlocking(info, flags, [&] { return ::recv(fd, bytes.data, bytes.size, flags); });
}

// send(fd, bytes, flags) -> bytes sent | -errno. send(2)
static Napi::Value Send(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 2);
  const ByteView bytes(info, 1);
  return MaybeBlocking(info, flags, [&] { return ::send(fd, bytes.data, bytes.size, flags); });
}

// recvfrom(fd, bytes, flags) -> bytes received | -errno; the sender's address is in the reply. recvfrom(2)
static Napi::Value RecvFrom(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 2);
  const ByteView bytes(info, 1);
  SockaddrOut sender(info);
  const Napi::Value result = MaybeBlocking(info, flags, [&] {
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
  const sockaddr* to = NotNull(address.addr());
  return MaybeBlocking(info, flags, [&] { return ::sendto(fd, bytes.data, bytes.size, flags, to, address.len()); });
}

// The calls of which the promise layer makes the most: they never wait, have no flags, and ask Node-API for no more
// than they need. On Linux without libc's wrapper, which makes every call a cancellation point in a process that has
// threads.
static ssize_t ReceiveNow(int fd, const ByteView& bytes, sockaddr* from, socklen_t* length) {
#ifdef SYS_recvfrom
  return syscall(SYS_recvfrom, fd, bytes.data, bytes.size, MSG_DONTWAIT, from, length);
#else
  return ::recvfrom(fd, bytes.data, bytes.size, MSG_DONTWAIT, from, length);
#endif
}

static ssize_t SendNow(int fd, const ByteView& bytes, const sockaddr* to, socklen_t length) {
#ifdef SYS_sendto
  return syscall(SYS_sendto, fd, bytes.data, bytes.size, MSG_DONTWAIT, to, length);
#else
  return ::sendto(fd, bytes.data, bytes.size, MSG_DONTWAIT, to, length);
#endif
}

// recvNow(fd, bytes) -> bytes received | -errno. recv(2) with MSG_DONTWAIT
static napi_value RecvNow(napi_env env, napi_callback_info info) {
  const HotCall<2> call(env, info);
  return call.Result(ReceiveNow(call.Fd(), call.Bytes(1), nullptr, nullptr));
}

// sendNow(fd, bytes) -> bytes sent | -errno. send(2) with MSG_DONTWAIT
static napi_value SendNow(napi_env env, napi_callback_info info) {
  const HotCall<2> call(env, info);
  return call.Result(SendNow(call.Fd(), call.Bytes(1), nullptr, 0));
}

// recvfromNow(fd, bytes) -> bytes received | -errno; the sender's address is in the reply. recvfrom(2), MSG_DONTWAIT
static napi_value RecvFromNow(napi_env env, napi_callback_info info) {
  const HotCall<2> call(env, info);
  Reply& reply = call.environment().reply();
  socklen_t length = sizeof(reply.address);
  const ssize_t result = ReceiveNow(call.Fd(), call.Bytes(1), reinterpret_cast<sockaddr*>(&reply.address), &length);
  reply.length = length;
  return call.Result(result);
}

// sendtoNow(fd, bytes, sockaddr) -> bytes sent | -errno. sendto(2) with MSG_DONTWAIT
static napi_value SendToNow(napi_env env, napi_callback_info info) {
  const HotCall<3> call(env, info);
  const ByteView to = call.Bytes(2);
  const sockaddr* address = NotNull(to.As<const sockaddr>());
  return call.Result(SendNow(call.Fd(), call.Bytes(1), address, static_cast<socklen_t>(to.size)));
}

void InitTransfer(Environment& environment, Napi::Object exports) {
  environment.Export<Recv>(exports, "recv");
  environment.Export<RecvFrom>(exports, "recvfrom");
  environment.Export<Send>(exports, "send");
  environment.Export<SendTo>(exports, "sendto");
  environment.ExportHot(exports, "recvNow", RecvNow);
  environment.ExportHot(exports, "sendNow", SendNow);
  environment.ExportHot(exports, "recvfromNow", RecvFromNow);
  environment.ExportHot(exports, "sendtoNow", SendToNow);
}

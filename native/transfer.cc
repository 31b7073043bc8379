// recv(2), recvfrom(2), send(2), sendto(2)
#include "transfer.h"

#include "hot_call.h"
#include "init.h"
#include "wait/blocking.h"

// recv(fd, bytes, flags) -> bytes received | -errno. recv(2)
static napi_value Recv(napi_env env, napi_callback_info info) {
  const HotCall<3> call(env, info);
  const int fd = call.Fd(), flags = call.Int(2);
  const ByteView bytes = call.Bytes(1);
  return call.Number(
      MaybeBlocking(call.environment(), flags, [&] { return Receive(fd, bytes, flags, nullptr, nullptr); }));
}

// send(fd, bytes, flags) -> bytes sent | -errno. send(2)
static napi_value Send(napi_env env, napi_callback_info info) {
  const HotCall<3> call(env, info);
  const int fd = call.Fd(), flags = call.Int(2);
  const ByteView bytes = call.Bytes(1);
  return call.Number(MaybeBlocking(call.environment(), flags, [&] { return Transmit(fd, bytes, flags, nullptr, 0); }));
}

// recvfrom(fd, bytes, flags) -> bytes received | -errno; the sender's address is in the reply. recvfrom(2)
static Napi::Value RecvFrom(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 2);
  const ByteView bytes(info, 1);
  SockaddrOut sender(info);
  const Napi::Value result = MaybeBlocking(info, flags, [&] {
    sender.len = sizeof(sender.reply.address);
    return Receive(fd, bytes, flags, sender.addr(), &sender.len);
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
  return MaybeBlocking(info, flags, [&] { return Transmit(fd, bytes, flags, to, address.len()); });
}

void InitTransfer(Environment& environment, Napi::Object exports) {
  environment.ExportHot(exports, "recv", Recv);
  environment.Export<RecvFrom>(exports, "recvfrom");
  environment.ExportHot(exports, "send", Send);
  environment.Export<SendTo>(exports, "sendto");
}

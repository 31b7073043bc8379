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
  return call.Number(MaybeBlocking(call.environment(), flags, Limit::OfReceiving(fd),
                                   [&] { return Receive(fd, bytes, flags, nullptr, nullptr); }));
}

// send(fd, bytes, flags) -> bytes sent | -errno. send(2)
static napi_value Send(napi_env env, napi_callback_info info) {
  const HotCall<3> call(env, info);
  const int fd = call.Fd(), flags = call.Int(2);
  const ByteView bytes = call.Bytes(1);
  return call.Number(MaybeBlocking(call.environment(), flags, Limit::OfSending(fd),
                                   [&] { return Transmit(fd, bytes, flags, nullptr, 0); }));
}

// recvfrom(fd, bytes, flags) -> bytes received | -errno; the sender's address is in the reply. recvfrom(2)
static napi_value RecvFrom(napi_env env, napi_callback_info info) {
  const HotCall<3> call(env, info);
  const int fd = call.Fd(), flags = call.Int(2);
  const ByteView bytes = call.Bytes(1);
  Reply& reply = call.environment().reply();
  socklen_t length = 0;
  const int result = MaybeBlocking(call.environment(), flags, Limit::OfReceiving(fd), [&] {
    length = sizeof(reply.address);
    return Receive(fd, bytes, flags, reinterpret_cast<sockaddr*>(&reply.address), &length);
  });
  reply.length = length;
  return call.Number(result);
}

// sendto(fd, bytes, flags, sockaddr) -> bytes sent | -errno. sendto(2)
static napi_value SendTo(napi_env env, napi_callback_info info) {
  const HotCall<4> call(env, info);
  const int fd = call.Fd(), flags = call.Int(2);
  const ByteView bytes = call.Bytes(1), to = call.Bytes(3);
  const sockaddr* address = NotNull(to.As<const sockaddr>());
  return call.Number(MaybeBlocking(call.environment(), flags, Limit::OfSending(fd), [&] {
    return Transmit(fd, bytes, flags, address, static_cast<socklen_t>(to.size));
  }));
}

void InitTransfer(Environment& environment, Napi::Object exports) {
  environment.ExportHot(exports, "recv", Recv);
  environment.ExportHot(exports, "recvfrom", RecvFrom);
  environment.ExportHot(exports, "send", Send);
  environment.ExportHot(exports, "sendto", SendTo);
}

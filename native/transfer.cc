// recv(2), send(2)
#include "blocking.h"
#include "init.h"

// recv(fd, bytes, flags) -> bytes received | -errno. recv(2)
static Napi::Value Recv(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 2);
  const ByteView bytes(info, 1);
  return Blocking(info, fd, SO_RCVTIMEO, [&] { return ::recv(fd, bytes.data, bytes.size, flags); });
}

// send(fd, bytes, flags) -> bytes sent | -errno. send(2)
static Napi::Value Send(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 2);
  const ByteView bytes(info, 1);
  return Blocking(info, fd, SO_SNDTIMEO, [&] { return ::send(fd, bytes.data, bytes.size, flags); });
}

void InitTransfer(Environment& environment, Napi::Object exports) {
  environment.Export<Recv>(exports, "recv");
  environment.Export<Send>(exports, "send");
}

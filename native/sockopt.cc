// getsockopt(2), setsockopt(2)
#include "boundary.h"
#include "init.h"

// getsockoptInt(fd, level, option) -> 0 | -errno; the value is in the reply. getsockopt(2)
// An option of one byte (IP_TTL on some systems) is read into an int that is zero before.
static Napi::Value GetSockOptInt(const Napi::CallbackInfo& info) {
  Reply& reply = Environment::Of(info).reply();
  socklen_t length = sizeof reply.value;
  reply.value = 0;
  return Result(info, ::getsockopt(Int(info, 0), Int(info, 1), Int(info, 2), &reply.value, &length));
}

// getsockopt(fd, level, option, bytes) -> bytes written | -errno. getsockopt(2)
static Napi::Value GetSockOpt(const Napi::CallbackInfo& info) {
  const ByteView bytes(info, 3);
  socklen_t length = static_cast<socklen_t>(bytes.size);
  const int result = ::getsockopt(Int(info, 0), Int(info, 1), Int(info, 2), bytes.data, &length);
  return result == 0 ? Number(info, static_cast<int>(length)) : Result(info, result);
}

// setsockoptInt(fd, level, option, value) -> 0 | -errno. setsockopt(2)
static Napi::Value SetSockOptInt(const Napi::CallbackInfo& info) {
  const int value = Int(info, 3);
  return Result(info, ::setsockopt(Int(info, 0), Int(info, 1), Int(info, 2), &value, sizeof value));
}

// setsockopt(fd, level, option, bytes) -> 0 | -errno. setsockopt(2)
static Napi::Value SetSockOpt(const Napi::CallbackInfo& info) {
  const ByteView bytes(info, 3);
  return Result(info, ::setsockopt(Int(info, 0), Int(info, 1), Int(info, 2), bytes.data, bytes.size));
}

void InitSockopt(Environment& environment, Napi::Object exports) {
  environment.Export<GetSockOptInt>(exports, "getsockoptInt");
  environment.Export<GetSockOpt>(exports, "getsockopt");
  environment.Export<SetSockOptInt>(exports, "setsockoptInt");
  environment.Export<SetSockOpt>(exports, "setsockopt");
}

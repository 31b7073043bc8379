// getsockopt(2), setsockopt(2)
#include <algorithm>
#include <climits>

#ifdef __linux__
#include <linux/filter.h>
#endif

#include "hot_call.h"
#include "init.h"

// Linux counts the length of one option in instructions of eight bytes, not in bytes: taken for bytes, the kernel
// would write past the buffer.
static socklen_t UnitOf([[maybe_unused]] int level, [[maybe_unused]] int option) {
#ifdef __linux__  // SO_GET_FILTER has the number of SO_ATTACH_FILTER, also where the headers are older than its name
  if (level == SOL_SOCKET && option == SO_ATTACH_FILTER) return sizeof(sock_filter);
#endif
  return 1;
}

// getsockoptInt(fd, level, option) -> 0 | -errno; the value is in the reply. getsockopt(2)
// An option of one byte (IP_TTL on some systems) is read into an int that is zero before.
static napi_value GetSockOptInt(napi_env env, napi_callback_info info) {
  const HotCall<3> call(env, info);
  const int level = call.Int(1), option = call.Int(2);
  Reply& reply = call.environment().reply();
  // An int has no room for a unit of eight bytes: asked for none, the kernel only counts them.
  const socklen_t unit = UnitOf(level, option);
  socklen_t length = static_cast<socklen_t>(sizeof reply.value) / unit;
  reply.value = 0;
  const int result = ::getsockopt(call.Fd(), level, option, &reply.value, &length);
  if (unit > 1) reply.value = static_cast<int>(length);
  return call.Result(result);
}

// getsockopt(fd, level, option, bytes) -> bytes written | -errno. getsockopt(2)
static Napi::Value GetSockOpt(const Napi::CallbackInfo& info) {
  const int level = Int(info, 1), option = Int(info, 2);
  const ByteView bytes(info, 3);
  const socklen_t unit = UnitOf(level, option), room = static_cast<socklen_t>(bytes.size) / unit;
  socklen_t length = room;
  const int result = ::getsockopt(Int(info, 0), level, option, bytes.data, &length);
  return result == 0 ? Number(info, static_cast<int>(std::min(length, room) * unit)) : Result(info, result);
}

// setsockoptInt(fd, level, option, value) -> 0 | -errno. setsockopt(2)
static Napi::Value SetSockOptInt(const Napi::CallbackInfo& info) {
  const int value = Int(info, 3);
  return Result(info, ::setsockopt(Int(info, 0), Int(info, 1), Int(info, 2), &value, sizeof value));
}

// setsockopt(fd, level, option, bytes) -> 0 | -errno. setsockopt(2)
static Napi::Value SetSockOpt(const Napi::CallbackInfo& info) {
  const ByteView bytes(info, 3);
  const auto length = static_cast<socklen_t>(std::min<size_t>(bytes.size, INT_MAX));
  return Result(info, ::setsockopt(Int(info, 0), Int(info, 1), Int(info, 2), bytes.data, length));
}

#ifdef __linux__
// attachFilter(fd, option, instructions) -> 0 | -errno. setsockopt(2) with a struct sock_fprog, which has a pointer
// to the struct sock_filter[]: JavaScript never makes a pointer.
static Napi::Value AttachFilter(const Napi::CallbackInfo& info) {
  const ByteView instructions(info, 2);
  const size_t count = std::min<size_t>(instructions.size / sizeof(sock_filter), UINT16_MAX);
  const sock_fprog program = {static_cast<unsigned short>(count), instructions.As<sock_filter>()};
  return Result(info, ::setsockopt(Int(info, 0), SOL_SOCKET, Int(info, 1), &program, sizeof program));
}
#endif

void InitSockopt(Environment& environment, Napi::Object exports) {
  environment.ExportHot(exports, "getsockoptInt", GetSockOptInt);
  environment.Export<GetSockOpt>(exports, "getsockopt");
  environment.Export<SetSockOptInt>(exports, "setsockoptInt");
  environment.Export<SetSockOpt>(exports, "setsockopt");
#ifdef __linux__
  environment.Export<AttachFilter>(exports, "attachFilter");
#endif
}

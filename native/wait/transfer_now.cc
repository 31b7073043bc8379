// The receives and sends of the promise layer, which never wait: MSG_DONTWAIT. Each takes the length that its view had
// when the call began. Whether the view has been transferred away since then is decided by what is seen here: compiled
// JavaScript of V8 11 may still see the old length of a detached view.
#include <algorithm>
#include <climits>

#include "hot_call.h"
#include "init.h"
#include "transfer.h"
#include "wait/poller.h"
#include "wait/uring.h"

// What a call returns whose view is gone.
constexpr int kDetached = INT_MIN + 1;

static bool IsGone(const ByteView& bytes, int length) { return bytes.size == 0 && length > 0; }

template <typename Call>
static int Retrying(Call call) {
  int result;
  do {
    result = OrErrno(call());
  } while (result == -EINTR);
  return result;
}

static int ReceiveNow(Environment& environment, int fd, const ByteView& bytes, int flags, sockaddr* from,
                      socklen_t* length) {
  const int result = Retrying([&] { return Receive(fd, bytes, flags | MSG_DONTWAIT, from, length); });
  if (flags == 0) environment.poller->table().Received(fd, result, bytes.size);
  return result;
}

static int SendNow(Environment& environment, int fd, const ByteView& bytes, int flags, const sockaddr* to,
                   socklen_t length) {
  const int result = Retrying([&] { return Transmit(fd, bytes, flags | MSG_DONTWAIT, to, length); });
  if (flags == 0) environment.poller->table().Sent(fd, result);
  return result;
}

// recvNow(fd, bytes, length, flags) -> bytes received | -errno | DETACHED. recv(2)
static napi_value RecvNow(napi_env env, napi_callback_info info) {
  const HotCall<4> call(env, info);
  const ByteView bytes = call.Bytes(1);
  if (IsGone(bytes, call.Int(2))) return call.Number(kDetached);
  return call.Number(ReceiveNow(call.environment(), call.Fd(), bytes, call.Int(3), nullptr, nullptr));
}

// sendNow(fd, bytes, length, flags) -> bytes sent | -errno | DETACHED. send(2)
static napi_value SendNow(napi_env env, napi_callback_info info) {
  const HotCall<4> call(env, info);
  const ByteView bytes = call.Bytes(1);
  if (IsGone(bytes, call.Int(2))) return call.Number(kDetached);
  return call.Number(SendNow(call.environment(), call.Fd(), bytes, call.Int(3), nullptr, 0));
}

// recvfromNow(fd, bytes, length, flags) -> as recvNow; the sender's address is in the reply. recvfrom(2)
static napi_value RecvFromNow(napi_env env, napi_callback_info info) {
  const HotCall<4> call(env, info);
  const ByteView bytes = call.Bytes(1);
  if (IsGone(bytes, call.Int(2))) return call.Number(kDetached);
  Reply& reply = call.environment().reply();
  socklen_t length = sizeof(reply.address);
  const int result = ReceiveNow(call.environment(), call.Fd(), bytes, call.Int(3),
                                reinterpret_cast<sockaddr*>(&reply.address), &length);
  reply.length = length;
  return call.Number(result);
}

// sendtoNow(fd, bytes, length, flags, sockaddr) -> as sendNow. sendto(2)
static napi_value SendToNow(napi_env env, napi_callback_info info) {
  const HotCall<5> call(env, info);
  const ByteView bytes = call.Bytes(1), to = call.Bytes(4);
  if (IsGone(bytes, call.Int(2))) return call.Number(kDetached);
  const sockaddr* address = NotNull(to.As<const sockaddr>());
  return call.Number(
      SendNow(call.environment(), call.Fd(), bytes, call.Int(3), address, static_cast<socklen_t>(to.size)));
}

// Batches: the transfers of many sockets in one crossing, one after the other or by io_uring in one system call.

constexpr size_t kMost = Uring::kMost;
using Direction = Uring::Direction;

struct BatchEntry {
  int32_t fd;  // and then the result, as of recvNow
  int32_t length;
};

static int One(Environment& environment, Direction direction, int fd, const ByteView& bytes) {
  return direction == Direction::kReceive ? ReceiveNow(environment, fd, bytes, 0, nullptr, nullptr)
                                          : SendNow(environment, fd, bytes, 0, nullptr, 0);
}

static void Note(Environment& environment, Direction direction, int fd, int result, size_t size) {
  ReadinessTable& table = environment.poller->table();
  direction == Direction::kReceive ? table.Received(fd, result, size) : table.Sent(fd, result);
}

// Both take (count, entries, ...buffers): `entries` has a BatchEntry for each of the first `count` buffers. -> 0
template <Direction direction>
static napi_value TransferMany(napi_env env, napi_callback_info info) {
  const HotCall<2 + kMost> call(env, info);
  Environment& environment = call.environment();
  const ByteView table = call.Bytes(1);
  auto* const entries = table.As<BatchEntry>();
  const size_t count =
      std::min({static_cast<size_t>(std::max(call.Int(0), 0)), kMost, table.size / sizeof(BatchEntry)});
  ByteView views[kMost];
  int fds[kMost];
  int32_t results[kMost];
  Uring* const uring = count > 1 ? environment.uring.get() : nullptr;
  size_t added = 0;
  for (size_t i = 0; i < count; i++) {
    fds[i] = entries[i].fd;
    views[i] = call.Bytes(2 + i);
    const bool isGone = IsGone(views[i], entries[i].length);
    entries[i].fd = isGone ? kDetached : Uring::kNotMade;
    if (isGone || uring == nullptr) continue;
    uring->Add(direction, fds[i], views[i].data, views[i].size);
    entries[i].length = static_cast<int32_t>(added++);  // its place in the ring
  }
  if (added > 0) uring->Run(results);
  for (size_t i = 0; i < count; i++) {
    if (entries[i].fd == kDetached) continue;
    const int result = added > 0 ? results[entries[i].length] : Uring::kNotMade;
    const bool isMade = result != Uring::kNotMade && result != -EINTR;
    if (isMade) Note(environment, direction, fds[i], result, views[i].size);
    entries[i].fd = isMade ? result : One(environment, direction, fds[i], views[i]);
  }
  return call.Number(0);
}

// openUring() -> 0 | -ENOSYS where there is none, or it is forbidden. io_uring_setup(2)
static Napi::Value OpenUring(const Napi::CallbackInfo& info) {
  Environment& environment = Environment::Of(info);
  if (environment.uring == nullptr) environment.uring = Uring::Open();
  return Number(info, environment.uring != nullptr ? 0 : -ENOSYS);
}

void InitTransferNow(Environment& environment, Napi::Object exports) {
  environment.ExportHot(exports, "recvNow", RecvNow);
  environment.ExportHot(exports, "sendNow", SendNow);
  environment.ExportHot(exports, "recvfromNow", RecvFromNow);
  environment.ExportHot(exports, "sendtoNow", SendToNow);
  environment.ExportHot(exports, "recvMany", TransferMany<Direction::kReceive>);
  environment.ExportHot(exports, "sendMany", TransferMany<Direction::kSend>);
  environment.Export<OpenUring>(exports, "openUring");
  Napi::Object batch = Napi::Object::New(exports.Env());
  exports.Set("batch", batch);
  batch.Set("most", Napi::Number::New(exports.Env(), kMost));
  batch.Set("DETACHED", Napi::Number::New(exports.Env(), kDetached));
}

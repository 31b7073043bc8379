// Transfers of many sockets in one crossing, for the promise layer: recv(2) and send(2) with MSG_DONTWAIT. They are
// made one after the other, or by io_uring in one system call.
#include <algorithm>

#include "hot_call.h"
#include "init.h"
#include "transfer.h"
#include "wait/uring.h"

constexpr size_t kMost = Uring::kMost;
using Direction = Uring::Direction;

static int32_t Transfer(Direction direction, int fd, const ByteView& bytes) {
  int result;
  do {
    result = OrErrno(direction == Direction::kReceive ? Receive(fd, bytes, MSG_DONTWAIT, nullptr, nullptr)
                                                      : Transmit(fd, bytes, MSG_DONTWAIT, nullptr, 0));
  } while (result == -EINTR);
  return result;
}

// Both take (transfers, ...buffers): `transfers` has an int that tells how many of the buffers count, and one for each
// of these, which is the descriptor, and then the number of bytes or -errno. -> 0
template <Direction direction>
static napi_value TransferMany(napi_env env, napi_callback_info info) {
  const HotCall<1 + kMost> call(env, info);
  auto* const transfers = call.Bytes(0).As<int32_t>();
  const size_t count = std::clamp<size_t>(transfers[0], 0, kMost);
  int32_t* const results = transfers + 1;
  Uring* const uring = call.environment().uring.get();
  if (uring == nullptr || count == 1) {
    for (size_t i = 0; i < count; i++) results[i] = Transfer(direction, results[i], call.Bytes(1 + i));
    return call.Number(0);
  }
  int fds[kMost];
  for (size_t i = 0; i < count; i++) {
    const ByteView bytes = call.Bytes(1 + i);
    fds[i] = results[i];
    uring->Add(direction, fds[i], bytes.data, bytes.size);
  }
  uring->Run(results);
  for (size_t i = 0; i < count; i++) {
    if (results[i] == Uring::kNotMade || results[i] == -EINTR) {
      results[i] = Transfer(direction, fds[i], call.Bytes(1 + i));
    }
  }
  return call.Number(0);
}

// openUring() -> 0 | -ENOSYS where there is none, or it is forbidden. io_uring_setup(2)
static Napi::Value OpenUring(const Napi::CallbackInfo& info) {
  Environment& environment = Environment::Of(info);
  if (environment.uring == nullptr) environment.uring = Uring::Open();
  return Number(info, environment.uring != nullptr ? 0 : -ENOSYS);
}

void InitBatch(Environment& environment, Napi::Object exports) {
  environment.ExportHot(exports, "recvMany", TransferMany<Direction::kReceive>);
  environment.ExportHot(exports, "sendMany", TransferMany<Direction::kSend>);
  environment.Export<OpenUring>(exports, "openUring");
  exports.Set("batchSize", Napi::Number::New(exports.Env(), kMost));
}

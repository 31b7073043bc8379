// poll(2)
#include <poll.h>

#include <algorithm>

#include "init.h"
#include "wait/blocking.h"

// poll(fds, timeoutMs) -> how many are ready | -errno. `fds` is C's struct pollfd[], in place. poll(2)
static Napi::Value Poll(const Napi::CallbackInfo& info) {
  const ByteView fds(info, 0);
  const int timeoutMs = Int(info, 1);
  const auto count = static_cast<nfds_t>(fds.size / sizeof(pollfd));
  Environment& environment = Environment::Of(info);
  const int64_t end = timeoutMs > 0 ? NowNs() + timeoutMs * kNsPerMs : 0;
  int leftMs = timeoutMs;
  for (;;) {
    const int result = BlockingOnce(environment, [&] { return ::poll(fds.As<pollfd>(), count, leftMs); });
    if (result != -EINTR || environment.thread().IsInterrupted(environment)) return Number(info, result);
    if (timeoutMs > 0) leftMs = static_cast<int>(std::max<int64_t>((end - NowNs() + kNsPerMs - 1) / kNsPerMs, 0));
  }
}

void InitPoll(Environment& environment, Napi::Object exports) { environment.Export<Poll>(exports, "poll"); }

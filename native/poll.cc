// poll(2)
#include <poll.h>

#include "init.h"
#include "wait/blocking.h"

// poll(fds, timeoutMs) -> how many are ready | -errno. `fds` is C's struct pollfd[], in place. poll(2)
static Napi::Value Poll(const Napi::CallbackInfo& info) {
  const ByteView fds(info, 0);
  const int timeoutMs = Int(info, 1);
  const auto count = static_cast<nfds_t>(fds.size / sizeof(pollfd));
  return Blocking(info, [&] { return ::poll(fds.As<pollfd>(), count, timeoutMs); });
}

void InitPoll(Environment& environment, Napi::Object exports) { environment.Export<Poll>(exports, "poll"); }

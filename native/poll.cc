// poll(2)
#include "blocking.h"
#include "init.h"

// poll(fds, timeoutMs) -> how many are ready | -errno. `fds` is C's struct pollfd[], in place. poll(2)
static Napi::Value Poll(const Napi::CallbackInfo& info) {
  const ByteView fds(info, 0);
  JsThread& thread = Environment::Of(info).thread();
  return Number(info, BlockingPoll(thread, info.Env(), fds.As<pollfd>(), static_cast<nfds_t>(fds.size / sizeof(pollfd)),
                                   Int(info, 1)));
}

void InitPoll(Environment& environment, Napi::Object exports) { environment.Export<Poll>(exports, "poll"); }

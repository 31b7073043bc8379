// socket(2), socketpair(2), shutdown(2), close(2)
#include <unistd.h>

#include "cloexec.h"
#include "hot_call.h"
#include "init.h"
#include "wait/blocking.h"

// socket(domain, type, protocol) -> fd | -errno. socket(2), close-on-exec
static Napi::Value Socket(const Napi::CallbackInfo& info) {
  const int domain = Int(info, 0), type = Int(info, 1), protocol = Int(info, 2);
#ifdef SOCK_CLOEXEC
  return Result(info, ::socket(domain, type | SOCK_CLOEXEC, protocol));
#else
  return Number(info, CloseOnExec(OrErrno(::socket(domain, type, protocol))));
#endif
}

// socketpair(domain, type, protocol) -> the first fd | -errno; the second is in the reply. socketpair(2)
static Napi::Value SocketPair(const Napi::CallbackInfo& info) {
  const int domain = Int(info, 0), type = Int(info, 1), protocol = Int(info, 2);
  int fds[2] = {-1, -1};
#ifdef SOCK_CLOEXEC
  const int result = OrErrno(::socketpair(domain, type | SOCK_CLOEXEC, protocol, fds));
#else
  const int result = OrErrno(::socketpair(domain, type, protocol, fds));
  for (int fd : fds) CloseOnExec(fd);
#endif
  Environment::Of(info).reply().value = fds[1];
  return Number(info, result == 0 ? fds[0] : result);
}

// shutdown(fd, how) -> 0 | -errno. shutdown(2)
static Napi::Value Shutdown(const Napi::CallbackInfo& info) {
  return Result(info, ::shutdown(Int(info, 0), Int(info, 1)));
}

// close(fd) -> 0 | -errno. close(2). It waits where SO_LINGER says so. Never retried: after an
// EINTR the descriptor is gone, and its number may be somebody else's.
static Napi::Value Close(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0);
  return Number(info, BlockingOnce(Environment::Of(info), [&] { return ::close(fd); }));
}

// closeNow(fd) -> 0 | -errno; for sockets without SO_LINGER. close(2)
static napi_value CloseNow(napi_env env, napi_callback_info info) {
  const HotCall<1> call(env, info);
  return call.Result(::close(call.Fd()));
}

// closeInBackground(fd): close(2) on a thread of libuv's pool, where SO_LINGER makes it wait
static Napi::Value CloseInBackground(const Napi::CallbackInfo& info) {
  struct Work : uv_work_t {
    int fd;
  };
  auto* work = new Work;
  work->fd = Int(info, 0);
  uv_loop_t* loop = nullptr;
  napi_get_uv_event_loop(info.Env(), &loop);
  uv_queue_work(
      loop, work, [](uv_work_t* self) { ::close(static_cast<Work*>(self)->fd); },
      [](uv_work_t* self, int) { delete static_cast<Work*>(self); });
  return Number(info, 0);
}

void InitSocket(Environment& environment, Napi::Object exports) {
  environment.Export<Socket>(exports, "socket");
  environment.Export<SocketPair>(exports, "socketpair");
  environment.Export<Shutdown>(exports, "shutdown");
  environment.Export<Close>(exports, "close");
  environment.ExportHot(exports, "closeNow", CloseNow);
  environment.Export<CloseInBackground>(exports, "closeInBackground");
}

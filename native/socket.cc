// socket(2), socketpair(2), shutdown(2), close(2)
#include <unistd.h>

#include "cloexec.h"
#include "init.h"
#include "wait/blocking.h"
#include "wait/poller.h"

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
  Environment& environment = Environment::Of(info);
  if (environment.poller != nullptr) environment.poller->Forget(fd);
  return Number(info, BlockingOnce(environment, [&] { return ::close(fd); }));
}

void InitSocket(Environment& environment, Napi::Object exports) {
  environment.Export<Socket>(exports, "socket");
  environment.Export<SocketPair>(exports, "socketpair");
  environment.Export<Shutdown>(exports, "shutdown");
  environment.Export<Close>(exports, "close");
}

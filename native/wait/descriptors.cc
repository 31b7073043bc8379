// The descriptors of the promise layer. Each belongs to the environment from within the call that makes it, so that a
// worker may end at any moment and leaves none open; and no call on it ever waits, whatever others do to the open file
// that they share with us: a child, say, that turns O_NONBLOCK off for its stdin.
#include <sys/ioctl.h>
#include <unistd.h>

#include "cloexec.h"
#include "hot_call.h"
#include "init.h"
#include "wait/linger.h"
#include "wait/poller.h"

#ifndef SOCK_CLOEXEC
#define SOCK_CLOEXEC 0
#endif
#ifndef SOCK_NONBLOCK
#define SOCK_NONBLOCK 0
#endif

// accept(2) and connect(2) have no MSG_DONTWAIT.
static int DoNotBlock(int fd) {
  int on = 1;
  return OrErrno(ioctl(fd, FIONBIO, &on));
}

// Takes a descriptor that was just made; -errno is passed on.
static int Take(Environment& environment, int fdOrErrno, bool drains) {
  if (fdOrErrno < 0) return fdOrErrno;
  if (!environment.poller->table().Has(fdOrErrno)) {
    ::close(fdOrErrno);
    return -EMFILE;
  }
  if (SOCK_NONBLOCK == 0) DoNotBlock(fdOrErrno);
  if (SOCK_CLOEXEC == 0) CloseOnExec(fdOrErrno);
  return environment.poller->table().Adopt(fdOrErrno, drains);
}

// ownSocket(domain, type, protocol, drains) -> fd | -errno. socket(2), close-on-exec and non-blocking
static napi_value OwnSocket(napi_env env, napi_callback_info info) {
  const HotCall<4> call(env, info);
  const int fd = OrErrno(::socket(call.Int(0), call.Int(1) | SOCK_CLOEXEC | SOCK_NONBLOCK, call.Int(2)));
  return call.Number(Take(call.environment(), fd, call.Int(3) != 0));
}

// ownPair(domain, type, protocol) -> the first fd | -errno; the second is in the reply. socketpair(2), as ownSocket
static napi_value OwnPair(napi_env env, napi_callback_info info) {
  const HotCall<3> call(env, info);
  Environment& environment = call.environment();
  int fds[2] = {-1, -1};
  int result = OrErrno(::socketpair(call.Int(0), call.Int(1) | SOCK_CLOEXEC | SOCK_NONBLOCK, call.Int(2), fds));
  if (result == 0) {
    const int second = Take(environment, fds[1], false);
    result = Take(environment, fds[0], false);
    environment.reply().value = second;
    if (second < 0 && result >= 0) {
      environment.poller->Close(result);
      result = second;
    }
  }
  return call.Number(result);
}

// ownAccepted(listener) -> fd | -errno; the peer's address is in the reply. accept4(2), as ownSocket
static napi_value OwnAccepted(napi_env env, napi_callback_info info) {
  const HotCall<1> call(env, info);
  Environment& environment = call.environment();
  Reply& reply = environment.reply();
  auto* peer = reinterpret_cast<sockaddr*>(&reply.address);
  const int listener = call.Fd();
  DoNotBlock(listener);
  int fd;
  do {
    socklen_t length = sizeof(reply.address);
#ifdef __linux__
    fd = OrErrno(::accept4(listener, peer, &length, SOCK_CLOEXEC | SOCK_NONBLOCK));
#else
    fd = OrErrno(::accept(listener, peer, &length));
#endif
    reply.length = length;
  } while (fd == -EINTR);
  return call.Number(Take(environment, fd, environment.poller->table().Is(listener, kDrains)));
}

// own(fd, drains) -> fd | -errno: it is ours from now on, and non-blocking. ioctl(2)
static napi_value Own(napi_env env, napi_callback_info info) {
  const HotCall<2> call(env, info);
  ReadinessTable& table = call.environment().poller->table();
  const int fd = call.Fd();
  const int result = table.Has(fd) ? DoNotBlock(fd) : -EMFILE;
  return call.Number(result == 0 ? table.Adopt(fd, call.Int(1) != 0) : result);
}

// disown(fd): it is somebody else's from now on
static napi_value Disown(napi_env env, napi_callback_info info) {
  const HotCall<1> call(env, info);
  call.environment().poller->Disown(call.Fd());
  return call.Number(0);
}

// closeOwn(fd) -> 1 | 0 where the number is not ours any more, and was not closed. close(2), which does not wait
static napi_value CloseOwn(napi_env env, napi_callback_info info) {
  const HotCall<1> call(env, info);
  return call.Number(call.environment().poller->Close(call.Fd()) ? 1 : 0);
}

// connectNow(fd, sockaddr) -> 0 | -errno. connect(2), which does not wait
static napi_value ConnectNow(napi_env env, napi_callback_info info) {
  const HotCall<2> call(env, info);
  const ByteView address = call.Bytes(1);
  DoNotBlock(call.Fd());
  return call.Result(::connect(call.Fd(), address.As<const sockaddr>(), static_cast<socklen_t>(address.size)));
}

void InitDescriptors(Environment& environment, Napi::Object exports) {
  environment.ExportHot(exports, "ownSocket", OwnSocket);
  environment.ExportHot(exports, "ownPair", OwnPair);
  environment.ExportHot(exports, "ownAccepted", OwnAccepted);
  environment.ExportHot(exports, "own", Own);
  environment.ExportHot(exports, "disown", Disown);
  environment.ExportHot(exports, "closeOwn", CloseOwn);
  environment.ExportHot(exports, "connectNow", ConnectNow);
}

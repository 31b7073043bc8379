// listen(2), accept(2)
#include "cloexec.h"
#include "init.h"
#include "wait/blocking.h"

// listen(fd, backlog) -> 0 | -errno. listen(2)
static Napi::Value Listen(const Napi::CallbackInfo& info) { return Result(info, ::listen(Int(info, 0), Int(info, 1))); }

// accept(fd, flags) -> fd | -errno; the peer's address is in the reply. accept4(2), close-on-exec
static Napi::Value Accept(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 1);
  SockaddrOut peer(info);
  const Napi::Value result = Blocking(info, Limit::OfReceiving(fd), [&] {
    peer.len = sizeof(peer.reply.address);
#ifdef SOCK_CLOEXEC
    return ::accept4(fd, peer.addr(), &peer.len, flags | SOCK_CLOEXEC);
#else
    if (flags != 0) {
      errno = EINVAL;
      return -1;
    }
    return CloseOnExec(::accept(fd, peer.addr(), &peer.len));
#endif
  });
  peer.Store();
  return result;
}

void InitAccept(Environment& environment, Napi::Object exports) {
  environment.Export<Listen>(exports, "listen");
  environment.Export<Accept>(exports, "accept");
}

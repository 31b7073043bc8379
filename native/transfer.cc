// recv(2), recvfrom(2), send(2), sendto(2)
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "blocking.h"
#include "init.h"

// recv(fd, bytes, flags) -> bytes received | -errno. recv(2)
static Napi::Value Recv(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 2);
  const ByteView bytes(info, 1);
  return MaybeBlocking(info, flags, [&] { return ::recv(fd, bytes.data, bytes.size, flags); });
}

// send(fd, bytes, flags) -> bytes sent | -errno. send(2)
static Napi::Value Send(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 2);
  const ByteView bytes(info, 1);
  return MaybeBlocking(info, flags, [&] { return ::send(fd, bytes.data, bytes.size, flags); });
}

// recvfrom(fd, bytes, flags) -> bytes received | -errno; the sender's address is in the reply. recvfrom(2)
static Napi::Value RecvFrom(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 2);
  const ByteView bytes(info, 1);
  SockaddrOut sender(info);
  const Napi::Value result = MaybeBlocking(info, flags, [&] {
    sender.len = sizeof(sender.reply.address);
    return ::recvfrom(fd, bytes.data, bytes.size, flags, sender.addr(), &sender.len);
  });
  sender.Store();
  return result;
}

// sendto(fd, bytes, flags, sockaddr) -> bytes sent | -errno. sendto(2)
static Napi::Value SendTo(const Napi::CallbackInfo& info) {
  const int fd = Int(info, 0), flags = Int(info, 2);
  const ByteView bytes(info, 1);
  const SockaddrIn address(info, 3);
  // An address of no bytes is not the same as none, which is NULL.
  static const sockaddr empty = {};
  const sockaddr* to = address.size == 0 ? &empty : address.addr();
  return MaybeBlocking(info, flags, [&] { return ::sendto(fd, bytes.data, bytes.size, flags, to, address.len()); });
}

// The two calls of which the promise layer makes the most: they never wait, have no flags, and ask Node-API for no
// more than they need. On Linux without libc's wrapper, which makes every call a cancellation point in a process that
// has threads.
#ifdef SYS_sendto
static ssize_t ReceiveInto(int fd, void* data, size_t size) {
  return syscall(SYS_recvfrom, fd, data, size, MSG_DONTWAIT, nullptr, nullptr);
}
static ssize_t SendOut(int fd, const void* data, size_t size) {
  return syscall(SYS_sendto, fd, data, size, MSG_DONTWAIT, nullptr, 0);
}
#else
static ssize_t ReceiveInto(int fd, void* data, size_t size) { return ::recv(fd, data, size, MSG_DONTWAIT); }
static ssize_t SendOut(int fd, const void* data, size_t size) { return ::send(fd, data, size, MSG_DONTWAIT); }
#endif

template <typename Call>
static napi_value TransferNow(napi_env env, napi_callback_info info, Call call) {
  napi_value arguments[2];
  size_t count = 2;
  int32_t fd = 0;
  void* data = nullptr;
  size_t size = 0;
  napi_value result = nullptr;
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  napi_get_value_int32(env, arguments[0], &fd);
  napi_get_typedarray_info(env, arguments[1], nullptr, &size, &data, nullptr, nullptr);
  napi_create_int32(env, OrErrno(call(fd, data, size)), &result);
  return result;
}

// recvNow(fd, bytes) -> bytes received | -errno. recv(2) with MSG_DONTWAIT
static napi_value RecvNow(napi_env env, napi_callback_info info) { return TransferNow(env, info, ReceiveInto); }

// sendNow(fd, bytes) -> bytes sent | -errno. send(2) with MSG_DONTWAIT
static napi_value SendNow(napi_env env, napi_callback_info info) { return TransferNow(env, info, SendOut); }

static void ExportRaw(Napi::Object exports, const char* name, napi_callback callback) {
  napi_value function = nullptr;
  napi_create_function(exports.Env(), name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
  exports.Set(name, function);
}

void InitTransfer(Environment& environment, Napi::Object exports) {
  environment.Export<Recv>(exports, "recv");
  environment.Export<RecvFrom>(exports, "recvfrom");
  environment.Export<Send>(exports, "send");
  environment.Export<SendTo>(exports, "sendto");
  ExportRaw(exports, "recvNow", RecvNow);
  ExportRaw(exports, "sendNow", SendNow);
}

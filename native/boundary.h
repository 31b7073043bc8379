// The only Node-API glue of this project: what JavaScript passes in, and the one int that goes back.
// Every native function reads its arguments with these, makes one system call and returns its
// result or -errno. What C returns through a pointer goes into the environment's reply bytes.
#pragma once

#include <napi.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>

#include "environment.h"

// A number, already validated in TypeScript: Node-API would turn NaN into 0.
inline int Int(const Napi::CallbackInfo& info, size_t index) {
  int32_t value = 0;
  napi_get_value_int32(info.Env(), info[index], &value);
  return value;
}

inline std::string Text(const Napi::CallbackInfo& info, size_t index) {
  return info[index].As<Napi::String>().Utf8Value();
}

// The bytes of a Uint8Array. It asks Node-API for data and length only: that is twice as fast as
// the Buffer classes. Anything else than a typed array is no bytes at all.
struct ByteView {
  ByteView() = default;
  ByteView(napi_env env, napi_value value) {
    napi_get_typedarray_info(env, value, nullptr, &size, &data, nullptr, nullptr);
  }
  ByteView(const Napi::CallbackInfo& info, size_t index) : ByteView(info.Env(), info[index]) {}
  template <typename T>
  T* As() const {
    return static_cast<T*>(data);
  }
  void* data = nullptr;
  size_t size = 0;
};

// The socket address in a Uint8Array, as bind(2) and connect(2) take it.
struct SockaddrIn : ByteView {
  using ByteView::ByteView;
  const sockaddr* addr() const { return As<sockaddr>(); }
  socklen_t len() const { return static_cast<socklen_t>(size); }
};

// Where the kernel writes a socket address: the reply's bytes, and its length in the reply.
struct SockaddrOut {
  explicit SockaddrOut(const Napi::CallbackInfo& info) : reply(Environment::Of(info).reply()) {}
  sockaddr* addr() { return reinterpret_cast<sockaddr*>(&reply.address); }
  void Store() { reply.length = len; }
  Reply& reply;
  socklen_t len = sizeof(reply.address);
};

inline Napi::Value Number(const Napi::CallbackInfo& info, int value) {
  napi_value number = nullptr;
  napi_create_int32(info.Env(), value, &number);
  return Napi::Value(info.Env(), number);
}

// What a system call returned: its result, or -errno where it returned -1.
inline int OrErrno(ssize_t result) { return result == -1 ? -errno : static_cast<int>(result); }

inline Napi::Value Result(const Napi::CallbackInfo& info, ssize_t result) { return Number(info, OrErrno(result)); }

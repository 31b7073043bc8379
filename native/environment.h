// What the addon keeps for each JavaScript environment (the main thread, each worker).
#pragma once

#include <napi.h>
#include <sys/socket.h>

#include <cstdint>
#include <memory>

#include "wait/uring.h"

class JsThread;
class Poller;

// What C returns through a pointer. JavaScript reads it through one ArrayBuffer, made once:
// passing a view in each call would cost 14 ns of a call that takes 200.
struct Reply {
  uint32_t length;  // of the address, in bytes
  int32_t value;    // of an int option; the second descriptor of a pair
  int32_t flags;    // of a received message
  uint32_t controlLength;
  sockaddr_storage address;
};

// A worker that is being terminated refuses every call into JavaScript. That must end it and not the process, so
// binding.gyp defines NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS.
class Environment {
 public:
  explicit Environment(Napi::Env env);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  // Every function of the addon carries its environment as its data.
  static Environment& Of(const Napi::CallbackInfo& info) { return *static_cast<Environment*>(info.Data()); }

  Reply& reply() { return *reply_; }
  JsThread& thread() { return *thread_; }
  Poller* poller = nullptr;           // made by openPoller
  std::unique_ptr<Uring> uring;       // made by openUring, where there is one
  Napi::FunctionReference listensTo;  // set by setListensTo

  // Exports a native function.
  template <Napi::Value (*function)(const Napi::CallbackInfo&)>
  void Export(Napi::Object exports, const char* name) {
    exports.Set(name, Napi::Function::New<function>(exports.Env(), name, this));
  }

  // Exports a function that reads its arguments as HotCall does.
  void ExportHot(Napi::Object exports, const char* name, napi_callback function) {
    napi_value value = nullptr;
    napi_create_function(exports.Env(), name, NAPI_AUTO_LENGTH, function, this, &value);
    exports.Set(name, value);
  }

  Napi::ArrayBuffer replyBuffer() { return replyBuffer_.Value(); }

 private:
  Napi::Reference<Napi::ArrayBuffer> replyBuffer_;
  Reply* reply_;
  JsThread* thread_;
};

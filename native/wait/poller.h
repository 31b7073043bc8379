// Readiness for the promise layer: which of its sockets can be read or written now.
#pragma once

#include <napi.h>
#include <uv.h>

#include <cstdint>

#include "wait/readiness.h"
#include "wait/selector.h"
#include "wait/uring.h"

// What JavaScript sees of the poller, as one ArrayBuffer.
struct PollerView {
  int32_t pending;     // operations that keep the process alive; written by JavaScript
  int32_t referenced;  // does the poller keep the process alive?
  int32_t start;       // which part of `ready` is told now
  int32_t end;
  int32_t ready[Selector::kMost];
};

// One for each environment: an epoll (kqueue) of its own, edge-triggered, which libuv's loop watches as one
// descriptor. So a socket costs one registration for its life, and a turn of the loop one call into JavaScript for
// each group of sockets that are ready: small enough that what they touch stays in the cache.
class Poller {
 public:
  // 0 or -errno. `view` is a PollerView, in which `onReady` finds what is ready; `states` is the table's memory.
  static int Open(Napi::Env env, uv_loop_t* loop, Napi::ArrayBuffer view, Napi::ArrayBuffer states,
                  Napi::Function onReady, Poller** opened);

  ReadinessTable& table() { return table_; }

  // Changes of the descriptor are told from now on: 0 or -errno.
  int Register(int fd);

  // Gives an owned descriptor up. False where its number is a stranger's by now, as far as that can be told: somebody
  // closed ours through the raw API, or the selector watches another open file under that number.
  bool Disown(int fd);

  // Disown, then close(2), which does not wait.
  bool Close(int fd);

  // The raw API has closed the descriptor: whatever has its number next is not ours.
  void Forget(int fd) {
    if (table_.Has(fd)) table_.At(fd) = 0;
  }

  void KeepAlive(bool alive);

 private:
  static constexpr int kGroup = Uring::kMost;  // what is told at once can be received at once
  static constexpr int kRounds = 8;

  Poller(Napi::Env env, Napi::ArrayBuffer view, Napi::ArrayBuffer states, Napi::Function onReady);
  static void OnPoll(uv_poll_t* handle, int status, int events);
  static void OnPrepare(uv_prepare_t* handle);
  static void OnCleanup(napi_async_cleanup_hook_handle handle, void* self);
  static void OnClosed(uv_handle_t* handle);
  void Serve();
  int Collect(int events);
  bool Deliver(int start, int end);

  const Napi::Env env_;
  Selector selector_;
  Napi::Reference<Napi::ArrayBuffer> viewReference_;
  PollerView* const view_;
  Napi::Reference<Napi::ArrayBuffer> statesReference_;
  ReadinessTable table_;
  Napi::FunctionReference onReady_;
  Napi::ObjectReference receiver_;
  Napi::AsyncContext context_;
  napi_async_cleanup_hook_handle cleanup_ = nullptr;
  uv_poll_t poll_;
  uv_prepare_t prepare_;
  int openHandles_ = 0;
  int turns_ = 0;
  bool foundMore_ = false;
  bool looked_ = false;
  bool closing_ = false;
};

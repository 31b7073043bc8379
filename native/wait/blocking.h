// Blocking that can be stopped.
//
// A blocking call here is the plain system call, with all the kernel's own semantics: timeouts,
// O_NONBLOCK, partial transfers. What it must not do is make the process unkillable, and two things
// would: libuv installs signal handlers with SA_RESTART, so that accept(2) sleeps on after Ctrl-C
// and its listener never runs; and worker.terminate() cannot reach a thread that sleeps in the kernel.
//
// So one watchdog thread, started by the first blocking call of the process, watches
//   - the pipe into which libuv's handler writes each signal of the main thread's loop,
//   - the loop of each worker (terminating a worker wakes its loop),
// and kicks the blocked thread with a private signal whose handler has no SA_RESTART: the system
// call returns EINTR, or the part that is done. Each signal with a listener gives one EINTR, also
// one that arrived just before the call; a worker is kicked only when it is being terminated. A call
// that is not kicked pays two atomic operations, about 6 ns, and no system call.
#pragma once

#include <pthread.h>
#include <uv.h>

#include <atomic>

#include "boundary.h"

class JsThread {
 public:
  // The record of the calling thread; one for all environments on it.
  static JsThread* Acquire(napi_env env);
  void Release();

  void Enter() {
    state_.store(kBlocked, std::memory_order_release);
    if (dormant_.load(std::memory_order_relaxed)) Wake();
  }

  void Leave() {
    int expected = kBlocked;
    if (!state_.compare_exchange_strong(expected, kRunning) || kicked_) AwaitKick();
  }

  // A call was interrupted.
  void Interrupted();

 private:
  friend class Watchdog;
  enum State { kRunning, kBlocked, kKicking };

  JsThread(napi_env env, uv_loop_t* loop);
  void Wake();
  void AwaitKick();
  bool IsDue();
  static void OnKick(int);

  std::atomic<int> state_{kRunning};
  std::atomic<bool> kicked_{false};  // the kick is on its way
  std::atomic<bool> dormant_{true};  // the watchdog does not watch this thread
  std::atomic<int> reported_{0};     // main thread: bytes of the signal pipe that gave an EINTR
  const napi_env env_;
  const bool isMain_;
  const int watchedFd_;
  const pthread_t id_;
  bool leaving_ = false;  // dormant, but to be looked at once more
  int users_ = 0;         // environments on this thread
};

// Makes a system call that may block: its result or -errno. `call` returns what the system call returns.
template <typename Call>
int Blocking(Environment& environment, Call call) {
  JsThread& thread = environment.thread();
  thread.Enter();
  const int result = OrErrno(call());
  thread.Leave();
  if (result == -EINTR) thread.Interrupted();
  return result;
}

template <typename Call>
Napi::Value Blocking(const Napi::CallbackInfo& info, Call call) {
  return Number(info, Blocking(Environment::Of(info), call));
}

// As Blocking, for a call that takes flags: with MSG_DONTWAIT it does not block.
template <typename Call>
int MaybeBlocking(Environment& environment, int flags, Call call) {
  return (flags & MSG_DONTWAIT) != 0 ? OrErrno(call()) : Blocking(environment, call);
}

template <typename Call>
Napi::Value MaybeBlocking(const Napi::CallbackInfo& info, int flags, Call call) {
  return Number(info, MaybeBlocking(Environment::Of(info), flags, call));
}

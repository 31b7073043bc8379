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
// call returns EINTR. Each signal with a listener gives one EINTR, also one that arrived just before
// the call. A call that is not kicked pays two atomic operations, about 6 ns, and no system call.
#pragma once

#include <poll.h>
#include <pthread.h>
#include <uv.h>

#include <atomic>
#include <chrono>

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

  // After an EINTR: may the call be made again? Never on the main thread; on a worker, unless it is being
  // terminated.
  bool MayGoOn(napi_env env);

  bool isMain() const { return isMain_; }

 private:
  friend class Watchdog;
  enum State { kRunning, kBlocked, kKicking };

  explicit JsThread(uv_loop_t* loop);
  void Wake();
  void AwaitKick();
  bool WorthAKick();
  static void OnKick(int);

  std::atomic<int> state_{kRunning};
  std::atomic<bool> kicked_{false};  // the kick is on its way
  std::atomic<bool> dormant_{true};  // the watchdog does not watch this thread
  std::atomic<int> reported_{0};     // main thread: bytes of the signal pipe that gave an EINTR
  const bool isMain_;
  const int watchedFd_;
  const pthread_t id_;
  bool leaving_ = false;  // dormant, but to be looked at once more
  int users_ = 0;         // environments on this thread
};

int64_t MonotonicMs();

// Before an interrupted call is made again on a worker: 0, or what it shall return. Where the fd has a timeout
// (SO_RCVTIMEO or SO_SNDTIMEO) the call would wait for the whole time again, so this waits for what is left of it.
int AwaitRest(JsThread& thread, napi_env env, int fd, int timeoutOption, int64_t startedMs);

// Makes a system call that may block. `call` returns what the system call returns.
template <typename Call>
Napi::Value Blocking(const Napi::CallbackInfo& info, int fd, int timeoutOption, Call call) {
  JsThread& thread = Environment::Of(info).thread();
  const int64_t startedMs = thread.isMain() ? 0 : MonotonicMs();
  for (;;) {
    thread.Enter();
    const int result = OrErrno(call());
    thread.Leave();
    if (result != -EINTR || !thread.MayGoOn(info.Env())) return Number(info, result);
    const int answer = AwaitRest(thread, info.Env(), fd, timeoutOption, startedMs);
    if (answer != 0) return Number(info, answer);
  }
}

// poll(2), for `timeoutMs` at most (-1: for ever).
int BlockingPoll(JsThread& thread, napi_env env, pollfd* fds, nfds_t count, int timeoutMs);

// Blocking that can be stopped.
//
// A blocking call here is the plain system call, with all the kernel's own semantics: timeouts, O_NONBLOCK, partial
// transfers. What it must not do is make the process unkillable, and two things would: libuv installs signal handlers
// with SA_RESTART, so that accept(2) sleeps on after Ctrl-C and its listener never runs; and worker.terminate() cannot
// reach a thread that sleeps in the kernel. So a watchdog thread (watchdog.h) kicks the blocked thread with a private
// signal whose handler has no SA_RESTART: the system call returns EINTR, or the part that is done.
//
// Nor must it end for what is none of the program's business. Node and libuv have handlers of their own for signals
// that a C program would not notice (SIGCHLD of a child, SIGWINCH of standard output, SIGPROF of a profiler, SIGUSR1 of
// the debugger), and poll(2) and sockets with SO_RCVTIMEO are interrupted by any of them. So an EINTR is shown only
// where a signal has arrived to which the program listens (lib/signals.ts knows), once for each; or where a worker is
// being terminated. Any other is followed by the same call again, with the time that is left. (PEP 475 does this for
// Python.)
//
// A call that is not interrupted pays two atomic operations and a reading of the coarse clock, about 12 ns, and no
// system call.
#pragma once

#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <uv.h>

#include <atomic>
#include <utility>
#include <vector>

#include "boundary.h"

constexpr int64_t kNsPerMs = int64_t{1000} * 1000, kNsPerS = 1000 * kNsPerMs;

inline int64_t NowNs(clockid_t clock = CLOCK_MONOTONIC) {
  timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * kNsPerS + now.tv_nsec;
}

#ifdef CLOCK_MONOTONIC_COARSE
constexpr clockid_t kCoarseClock = CLOCK_MONOTONIC_COARSE;  // as coarse as the kernel's timeouts of sockets
#else
constexpr clockid_t kCoarseClock = CLOCK_MONOTONIC;
#endif

class JsThread {
 public:
  // The record of the calling thread; one for all environments on it.
  static JsThread* Acquire(napi_env env);
  void Release();

  // Its event loop; nullptr where the runtime has none of libuv's.
  uv_loop_t* loop() const { return loop_; }

  void Enter() {
    state_.store(kBlocked, std::memory_order_release);
    if (dormant_.load(std::memory_order_relaxed)) Wake();
  }

  void Leave() {
    int expected = kBlocked;
    if (!state_.compare_exchange_strong(expected, kRunning) || kicked_) AwaitKick();
  }

  // A call returned EINTR: shall the program see it?
  bool IsInterrupted(Environment& environment);

  // The watchdog kicks this thread at a time (NowNs) if it is blocked then; 0: it does not.
  void SetDeadline(int64_t at);

 private:
  friend class Watchdog;
  enum State { kRunning, kBlocked, kKicking };
  struct Caught {
    const uv_signal_t* handle;
    unsigned count;
  };

  JsThread(napi_env env, uv_loop_t* loop);
  void Wake();
  void AwaitKick();
  bool IsDue();
  bool IsBeingTerminated();
  std::vector<const uv_signal_t*> NewSignals();
  bool HasReported(const uv_signal_t* signal) const;
  void Report(const uv_signal_t* signal);
  static void OnKick(int);

  std::atomic<int> state_{kRunning};
  std::atomic<bool> kicked_{false};   // the kick is on its way
  std::atomic<bool> dormant_{true};   // the watchdog does not watch this thread
  std::atomic<int64_t> deadline_{0};  // 0: none
  std::vector<Caught> reported_;      // main thread: signals that have been asked about
  const napi_env env_;
  uv_loop_t* const loop_;
  const bool isMain_;
  const int watchedFd_;
  const pthread_t id_;
  bool leaving_ = false;  // dormant, but to be looked at once more
  int users_ = 0;         // environments on this thread
};

// How long a call may wait by itself: an option of its socket.
struct Limit {
  int fd;
  int option;
  bool connects;

  static Limit OfReceiving(int fd) { return {fd, SO_RCVTIMEO, false}; }
  static Limit OfSending(int fd) { return {fd, SO_SNDTIMEO, false}; }
  static Limit OfConnecting(int fd) { return {fd, SO_SNDTIMEO, true}; }

  // The errno that tells that the time is over.
  int Error() const;
};

// Sees to it that what is left of a limit is kept when a call is made again.
class TimeLeft {
 public:
  // start: when the call was made first, by the coarse clock
  TimeLeft(JsThread& thread, const Limit& limit, int64_t start);
  ~TimeLeft();
  TimeLeft(const TimeLeft&) = delete;
  TimeLeft& operator=(const TimeLeft&) = delete;
  bool IsOver() const { return deadline_ != 0 && NowNs() >= deadline_; }

 private:
  JsThread& thread_;
  int64_t deadline_ = 0;
};

// Makes a system call that may block, once: its result or -errno. `call` returns what the system call returns.
template <typename Call>
int BlockingOnce(Environment& environment, Call&& call) {
  JsThread& thread = environment.thread();
  thread.Enter();
  const int result = OrErrno(call());
  thread.Leave();
  return result;
}

// After an EINTR: again, until it is over or the program has to see the interruption.
template <typename Call>
[[gnu::noinline]] int GoOn(Environment& environment, const Limit& limit, int64_t start, Call& call) {
  const TimeLeft left(environment.thread(), limit, start);
  int result;
  do {
    if (environment.thread().IsInterrupted(environment)) return -EINTR;
    if (left.IsOver()) return -limit.Error();
    result = BlockingOnce(environment, call);
  } while (result == -EINTR);
  // Linux: what connect(2) says when its time is over, and it was not the first.
  return result == -EALREADY && limit.connects ? -EINPROGRESS : result;
}

// Makes a system call that may block, and again after signals that nobody listens to: its result or -errno.
template <typename Call>
int Blocking(Environment& environment, const Limit& limit, Call call) {
  const int64_t start = NowNs(kCoarseClock);
  const int result = BlockingOnce(environment, call);
  return result == -EINTR ? GoOn(environment, limit, start, call) : result;
}

template <typename Call>
Napi::Value Blocking(const Napi::CallbackInfo& info, const Limit& limit, Call call) {
  return Number(info, Blocking(Environment::Of(info), limit, std::move(call)));
}

// As Blocking, for a call that takes flags: with MSG_DONTWAIT it does not block.
template <typename Call>
int MaybeBlocking(Environment& environment, int flags, const Limit& limit, Call call) {
  if ((flags & MSG_DONTWAIT) != 0) return OrErrno(call());
#ifdef MSG_FASTOPEN  // a connect(2) that carries bytes: made again, it would send them twice
  if ((flags & MSG_FASTOPEN) != 0) return BlockingOnce(environment, call);
#endif
  return Blocking(environment, limit, std::move(call));
}

template <typename Call>
Napi::Value MaybeBlocking(const Napi::CallbackInfo& info, int flags, const Limit& limit, Call call) {
  return Number(info, MaybeBlocking(Environment::Of(info), flags, limit, std::move(call)));
}

#include "wait/blocking.h"

#include <sched.h>
#include <signal.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>

#include "init.h"
#include "uv_symbols.h"
#include "wait/watchdog.h"

namespace {

// A signal handler reads it, in the watchdog's thread too, where the first use must not allocate. For that glibc has
// static TLS. musl refuses it in what is loaded later, and has made room in every thread by then.
#ifdef __GLIBC__
#define STATIC_TLS __attribute__((tls_model("initial-exec")))
#else
#define STATIC_TLS
#endif
STATIC_TLS thread_local JsThread* current = nullptr;

// Does a handler want SIGINT to end system calls? So does Node's REPL while it evaluates; JavaScript is ended after it.
bool WantsInterruption() {
  struct sigaction action;
  if (sigaction(SIGINT, nullptr, &action) != 0 || (action.sa_flags & (SA_RESTART | SA_RESETHAND)) != 0) return false;
  return action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
}

// Does the program listen to a signal? Where JavaScript cannot tell, it is not to be kept waiting.
bool Listens(Environment& environment, int signum) {
  const Napi::Env env = environment.listensTo.Env();
  if (environment.listensTo.IsEmpty()) return true;
  const Napi::HandleScope scope(env);
  const Napi::Value listens = environment.listensTo.Call({Napi::Number::New(env, signum)});
  if (!env.IsExceptionPending()) return listens.IsEmpty() || listens.ToBoolean();
  env.GetAndClearPendingException();
  return true;
}

}  // namespace

JsThread* JsThread::Acquire(napi_env env) {
  if (current == nullptr) current = new JsThread(env, UvLoop(env));
  current->users_++;
  return current;
}

void JsThread::Release() {
  if (--users_ > 0) return;
  Watchdog::Get().Forget(this);
  current = nullptr;
  delete this;
}

// libuv keeps the layout of its structs stable within version 1: signal_pipefd is where its handler
// writes, and the only sign of a signal that another thread can wait for. Without libuv there is nothing to watch: a
// signal that has a handler is heard when the call is over.
JsThread::JsThread(napi_env env, uv_loop_t* loop)
    : env_(env),
      loop_(loop),
      isMain_(loop == nullptr || loop == UV(uv_default_loop)()),
      watchedFd_(loop == nullptr ? -1
                 : isMain_       ? loop->signal_pipefd[0]
                                 : UV(uv_backend_fd)(loop)),
      id_(pthread_self()) {}

void JsThread::Wake() { Watchdog::Get().Watch(this); }

void JsThread::OnKick(int) {
  const int error = errno;  // of whatever it interrupts
  if (current != nullptr) current->kicked_ = false;
  errno = error;
}

void JsThread::AwaitKick() {
  int expected = kBlocked;
  while (state_ != kRunning && !state_.compare_exchange_strong(expected, kRunning)) {
    expected = kBlocked;
    sched_yield();
  }
  while (kicked_) sched_yield();
}

void JsThread::SetDeadline(int64_t at) {
  deadline_ = at;
  if (at != 0) Wake();
}

bool JsThread::IsInterrupted(Environment& environment) {
  if (!isMain_) return IsBeingTerminated();
  const std::vector<const uv_signal_t*> signals = NewSignals();
  bool listens = false;
  for (const uv_signal_t* signal : signals) {
    Report(signal);
    listens |= Listens(environment, signal->signum);
  }
  return listens || (signals.empty() && WantsInterruption());
}

// Shall the blocked thread be kicked? The watchdog asks, while it holds the thread.
bool JsThread::IsDue() {
  const int64_t deadline = deadline_;
  if (deadline != 0 && NowNs() >= deadline) return true;
  return isMain_ ? !NewSignals().empty() : IsBeingTerminated();
}

// To a worker whose environment may not call into JavaScript any more, Node-API says so before it does anything else;
// to others it says that there is nothing to call. The watchdog asks from its own thread, which Node-API does not
// foresee: it is sound since the worker's thread is held in its system call meanwhile. The other way, an EINTR to let
// it ask itself, would cut a transfer short whenever somebody posts a message.
bool JsThread::IsBeingTerminated() {
  const napi_status status = napi_call_function(env_, nullptr, nullptr, 0, nullptr, nullptr);
  return status == napi_pending_exception || status == napi_cannot_run_js;
}

// The signals that have arrived, but not at their listeners, and were not told here before. libuv counts for each
// handle what its handler has caught and what its loop has delivered. uv_walk passes over libuv's own handle, that of
// SIGCHLD; and it is sound on the watchdog's thread, since the loop's thread is held meanwhile.
std::vector<const uv_signal_t*> JsThread::NewSignals() {
  std::vector<const uv_signal_t*> pending;
  if (loop_ == nullptr) return pending;
  UV(uv_walk)
  (
      loop_,
      [](uv_handle_t* handle, void* list) {
        const auto* signal = reinterpret_cast<const uv_signal_t*>(handle);
        if (UV(uv_handle_get_type)(handle) != UV_SIGNAL || signal->caught_signals == signal->dispatched_signals) return;
        static_cast<std::vector<const uv_signal_t*>*>(list)->push_back(signal);
      },
      &pending);
  const auto reported = [this](const uv_signal_t* signal) { return HasReported(signal); };
  pending.erase(std::remove_if(pending.begin(), pending.end(), reported), pending.end());
  return pending;
}

bool JsThread::HasReported(const uv_signal_t* signal) const {
  return std::any_of(reported_.begin(), reported_.end(), [signal](const Caught& caught) {
    return caught.handle == signal && caught.count == signal->caught_signals;
  });
}

void JsThread::Report(const uv_signal_t* signal) {
  const auto same = [signal](const Caught& caught) { return caught.handle == signal; };
  reported_.erase(std::remove_if(reported_.begin(), reported_.end(), same), reported_.end());
  reported_.push_back({signal, signal->caught_signals});
}

// A unix socket's attempt to connect is over with its time; others go on in the kernel.
int Limit::Error() const {
  sockaddr_storage own = {};
  socklen_t length = sizeof own;
  if (!connects) return EAGAIN;
  getsockname(fd, reinterpret_cast<sockaddr*>(&own), &length);
  return own.ss_family == AF_UNIX ? EAGAIN : EINPROGRESS;
}

TimeLeft::TimeLeft(JsThread& thread, const Limit& limit, int64_t start) : thread_(thread) {
  timeval time = {};
  socklen_t length = sizeof time;
  if (getsockopt(limit.fd, SOL_SOCKET, limit.option, &time, &length) != 0) return;
  if (time.tv_sec == 0 && time.tv_usec == 0) return;
  timespec step = {};
  clock_getres(kCoarseClock, &step);  // the coarse clock is late by this at most: rather too long than too short
  deadline_ = start + step.tv_nsec + time.tv_sec * kNsPerS + time.tv_usec * 1000;
  thread_.SetDeadline(deadline_);
}

TimeLeft::~TimeLeft() {
  if (deadline_ != 0) thread_.SetDeadline(0);
}

// setListensTo(listensTo): it is called with the number of a signal, and says whether the program has a listener
static Napi::Value SetListensTo(const Napi::CallbackInfo& info) {
  Environment::Of(info).listensTo = Napi::Persistent(info[0].As<Napi::Function>());
  return Number(info, 0);
}

void InitBlocking(Environment& environment, Napi::Object exports) {
  environment.Export<SetListensTo>(exports, "setListensTo");
}

#include "wait/blocking.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <vector>

#include "uv_symbols.h"
#include "wait/stay_loaded.h"

namespace {

// How soon a thread is kicked again that was kicked just before it entered the kernel, and how
// often a blocked worker whose loop has something to do is asked whether that is its end.
constexpr int kTickMs = 50;

thread_local JsThread* current = nullptr;

bool IsReadable(int fd) {
  pollfd one = {fd, POLLIN, 0};
  return poll(&one, 1, 0) == 1 && (one.revents & POLLIN) != 0;
}

int BytesIn(int fd) {
  int bytes = 0;
  return ioctl(fd, FIONREAD, &bytes) == 0 ? bytes : 0;
}

// A signal nobody uses: the highest realtime one with no handler, or SIGURG, which is ignored by
// default, where there are no realtime signals.
int UnusedSignal() {
#ifdef SIGRTMIN
  for (int signum = SIGRTMAX - 1; signum > SIGRTMIN; signum--) {
    struct sigaction old;
    if (sigaction(signum, nullptr, &old) == 0 && old.sa_handler == SIG_DFL) return signum;
  }
#endif
  return SIGURG;
}

}  // namespace

class Watchdog {
 public:
  static Watchdog& Get() {
    static Watchdog* watchdog = new Watchdog;  // never destroyed: its thread uses it to the end
    return *watchdog;
  }

  void Watch(JsThread* thread) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!started_ && !Start()) return;  // no thread to be had: `thread` stays dormant, and asks again
    thread->dormant_ = false;
    thread->leaving_ = false;
    if (std::find(threads_.begin(), threads_.end(), thread) == threads_.end()) {
      sigset_t kick;
      sigemptyset(&kick);
      sigaddset(&kick, kick_);
      pthread_sigmask(SIG_UNBLOCK, &kick, nullptr);
      threads_.push_back(thread);
    }
    pthread_kill(id_, kick_);  // out of its poll, to look at `thread` too
  }

  void Forget(JsThread* thread) {
    std::lock_guard<std::mutex> lock(mutex_);
    threads_.erase(std::remove(threads_.begin(), threads_.end(), thread), threads_.end());
  }

 private:
  bool Start() {
    StayLoaded();
    kick_ = UnusedSignal();
    struct sigaction action = {};
    action.sa_handler = JsThread::OnKick;  // no SA_RESTART: that is the point of it
    sigaction(kick_, &action, nullptr);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);  // the process's signals are none of its business
    started_ = pthread_create(
                   &id_, nullptr, [](void* self) { return static_cast<Watchdog*>(self)->Run(); }, this) == 0;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (started_) pthread_detach(id_);
    return started_;
  }

  [[noreturn]] void* Run() {
    std::vector<pollfd> watched;
    JsThread::OnKick(0);  // the first use of `current` allocates this thread's: not in a signal handler
    for (;;) {
      const bool tick = Look(&watched);
      Wait(&watched, tick);
    }
  }

  // Kicks who has to be, and collects the descriptors to wait for. True: look again after a tick.
  bool Look(std::vector<pollfd>* watched) {
    std::lock_guard<std::mutex> lock(mutex_);
    bool tick = false;
    watched->clear();
    for (JsThread* thread : threads_) {
      if (thread->dormant_ && !thread->leaving_) continue;
      const bool runs = thread->state_ == JsThread::kRunning;
      if (!IsReadable(thread->watchedFd_)) {
        thread->dormant_ = thread->leaving_ = false;
        watched->push_back({thread->watchedFd_, POLLIN, 0});
      } else if (!runs) {
        thread->dormant_ = thread->leaving_ = false;
        KickIfDue(thread);
        tick = true;
      } else {
        // It runs, and will look after its loop itself: no need to watch until it blocks, when
        // Enter() sees `dormant_` and wakes us. It may just have missed that: look once more.
        thread->dormant_ = true;
        thread->leaving_ = !thread->leaving_;
        tick |= thread->leaving_;
      }
    }
    return tick;
  }

  // The kick is let through while waiting, and only then: none is lost between Look and Wait.
  void Wait(std::vector<pollfd>* watched, bool tick) {
#ifdef __linux__
    sigset_t allButKick;
    sigfillset(&allButKick);
    sigdelset(&allButKick, kick_);
    const timespec timeout = {0, kTickMs * 1000000L};
    ppoll(watched->data(), watched->size(), tick ? &timeout : nullptr, &allButKick);
#else
    (void)tick;  // no ppoll: look at every tick
    poll(watched->data(), watched->size(), kTickMs);
#endif
  }

  // The thread cannot leave the bracket of its system call while we look and send, and does not leave it
  // before the signal has arrived: no kick ever hits somebody else's system call. One kick at a time: two that wait for
  // the thread may arrive as one (SIGURG), and it would wait for the other for ever.
  void KickIfDue(JsThread* thread) {
    int expected = JsThread::kBlocked;
    if (thread->kicked_ || !thread->state_.compare_exchange_strong(expected, JsThread::kKicking)) return;
    if (thread->IsDue()) {
      thread->kicked_ = true;
      if (pthread_kill(thread->id_, kick_) != 0) thread->kicked_ = false;
    }
    thread->state_ = JsThread::kBlocked;
  }

  std::mutex mutex_;
  std::vector<JsThread*> threads_;
  bool started_ = false;
  pthread_t id_;
  int kick_ = 0;
};

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

// libuv keeps the layout of uv_loop_t stable within version 1: signal_pipefd is where its handler
// writes, and the only sign of a signal that another thread can see. Without libuv there is nothing to watch: a signal
// that has a handler is heard when the call is over.
JsThread::JsThread(napi_env env, uv_loop_t* loop)
    : env_(env),
      isMain_(loop == nullptr || loop == UV(uv_default_loop)()),
      watchedFd_(loop == nullptr ? -1
                 : isMain_       ? loop->signal_pipefd[0]
                                 : UV(uv_backend_fd)(loop)),
      id_(pthread_self()) {}

void JsThread::Wake() { Watchdog::Get().Watch(this); }

void JsThread::OnKick(int) {
  const int error = errno;
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

void JsThread::Interrupted() {
  if (isMain_) reported_ = BytesIn(watchedFd_);
}

// On the main thread: has a signal arrived that gave no EINTR yet? On a worker: is it being terminated?
// To a worker whose environment may not call into JavaScript any more, Node-API says so before it does anything else;
// to others it says that there is nothing to call. This asks from the watchdog's thread, which Node-API does not
// foresee: it is sound since the worker's thread is held in its system call meanwhile. The other way, an EINTR to let
// it ask itself, would cut a transfer short whenever somebody posts a message.
bool JsThread::IsDue() {
  if (!isMain_) {
    const napi_status status = napi_call_function(env_, nullptr, nullptr, 0, nullptr, nullptr);
    return status == napi_pending_exception || status == napi_cannot_run_js;
  }
  const int bytes = BytesIn(watchedFd_);
  if (bytes < reported_) reported_ = bytes;
  return bytes > reported_;
}

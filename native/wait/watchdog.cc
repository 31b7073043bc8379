#include "wait/watchdog.h"

#include <signal.h>

#include <algorithm>

#include "wait/blocking.h"
#include "wait/stay_loaded.h"

namespace {

// How soon a thread is kicked again that was kicked just before it entered the kernel, and how
// often a blocked worker whose loop has something to do is asked whether that is its end.
constexpr int64_t kTickNs = 50 * kNsPerMs;
constexpr int64_t kForEver = -1;

bool IsReadable(int fd) {
  pollfd one = {fd, POLLIN, 0};
  return poll(&one, 1, 0) == 1 && (one.revents & POLLIN) != 0;
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

int64_t Sooner(int64_t one, int64_t other) {
  if (one == kForEver) return other;
  return other == kForEver ? one : std::min(one, other);
}

}  // namespace

Watchdog& Watchdog::Get() {
  static Watchdog* watchdog = new Watchdog;  // never destroyed: its thread uses it to the end
  return *watchdog;
}

void Watchdog::Watch(JsThread* thread) {
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

void Watchdog::Forget(JsThread* thread) {
  std::lock_guard<std::mutex> lock(mutex_);
  threads_.erase(std::remove(threads_.begin(), threads_.end(), thread), threads_.end());
}

bool Watchdog::Start() {
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

[[noreturn]] void* Watchdog::Run() {
  std::vector<pollfd> watched;
  for (;;) {
    const int64_t timeoutNs = Look(&watched);
    Wait(&watched, timeoutNs);
  }
}

// Kicks who has to be, and collects the descriptors to wait for. Returns when to look again.
int64_t Watchdog::Look(std::vector<pollfd>* watched) {
  std::lock_guard<std::mutex> lock(mutex_);
  int64_t next = kForEver;
  watched->clear();
  for (JsThread* thread : threads_) {
    if (thread->dormant_ && !thread->leaving_) continue;
    const bool runs = thread->state_ == JsThread::kRunning;
    const int64_t deadline = thread->deadline_;
    const int64_t left = deadline == 0 ? kForEver : std::max<int64_t>(deadline - NowNs(), 0);
    const bool readable = IsReadable(thread->watchedFd_);
    if (!readable && left != 0) {
      thread->dormant_ = thread->leaving_ = false;
      watched->push_back({thread->watchedFd_, POLLIN, 0});
      next = Sooner(next, left);
    } else if (!runs) {
      thread->dormant_ = thread->leaving_ = false;
      KickIfDue(thread);
      next = Sooner(next, left == 0 ? kTickNs : Sooner(kTickNs, left));
    } else {
      // It runs, and will look after its loop itself: no need to watch until it blocks, when
      // Enter() sees `dormant_` and wakes us. It may just have missed that: look once more.
      thread->dormant_ = true;
      thread->leaving_ = !thread->leaving_;
      if (thread->leaving_) next = Sooner(next, kTickNs);
    }
  }
  return next;
}

// The kick is let through while waiting, and only then: none is lost between Look and Wait.
void Watchdog::Wait(std::vector<pollfd>* watched, int64_t timeoutNs) {
#ifdef __linux__
  sigset_t allButKick;
  sigfillset(&allButKick);
  sigdelset(&allButKick, kick_);
  const timespec timeout = {timeoutNs / kNsPerS, timeoutNs % kNsPerS};
  ppoll(watched->data(), watched->size(), timeoutNs == kForEver ? nullptr : &timeout, &allButKick);
#else
  (void)timeoutNs;  // no ppoll: look at every tick
  poll(watched->data(), static_cast<nfds_t>(watched->size()), kTickNs / kNsPerMs);
#endif
}

// The thread cannot leave the bracket of its system call while we look and send, and does not leave it
// before the signal has arrived: no kick ever hits somebody else's system call. One kick at a time: two that wait for
// the thread may arrive as one (SIGURG), and it would wait for the other for ever.
void Watchdog::KickIfDue(JsThread* thread) {
  int expected = JsThread::kBlocked;
  if (thread->kicked_ || !thread->state_.compare_exchange_strong(expected, JsThread::kKicking)) return;
  if (thread->IsDue()) {
    thread->kicked_ = true;
    if (pthread_kill(thread->id_, kick_) != 0) thread->kicked_ = false;
  }
  thread->state_ = JsThread::kBlocked;
}

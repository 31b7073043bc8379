// The thread that ends blocking calls (blocking.h). There is one, started by the first blocking call of the process.
// It watches
//   - the pipe into which libuv's handler writes each signal of the main thread's loop,
//   - the loop of each worker (terminating a worker wakes its loop),
//   - the deadlines of calls that were made again with the time that was left,
// and kicks the blocked thread with a private signal.
//
//   a JavaScript thread                    the watchdog
//   Enter: running -> blocked
//     the system call                      KickIfDue: blocked -> kicking, is it due?
//                          <-- signal ---    kicked = true, pthread_kill
//                                            kicking -> blocked
//   Leave: blocked -> running; where it is kicking, or a kick is on its way, that is awaited
//
// A thread that runs while its descriptor stays readable is not watched (dormant): it will look after its loop itself,
// and its next Enter wakes the watchdog.
#pragma once

#include <poll.h>

#include <mutex>
#include <vector>

class JsThread;

class Watchdog {
 public:
  static Watchdog& Get();
  void Watch(JsThread* thread);
  void Forget(JsThread* thread);

 private:
  bool Start();
  [[noreturn]] void* Run();
  int64_t Look(std::vector<pollfd>* watched);
  void Wait(std::vector<pollfd>* watched, int64_t timeoutNs);
  void KickIfDue(JsThread* thread);

  std::mutex mutex_;
  std::vector<JsThread*> threads_;
  bool started_ = false;
  pthread_t id_;
  int kick_ = 0;
};

// pidfd_open(2), pidfd_getfd(2), pidfd_send_signal(2): Linux 5.3, 5.6 and 5.1; PR_SET_PDEATHSIG of prctl(2)
#include "boundary.h"
#include "init.h"

#ifdef __linux__
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Older headers lack the numbers, which are the same on all machines that Node runs on.
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

// pidfd_open(pid, flags) -> fd | -errno. pidfd_open(2), close-on-exec
static Napi::Value PidfdOpen(const Napi::CallbackInfo& info) {
  return Result(info, ::syscall(SYS_pidfd_open, Int(info, 0), Int(info, 1)));
}

// pidfd_getfd(pidfd, fd, flags) -> fd | -errno. pidfd_getfd(2), close-on-exec
static Napi::Value PidfdGetfd(const Napi::CallbackInfo& info) {
  return Result(info, ::syscall(SYS_pidfd_getfd, Int(info, 0), Int(info, 1), Int(info, 2)));
}

// pidfd_send_signal(pidfd, signal) -> 0 | -errno. pidfd_send_signal(2), with no siginfo and no flags
static Napi::Value PidfdSendSignal(const Napi::CallbackInfo& info) {
  return Result(info, ::syscall(SYS_pidfd_send_signal, Int(info, 0), Int(info, 1), nullptr, 0));
}

// setParentDeathSignal(signal) -> 0 | -errno. PR_SET_PDEATHSIG of prctl(2): when the thread that started us ends
static Napi::Value SetParentDeathSignal(const Napi::CallbackInfo& info) {
  return Result(info, ::prctl(PR_SET_PDEATHSIG, static_cast<unsigned long>(Int(info, 0)), 0, 0, 0));
}
#endif

void InitPidfd([[maybe_unused]] Environment& environment, [[maybe_unused]] Napi::Object exports) {
#ifdef __linux__
  environment.Export<PidfdOpen>(exports, "pidfd_open");
  environment.Export<PidfdGetfd>(exports, "pidfd_getfd");
  environment.Export<PidfdSendSignal>(exports, "pidfd_send_signal");
  environment.Export<SetParentDeathSignal>(exports, "setParentDeathSignal");
#endif
}

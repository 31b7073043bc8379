// pidfd_open(2), pidfd_getfd(2): Linux 5.3 and 5.6
#include "boundary.h"
#include "init.h"

#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>

// Older headers lack the numbers, which are the same on all machines that Node runs on.
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
#endif

void InitPidfd(Environment& environment, Napi::Object exports) {
#ifdef __linux__
  environment.Export<PidfdOpen>(exports, "pidfd_open");
  environment.Export<PidfdGetfd>(exports, "pidfd_getfd");
#endif
}

// Close-on-exec for systems that cannot ask for it in the call that makes the descriptor (macOS).
#pragma once

#include <fcntl.h>

inline int CloseOnExec(int fdOrErrno) {
  if (fdOrErrno >= 0) fcntl(fdOrErrno, F_SETFD, FD_CLOEXEC);
  return fdOrErrno;
}

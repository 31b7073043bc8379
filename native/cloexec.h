// Close-on-exec for systems that cannot ask for it in the call that makes the descriptor (macOS); and there a socket,
// not a call, says that sending raises no SIGPIPE.
#pragma once

#include <fcntl.h>
#include <sys/socket.h>

inline int CloseOnExec(int fdOrErrno) {
  if (fdOrErrno < 0) return fdOrErrno;
  fcntl(fdOrErrno, F_SETFD, FD_CLOEXEC);
#ifdef SO_NOSIGPIPE
  const int on = 1;
  setsockopt(fdOrErrno, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
  return fdOrErrno;
}

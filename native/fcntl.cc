// fcntl(2)
#include <fcntl.h>

#include "boundary.h"
#include "init.h"

// fcntl(fd, command, argument) -> 0 | -errno; what the command returns is in the reply: F_GETOWN tells a group as a
// negative number. fcntl(2)
static Napi::Value Fcntl(const Napi::CallbackInfo& info) {
  errno = 0;
  const int result = ::fcntl(Int(info, 0), Int(info, 1), Int(info, 2));
  Environment::Of(info).reply().value = result;
  return Number(info, result == -1 ? -errno : 0);
}

void InitFcntl(Environment& environment, Napi::Object exports) { environment.Export<Fcntl>(exports, "fcntl"); }

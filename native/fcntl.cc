// fcntl(2)
#include <fcntl.h>

#include "boundary.h"
#include "init.h"

// fcntl(fd, command, argument) -> what the command returns | -errno. fcntl(2)
static Napi::Value Fcntl(const Napi::CallbackInfo& info) {
  return Result(info, ::fcntl(Int(info, 0), Int(info, 1), Int(info, 2)));
}

void InitFcntl(Environment& environment, Napi::Object exports) { environment.Export<Fcntl>(exports, "fcntl"); }

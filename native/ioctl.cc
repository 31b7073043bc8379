// ioctl(2)
#include <sys/ioctl.h>

#include "boundary.h"
#include "init.h"

// ioctl(fd, request, bytes) -> what the request returns | -errno. The bytes are its argument, an int or a struct, as
// large as the request has it: TypeScript has a table of the requests. ioctl(2)
static Napi::Value Ioctl(const Napi::CallbackInfo& info) {
  const ByteView bytes(info, 2);
  return Result(info, ::ioctl(Int(info, 0), static_cast<unsigned>(Int(info, 1)), bytes.data));
}

void InitIoctl(Environment& environment, Napi::Object exports) { environment.Export<Ioctl>(exports, "ioctl"); }

// The names of the system's headers, with this system's values. Which names, is in lib/constants/.
#define __APPLE_USE_RFC_3542  // IPV6_PKTINFO and its like on macOS
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
// After netinet/in.h: macOS needs its types.
#include <netinet/icmp6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#ifdef __linux__
#include <linux/can.h>
#include <linux/can/raw.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <linux/vm_sockets.h>
#endif

#include <cerrno>
#include <cstring>

#include "boundary.h"
#include "init.h"

struct Constant {
  const char* name;
  double value;
};

#define NAME(name) Constant{#name, static_cast<double>(name)},
#define NUMBER(name, value) Constant{#name, value},

static const Constant kConstants[] = {
#include "constants_table.h"
};

static const Constant kErrnos[] = {
#include "errno_table.h"
};

template <size_t count>
static Napi::Object ObjectOf(Napi::Env env, const Constant (&list)[count]) {
  Napi::Object object = Napi::Object::New(env);
  for (const auto& constant : list) object.Set(constant.name, Napi::Number::New(env, constant.value));
  return object;
}

// strerror(errno) -> text. strerror(3)
static Napi::Value StrError(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), ::strerror(Int(info, 0)));
}

void InitConstants(Environment& environment, Napi::Object exports) {
  const Napi::Env env = exports.Env();
  exports.Set("constants", ObjectOf(env, kConstants));
  exports.Set("errnos", ObjectOf(env, kErrnos));
  environment.Export<StrError>(exports, "strerror");
}

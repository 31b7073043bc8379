// The names of the system's headers, with this system's values: one table, grouped by header.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#ifdef __linux__
#include <linux/netlink.h>
#endif

#include "boundary.h"
#include "init.h"

#define NAME(name) {#name, static_cast<double>(name)}

static const struct {
  const char* name;
  double value;
} kConstants[] = {
    // <sys/socket.h>: families
    NAME(AF_UNSPEC),
    NAME(AF_UNIX),
    NAME(AF_INET),
    NAME(AF_INET6),
#ifdef AF_NETLINK
    NAME(AF_NETLINK),
#endif

    // <sys/socket.h>: types
    NAME(SOCK_STREAM),
    NAME(SOCK_DGRAM),
    NAME(SOCK_RAW),
    NAME(SOCK_SEQPACKET),
#ifdef SOCK_NONBLOCK
    NAME(SOCK_NONBLOCK),
    NAME(SOCK_CLOEXEC),
#endif

    // <sys/socket.h>: options
    NAME(SOL_SOCKET),
    NAME(SO_ACCEPTCONN),
    NAME(SO_BROADCAST),
    NAME(SO_DEBUG),
    NAME(SO_DONTROUTE),
    NAME(SO_ERROR),
    NAME(SO_KEEPALIVE),
    NAME(SO_LINGER),
    NAME(SO_OOBINLINE),
    NAME(SO_RCVBUF),
    NAME(SO_RCVLOWAT),
    NAME(SO_RCVTIMEO),
    NAME(SO_REUSEADDR),
    NAME(SO_REUSEPORT),
    NAME(SO_SNDBUF),
    NAME(SO_SNDLOWAT),
    NAME(SO_SNDTIMEO),
    NAME(SO_TYPE),
#ifdef SO_DOMAIN
    NAME(SO_DOMAIN),
    NAME(SO_PROTOCOL),
#endif

    // <sys/socket.h>: flags, shutdown(2), listen(2)
    NAME(MSG_CTRUNC),
    NAME(MSG_DONTROUTE),
    NAME(MSG_DONTWAIT),
    NAME(MSG_EOR),
    NAME(MSG_OOB),
    NAME(MSG_PEEK),
    NAME(MSG_TRUNC),
    NAME(MSG_WAITALL),
#ifdef MSG_NOSIGNAL
    NAME(MSG_NOSIGNAL),
#endif
    NAME(SHUT_RD),
    NAME(SHUT_WR),
    NAME(SHUT_RDWR),
    NAME(SOMAXCONN),

    // <netinet/in.h>
    NAME(INADDR_ANY),
    NAME(INADDR_BROADCAST),
    NAME(INADDR_LOOPBACK),
    NAME(INADDR_NONE),
    NAME(IPPROTO_ICMP),
    NAME(IPPROTO_IP),
    NAME(IPPROTO_IPV6),
    NAME(IPPROTO_RAW),
    NAME(IPPROTO_TCP),
    NAME(IPPROTO_UDP),
    NAME(IPV6_V6ONLY),
    NAME(IP_TOS),
    NAME(IP_TTL),

    // <netinet/tcp.h>
    NAME(TCP_KEEPCNT),
    NAME(TCP_KEEPINTVL),
    NAME(TCP_MAXSEG),
    NAME(TCP_NODELAY),
#ifdef TCP_KEEPIDLE
    NAME(TCP_KEEPIDLE),
#endif
#ifdef __linux__
    NAME(TCP_CORK),
    NAME(TCP_DEFER_ACCEPT),
    NAME(TCP_FASTOPEN),
    NAME(TCP_INFO),
    NAME(TCP_LINGER2),
    NAME(TCP_QUICKACK),
    NAME(TCP_SYNCNT),
    NAME(TCP_USER_TIMEOUT),

    // <linux/netlink.h>
    NAME(NETLINK_SOCK_DIAG),
#endif
};

void InitConstants(Environment& environment, Napi::Object exports) {
  const Napi::Env env = exports.Env();
  Napi::Object constants = Napi::Object::New(env);
  exports.Set("constants", constants);
  for (const auto& constant : kConstants) constants.Set(constant.name, Napi::Number::New(env, constant.value));
}

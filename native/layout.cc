// Where the fields of C's structs are: { struct: { size, field: [offset, size] } }. TypeScript lays
// out bytes by these, never by guess.
#define __APPLE_USE_RFC_3542  // struct in6_pktinfo on macOS
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/time.h>
#include <sys/un.h>
#ifdef __linux__
#include <linux/can.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#endif

#include <cstddef>

#include "boundary.h"
#include "init.h"
#include "interface_name.h"

#define STRUCT(type)                                  \
  Napi::Object type##Layout = Napi::Object::New(env); \
  layout.Set(#type, type##Layout);                    \
  type##Layout.Set("size", Napi::Number::New(env, sizeof(struct type)))

#define FIELD(type, field) type##Layout.Set(#field, Field(env, offsetof(struct type, field), sizeof(type::field)))

static Napi::Value Field(Napi::Env env, size_t offset, size_t size) {
  Napi::Array field = Napi::Array::New(env, 2);
  field.Set(0u, Napi::Number::New(env, static_cast<double>(offset)));
  field.Set(1u, Napi::Number::New(env, static_cast<double>(size)));
  return field;
}

static void TimeLayouts(Napi::Env env, Napi::Object layout) {
  STRUCT(timeval);
  FIELD(timeval, tv_sec);
  FIELD(timeval, tv_usec);

  STRUCT(timespec);
  FIELD(timespec, tv_sec);
  FIELD(timespec, tv_nsec);

  STRUCT(linger);
  FIELD(linger, l_onoff);
  FIELD(linger, l_linger);
}

static void MulticastLayouts(Napi::Env env, Napi::Object layout) {
  STRUCT(ip_mreq);
  FIELD(ip_mreq, imr_multiaddr);
  FIELD(ip_mreq, imr_interface);

  STRUCT(ip_mreqn);
  FIELD(ip_mreqn, imr_multiaddr);
  FIELD(ip_mreqn, imr_address);
  FIELD(ip_mreqn, imr_ifindex);

  STRUCT(ip_mreq_source);
  FIELD(ip_mreq_source, imr_multiaddr);
  FIELD(ip_mreq_source, imr_interface);
  FIELD(ip_mreq_source, imr_sourceaddr);

  STRUCT(group_source_req);
  FIELD(group_source_req, gsr_interface);
  FIELD(group_source_req, gsr_group);
  FIELD(group_source_req, gsr_source);

  STRUCT(ipv6_mreq);
  FIELD(ipv6_mreq, ipv6mr_multiaddr);
  FIELD(ipv6_mreq, ipv6mr_interface);

  STRUCT(in_pktinfo);
  FIELD(in_pktinfo, ipi_ifindex);
  FIELD(in_pktinfo, ipi_spec_dst);
  FIELD(in_pktinfo, ipi_addr);

  STRUCT(in6_pktinfo);
  FIELD(in6_pktinfo, ipi6_addr);
  FIELD(in6_pktinfo, ipi6_ifindex);
}

#ifdef __linux__
static void AddressLayouts(Napi::Env env, Napi::Object layout) {
  STRUCT(sockaddr_nl);
  FIELD(sockaddr_nl, nl_pid);
  FIELD(sockaddr_nl, nl_groups);

  STRUCT(sockaddr_ll);
  FIELD(sockaddr_ll, sll_protocol);
  FIELD(sockaddr_ll, sll_ifindex);
  FIELD(sockaddr_ll, sll_hatype);
  FIELD(sockaddr_ll, sll_pkttype);
  FIELD(sockaddr_ll, sll_halen);
  FIELD(sockaddr_ll, sll_addr);

  STRUCT(sockaddr_vm);
  FIELD(sockaddr_vm, svm_port);
  FIELD(sockaddr_vm, svm_cid);
#ifdef VMADDR_FLAG_TO_HOST
  FIELD(sockaddr_vm, svm_flags);
#else  // headers older than Linux 5.11, where these bytes were zeros
  sockaddr_vmLayout.Set("svm_flags", Field(env, offsetof(sockaddr_vm, svm_zero), 1));
#endif

  STRUCT(sockaddr_can);
  FIELD(sockaddr_can, can_ifindex);
  FIELD(sockaddr_can, can_addr.tp.rx_id);
  FIELD(sockaddr_can, can_addr.tp.tx_id);
#ifdef CAN_J1939  // headers of Linux 5.4 or newer
  FIELD(sockaddr_can, can_addr.j1939.name);
  FIELD(sockaddr_can, can_addr.j1939.pgn);
  FIELD(sockaddr_can, can_addr.j1939.addr);
#endif
}

static void LinuxLayouts(Napi::Env env, Napi::Object layout) {
  STRUCT(ucred);
  FIELD(ucred, pid);
  FIELD(ucred, uid);
  FIELD(ucred, gid);

  STRUCT(sock_extended_err);
  FIELD(sock_extended_err, ee_errno);
  FIELD(sock_extended_err, ee_origin);
  FIELD(sock_extended_err, ee_type);
  FIELD(sock_extended_err, ee_code);
  FIELD(sock_extended_err, ee_info);
  FIELD(sock_extended_err, ee_data);

  STRUCT(ifreq);
  FIELD(ifreq, ifr_name);
  FIELD(ifreq, ifr_flags);
  FIELD(ifreq, ifr_ifindex);
  FIELD(ifreq, ifr_mtu);
  FIELD(ifreq, ifr_addr);
  FIELD(ifreq, ifr_hwaddr);

  STRUCT(sock_filter);
  FIELD(sock_filter, code);
  FIELD(sock_filter, jt);
  FIELD(sock_filter, jf);
  FIELD(sock_filter, k);
}
#endif

void InitLayout(Environment& environment, Napi::Object exports) {
  const Napi::Env env = exports.Env();
  Napi::Object layout = Napi::Object::New(env);
  exports.Set("layout", layout);
  exports.Set("reply", environment.replyBuffer());

  STRUCT(Reply);
  FIELD(Reply, length);
  FIELD(Reply, value);
  FIELD(Reply, flags);
  FIELD(Reply, controlLength);
  FIELD(Reply, address);

  STRUCT(sockaddr);
  FIELD(sockaddr, sa_family);
#ifdef __APPLE__
  FIELD(sockaddr, sa_len);
#endif

  STRUCT(sockaddr_in);
  FIELD(sockaddr_in, sin_port);
  FIELD(sockaddr_in, sin_addr);

  STRUCT(sockaddr_in6);
  FIELD(sockaddr_in6, sin6_port);
  FIELD(sockaddr_in6, sin6_flowinfo);
  FIELD(sockaddr_in6, sin6_addr);
  FIELD(sockaddr_in6, sin6_scope_id);

  STRUCT(sockaddr_un);
  FIELD(sockaddr_un, sun_path);

#ifdef __linux__
  AddressLayouts(env, layout);
#endif

  // Control messages: a header, then data, each aligned.
  STRUCT(cmsghdr);
  FIELD(cmsghdr, cmsg_len);
  FIELD(cmsghdr, cmsg_level);
  FIELD(cmsghdr, cmsg_type);
  cmsghdrLayout.Set("data", Napi::Number::New(env, CMSG_LEN(0)));
  cmsghdrLayout.Set("align", Napi::Number::New(env, CMSG_SPACE(1) - CMSG_SPACE(0)));

  STRUCT(pollfd);
  FIELD(pollfd, fd);
  FIELD(pollfd, events);
  FIELD(pollfd, revents);

  STRUCT(InterfaceName);
  FIELD(InterfaceName, index);
  FIELD(InterfaceName, name);

  TimeLayouts(env, layout);
  MulticastLayouts(env, layout);
#ifdef __linux__
  LinuxLayouts(env, layout);
#endif
}

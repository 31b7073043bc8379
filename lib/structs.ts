/**
 * The structs of C that options and control messages carry: objects here, bytes in the kernel. Pure.
 *
 * The names of the fields are C's without their prefix.
 */
export type { Struct } from './structs/codec.js';
export { group_source_req, type GroupSourceReq } from './structs/group.js';
export { ifreq, type HardwareAddress, type Ifreq, type IfreqRequest } from './structs/ifreq.js';
export {
  in6_addr,
  in6_pktinfo,
  in_addr,
  in_pktinfo,
  ip_mreq,
  ip_mreq_source,
  ip_mreqn,
  ipv6_mreq,
  type In6Pktinfo,
  type InPktinfo,
  type IpMreq,
  type IpMreqn,
  type IpMreqSource,
  type Ipv6Mreq,
} from './structs/inet.js';
export {
  sock_extended_err,
  sock_filter,
  ucred,
  type SockExtendedErr,
  type SockFilter,
  type Ucred,
} from './structs/linux.js';
export { sockaddr } from './structs/sockaddr.js';
export { tcp_info, type TcpInfo } from './structs/tcp_info.js';
export { linger, timespec, timeval, type Linger, type Timespec, type Timeval } from './structs/time.js';

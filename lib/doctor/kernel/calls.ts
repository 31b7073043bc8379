/**
 * What the doctor uses of this library. All of index.ts takes longer to load than the doctor's whole work, and `why`
 * is a command that somebody waits for.
 */
export { IPPROTO_IPV6, IPPROTO_TCP, IPPROTO_UDP } from '../../constants/in.js';
export { IPV6_V6ONLY } from '../../constants/in6.js';
export { NETLINK_SOCK_DIAG } from '../../constants/netlink.js';
export {
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_UNIX,
  MSG_DONTWAIT,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
} from '../../constants/socket.js';
export { SO_REUSEADDR, SO_REUSEPORT, SOL_SOCKET } from '../../constants/sockopt.js';
export { SocketError } from '../../errors.js';
export type { IPv4Address, IPv6Address, SocketAddress, UnixAddress } from '../../socket-address.js';
export { bind, connect, getsockname } from '../../syscalls/address.js';
export { close, socket } from '../../syscalls/socket.js';
export { getsockopt, setsockopt } from '../../syscalls/sockopt.js';
export { recv, send } from '../../syscalls/transfer.js';

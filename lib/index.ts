/**
 * The BSD socket API: the system calls themselves, on plain file descriptors, one call for one call.
 *
 * @packageDocumentation
 */
export { htonl, htons, ntohl, ntohs } from './byte-order.js';
export * from './constants.js';
export type { StringOption, StructOption } from './constants/define.js';
export {
  controlSpace,
  type ControlData,
  type ControlFields,
  type ControlHeader,
  type ControlMessage,
  type ControlMessageToSend,
} from './control.js';
export { SocketError } from './errors.js';
export { listenOn, type ListenOptions } from './helpers/listen-on.js';
export { joinGroup, leaveGroup, type GroupOptions } from './helpers/multicast.js';
export * from './names.js';
export type {
  CanAddress,
  IPv4Address,
  IPv6Address,
  NetlinkAddress,
  PacketAddress,
  RawAddress,
  SocketAddress,
  UnixAddress,
  UnixBytesAddress,
  VSockAddress,
} from './socket-address.js';
export * from './structs.js';
export { accept, listen, type Accepted } from './syscalls/accept.js';
export { bind, connect, getpeername, getsockname } from './syscalls/address.js';
export { fcntl } from './syscalls/fcntl.js';
export {
  if_indextoname,
  if_nameindex,
  if_nametoindex,
  inet_aton,
  inet_ntoa,
  inet_ntop,
  inet_pton,
  type InterfaceName,
} from './syscalls/inet.js';
export { ioctl, sockatmark } from './syscalls/ioctl.js';
export {
  recvmmsg,
  recvmsg,
  sendmmsg,
  sendmsg,
  type DatagramToSend,
  type MessageToSend,
  type ReceivedDatagram,
  type ReceivedMessage,
  type RecvmsgOptions,
} from './syscalls/message.js';
export { poll, type PollFd } from './syscalls/poll.js';
export { close, shutdown, socket, socketpair } from './syscalls/socket.js';
export { getsockopt, setsockopt, type IntOption, type OptionValue } from './syscalls/sockopt.js';
export { recv, recvfrom, send, sendto, type Received } from './syscalls/transfer.js';

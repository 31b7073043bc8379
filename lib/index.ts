/**
 * The BSD socket API: the system calls themselves, on plain file descriptors, one call for one call.
 *
 * @packageDocumentation
 */
export * from './constants.js';
export { SocketError } from './errors.js';
export type { SocketAddress } from './socket-address.js';
export { accept, listen, type Accepted } from './syscalls/accept.js';
export { bind, connect, getpeername, getsockname } from './syscalls/address.js';
export { close, shutdown, socket, socketpair } from './syscalls/socket.js';
export { getsockopt, setsockopt } from './syscalls/sockopt.js';
export { recv, send } from './syscalls/transfer.js';

/**
 * Handing sockets over to Node's own servers and sockets, and back; what systemd hands to a service.
 *
 * @packageDocumentation
 */
export { fromDgram, toDgram } from './dgram.js';
export type { BoundSocket, NodeTarget } from './handle.js';
export { listenWith, type ListenWithOptions } from './listen.js';
export { fromBoundSocket, fromNodeSocket, toNodeSocket, type NodeSocketOptions } from './net.js';
export { getsockname, getsockopt, setsockopt } from './options.js';
export { listenFds, watchdogIntervalMs, type InheritedFd } from './listen-fds.js';
export { notify, type ServiceState } from './notify.js';
export { takeUnread, unshift } from './unshift.js';

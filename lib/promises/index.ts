/**
 * The socket calls on an owned {@link Socket}, which wait without blocking the event loop.
 *
 * @packageDocumentation
 */
export { backend, type Backend } from './backend.js';
export type { Datagram } from './calls/datagrams.js';
export type { DatagramsOptions, IncomingOptions, SizeOptions, TransferOptions, WaitOptions } from './options.js';
export type { ListenOptions } from '../index.js';
export { connect, listen, type ConnectOptions } from './shorthand.js';
export { Socket, type AcceptedSocket } from './socket.js';
export type { DuplexOptions, SocketStream } from './streams/duplex.js';
export type { WebStreams } from './streams/web.js';

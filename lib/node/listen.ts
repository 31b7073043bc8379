/** Node's servers on a listener that exists. */
import cluster from 'node:cluster';
import { once } from 'node:events';
import * as net from 'node:net';
import { close, getsockopt, IPPROTO_TCP, listen, SOMAXCONN, TCP_INFO, tcp_info, TCP_LISTEN } from '../index.js';
import type { Socket } from '../promises/index.js';
import { asFd, asInt, asObject, invalidType, invalidValue } from '../validate.js';
import { duplicate, isBoundSocket, isStream, netHandle, type BoundSocket } from './handle.js';
import { asSocket } from './unshift.js';

/** What {@link listenWith} can be given. */
export interface ListenWithOptions {
  /** How many connections may wait to be accepted; where it is left out, what the listener has already, or SOMAXCONN. */
  backlog?: number;
}

/**
 * Makes a server of Node's listen on a socket that exists: one of ours, a descriptor (of systemd for example), or a
 * `net.BoundSocket`. It is bound; it may listen already, and what waits to be accepted is accepted by the server.
 *
 * The descriptor goes over: the server closes it. Ours is as if closed; the number of a descriptor must not be used any
 * more. Where this fails, it is still open, and still yours. In a worker of node:cluster the listener is the worker's own.
 *
 * @param server - a server of node:net, http, https, http2 or tls that does not listen yet
 * @param listener - a stream socket, TCP or unix
 * @returns resolves when the server listens
 * @throws TypeError ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE (the server listens already; no stream socket);
 * SocketError EBADF, ENOTSOCK, EADDRINUSE, EINVAL, EMFILE
 * @example
 * const listener = new Socket(AF_INET, SOCK_STREAM)
 * listener.setsockopt(IPPROTO_TCP, TCP_DEFER_ACCEPT, 5)
 * listener.bind({ family: 'IPv4', address: '0.0.0.0', port: 8080 })
 * await listenWith(http.createServer(answer), listener)
 */
export async function listenWith(
  server: net.Server,
  listener: Socket | number | BoundSocket,
  options: ListenWithOptions = {},
): Promise<void> {
  if (!(server instanceof net.Server)) throw invalidType('server', 'an instance of net.Server', server);
  const { backlog } = asObject(options, 'options') as ListenWithOptions;
  if (backlog !== undefined) asInt(backlog, 'options.backlog');
  if (server.listening) throw invalidValue('server', 'must not listen already', server);
  if (isBoundSocket(listener)) server.listen(listener as never, backlog ?? SOMAXCONN);
  else hand(server, listener, backlog);
  await once(server, 'listening');
}

/** Gives the server a descriptor of its own, and closes the other. */
function hand(server: net.Server, listener: Socket | number, backlog: number | undefined): void {
  const fd = typeof listener === 'number' ? asFd(listener) : asSocket(listener).fd;
  if (!isStream(asFd(fd))) {
    throw invalidValue('listener', 'must be a stream socket', listener);
  }
  const length = backlog ?? backlogOf(fd);
  listen(fd, length); // here its errors leave everything as it was: Node would close the descriptor
  const mine = duplicate(fd);
  try {
    start(server, mine, length);
  } catch (error) {
    close(mine);
    throw error;
  }
  close(typeof listener === 'number' ? fd : listener.detach());
}

/** Node listens at once, and tells 'listening' or 'error' later. */
function start(server: net.Server, fd: number, backlog: number): void {
  if (cluster.isWorker)
    (server as unknown as ListenNow)._listen2(null, null, null, backlog, fd); // not the primary's descriptor
  else server.listen({ fd }, backlog);
  if (netHandle(server)?.fd !== fd) throw invalidValue('listener', 'must be a TCP or unix socket', fd);
}

/** What `Server.listen` calls in the end. */
interface ListenNow {
  _listen2(address: null, port: null, addressType: null, backlog: number, fd: number): void;
}

/** The backlog that a TCP listener has. */
function backlogOf(fd: number): number {
  try {
    const { state, sacked } = tcp_info.decode(getsockopt(fd, IPPROTO_TCP, TCP_INFO, tcp_info.size));
    return state === TCP_LISTEN ? sacked : SOMAXCONN;
  } catch {
    return SOMAXCONN; // no TCP, or not Linux
  }
}

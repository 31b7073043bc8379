/** Connections: from our Socket to Node's net.Socket, and back. */
import * as net from 'node:net';
import { finished } from 'node:stream/promises';
import { close } from '../index.js';
import { Socket, type WaitOptions } from '../promises/index.js';
import { asObject, invalidType, invalidValue } from '../validate.js';
import { descriptorNow, duplicate, isBoundSocket, isStream, type BoundSocket } from './handle.js';
import { asSocket, takeUnread, unshift } from './unshift.js';

/** What {@link toNodeSocket} can be given. */
export interface NodeSocketOptions {
  /** Stay open for writing when the peer has sent its last? As in `net.Socket`; false where it is left out. */
  allowHalfOpen?: boolean;
}

/**
 * Makes a connection of ours one of Node's: the bytes that nobody has received come first.
 *
 * The descriptor goes over. Ours is as if closed: calls that still wait are rejected with ECANCELED, later ones with
 * EBADF; what was sent and not awaited has left. Where this fails, the socket is still open, and still yours.
 *
 * @param socket - a connected stream socket, TCP or unix
 * @returns Node's socket, which closes the connection
 * @throws SocketError ENOTCONN, EMFILE, EBADF (closed); TypeError ERR_INVALID_ARG_VALUE (no stream),
 * ERR_INVALID_FD_TYPE (neither TCP nor unix)
 * @example
 * const { socket } = await listener.accept()
 * httpServer.emit('connection', toNodeSocket(socket))
 */
export function toNodeSocket(socket: Socket, options: NodeSocketOptions = {}): net.Socket {
  const { allowHalfOpen = false } = asObject(options, 'options') as NodeSocketOptions;
  if (typeof allowHalfOpen !== 'boolean') throw invalidType('options.allowHalfOpen', 'of type boolean', allowHalfOpen);
  asSocket(socket).getpeername(); // ENOTCONN, EBADF
  if (!isStream(socket.fd)) throw invalidValue('socket', 'must be a stream socket', socket);
  const fd = duplicate(socket.fd);
  let made: net.Socket;
  try {
    made = new net.Socket({ fd, allowHalfOpen, readable: true, writable: true });
  } catch (error) {
    close(fd);
    throw error;
  }
  close(socket.detach());
  const bytes = takeUnread(socket);
  if (bytes.length > 0) made.unshift(bytes);
  return made;
}

/**
 * Makes a connection of Node's one of ours. What Node has been given to write leaves first; what it has read and
 * nobody has taken is received first.
 *
 * Node's socket is destroyed: its 'data' and 'readable' listeners are removed, and it emits 'close'. Where this fails
 * the connection is still Node's, unless it is what failed.
 *
 * @param netSocket - a connected socket of node:net. Not one of node:tls, whose keys only Node has, nor one that node:http
 * reads from; 'upgrade' and 'connect' give it free, and what came with them goes back by {@link unshift}
 * @param options - a signal ends the wait for what is to leave first
 * @returns our socket, which closes the connection
 * @throws TypeError ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE (TLS, HTTP, an encoding, not connected);
 * SocketError EMFILE; ENOTSOCK (a pipe or a terminal); what the connection failed with
 */
export async function fromNodeSocket(netSocket: net.Socket, options: WaitOptions = {}): Promise<Socket> {
  const { signal } = asObject(options, 'options') as WaitOptions;
  refuse(netSocket);
  const flows = netSocket.readableFlowing === true;
  netSocket.pause();
  try {
    await written(netSocket, signal);
    return take(netSocket);
  } catch (error) {
    if (flows) netSocket.resume();
    throw error;
  }
}

/**
 * Makes a `net.BoundSocket` of Node 24 or 26 one of ours, to set its options, and then to listen or connect.
 *
 * @param bound - it is as if closed; where this fails it is as before
 * @returns our socket, which closes it
 * @throws TypeError ERR_INVALID_ARG_TYPE, ERR_SOCKET_HANDLE_ADOPTED; SocketError EMFILE
 */
export function fromBoundSocket(bound: BoundSocket): Socket {
  if (!isBoundSocket(bound)) throw invalidType('bound', 'an instance of net.BoundSocket', bound);
  const socket = own(descriptorNow(bound, 'bound'));
  bound.close();
  return socket;
}

/** A Socket on a second descriptor. */
export function own(fd: number): Socket {
  const mine = duplicate(fd);
  try {
    return Socket.fromFd(mine);
  } catch (error) {
    close(mine);
    throw error;
  }
}

function refuse(netSocket: net.Socket): void {
  if (!(netSocket instanceof net.Socket)) throw invalidType('netSocket', 'an instance of net.Socket', netSocket);
  const { encrypted, parser } = netSocket as { encrypted?: boolean; parser?: unknown };
  if (encrypted === true) throw invalidValue('netSocket', 'must not be encrypted: only Node has its keys', netSocket);
  if (parser) throw invalidValue('netSocket', 'must not be one that node:http reads from', netSocket);
  if (netSocket.readableEncoding !== null) {
    throw invalidValue('netSocket', 'must not have an encoding: its bytes could not be told any more', netSocket);
  }
  if (netSocket.connecting) throw invalidValue('netSocket', 'must be connected', netSocket);
  descriptorNow(netSocket, 'netSocket');
}

/** Waits until what was given to Node's socket is the kernel's. */
async function written(netSocket: net.Socket, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  if (netSocket.writableLength === 0 && netSocket.writableFinished === netSocket.writableEnded) return;
  while (netSocket.writableCorked > 0) netSocket.uncork();
  const leaving = netSocket.writableEnded ? finished(netSocket, { readable: false }) : flushed(netSocket);
  if (signal === undefined) {
    await leaving;
    return;
  }
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  await Promise.race([leaving, aborted]).finally(() => {
    signal.removeEventListener('abort', onAbort);
  });
}

/** Resolves when everything before has been written. */
function flushed(netSocket: net.Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    netSocket.write(Buffer.alloc(0), (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

function take(netSocket: net.Socket): Socket {
  const socket = own(descriptorNow(netSocket, 'netSocket'));
  netSocket.unpipe();
  netSocket.removeAllListeners('data').removeAllListeners('readable'); // read() would tell them
  const chunks: Buffer[] = [];
  for (let chunk = read(netSocket); chunk !== null; chunk = read(netSocket)) chunks.push(chunk);
  netSocket.destroy();
  unshift(socket, Buffer.concat(chunks));
  return socket;
}

function read(netSocket: net.Socket): Buffer | null {
  return netSocket.read() as Buffer | null;
}

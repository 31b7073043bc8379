/** Bytes that somebody has already received from a socket, put back in front of what is still to come. */
import { MSG_OOB, MSG_PEEK, MSG_WAITALL } from '../index.js';
import { Socket, type SizeOptions, type TransferOptions } from '../promises/index.js';
import { asBytes, asPlainBytes, invalidType } from '../validate.js';

/** By socket, what is in front; never empty. */
const unread = new WeakMap<Socket, Buffer>();

/** The methods that receive: while bytes are in front, the socket has its own. */
const RECEIVING = ['recv', 'recvfrom', 'recvmsg', 'chunks'] as const;

/**
 * Puts bytes in front of what a socket receives next, as `readable.unshift()`: `recv`, `recvfrom`, `recvmsg`, `chunks`,
 * the streams of `toDuplex` and `toWeb`, `toNodeSocket` and `bsd-sockets/restart` give them first.
 *
 * @param socket - a stream socket; it stays yours
 * @param bytes - a copy is kept
 * @throws TypeError ERR_INVALID_ARG_TYPE
 * @example
 * server.on('upgrade', async (request, netSocket, head) => unshift(await fromNodeSocket(netSocket), head))
 */
export function unshift(socket: Socket, bytes: NodeJS.ArrayBufferView): void {
  const mine = asSocket(socket);
  const copy = Buffer.from(asPlainBytes(bytes, 'bytes'));
  if (copy.length > 0) put(mine, Buffer.concat([copy, unread.get(mine) ?? Buffer.alloc(0)]));
}

/**
 * Takes the bytes that {@link unshift} or `fromNodeSocket` put in front and that nobody has received yet: where you
 * `detach()` the descriptor, they do not go with it.
 *
 * @param socket - it stays yours, and may be closed
 * @returns the bytes, which are yours; empty where there are none
 */
export function takeUnread(socket: Socket): Buffer {
  const bytes = unread.get(asSocket(socket)) ?? Buffer.alloc(0);
  put(socket, Buffer.alloc(0));
  return bytes;
}

/** A socket of ours, or ERR_INVALID_ARG_TYPE. */
export function asSocket(socket: unknown): Socket {
  if (!(socket instanceof Socket)) throw invalidType('socket', 'an instance of Socket', socket);
  return socket;
}

function put(socket: Socket, bytes: Buffer): void {
  if (bytes.length > 0) {
    if (!unread.has(socket)) Object.assign(socket, methods(socket));
    unread.set(socket, bytes);
  } else if (unread.delete(socket)) {
    for (const name of RECEIVING) Reflect.deleteProperty(socket, name);
  }
}

/** Fills views with what is in front. */
function take(socket: Socket, views: readonly Uint8Array[], peek: boolean): number {
  let rest = unread.get(socket) ?? Buffer.alloc(0);
  let length = 0;
  for (const view of views) {
    const part = rest.subarray(0, view.length);
    view.set(part);
    length += part.length;
    rest = rest.subarray(part.length);
  }
  if (!peek) put(socket, rest);
  return length;
}

/** Does a call with these options get what is in front? */
function isInFront(socket: Socket, flags: number): boolean {
  return socket.fd !== -1 && (flags & MSG_OOB) === 0;
}

function methods(socket: Socket): Pick<Socket, (typeof RECEIVING)[number]> {
  const plain = Socket.prototype;
  return {
    async recv(buffer, options) {
      const { flags = 0, signal } = options ?? {};
      if (!isInFront(socket, flags) || signal?.aborted) return plain.recv.call(socket, buffer, options);
      const view = asBytes(buffer, 'buffer');
      const length = take(socket, [view], (flags & MSG_PEEK) !== 0);
      if ((flags & MSG_WAITALL) === 0 || length === view.length) return length;
      return length + (await plain.recv.call(socket, view.subarray(length), options));
    },
    async recvfrom(buffer, options?: TransferOptions) {
      if (!isInFront(socket, options?.flags ?? 0)) return plain.recvfrom.call(socket, buffer, options);
      return { bytesRead: await socket.recv(buffer, options), address: null };
    },
    async recvmsg(buffers, options) {
      const { flags = 0, signal } = options ?? {};
      if (!isInFront(socket, flags) || signal?.aborted) return plain.recvmsg.call(socket, buffers, options);
      const views = buffers.map((view, index) => asBytes(view, 'buffers', index));
      return { bytesRead: take(socket, views, (flags & MSG_PEEK) !== 0), address: null, control: [], flags: 0 };
    },
    chunks(options) {
      return chunks(socket, plain.chunks.call(socket, options), options);
    },
  };
}

async function* chunks(
  socket: Socket,
  after: AsyncGenerator<Buffer, void>,
  options: SizeOptions | undefined,
): AsyncGenerator<Buffer, void> {
  for (let bytes = unread.get(socket); bytes && socket.fd !== -1; bytes = unread.get(socket)) {
    options?.signal?.throwIfAborted();
    const chunk = Buffer.from(bytes.subarray(0, options?.size ?? 65_536));
    take(socket, [Buffer.alloc(chunk.length)], false);
    yield chunk;
  }
  yield* after;
}

/** Loops over what comes. All end when their socket is closed by its owner. */
import { constants } from 'node:os';
import { SocketError } from '../index.js';
import type { WaitOptions } from './options.js';

const { ECANCELED, EBADF } = constants.errno;

/** What `Socket.incoming` can be given. */
export interface IncomingOptions extends WaitOptions {
  /**
   * Told of errors after which accepting goes on: EMFILE and ENFILE (once, until there are descriptors again),
   * ECONNABORTED, ENOBUFS, ENOMEM, EPERM, EPROTO. Without it they are process warnings.
   */
  onError?: (error: SocketError) => void;
}

/** What `Socket.datagrams` can be given. */
export interface DatagramsOptions extends SizeOptions {
  /**
   * Told of errors after which receiving goes on: ECONNREFUSED, EHOSTUNREACH, ENETUNREACH … of a peer that is away, which
   * ICMP has told. Without it they end the loop by throwing.
   */
  onError?: (error: SocketError) => void;
}

/** What `Socket.chunks` and `Socket.datagrams` can be given. */
export interface SizeOptions extends WaitOptions {
  /** The largest chunk or datagram, in bytes: 1 to 2^30, 65,536 where it is left out. */
  size?: number;
}

const PASSING = new Set(['EMFILE', 'ENFILE', 'ECONNABORTED', 'ENOBUFS', 'ENOMEM', 'EPERM', 'EPROTO']);

/** Errors of a peer that is away: each is told once, and says nothing of the next datagram. */
const AWAY = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'ENOPROTOOPT',
  'EPROTO',
  'EACCES',
  'EMSGSIZE',
]);

/** What a loop asks. */
interface Source {
  readonly fd: number;
}

/** The next item; undefined where the owner has closed the socket. */
async function next<Item>(socket: Source, receive: () => Promise<Item>): Promise<Item | undefined> {
  try {
    return await receive();
  } catch (error) {
    const closed = error instanceof SocketError && (error.errno === -ECANCELED || error.errno === -EBADF);
    if (closed && socket.fd === -1) return undefined;
    throw error;
  }
}

/** Items, until `isLast`. */
export async function* items<Item>(
  socket: Source,
  receive: () => Promise<Item>,
  isLast?: (item: Item) => boolean,
): AsyncGenerator<Item, void> {
  for (;;) {
    const item = await next(socket, receive);
    if (item === undefined || isLast?.(item) === true) return;
    yield item;
  }
}

/** Makes a receive go on after errors that pass. */
function tellingOf<Item>(
  passing: ReadonlySet<string>,
  onError: (error: SocketError) => void,
  receive: () => Promise<Item>,
): () => Promise<Item> {
  return async () => {
    for (;;) {
      try {
        return await receive();
      } catch (error) {
        if (!(error instanceof SocketError && passing.has(error.code))) throw error;
        onError(error);
      }
    }
  };
}

/** Connections: errors that pass do not end the loop. */
export function connections<Item>(
  listener: Source,
  accept: () => Promise<Item>,
  onError: (error: SocketError) => void = (error) => {
    process.emitWarning(error);
  },
): AsyncGenerator<Item, void> {
  return items(listener, tellingOf(PASSING, onError, accept));
}

/** Datagrams: with `onError` the errors that ICMP told do not end the loop. */
export function messages<Item>(
  socket: Source,
  receive: () => Promise<Item>,
  isLast: (item: Item) => boolean,
  onError: ((error: SocketError) => void) | undefined,
): AsyncGenerator<Item, void> {
  return items(socket, onError === undefined ? receive : tellingOf(AWAY, onError, receive), isLast);
}

/** A connection as Node's Duplex. */
import { addAbortSignal, Duplex, type DuplexOptions as NodeDuplexOptions } from 'node:stream';
import {
  IPPROTO_TCP,
  SHUT_WR,
  SO_KEEPALIVE,
  SOL_SOCKET,
  TCP_KEEPALIVE,
  TCP_KEEPIDLE,
  TCP_NODELAY,
  type SocketAddress,
} from '../../index.js';
import { asObject, integer, invalidType } from '../../validate.js';
import { asSignal } from '../options.js';
import { SIZE, type Connection } from './connection.js';

/** sendmsg(2) takes so many buffers: UIO_MAXIOV. */
const MOST_BUFFERS = 1024;
const MOST_BYTES = 2 ** 31 - 1;

/** What `Socket.toDuplex` can be given: that of Node's Duplex that makes sense. */
export type DuplexOptions = Pick<
  NodeDuplexOptions,
  'allowHalfOpen' | 'readableHighWaterMark' | 'writableHighWaterMark' | 'signal'
>;

/**
 * A connection as a Duplex, which closes it; `Socket.toDuplex` makes one. It has what http, https and undici ask of a
 * `net.Socket` besides.
 */
export class SocketStream extends Duplex {
  readonly #socket: Connection;
  readonly #peer: Place;
  #timeoutMs = 0;
  #idle: NodeJS.Timeout | undefined;

  /** @internal `Socket.toDuplex` makes it. */
  constructor(socket: Connection, options: DuplexOptions) {
    const { allowHalfOpen = true, signal, readableHighWaterMark, writableHighWaterMark } = asObject(options, 'options');
    if (typeof allowHalfOpen !== 'boolean')
      throw invalidType('options.allowHalfOpen', 'of type boolean', allowHalfOpen);
    super({
      allowHalfOpen,
      ...highWaterMark('readableHighWaterMark', readableHighWaterMark),
      ...highWaterMark('writableHighWaterMark', writableHighWaterMark),
    });
    this.#socket = socket;
    this.#peer = placeOf(socket.getpeername());
    if (signal !== undefined) addAbortSignal(asSignal(signal), this);
  }

  /** The peer's IP address, also after the end; undefined on a unix socket. */
  get remoteAddress(): string | undefined {
    return this.#peer.address;
  }

  /** The peer's port. */
  get remotePort(): number | undefined {
    return this.#peer.port;
  }

  /** `'IPv4'` or `'IPv6'`. */
  get remoteFamily(): string | undefined {
    return this.#peer.family;
  }

  /** How long nothing may come or leave before `'timeout'` is emitted, in milliseconds; 0: for ever. */
  get timeout(): number {
    return this.#timeoutMs;
  }

  /**
   * Emits `'timeout'` when nothing has come or left for so long. It does not end the connection, and keeps no process alive.
   *
   * @param ms - milliseconds; 0 switches it off
   * @param listener - called once, at the next `'timeout'`
   * @throws RangeError ERR_OUT_OF_RANGE; TypeError ERR_INVALID_ARG_TYPE
   */
  setTimeout(ms: number, listener?: () => void): this {
    this.#timeoutMs = integer(ms, 'ms', 0, MOST_BYTES);
    clearTimeout(this.#idle);
    this.#idle = ms === 0 ? undefined : setTimeout(() => this.emit('timeout'), ms).unref();
    if (listener !== undefined) {
      if (ms === 0) this.removeListener('timeout', listener);
      else this.once('timeout', listener);
    }
    return this;
  }

  /** Sets TCP_NODELAY; on a unix socket it does nothing. `tcp(7)` */
  setNoDelay(enable = true): this {
    if (this.#peer.port !== undefined) this.#socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, enable);
    return this;
  }

  /**
   * Sets SO_KEEPALIVE, and after how long of silence the first probe is sent. `socket(7)`, `tcp(7)`
   *
   * @param initialDelay - milliseconds, told to the kernel as whole seconds; 0: as it is
   */
  setKeepAlive(enable = false, initialDelay = 0): this {
    this.#socket.setsockopt(SOL_SOCKET, SO_KEEPALIVE, enable);
    const seconds = Math.floor(integer(initialDelay, 'initialDelay', 0, MOST_BYTES) / 1000);
    if (enable && seconds > 0 && this.#peer.port !== undefined)
      this.#socket.setsockopt(IPPROTO_TCP, TCP_KEEPALIVE ?? TCP_KEEPIDLE, seconds);
    return this;
  }

  /** A receive or send that waits keeps the process alive, as from the beginning. */
  ref(): this {
    this.#socket.ref();
    return this;
  }

  /** A receive or send that waits does not keep the process alive any more. */
  unref(): this {
    this.#socket.unref();
    return this;
  }

  /** @internal Node's streams call it. */
  override _read(): void {
    const buffer = Buffer.allocUnsafeSlow(SIZE);
    this.#socket.recv(buffer).then(
      (length) => {
        this.#idle?.refresh();
        // A small chunk must not hold a large buffer.
        const bytes = length < SIZE / 4 ? Buffer.from(buffer.subarray(0, length)) : buffer.subarray(0, length);
        if (!this.destroyed) this.push(length === 0 ? null : bytes);
      },
      (error: unknown) => {
        if (!this.destroyed) this.destroy(error as Error); // closed by destroy(): ECANCELED is no error
      },
    );
  }

  /** @internal Node's streams call it. */
  override _write(chunk: Uint8Array, _encoding: string, done: Done): void {
    this.#settle(this.#socket.sendAll(chunk), done);
  }

  /** @internal Node's streams call it. */
  override _writev(chunks: { chunk: Uint8Array }[], done: Done): void {
    this.#settle(
      sendEach(
        this.#socket,
        chunks.map(({ chunk }) => chunk),
      ),
      done,
    );
  }

  /** @internal Node's streams call it. */
  override _final(done: Done): void {
    try {
      this.#socket.shutdown(SHUT_WR);
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  /** @internal Node's streams call it. */
  override _destroy(error: Error | null, done: Done): void {
    clearTimeout(this.#idle);
    this.#socket.close();
    done(error);
  }

  #settle(sending: Promise<unknown>, done: Done): void {
    sending.then(() => {
      this.#idle?.refresh();
      done();
    }, done);
  }
}

type Done = (error?: Error | null) => void;

/** Of an IP address, what net.Socket tells. */
interface Place {
  readonly family?: string;
  readonly address?: string;
  readonly port?: number;
}

function placeOf(address: SocketAddress): Place {
  return address.family === 'IPv4' || address.family === 'IPv6' ? address : {};
}

/** The option, where it is given: in bytes. */
function highWaterMark(name: keyof DuplexOptions, bytes: unknown): NodeDuplexOptions {
  return bytes === undefined ? {} : { [name]: integer(bytes, `options.${name}`, 0, MOST_BYTES) };
}

/** Sends several buffers, each time as many as one call takes. */
async function sendEach(socket: Connection, chunks: Uint8Array[]): Promise<void> {
  let rest = chunks;
  while (rest.length > 0) {
    let sent = await socket.sendmsg({ buffers: rest.slice(0, MOST_BUFFERS) });
    const partly = rest.findIndex(({ length }) => {
      if (sent < length) return true;
      sent -= length;
      return false;
    });
    rest = partly === -1 ? rest.slice(MOST_BUFFERS) : rest.slice(partly);
    if (rest[0] !== undefined) rest[0] = rest[0].subarray(sent);
  }
}

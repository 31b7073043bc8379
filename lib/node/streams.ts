/** A Socket as Node's Duplex, and as the web's streams. */
import { Duplex, type DuplexOptions as NodeDuplexOptions } from 'node:stream';
import type { ReadableByteStreamController, ReadableWritablePair } from 'node:stream/web';
import { ReadableStream, WritableStream } from 'node:stream/web';
import { SHUT_WR } from '../index.js';
import type { Socket } from '../promises/index.js';
import { asObject, invalidValue } from '../validate.js';
import { isStream } from './handle.js';
import { asSocket } from './unshift.js';

/** So much is received at once, and kept while nobody reads: as in net.Socket. */
const SIZE = 65_536;
/** sendmsg(2) takes so many buffers: UIO_MAXIOV. */
const MOST_BUFFERS = 1024;

/** What {@link toDuplex} can be given: that of Node's Duplex that makes sense. */
export type DuplexOptions = Pick<
  NodeDuplexOptions,
  'allowHalfOpen' | 'readableHighWaterMark' | 'writableHighWaterMark' | 'signal'
>;

/** What {@link toWeb} returns. */
export interface WebStreams extends ReadableWritablePair<Uint8Array, Uint8Array> {
  /** What comes: a byte stream, which fills the reader's own buffers where it is asked so. */
  readable: ReadableStream<Uint8Array>;
  /** What leaves. Closing it is a half-close: the peer sees the end. */
  writable: WritableStream<Uint8Array>;
}

/**
 * A connection as a Duplex of node:stream: for `pipeline`, `tls.connect({ socket })`, `http.request({ createConnection })`,
 * `http2.connect({ createConnection })`, `server.emit('connection')` … The kernel's buffers are full where nobody
 * reads, so back-pressure reaches the peer; `end()` is a half-close; an error of the kernel destroys the stream with it.
 *
 * The socket is the stream's: it is closed when both directions have ended, or by `destroy()`. Call none of its methods
 * that receive, send or close.
 *
 * @param socket - a connected stream socket
 * @param options - `allowHalfOpen` is true where it is left out, as in Duplex
 * @throws TypeError ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE (no stream socket); SocketError ENOTCONN, EBADF; it is
 * yours then
 * @example
 * await pipeline(fs.createReadStream('big'), zlib.createGzip(), toDuplex(await connect(address)))
 */
export function toDuplex(socket: Socket, options: DuplexOptions = {}): Duplex {
  const { allowHalfOpen, readableHighWaterMark, writableHighWaterMark, signal } = asObject(options, 'options');
  requireConnected(socket);
  return new Duplex({
    ...defined({ allowHalfOpen, readableHighWaterMark, writableHighWaterMark, signal }),
    read() {
      receiveInto(this, socket);
    },
    write(chunk: Uint8Array, _encoding, done) {
      settle(socket.sendAll(chunk), done);
    },
    writev(chunks, done) {
      settle(
        sendEach(
          socket,
          chunks.map(({ chunk }) => chunk as Uint8Array),
        ),
        done,
      );
    },
    final(done) {
      try {
        socket.shutdown(SHUT_WR);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    destroy(error, done) {
      socket.close();
      done(error);
    },
  });
}

/**
 * A connection as streams of the web: for `pipeTo`, `pipeThrough`, `new Response(readable)` … A read with a buffer of
 * yours ("BYOB") receives right into it. Closing `writable` is a half-close; aborting it, or an error of the kernel, ends
 * both; cancelling `readable` ends that direction.
 *
 * The socket is the streams': it is closed when both have ended. Call none of its methods that receive, send or close.
 *
 * @param socket - a connected stream socket
 * @throws TypeError ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE (no stream socket); SocketError ENOTCONN, EBADF; it is
 * yours then
 * @example
 * const { readable, writable } = toWeb(socket)
 * await readable.pipeThrough(new CompressionStream('gzip')).pipeTo(writable)
 */
export function toWeb(socket: Socket): WebStreams {
  requireConnected(socket);
  return new WebEnds(socket);
}

function requireConnected(socket: Socket): void {
  asSocket(socket).getpeername();
  if (!isStream(socket.fd)) throw invalidValue('socket', 'must be a stream socket', socket);
}

/** Without what is undefined: Duplex takes `allowHalfOpen: undefined` for false. */
function defined(options: Record<string, unknown>): NodeDuplexOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Receives a chunk for whoever reads. */
function receiveInto(stream: Duplex, socket: Socket): void {
  const buffer = Buffer.allocUnsafeSlow(SIZE);
  socket.recv(buffer).then(
    (length) => {
      // A small chunk must not hold a large buffer.
      const bytes = length < SIZE / 4 ? Buffer.from(buffer.subarray(0, length)) : buffer.subarray(0, length);
      if (!stream.destroyed) stream.push(length === 0 ? null : bytes);
    },
    (error: unknown) => {
      if (!stream.destroyed) stream.destroy(error as Error); // closed by destroy(): ECANCELED is no error
    },
  );
}

function settle(sending: Promise<unknown>, done: (error?: Error | null) => void): void {
  sending.then(() => {
    done();
  }, done);
}

/** Sends several buffers, each time as many as one call takes. */
async function sendEach(socket: Socket, chunks: Uint8Array[]): Promise<void> {
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

/** What Node's types have as `any` or `never`, depending on their age. */
interface ByobRequest {
  readonly view: Uint8Array;
  respond(length: number): void;
}

/** The two streams of a socket, and when it is closed. */
class WebEnds implements WebStreams {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly #socket: Socket;
  #receives = true;
  #sends = true;
  #failReadable: (reason: unknown) => void = () => undefined;
  #failWritable: (reason: unknown) => void = () => undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.readable = new ReadableStream({
      type: 'bytes',
      autoAllocateChunkSize: SIZE,
      start: (controller) => {
        this.#failReadable = (reason): void => {
          controller.error(reason);
        };
      },
      pull: (controller) => this.#receive(controller),
      cancel: () => {
        this.#ended('receiving');
      },
    });
    this.writable = new WritableStream({
      start: (controller) => {
        this.#failWritable = (reason): void => {
          controller.error(reason);
        };
      },
      write: async (chunk) => {
        await socket.sendAll(chunk).catch((error: unknown) => this.#fail(error));
      },
      close: () => {
        socket.shutdown(SHUT_WR);
        this.#ended('sending');
      },
      abort: (reason) => {
        this.#sends = false;
        this.#close(reason);
      },
    });
  }

  /** Receives into the reader's own buffer, or the one that was made for it. */
  async #receive(controller: ReadableByteStreamController): Promise<void> {
    const request = controller.byobRequest as unknown as ByobRequest; // autoAllocateChunkSize makes one where the reader has not
    const length = await this.#socket.recv(request.view).catch((error: unknown) => this.#fail(error));
    if (!this.#receives) return; // cancelled meanwhile
    if (length === 0) {
      controller.close();
      this.#ended('receiving');
    }
    request.respond(length);
  }

  #ended(what: 'receiving' | 'sending'): void {
    if (what === 'receiving') this.#receives = false;
    else this.#sends = false;
    if (!this.#receives && !this.#sends) this.#socket.close();
  }

  /** An error of the kernel ends both directions. */
  #fail(error: unknown): never {
    this.#close(error);
    throw error;
  }

  #close(reason: unknown): void {
    this.#socket.close();
    if (this.#receives) this.#failReadable(reason);
    if (this.#sends) this.#failWritable(reason);
    this.#receives = this.#sends = false;
  }
}

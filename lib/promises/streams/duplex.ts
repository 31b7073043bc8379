/** A connection as Node's Duplex. */
import { Duplex, type DuplexOptions as NodeDuplexOptions } from 'node:stream';
import { SHUT_WR } from '../../index.js';
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

/** A connection as a Duplex, which closes it: `Socket.toDuplex` tells more. */
export function duplexOf(socket: Connection, options: DuplexOptions): Duplex {
  const { allowHalfOpen = true, signal, readableHighWaterMark, writableHighWaterMark } = asObject(options, 'options');
  if (typeof allowHalfOpen !== 'boolean') throw invalidType('options.allowHalfOpen', 'of type boolean', allowHalfOpen);
  return new Duplex({
    allowHalfOpen,
    ...highWaterMark('readableHighWaterMark', readableHighWaterMark),
    ...highWaterMark('writableHighWaterMark', writableHighWaterMark),
    ...(signal !== undefined && { signal: asSignal(signal) }),
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

/** The option, where it is given: in bytes. */
function highWaterMark(name: keyof DuplexOptions, bytes: unknown): NodeDuplexOptions {
  return bytes === undefined ? {} : { [name]: integer(bytes, `options.${name}`, 0, MOST_BYTES) };
}

/** Receives a chunk for whoever reads. */
function receiveInto(stream: Duplex, socket: Connection): void {
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

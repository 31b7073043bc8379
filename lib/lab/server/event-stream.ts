/** The two ways in which a page is told the events of its session. */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { headersOf } from './answer.js';

/** One reader of events. */
export interface EventStream {
  /** Sends one event, as JSON; after the end nothing. */
  send(json: string): void;
  /** Shows that it is still there, though nothing happens. */
  beat(): void;
  /** How many bytes the reader has not taken yet. */
  readonly unread: number;
  /** Ends it. */
  end(): void;
  /** Calls back once it has ended, whoever ended it. */
  onEnd(listener: () => void): void;
}

/** Server-sent events: what `curl` can read. A browser has six such connections to a server, and no more. */
export function serverSentEvents(response: ServerResponse): EventStream {
  response.writeHead(200, headersOf('text/event-stream'));
  return streamOver(response, (json) => `data: ${json}\n\n`, ':\n\n');
}

const [TEXT, PING] = [0x1, 0x9];
const CLOSE = 0x8;
const FINAL = 0x80;

/**
 * A WebSocket whose other end only listens (RFC 6455): of its frames none but CLOSE counts, which it ends with.
 *
 * @param socket - after the handshake
 */
export function webSocketEvents(socket: Duplex): EventStream {
  socket.on('data', (chunk: Buffer) => {
    if (((chunk[0] ?? 0) & 0xf) === CLOSE) socket.end(frame(CLOSE, ''));
  });
  socket.on('end', () => socket.end());
  return streamOver(socket, (json) => frame(TEXT, json), frame(PING, ''));
}

/** A frame of a server: whole, and not masked. */
export function frame(opcode: number, text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const header = Buffer.alloc(length < 126 ? 2 : length < 0x10000 ? 4 : 10);
  header[0] = FINAL | opcode;
  header[1] = length < 126 ? length : length < 0x10000 ? 126 : 127;
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}

function streamOver(
  output: ServerResponse | Duplex,
  encode: (json: string) => string | Buffer,
  sign: string | Buffer,
): EventStream {
  const write = (bytes: string | Buffer): void => {
    if (output.writable) output.write(bytes);
  };
  output.on('error', () => undefined); // 'close' follows
  return {
    send: (json) => {
      write(encode(json));
    },
    beat: () => {
      write(sign);
    },
    get unread() {
      return output.writableLength;
    },
    end: () => {
      output.destroy();
    },
    onEnd: (listener) => {
      output.once('close', listener);
    },
  };
}

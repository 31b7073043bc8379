/**
 * Drives the engine at random: a crowd of streams, each of which carries a sequence that is known, so that a byte that is
 * lost, doubled or somebody else's shows. Calls are aborted, buffers transferred away, sockets handed over by descriptor
 * and looked at in the middle of a turn, by getters of the buffers and of what promises resolve with.
 */
import { inspect } from 'node:util';
import * as s from 'bsd-sockets';
import { connect, listen, Socket } from 'bsd-sockets/promises';
import { Random } from '../hostile/random.js';

/** More than one batch holds. */
const STREAMS = 70;
const CALLS = 25;
const LENGTHS = [1, 40, 64, 1000, 4096, 4097, 20_000, 150_000];

/** The byte at a place of a stream. */
const byteAt = (stream: number, place: number): number => (place ^ (place >>> 8) ^ (stream * 37)) & 0xff;

function sequence(stream: number, from: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = byteAt(stream, from + i);
  return bytes;
}

/** One direction of a connection. */
class Stream {
  #sent = 0;
  #received = 0;

  readonly number: number;
  readonly sender: Socket;
  receiver: Socket;
  readonly random: Random;
  readonly others: readonly Stream[];

  constructor(number: number, [sender, receiver]: [Socket, Socket], random: Random, others: readonly Stream[]) {
    this.number = number;
    this.sender = sender;
    this.receiver = receiver;
    this.random = random;
    this.others = others;
  }

  async send(): Promise<void> {
    for (let i = 0; i < CALLS; i++) {
      const bytes = sequence(this.number, this.#sent, this.random.pick(LENGTHS));
      if (this.random.chance(40)) this.#sent += await this.sender.sendAll(bytes);
      else if (this.random.chance(20)) this.#sent += await this.sender.sendmsg({ buffers: [bytes] });
      else this.#sent += await this.sender.send(bytes, this.random.chance(30) ? { flags: 0 } : undefined);
      if (this.random.chance(20)) await new Promise(setImmediate);
    }
    this.sender.shutdown(s.SHUT_WR);
  }

  async receive(): Promise<void> {
    for (;;) {
      const bytes = await this.#some();
      if (bytes === undefined) continue;
      if (bytes.length === 0) break;
      const expected = sequence(this.number, this.#received, bytes.length);
      if (!expected.equals(bytes)) {
        throw new Error(`stream ${String(this.number)} went wrong after byte ${String(this.#received)}`);
      }
      this.#received += bytes.length;
      if (this.random.chance(5)) this.receiver = Socket.fromFd(this.receiver.detach());
    }
    if (this.#received !== this.#sent) {
      throw new Error(`stream ${String(this.number)}: ${String(this.#sent)} sent, ${String(this.#received)} received`);
    }
  }

  /** Looks at any socket, as a debugger does. */
  readonly #look = (): void => {
    const { sender, receiver } = this.random.pick(this.others);
    if (this.random.chance(10)) inspect(sender);
    if (receiver.fd < -1) throw new Error('no descriptor');
  };

  /** What came by one call; undefined where it was ended on purpose. */
  async #some(): Promise<Buffer | undefined> {
    const size = this.random.pick(LENGTHS);
    const way = this.random.below(100);
    if (way < 20) {
      const { done, value } = await this.receiver.chunks({ size }).next();
      return done === true ? Buffer.alloc(0) : value;
    }
    if (way < 30) {
      const buffer = Buffer.alloc(size);
      const { bytesRead } = await this.receiver.recvmsg([buffer.subarray(0, 1), buffer.subarray(1)]);
      return buffer.subarray(0, bytesRead);
    }
    if (way < 45) return this.#aborted(size);
    if (way < 55) return this.#transferred(size);
    const buffer = way < 70 ? sly(size, this.#look) : Buffer.alloc(size);
    const length = await this.receiver.recv(buffer);
    return Buffer.from(buffer.buffer, buffer.byteOffset, length);
  }

  async #aborted(size: number): Promise<Buffer | undefined> {
    const controller = new AbortController();
    const buffer = Buffer.alloc(size);
    const receiving = this.receiver.recv(buffer, { signal: controller.signal });
    if (this.random.chance(50)) queueMicrotask(() => controller.abort());
    else setImmediate(() => controller.abort());
    try {
      return buffer.subarray(0, await receiving);
    } catch (error) {
      if (error === controller.signal.reason) return undefined;
      throw error;
    }
  }

  async #transferred(size: number): Promise<Buffer | undefined> {
    const bytes = new Uint8Array(size);
    const receiving = this.receiver.recv(bytes);
    let taken: ArrayBuffer | undefined;
    setImmediate(() => (taken = structuredClone(bytes.buffer, { transfer: [bytes.buffer] })));
    try {
      const length = await receiving;
      return Buffer.from(taken ?? bytes.buffer, 0, length);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_INVALID_ARG_VALUE') return undefined;
      throw error;
    }
  }
}

/** A buffer whose length asks others something first. */
function sly(size: number, look: () => void): Uint8Array {
  const bytes = new Uint8Array(size);
  Object.defineProperty(bytes, 'length', { get: () => (look(), size) });
  return bytes;
}

/** One round. It throws where a byte was lost, doubled, or a stranger's. */
export async function drive(seed: number): Promise<void> {
  const random = new Random(seed);
  const listener = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 });
  const streams: Stream[] = [];
  try {
    for (let i = 0; i < STREAMS; i++) {
      const ends = random.chance(50) ? Socket.pair(s.AF_UNIX, s.SOCK_STREAM) : await tcp(listener);
      streams.push(new Stream(i, ends, random, streams));
    }
    await Promise.all(streams.flatMap((stream) => [stream.send(), stream.receive()]));
  } catch (error) {
    throw new Error(`seed ${String(seed)}: ${(error as Error).message}`, { cause: error });
  } finally {
    listener.close();
    for (const { sender, receiver } of streams) for (const socket of [sender, receiver]) socket.close();
  }
}

async function tcp(listener: Socket): Promise<[Socket, Socket]> {
  const client = await connect(listener.getsockname());
  const { socket } = await listener.accept();
  return [client, socket];
}

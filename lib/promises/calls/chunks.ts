/** The bytes of a stream, chunk by chunk: recv(2) into a buffer that is there only when there are bytes. */
import { native } from '../../native.js';
import type { Engine } from '../engine/engine.js';
import { Loop, LoopCall, type Step } from '../engine/loop.js';
import { outcomeOf, type Outcome } from '../engine/outcome.js';
import { drains, READABLE, type Queue } from '../engine/readiness.js';
import { readLoopOptions, type SizeOptions } from '../options.js';
import { hasEnd } from '../socket-type.js';
import { lend, lendSmall, SMALL, take } from './lent-buffer.js';

/** The chunks that come, until the peer has sent its last. */
export function chunks(engine: Engine, options: SizeOptions | undefined): AsyncGenerator<Buffer, undefined> {
  return new Chunks(engine, readLoopOptions(options));
}

class Chunks extends Loop<Buffer> {
  protected call(): RecvChunk {
    return new RecvChunk(this);
  }

  /** In a crowd a chunk is short; where more has come, the next one is long. */
  lendSmall(): Buffer | undefined {
    return drains(this.engine.fd) ? lendSmall(this.size) : undefined;
  }

  came(chunk: Buffer): Step<Buffer> {
    return this.step(chunk, chunk.length === 0 && hasEnd(this.engine.type));
  }
}

class RecvChunk extends LoopCall<Buffer, Chunks> {
  get queue(): Queue {
    return READABLE;
  }
  get syscall(): string {
    return 'recv';
  }
  #chunk: Buffer | undefined;

  protected call(fd: number): Outcome {
    const buffer = lend(this.loop.size);
    const length = outcomeOf(native.recvNow(fd, buffer, buffer.length, 0));
    if (length >= 0) this.#chunk = take(buffer, length);
    return length;
  }

  override get length(): number {
    return Math.min(this.loop.size, SMALL);
  }

  override lendBuffer(): Uint8Array | undefined {
    return (this.#chunk = this.loop.lendSmall());
  }

  override made(outcome: Outcome): Outcome {
    const buffer = this.#chunk as Buffer;
    this.#chunk = outcome < 0 ? undefined : Buffer.from(buffer.subarray(0, outcome));
    return outcome;
  }

  finish(): Step<Buffer> {
    const chunk = this.#chunk as Buffer;
    this.#chunk = undefined;
    return this.loop.came(chunk);
  }
}

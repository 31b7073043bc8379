/** recv(2) and send(2). */
import { MSG_OOB, MSG_PEEK, MSG_WAITALL } from '../../constants.js';
import { native } from '../../native.js';
import { asBytes, asPlainBytes } from '../../validate.js';
import type { Engine } from '../engine/engine.js';
import { GO_ON_LATER, outcomeOf, type Outcome } from '../engine/outcome.js';
import { READABLE, receiveQueue, WRITABLE, type Queue } from '../engine/readiness.js';
import type { TransferOptions } from '../options.js';
import { beginOn, CountingBufferCall, Pool, rest } from './buffer-call.js';
import { isStream } from '../socket-type.js';

/** Receives into a buffer: recv(2). */
export function recv(
  engine: Engine,
  buffer: NodeJS.ArrayBufferView,
  options: TransferOptions | undefined,
): Promise<number> {
  if (options === undefined) return beginOn(engine, receives, buffer, options);
  return engine.beginWith(options, (flags) => {
    const isWhole = isStream(engine.type) && (flags & MSG_WAITALL) !== 0 && (flags & (MSG_PEEK | MSG_OOB)) === 0;
    if (isWhole) return new RecvAll().on(asPlainBytes(buffer, 'buffer'), flags & ~MSG_WAITALL);
    return receives.take().on(asBytes(buffer, 'buffer'), flags);
  });
}

/** Sends the bytes of a buffer: send(2). */
export function send(
  engine: Engine,
  buffer: NodeJS.ArrayBufferView,
  options: TransferOptions | undefined,
): Promise<number> {
  return beginOn(engine, sends, buffer, options);
}

/** Sends all bytes of a buffer: send(2), again and again. */
export function sendAll(
  engine: Engine,
  buffer: NodeJS.ArrayBufferView,
  options: TransferOptions | undefined,
): Promise<number> {
  return beginOn(engine, wholeSends, buffer, options);
}

class Recv extends CountingBufferCall {
  get queue(): Queue {
    return receiveQueue(this.flags);
  }
  get syscall(): string {
    return 'recv';
  }

  protected call(fd: number): Outcome {
    return outcomeOf(native.recvNow(fd, this.bytes, this.length, this.flags));
  }

  override lendBuffer(): Uint8Array | undefined {
    return this.plainBuffer;
  }

  protected override recycle(): void {
    this.reset();
    receives.give(this);
  }
}

const receives = new Pool(() => new Recv());

class Send extends CountingBufferCall {
  get queue(): Queue {
    return WRITABLE;
  }
  get syscall(): string {
    return 'send';
  }

  protected call(fd: number): Outcome {
    return outcomeOf(native.sendNow(fd, this.bytes, this.length, this.flags));
  }

  override lendBuffer(): Uint8Array | undefined {
    return this.plainBuffer;
  }

  protected override recycle(): void {
    this.reset();
    sends.give(this);
  }
}

const sends = new Pool(() => new Send());

/** How many parts one attempt receives or sends: then the other sockets have their turn. */
const MOST_PARTS = 16;

/** A call that is made again and again, until the whole buffer is done. */
abstract class WholeBufferCall extends CountingBufferCall {
  /** How many bytes are. */
  protected done = 0;

  /** Makes the system call for what is left. */
  protected abstract part(fd: number, rest: Uint8Array, length: number): Outcome;

  protected call(fd: number): Outcome {
    for (let parts = 0; parts < MOST_PARTS; parts++) {
      const outcome = this.part(fd, rest(this.bytes, this.length, this.done), this.length - this.done);
      if (outcome < 0) return outcome;
      this.done += outcome;
      if (outcome === 0 || this.done >= this.length) return this.done;
    }
    return GO_ON_LATER;
  }
}

/** A stream with MSG_WAITALL, which a non-blocking socket ignores: until the buffer is full. */
class RecvAll extends WholeBufferCall {
  get queue(): Queue {
    return READABLE;
  }
  get syscall(): string {
    return 'recv';
  }

  override get partial(): number {
    return this.done;
  }

  protected part(fd: number, rest: Uint8Array, length: number): Outcome {
    return outcomeOf(native.recvNow(fd, rest, length, this.flags));
  }
}

/** Until everything has been sent. */
class SendAll extends WholeBufferCall {
  get queue(): Queue {
    return WRITABLE;
  }
  get syscall(): string {
    return 'send';
  }

  protected part(fd: number, rest: Uint8Array, length: number): Outcome {
    return outcomeOf(native.sendNow(fd, rest, length, this.flags));
  }

  override lendBuffer(): Uint8Array | undefined {
    return this.done === 0 ? this.plainBuffer : undefined;
  }

  override made(outcome: Outcome): Outcome {
    if (outcome < 0) return outcome;
    this.done = outcome;
    return outcome < this.length ? GO_ON_LATER : outcome;
  }

  protected override recycle(): void {
    this.reset();
    this.done = 0;
    wholeSends.give(this);
  }
}

const wholeSends = new Pool(() => new SendAll());

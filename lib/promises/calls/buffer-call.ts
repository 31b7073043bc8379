/** What the calls on a buffer have in common. */
import { invalidValue } from '../../validate.js';
import { Operation } from '../engine/operation.js';

const NOTHING = new Uint8Array(0);

/**
 * A call on the caller's buffer, which may be transferred away or made smaller while the call waits. How many bytes it
 * has is decided by what native code sees; the length that it had when the call began is only noted.
 */
export abstract class BufferCall<Result> extends Operation<Result> {
  protected bytes: Uint8Array;
  protected flags: number;
  #length: number;

  constructor(bytes: Uint8Array, flags: number) {
    super();
    this.bytes = bytes;
    this.#length = bytes.length;
    this.flags = flags;
  }

  override get length(): number {
    return this.#length;
  }

  /** Makes it another call without flags. */
  protected become(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.#length = bytes.length;
  }

  protected override reset(): void {
    super.reset();
    this.bytes = NOTHING;
    this.flags = 0;
  }

  /** The buffer, where the call has no flags, for those that can be made in a batch. */
  protected get plainBuffer(): Uint8Array | undefined {
    return this.flags === 0 && this.#length > 0 ? this.bytes : undefined;
  }
}

/** One that returns how many bytes. */
export abstract class CountingBufferCall extends BufferCall<number> {
  finish(result: number): number {
    return result;
  }
}

/** The rest of a view from `done` on; the view has to be as long as it was. */
export function rest(bytes: Uint8Array, length: number, done: number): Uint8Array {
  if (bytes.length !== length) throw invalidValue('buffer', 'must not change its length while a call waits', bytes);
  return done === 0 ? bytes : bytes.subarray(done);
}

/** A call that is over with one system call. So many that are over are kept: one costs more to make than to fill in. */
const MOST_SPARE = 128;

/** Makes calls of one kind, out of those that are over where there are some. */
export class Pool<Call> {
  readonly #spare: Call[] = [];

  /** One that is over, to become another. */
  take(): Call | undefined {
    return this.#spare.pop();
  }

  /** This one is over. */
  give(call: Call): void {
    if (this.#spare.length < MOST_SPARE) this.#spare.push(call);
  }
}

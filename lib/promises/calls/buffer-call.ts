/** What the calls on a buffer have in common. */
import { asBytes, asPlainBytes, invalidValue, lengthOf } from '../../validate.js';
import type { Engine } from '../engine/engine.js';
import { Operation, rejected } from '../engine/operation.js';
import type { TransferOptions } from '../options.js';

const NOTHING = new Uint8Array(0);

/**
 * A call on the caller's buffer, which may be transferred away or made smaller while the call waits. How many bytes it
 * has is decided by what native code sees; the length that it had when the call began is only noted.
 */
export abstract class BufferCall<Result> extends Operation<Result> {
  protected bytes: Uint8Array = NOTHING;
  protected flags = 0;
  #length = 0;

  override get length(): number {
    return this.#length;
  }

  /** It is a call on these bytes, with these flags, from now on. */
  on(bytes: Uint8Array, flags: number): this {
    this.bytes = bytes;
    this.#length = lengthOf(bytes);
    this.flags = flags;
    return this;
  }

  protected override reset(): void {
    super.reset();
    this.bytes = NOTHING;
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
  if (lengthOf(bytes) !== length) throw invalidValue('buffer', 'must not change its length while a call waits', bytes);
  return done === 0 ? bytes : asPlainBytes(bytes, 'buffer').subarray(done);
}

/** So many calls that are over are kept: one costs more to make than to fill in. */
const MOST_SPARE = 128;

/** Makes calls of one kind, out of those that are over where there are some. */
export class Pool<Call> {
  readonly #spare: Call[] = [];
  readonly #make: () => Call;

  constructor(make: () => Call) {
    this.#make = make;
  }

  /** One that is over, to become another, or a new one. */
  take(): Call {
    return this.#spare.pop() ?? this.#make();
  }

  /** This one is over. */
  give(call: Call): void {
    if (this.#spare.length < MOST_SPARE) this.#spare.push(call);
  }
}

/** Begins a call on a buffer. Without options, as usual, there is no closure to make. */
export function beginOn<Result>(
  engine: Engine,
  calls: Pool<BufferCall<Result>>,
  buffer: NodeJS.ArrayBufferView,
  options: TransferOptions | undefined,
): Promise<Result> {
  try {
    if (options === undefined) return engine.begin(calls.take().on(asBytes(buffer, 'buffer'), 0));
    return engine.beginWith(options, (flags) => calls.take().on(asBytes(buffer, 'buffer'), flags));
  } catch (error) {
    return rejected(error);
  }
}

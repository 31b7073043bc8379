/** What the calls on a buffer have in common. */
import { invalidValue } from '../../validate.js';
import { Operation } from '../operation.js';

const NOTHING = new Uint8Array(0);

/** A call on the caller's buffer, which may be transferred away or made smaller while the call waits. */
export abstract class BufferCall<Result> extends Operation<Result> {
  #bytes: Uint8Array;
  #length: number;
  protected flags: number;

  constructor(bytes: Uint8Array, flags: number) {
    super();
    this.#bytes = bytes;
    this.#length = bytes.length;
    this.flags = flags;
  }

  /** Makes it another call without flags. */
  protected become(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#length = bytes.length;
  }

  protected override reset(): void {
    super.reset();
    this.#bytes = NOTHING;
    this.flags = 0;
  }

  /** The bytes that were given, as they are now. */
  protected bytes(): Uint8Array {
    const bytes = this.#bytes;
    if (bytes.length === this.#length || bytes.length > 0) return bytes;
    throw invalidValue('buffer', 'must not be detached while a call waits', bytes);
  }

  /** The bytes that were given, where they are all there and the call has no flags. */
  protected get plainBytes(): Uint8Array | undefined {
    const bytes = this.#bytes;
    return this.flags === 0 && bytes.length === this.#length && bytes.length > 0 ? bytes : undefined;
  }

  /** The bytes that were given; they have to be all there. */
  protected unchangedBytes(): Uint8Array {
    if (this.#bytes.length === this.#length) return this.#bytes;
    throw invalidValue('buffer', 'must not change its length while a call waits', this.#bytes);
  }
}

/** One that returns how many bytes. */
export abstract class CountingBufferCall extends BufferCall<number> {
  finish(result: number): number {
    return result;
  }
}

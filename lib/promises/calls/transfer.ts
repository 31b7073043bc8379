/** recv(2) and send(2), as operations. */
import { MSG_DONTWAIT } from '../../constants.js';
import { native } from '../../native.js';
import { lend, lendSmall, take } from '../lent-buffer.js';
import { GO_ON_LATER, numberOf, Operation } from '../operation.js';
import { READABLE, WRITABLE } from '../direction.js';
import { setDrained } from '../readiness.js';
import { CountingBufferCall } from './buffer-call.js';

/** recv(2) at once: how many bytes, or -errno. TCP that gave less than there was room for is empty now. */
export function recvNow(fd: number, bytes: Uint8Array, flags: number, isTcp: boolean): number {
  if (flags !== 0) return numberOf(native.recv(fd, bytes, flags | MSG_DONTWAIT));
  const result = numberOf(native.recvNow(fd, bytes));
  if (isTcp) received(fd, result, bytes);
  return result;
}

/** TCP has given so many bytes. */
function received(fd: number, result: number, bytes: Uint8Array): void {
  if (result > 0 && result < bytes.length) setDrained(fd);
}

/** send(2) at once: how many bytes, or -errno. */
export function sendNow(fd: number, bytes: Uint8Array, flags: number): number {
  return numberOf(flags === 0 ? native.sendNow(fd, bytes) : native.send(fd, bytes, flags | MSG_DONTWAIT));
}

/** So many calls that are over are kept, to become others: one costs more to make than to fill in. */
const MOST_SPARE = 128;

/** A call that is over with one system call. */
abstract class SingleCall extends CountingBufferCall {
  /** Those of its kind that are over. */
  protected abstract get spare(): SingleCall[];

  protected override recycle(): void {
    this.reset();
    if (this.spare.length < MOST_SPARE) this.spare.push(this);
  }

  override get plainBuffer(): Uint8Array | undefined {
    return this.plainBytes;
  }
}

/** recv(2) */
export class Recv extends SingleCall {
  static readonly #spare: Recv[] = [];
  protected get spare(): Recv[] {
    return Recv.#spare;
  }

  /** One without flags. */
  static plain(bytes: Uint8Array, isTcp: boolean): Recv {
    const call = Recv.#spare.pop();
    if (call === undefined) return new Recv(bytes, 0, isTcp);
    call.become(bytes);
    call.#isTcp = isTcp;
    return call;
  }

  get direction(): typeof READABLE {
    return READABLE;
  }
  get syscall(): string {
    return 'recv';
  }
  #isTcp: boolean;

  constructor(bytes: Uint8Array, flags: number, isTcp: boolean) {
    super(bytes, flags);
    this.#isTcp = isTcp;
  }

  protected call(fd: number): number {
    return recvNow(fd, this.bytes(), this.flags, this.#isTcp);
  }

  override made(fd: number, result: number): number {
    if (this.#isTcp) received(fd, result, this.bytes());
    return result;
  }
}

/** How many parts one attempt receives or sends: then the other sockets have their turn. */
const MOST_PARTS = 16;

/** A call that is made again and again, until the whole buffer is done. */
abstract class WholeBufferCall extends CountingBufferCall {
  /** How many bytes are. */
  protected done = 0;

  /** Makes the system call for what is left: how many bytes, or -errno. */
  protected abstract part(fd: number, rest: Uint8Array): number;

  protected call(fd: number): number {
    const bytes = this.unchangedBytes();
    for (let parts = 0; parts < MOST_PARTS; parts++) {
      const result = this.part(fd, this.done === 0 ? bytes : bytes.subarray(this.done));
      if (result < 0) return result;
      this.done += result;
      if (result === 0 || this.done === bytes.length) return this.done;
    }
    return GO_ON_LATER;
  }
}

/** recv(2) of a stream with MSG_WAITALL, which a non-blocking socket ignores: until the buffer is full. */
export class RecvAll extends WholeBufferCall {
  get direction(): typeof READABLE {
    return READABLE;
  }
  get syscall(): string {
    return 'recv';
  }

  override get partial(): number {
    return this.done;
  }

  protected part(fd: number, rest: Uint8Array): number {
    return recvNow(fd, rest, this.flags, false);
  }
}

/** recv(2) into a buffer that is there only when there are bytes */
export class RecvChunk extends Operation<Buffer> {
  get direction(): typeof READABLE {
    return READABLE;
  }
  get syscall(): string {
    return 'recv';
  }
  readonly #size: number;
  readonly #isTcp: boolean;
  #chunk: Buffer | undefined;

  constructor(size: number, isTcp: boolean) {
    super();
    this.#size = size;
    this.#isTcp = isTcp;
  }

  protected call(fd: number): number {
    const buffer = lend(this.#size);
    const length = recvNow(fd, buffer, 0, this.#isTcp);
    if (length >= 0) this.#chunk = take(buffer, length);
    return length;
  }

  // Among others a chunk is short; where more has come, the next one is long.
  override get plainBuffer(): Uint8Array | undefined {
    return this.#isTcp ? (this.#chunk = lendSmall(this.#size)) : undefined;
  }

  override made(fd: number, result: number): number {
    const buffer = this.#chunk as Buffer;
    received(fd, result, buffer);
    this.#chunk = result < 0 ? undefined : Buffer.from(buffer.subarray(0, result));
    return result;
  }

  finish(): Buffer {
    return this.#chunk as Buffer;
  }
}

/** send(2) */
export class Send extends SingleCall {
  static readonly #spare: Send[] = [];
  protected get spare(): Send[] {
    return Send.#spare;
  }

  /** One without flags. */
  static plain(bytes: Uint8Array): Send {
    const call = Send.#spare.pop();
    if (call === undefined) return new Send(bytes, 0);
    call.become(bytes);
    return call;
  }

  get direction(): typeof WRITABLE {
    return WRITABLE;
  }
  get syscall(): string {
    return 'send';
  }

  protected call(fd: number): number {
    return sendNow(fd, this.bytes(), this.flags);
  }
}

/** send(2), until everything has been sent */
export class SendAll extends WholeBufferCall {
  get direction(): typeof WRITABLE {
    return WRITABLE;
  }
  get syscall(): string {
    return 'send';
  }

  protected part(fd: number, rest: Uint8Array): number {
    return sendNow(fd, rest, this.flags);
  }

  override get plainBuffer(): Uint8Array | undefined {
    return this.done === 0 ? this.plainBytes : undefined;
  }

  override made(_: number, result: number): number {
    if (result < 0) return result;
    this.done = result;
    return result < this.bytes().length ? GO_ON_LATER : result;
  }
}

/**
 * Batches: transfers of many sockets in one crossing into native code, and one system call where io_uring makes it.
 * Besides the crossings that saves, the kernel's code and JavaScript's drive each other out of the processor's caches
 * less often.
 */
import { native } from '../../native.js';
import type { Operation } from './operation.js';
import { isOver, type Outcome } from './outcome.js';

/** How many in one crossing; the poller tells of no more at once. */
const { most: MOST } = native.batch;
const NOTHING = new Uint8Array(0);

/** The socket of a call in a batch. */
export interface Member {
  /** The call has been made: notes that, and says what has come of it. Runs nothing of the user's. */
  made(operation: Operation<unknown>, outcome: Outcome): Outcome;
}

/** The calls of one crossing. */
class Group {
  readonly members: (Member | undefined)[] = Array.from({ length: MOST }, () => undefined);
  readonly operations: (Operation<unknown> | undefined)[] = Array.from({ length: MOST }, () => undefined);
  readonly buffers: Uint8Array[] = Array.from({ length: MOST }, () => NOTHING);
  /** For each its descriptor, then its outcome; and the length that its buffer had: struct BatchEntry. */
  readonly entries = new Int32Array(2 * MOST);
  readonly bytes = new Uint8Array(this.entries.buffer);
  count = 0;
}

/** Calls of one direction that are made together. Receives and sends are two batches. */
export class Batch {
  readonly #call: 'recvMany' | 'sendMany';
  #group = new Group();
  #spare: Group | undefined = undefined;

  constructor(call: 'recvMany' | 'sendMany') {
    this.#call = call;
  }

  /** Adds a call without flags on the buffer, which had this length when the call began. */
  add(member: Member, operation: Operation<unknown>, fd: number, bytes: Uint8Array, length: number): void {
    if (this.#group.count === MOST) this.make();
    const { members, operations, buffers, entries } = this.#group;
    const at = this.#group.count++;
    members[at] = member;
    operations[at] = operation;
    buffers[at] = bytes;
    entries[2 * at] = fd;
    entries[2 * at + 1] = length;
  }

  /**
   * Makes the calls. First all of them are taken out of their sockets' queues, and only then are the promises settled:
   * that may run code of the user's, a getter `then` of Object.prototype, which finds every socket in order.
   */
  make(): void {
    const group = this.#group;
    if (group.count === 0) return;
    this.#group = this.#spare ?? new Group(); // whoever adds a call meanwhile adds it to the next crossing
    this.#spare = undefined;
    native[this.#call](group.count, group.bytes, ...group.buffers);
    const { members, operations, buffers, entries } = group;
    for (let i = 0; i < group.count; i++) {
      const outcome = (members[i] as Member).made(operations[i] as Operation<unknown>, entries[2 * i] as number);
      members[i] = undefined; // nobody else may hold the socket, nor the buffer
      buffers[i] = NOTHING;
      if (isOver(outcome)) entries[2 * i] = outcome;
      else operations[i] = undefined;
    }
    for (let i = 0; i < group.count; i++) {
      const operation = operations[i];
      operations[i] = undefined;
      operation?.settle(entries[2 * i] as number);
    }
    group.count = 0;
    this.#spare = group;
  }
}

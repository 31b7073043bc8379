/** The calls that wait on one descriptor: first come, first served, in each queue. */
import type { Operation } from './operation.js';
import type { Queue } from './readiness.js';

/** A call that waits. */
export type Waiting = Operation<unknown>;

/** A linked list through the operations themselves: a socket that waits costs no more than its operation. */
export class WaitQueue {
  #first: Waiting | undefined = undefined;
  #last: Waiting | undefined = undefined;

  /** The one that came first. */
  get first(): Waiting | undefined {
    return this.#first;
  }

  /** The first that waits in this queue. */
  firstOf(queue: Queue): Waiting | undefined {
    let waiting = this.#first;
    while (waiting !== undefined && waiting.queue !== queue) waiting = waiting.next;
    return waiting;
  }

  append(waiting: Waiting): void {
    waiting.waits = true;
    if (this.#last === undefined) this.#first = waiting;
    else this.#last.next = waiting;
    this.#last = waiting;
  }

  /** Takes one out, which waits in this queue. */
  takeOut(waiting: Waiting): void {
    let before: Waiting | undefined;
    for (let other = this.#first; other !== waiting && other !== undefined; other = other.next) before = other;
    if (before === undefined) this.#first = waiting.next;
    else before.next = waiting.next;
    if (this.#last === waiting) this.#last = before;
    waiting.next = undefined;
    waiting.waits = false;
  }
}

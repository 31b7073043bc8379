/** The calls that wait on one socket: first come, first served, in each direction. */
import type { Direction } from './direction.js';
import type { Operation } from './operation.js';

export type Waiting = Operation<unknown>;

/** A linked list through the operations themselves: a socket that waits costs no more than its operation. */
export class WaitQueue {
  #first: Waiting | undefined = undefined;
  #last: Waiting | undefined = undefined;

  /** The one that came first. */
  protected get firstWaiting(): Waiting | undefined {
    return this.#first;
  }

  /** The first that waits in a direction. */
  protected firstOf(direction: Direction): Waiting | undefined {
    let waiting = this.#first;
    while (waiting !== undefined && waiting.direction !== direction) waiting = waiting.next;
    return waiting;
  }

  protected append(waiting: Waiting): void {
    if (this.#last === undefined) this.#first = waiting;
    else this.#last.next = waiting;
    this.#last = waiting;
  }

  /** Takes one out. Was it in the queue? */
  protected takeOut(waiting: Waiting): boolean {
    let before: Waiting | undefined;
    let other = this.#first;
    while (other !== undefined && other !== waiting) {
      before = other;
      other = other.next;
    }
    if (other === undefined) return false;
    if (before === undefined) this.#first = waiting.next;
    else before.next = waiting.next;
    if (this.#last === waiting) this.#last = before;
    return true;
  }

  /** Empties the queue. Returns the first, which leads to the others. */
  protected takeAll(): Waiting | undefined {
    const first = this.#first;
    this.#first = this.#last = undefined;
    return first;
  }
}

/**
 * Backoff of accept(2): where the kernel has no descriptor or no memory for a connection, that stays in the queue, and
 * the listener stays readable. Trying again at once would spin.
 */
import { constants } from 'node:os';

const { EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM } = constants.errno;
/** Errors that leave the connection queued: EPERM is said by a security module or a filter. */
const QUEUED = new Set([-EMFILE, -ENFILE, -ENOBUFS, -ENOMEM, -EPERM]);

/** Does accept(2) that failed so leave the connection in the queue? */
export const leavesQueued = (outcome: number): boolean => outcome < 0 && QUEUED.has(outcome);

/** How long to wait, in milliseconds: other processes free descriptors and memory too, and say nothing. */
const BACKOFF_MS = 100;

/** A listener that is to try again. */
export interface Retrying {
  wake(): void;
}

let waiting = new Set<Retrying>();
let timer: NodeJS.Timeout | undefined;

/** Lets the listener try again when a descriptor of ours was closed, or after a while. */
export function backOff(listener: Retrying): void {
  waiting.add(listener);
  timer ??= setTimeout(retryAll, BACKOFF_MS).unref(); // what waits keeps the process alive itself, or shall not
}

/** A descriptor has been closed. */
export function descriptorWasFreed(): void {
  if (waiting.size > 0) setImmediate(retryAll);
}

function retryAll(): void {
  clearTimeout(timer);
  timer = undefined;
  const now = waiting;
  waiting = new Set();
  for (const listener of now) listener.wake();
}

/** Sends that are made together, as soon as the promises that are settled by now have run. */
import * as batch from './batch.js';

/** Who has a send in the outbox. */
export interface Sender {
  /** Adds its send to the batch, if that is still to be made. */
  addSend(): void;
}

/** A longer send is made at once: its bytes cost more than the crossing. */
const LONGEST = 4096;

/** Is a send of this length for the outbox? */
export function takes(length: number): boolean {
  return length > 0 && length <= LONGEST;
}

const settled = Promise.resolve();
const senders: (Sender | undefined)[] = []; // the first `count` of them
let count = 0;
let watchesExit = false;

/** `sender` has a send. */
export function add(sender: Sender): void {
  senders[count++] = sender;
  if (count > 1) return;
  void settled.then(flush);
  if (watchesExit) return;
  watchesExit = true;
  process.prependListener('exit', flush);
}

/** Makes the sends now. */
export function flush(): void {
  for (let i = 0; i < count; i++) {
    if (batch.isFull()) batch.send();
    senders[i]?.addSend();
    senders[i] = undefined;
  }
  count = 0;
  batch.send();
}

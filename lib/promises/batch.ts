/**
 * Transfers of many sockets in one crossing into native code, and one system call where io_uring makes it: what became
 * ready together is received together, and what one round of promises sends is sent together. Besides the crossings
 * that saves, the kernel's code and JavaScript's drive each other out of the processor's caches less often.
 */
import { native } from '../native.js';
import { READABLE, WRITABLE, type Direction } from './direction.js';

/** How many in one crossing; the poller tells of no more at once. */
const MOST = native.batchSize;

/** Who takes part in a batch. */
export interface Member {
  /** Its call has been made: the result, or -errno. */
  made(direction: Direction, result: number): void;
}

const NOTHING = new Uint8Array(0);
const members: (Member | undefined)[] = Array.from({ length: MOST }, () => undefined);
const buffers: Uint8Array[] = Array.from({ length: MOST }, () => NOTHING);
const transfers = new Int32Array(1 + MOST); // how many, and for each the descriptor, and then its result
const transferBytes = new Uint8Array(transfers.buffer);
let count = 0;

/** Adds a call. Nothing may happen to its descriptor and its buffer until the batch is made. */
export function add(member: Member, fd: number, bytes: Uint8Array): void {
  members[count] = member;
  buffers[count] = bytes;
  transfers[++count] = fd;
}

/** Is there no room for one more? */
export function isFull(): boolean {
  return count === MOST;
}

/** Receives for all, and tells them. */
export function receive(): void {
  make(READABLE);
}

/** Sends for all, and tells them. */
export function send(): void {
  make(WRITABLE);
}

function make(direction: Direction): void {
  if (count === 0) return;
  const made = count;
  count = 0;
  transfers[0] = made;
  if (direction === READABLE) native.recvMany(transferBytes, ...buffers);
  else native.sendMany(transferBytes, ...buffers);
  for (let i = 0; i < made; i++) {
    const member = members[i];
    members[i] = undefined; // nobody else may hold the socket, nor the buffer
    buffers[i] = NOTHING;
    member?.made(direction, transfers[1 + i] as number);
  }
}

/**
 * Transfers of many sockets in one crossing into native code, and one system call where io_uring makes it: what became
 * ready together is received together, and what one round of promises sends is sent together. Besides the crossings
 * that saves, the kernel's code and JavaScript's drive each other out of the processor's caches less often.
 */
import { native } from '../native.js';
import { READABLE, WRITABLE, type Direction } from './direction.js';

/** How many in one crossing, and how many the poller tells of at once: Uring::kMost, Poller::kGroup. */
const MOST = 64;

/** Who takes part in a batch. */
export interface Member {
  /** Its call has been made: the result, or -errno. */
  made(direction: Direction, result: number): void;
}

const members: (Member | undefined)[] = [];
const buffers: Uint8Array[] = [];
const transfers = new Int32Array(MOST);
const transferBytes = new Uint8Array(transfers.buffer);

/** Adds a call. Nothing may happen to its descriptor and its buffer until the batch is made. */
export function add(member: Member, fd: number, bytes: Uint8Array): void {
  const at = buffers.length;
  members[at] = member;
  buffers[at] = bytes;
  transfers[at] = fd;
}

/** Is there no room for one more? */
export function isFull(): boolean {
  return buffers.length === MOST;
}

/** Receives for all, and tells them. */
export function receive(): void {
  if (buffers.length === 0) return;
  native.recvMany(transferBytes, ...buffers);
  tell(READABLE);
}

/** Sends for all, and tells them. */
export function send(): void {
  if (buffers.length === 0) return;
  native.sendMany(transferBytes, ...buffers);
  tell(WRITABLE);
}

function tell(direction: Direction): void {
  const count = buffers.length;
  buffers.length = 0;
  for (let i = 0; i < count; i++) {
    const member = members[i];
    members[i] = undefined; // nobody else may hold the socket
    member?.made(direction, transfers[i] as number);
  }
}

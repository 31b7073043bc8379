/**
 * Readiness: which descriptors may be read or written without EAGAIN, as a table of bits by descriptor that is shared
 * with native/wait/readiness.h, where it is described. Nothing here makes a system call on a socket.
 *
 * Four queues wait on a descriptor, as the kernel has four: bytes to read, room to write, urgent data (MSG_OOB), and the
 * error queue (MSG_ERRQUEUE). poll(2) waits for any of them.
 */
import { MSG_ERRQUEUE, MSG_OOB } from '../../constants.js';
import { check } from '../../errors.js';
import { native } from '../../native.js';
import { backend } from '../backend.js';

const bits = native.readiness;

/** The queue a call waits in, as the bit that says that it may succeed. */
export type Queue = number;
/** recv(2) and accept(2) wait here. */
export const READABLE: Queue = bits.READABLE;
/** send(2) and connect(2) wait here. */
export const WRITABLE: Queue = bits.WRITABLE;
/** recv(2) with MSG_OOB waits here: EPOLLPRI. */
export const URGENT: Queue = bits.URGENT;
/** recvmsg(2) with MSG_ERRQUEUE waits here: EPOLLERR. */
export const ERRORS: Queue = bits.ERRORS;
/** poll(2) waits for all of them. */
export const ANY: Queue = bits.ANY;
const { ENDED, DRAINS, OWNED, REGISTERED, WAIT_SHIFT } = bits;

/** The queue of a receive with these flags: the kernel has three, and so has a socket here. */
export function receiveQueue(flags: number): Queue {
  if ((flags & ((MSG_ERRQUEUE as number | undefined) ?? 0)) !== 0) return ERRORS; // macOS lacks it
  return (flags & MSG_OOB) === 0 ? READABLE : URGENT;
}

/** Who is told that its descriptor is ready. */
export interface Waiter {
  /** Makes the calls that wait. */
  onReady(): void;
  /** Adds a call that receives to the batch, if there is one that can be made so. */
  addReceive(): void;
  /** The descriptor has become somebody else's. */
  onLost(): void;
}

/** Who serves a group of descriptors that became ready. */
export type Serve = (group: readonly (Waiter | undefined)[], count: number) => void;

const view = new Int32Array(bits.viewSize / Int32Array.BYTES_PER_ELEMENT);
// Address space only: a page is there once a descriptor in it is used.
let states = new Uint16Array(0);
const owners: number[] = [];
const waiters: (Waiter | undefined)[] = [];
let lastOwner = 0;

/**
 * Makes the poller, which takes a descriptor: before there is one that could leak.
 *
 * @throws SocketError EMFILE, ENFILE, ENOMEM
 */
export function prepare(serve: Serve): void {
  if (states.length > 0) return;
  backend(); // opens the ring, where there is one
  const table = new Uint16Array(bits.descriptors);
  const group: (Waiter | undefined)[] = [];
  const onReady = (): void => {
    const start = view[bits.start] as number;
    const count = (view[bits.end] as number) - start;
    for (let i = 0; i < count; i++) group[i] = waiters[view[bits.ready + start + i] as number];
    serve(group, count);
    for (let i = 0; i < count; i++) group[i] = undefined; // fill() is a call into C++
  };
  check(native.openPoller(view.buffer, table.buffer, onReady), 'epoll_create1');
  states = table;
}

/** How many descriptors are in the group that is served now, until its microtasks have run; 0 at other times. */
export function groupSize(): number {
  return (view[bits.end] as number) - (view[bits.start] as number);
}

/**
 * Notes who owns a descriptor that native code has just made ours, and that counts as ready until a call says EAGAIN.
 *
 * @returns the owner's number, for {@link owns}
 */
export function adopt(fd: number): number {
  const former = waiters[fd];
  waiters[fd] = undefined;
  former?.onLost(); // somebody closed its descriptor behind its back, and the number has come again
  return (owners[fd] = ++lastOwner);
}

/** Is it still this owner's, or has it been closed by the raw API, or the number been given to somebody else? */
export function owns(owner: number, fd: number): boolean {
  return owners[fd] === owner && ((states[fd] as number) & OWNED) !== 0;
}

/** Nobody waits for the descriptor any more, for it is given up. */
export function abandon(fd: number): void {
  owners[fd] = 0;
  waiters[fd] = undefined;
}

/**
 * From now on changes of the descriptor are told, if they are not yet: epoll_ctl(2).
 *
 * @throws SocketError EPERM (a regular file cannot be waited for), ENOSPC, ENOMEM, EBADF
 */
export function register(fd: number): void {
  if (((states[fd] as number) & REGISTERED) === 0) check(native.pollerRegister(fd), 'epoll_ctl');
}

/** Is a call of this queue likely to succeed at once? */
export function isReady(fd: number, queue: Queue): boolean {
  return ((states[fd] as number) & queue) !== 0;
}

/** Does a short read of the descriptor mean that it is empty? So it is with TCP. */
export function drains(fd: number): boolean {
  return ((states[fd] as number) & DRAINS) !== 0;
}

/** The next call is tried, whatever the one before said. */
export function setReady(fd: number): void {
  states[fd] = (states[fd] as number) | ANY;
}

/** The call said EAGAIN: the next one of the queue waits for an event. poll(2) asks for all queues, and proves none empty. */
export function setNotReady(fd: number, queue: Queue): void {
  if (queue === ANY) return;
  states[fd] = (states[fd] as number) & ~(queue === READABLE ? READABLE | ENDED : queue);
}

/** `waiter` has a call that waits in this queue. */
export function startWaiting(fd: number, queue: Queue, waiter: Waiter): void {
  states[fd] = (states[fd] as number) | (queue << WAIT_SHIFT);
  waiters[fd] = waiter;
}

/** No call waits any more. */
export function stopWaiting(fd: number): void {
  states[fd] = (states[fd] as number) & ~(ANY << WAIT_SHIFT);
  waiters[fd] = undefined;
}

/** One more operation keeps the process alive. */
export function keepAlive(): void {
  (view[bits.pending] as number)++;
  if (view[bits.referenced] === 0) native.keepPollerAlive();
}

/** One operation less keeps it alive. Native code looks at the number before the loop sleeps. */
export function letEnd(): void {
  (view[bits.pending] as number)--;
}

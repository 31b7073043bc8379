/**
 * What is ready, and who waits for it: one poller for each thread's event loop, and a table of bits that it shares
 * with native/wait/poller.cc, by descriptor. Nothing here makes a system call on a socket.
 */
import { check } from '../errors.js';
import { native } from '../native.js';
import { backend } from './backend.js';
import * as batch from './batch.js';
import { READABLE, WRITABLE, type Direction } from './direction.js';

// The bits of a descriptor: DescriptorState in native/wait/poller.h.
const WAITS = 2; // READ_WAITS is READABLE << WAITS, and so on
const OWNED = 16;
const QUEUED = 32; // a send of it is in the outbox
const ENDED = 64;

/** Who is told that its descriptor is ready. */
export interface Waiter {
  /** Makes the calls that wait. */
  onReady(): void;
  /** Adds a call that receives to the batch, if there is one that can be made so. */
  addReceive(): void;
  /** The descriptor has become somebody else's. */
  onLost(): void;
}

// The ints of PollerView.
const PENDING = 0;
const REFERENCED = 1;
const START = 2;
const END = 3;
const READY = 4;
const view = new Int32Array(native.pollerViewSize / Int32Array.BYTES_PER_ELEMENT);

let states = new Uint8Array(0);
const owners: number[] = [];
const waiters: (Waiter | undefined)[] = [];
let lastOwner = 0;

/** Counts the turns in which sockets were served: each has a budget of calls for one turn. */
export let turn = 1;

/** How many calls may succeed at once in a turn, of all sockets together. */
const SHARES = 1024;
let shares = SHARES;

/** May one more call be made in this turn? */
export function takeShare(): boolean {
  return shares-- > 0;
}

function startTurn(): void {
  turn++;
  shares = SHARES;
}

/**
 * Makes the poller, which takes a descriptor: before there is one that could leak.
 *
 * @throws SocketError EMFILE, ENFILE, ENOMEM
 */
export function prepare(): void {
  if (states.length > 0) return;
  backend(); // opens the ring, where there is one
  check(native.openPoller(view.buffer, onReady), 'epoll_create1');
  grow(1024);
}

function grow(size: number): void {
  const grown = new Uint8Array(size);
  grown.set(states);
  states = grown;
  native.setPollerTable(states);
}

/** So many are worth a batch. */
const MANY = 4;

/** Are the promises running that many sockets have settled at once? */
export function manyAreReady(): boolean {
  return (view[END] as number) - (view[START] as number) >= MANY;
}

function onReady(): void {
  startTurn();
  const start = view[START] as number;
  const end = view[END] as number;
  if (manyAreReady()) {
    for (let i = start; i < end; i++) waiters[view[READY + i] as number]?.addReceive();
    batch.receive();
  }
  for (let i = start; i < end; i++) waiters[view[READY + i] as number]?.onReady();
}

/**
 * Makes a descriptor ours: it is closed with the environment. It counts as ready for everything until a call says
 * EAGAIN.
 *
 * @returns the owner's number, for {@link owns}
 */
export function adopt(fd: number): number {
  if (fd >= states.length) grow(2 ** Math.ceil(Math.log2(fd + 1)));
  const former = waiters[fd];
  states[fd] = OWNED | READABLE | WRITABLE;
  waiters[fd] = undefined;
  former?.onLost(); // somebody closed its descriptor behind its back, and the number has come again
  return (owners[fd] = ++lastOwner);
}

/** Is it still this owner's, or has the number been given to somebody else? */
export function owns(owner: number, fd: number): boolean {
  return owners[fd] === owner;
}

/** The descriptor is not ours any more, and is told of no longer. */
export function abandon(fd: number, registered: boolean): void {
  owners[fd] = 0;
  states[fd] = 0;
  waiters[fd] = undefined;
  if (registered) native.pollerRemove(fd); // a copy of it, in another process, would go on telling
}

/**
 * From now on changes of the descriptor are told: epoll_ctl(2).
 *
 * @throws SocketError EPERM (a regular file cannot be waited for), ENOSPC, ENOMEM, EBADF
 */
export function register(fd: number): void {
  check(native.pollerAdd(fd), 'epoll_ctl');
}

/** Is a call in this direction likely to succeed at once? */
export function isReady(fd: number, direction: Direction): boolean {
  return ((states[fd] as number) & direction) !== 0;
}

/** The next call is tried, whatever the one before said. */
export function setReady(fd: number): void {
  states[fd] = (states[fd] as number) | READABLE | WRITABLE;
}

/** The call said EAGAIN: the next one waits for a change. */
export function setNotReady(fd: number, direction: Direction): void {
  states[fd] = (states[fd] as number) & ~(direction === READABLE ? READABLE | ENDED : direction);
}

/** A stream gave less than there was room for: it is empty, unless its end is near, which is told only once. */
export function setDrained(fd: number): void {
  const state = states[fd] as number;
  if ((state & ENDED) === 0) states[fd] = state & ~READABLE;
}

/** A send of the descriptor is in the outbox. */
export function setQueued(fd: number): void {
  states[fd] = (states[fd] as number) | QUEUED;
}

/** Is a send of the descriptor in the outbox? */
export function isQueued(fd: number): boolean {
  return ((states[fd] as number) & QUEUED) !== 0;
}

/** A send of the descriptor is in the outbox no longer. */
export function setNotQueued(fd: number): void {
  states[fd] = (states[fd] as number) & ~QUEUED;
}

/** `waiter` has a call that waits. */
export function startWaiting(fd: number, direction: Direction, waiter: Waiter): void {
  states[fd] = (states[fd] as number) | (direction << WAITS);
  waiters[fd] = waiter;
}

/** No call waits any more. */
export function stopWaiting(fd: number): void {
  states[fd] = (states[fd] as number) & ~((READABLE | WRITABLE) << WAITS);
  waiters[fd] = undefined;
}

/** One more operation keeps the process alive. */
export function keepAlive(): void {
  (view[PENDING] as number)++;
  if (view[REFERENCED] === 0) native.keepPollerAlive();
}

/** One operation less keeps it alive. Native code looks at the number before the loop sleeps. */
export function letEnd(): void {
  (view[PENDING] as number)--;
}

let again: Waiter[] = [];

/** `waiter` could go on, but it has had its share of this turn: it goes on in the next one, after all others. */
export function goOnLater(waiter: Waiter): void {
  if (again.push(waiter) === 1) setImmediate(goOn);
}

function goOn(): void {
  startTurn();
  const now = again;
  again = [];
  for (const waiter of now) waiter.onReady();
}

/**
 * The turn: one round in which sockets that became ready are served. It owns the budget of the round, knows whether
 * there is a crowd, and has the two batches.
 *
 * ```
 *                      the poller tells of a group of descriptors
 *   idle ──────────────────────────────────────────────────────────► receiving
 *    ▲                                                                   │ a crowd: all receives are one crossing
 *    │                                                                   ▼
 *    │   the group is served, and microtasks have run                 serving: every call that waits is tried
 *    └──────────────────────────────────────────────────────────────────┤
 *    ▲                                                                   │ a crowd, and somebody sends
 *    │                 first microtask after the handlers                ▼
 *    └──────────────────────────────────────────────────────────────  gathering: sends are added to the batch
 *        all sends are one crossing                                      │
 *        ◄───────────────────────────────────────────────────────────────┘
 *        at once, where a socket that has one is told something else: another send, shutdown, close, an option
 * ```
 *
 * A handler runs in a microtask of the group that settled its promise. Native code lets those run before it tells of the
 * next group, so "a crowd" is true exactly from the telling until they have run.
 */
import { Batch } from './batch.js';
import type { Operation } from './operation.js';
import { groupSize, prepare as preparePoller, type Waiter } from './readiness.js';

/** So many sockets that are ready at once are a crowd, which is worth a batch. */
const CROWD = 4;
/** How many calls may succeed at once in a turn, of all sockets together. */
const SHARES = 1024;
/** A longer send is made at once, in bytes: it costs more than the crossing. */
const LONGEST_GATHERED = 4096;

/** The receives of a crowd. */
export const receives = new Batch('recvMany');
const sends = new Batch('sendMany');

let number = 1;
let shares = SHARES;

/** Counts the turns: each socket has a budget of calls for one turn. */
export function turnNumber(): number {
  return number;
}

/** Takes one of the calls that may succeed at once in this turn. Was there one left? */
export function takeShare(): boolean {
  return shares-- > 0;
}

function startTurn(): void {
  number++;
  shares = SHARES;
}

/** Serves the group, and lets the microtasks of its promises run: native code does that when this returns. */
function serve(group: readonly (Waiter | undefined)[], count: number): void {
  startTurn();
  if (isCrowd()) {
    for (let i = 0; i < count; i++) group[i]?.addReceive();
    receives.make();
  }
  for (let i = 0; i < count; i++) group[i]?.onReady();
}

/** Are the microtasks of many sockets running, which were settled at once? */
function isCrowd(): boolean {
  return groupSize() >= CROWD;
}

/**
 * Makes the poller, before there is a descriptor that could leak.
 *
 * @throws SocketError EMFILE, ENFILE, ENOMEM
 */
export function prepare(): void {
  preparePoller(serve);
}

const settled = Promise.resolve();

/** Who has a send that is gathered. */
export interface Sender {
  /** Adds its send to the batch, if that is still to be made. */
  addSend(to: Batch): void;
}

let senders: Sender[] = [];
let watchesExit = false;

/** Is it a small send in a crowd, which can be gathered with those of the other sockets? */
export function gathers(send: Pick<Operation<unknown>, 'length' | 'lendBuffer'>): boolean {
  return isCrowd() && send.length <= LONGEST_GATHERED && send.lendBuffer() !== undefined;
}

/** Gathers a send: it leaves when the handlers of this crowd have run, or at {@link sendGathered}. */
export function gather(sender: Sender): void {
  if (senders.push(sender) > 1) return;
  void settled.then(sendGathered);
  if (watchesExit) return;
  watchesExit = true;
  process.prependListener('exit', sendGathered);
}

/** Makes the sends that were gathered. */
export function sendGathered(): void {
  const gathered = senders;
  if (gathered.length === 0) return;
  senders = [];
  for (const sender of gathered) sender.addSend(sends);
  sends.make();
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

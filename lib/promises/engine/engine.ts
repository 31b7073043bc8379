/**
 * The engine of one socket: it owns the descriptor, lets calls wait for it, tries them again when it is ready, keeps the
 * sockets of a thread fair to each other, and ends what waits. A `Socket` is a thin face of it.
 *
 * Every call has one shape. It is tried at once where that is likely to succeed; on EAGAIN it waits in its queue
 * (`wait-queue.ts`); an event of the poller (`readiness.ts`) or the next turn (`turn.ts`) tries it again.
 */
import { constants } from 'node:os';
import { SocketError } from '../../errors.js';
import { native } from '../../native.js';
import { readOptions, type TransferOptions } from '../options.js';
import { descriptorWasFreed } from '../owner/backoff.js';
import { watch } from '../owner/leaks.js';
import type { Batch, Member } from './batch.js';
import { rejected, type Operation } from './operation.js';
import { GO_ON_LATER, isOver, MUST_WAIT, type Outcome } from './outcome.js';
import * as readiness from './readiness.js';
import { ANY, READABLE, WRITABLE, type Queue } from './readiness.js';
import * as turn from './turn.js';
import { WaitQueue, type Waiting } from './wait-queue.js';

const { EBADF, ECANCELED } = constants.errno;

/** How many calls of a socket may succeed at once before the other sockets have their turn. */
const BUDGET = 64;

export class Engine implements readiness.Waiter, turn.Sender, Member {
  /** The descriptor; -1 once it is closed or detached. */
  fd: number;
  /** SOCK_STREAM …, with flags. */
  readonly type: number;
  /** Its number in the table of owners. */
  readonly owner: number;
  /** Has accept(2) said that there is no descriptor or no memory for a connection? */
  starved = false;
  readonly #queue = new WaitQueue();
  #keepsAlive = true;
  #gathered = false;
  #turn = 0;
  #budget = 0;

  constructor(fd: number, type: number) {
    this.fd = fd;
    this.type = type;
    this.owner = readiness.adopt(fd);
    watch(this);
  }

  /** Is the descriptor ours still? Somebody may have closed it behind our back. */
  isOpen(): boolean {
    return this.fd !== -1 && readiness.owns(this.owner, this.fd);
  }

  /**
   * Makes the send that was gathered, if there is one: whatever else the socket is told comes after it.
   *
   * @returns the descriptor, for a call that cannot wait
   * @throws SocketError EBADF (closed)
   */
  settled(syscall: string): number {
    if (this.#gathered) turn.sendGathered();
    if (this.isOpen()) return this.fd;
    throw new SocketError(syscall, -EBADF);
  }

  /** Makes a call with options that are not checked yet; what is thrown becomes a rejection. */
  beginWith<Result>(options: TransferOptions | undefined, make: (flags: number) => Operation<Result>): Promise<Result> {
    try {
      const { signal, flags } = readOptions(options);
      return this.begin(make(flags), signal);
    } catch (error) {
      return rejected(error);
    }
  }

  /** Makes a call: at once if it can succeed, otherwise as soon as it can. */
  begin<Result>(operation: Operation<Result>, signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted) return rejected(signal.reason);
    const { queue } = operation;
    if (queue === WRITABLE && this.#gathered) turn.sendGathered();
    if (!this.isOpen()) return operation.refused(-EBADF);
    if (!this.#takeTry(queue)) return this.#wait(operation, signal);
    if (queue === WRITABLE && signal === undefined && turn.gathers(operation)) return this.#gather(operation);
    try {
      const outcome = operation.attempt(this.fd);
      if (isOver(outcome)) return outcome >= 0 ? operation.succeeded(outcome) : operation.refused(outcome);
      if (outcome === MUST_WAIT) readiness.setNotReady(this.fd, queue);
    } catch (error) {
      return rejected(error);
    }
    return this.#wait(operation, signal);
  }

  /** Takes one of the tries of this turn, where it would hardly be in vain and nobody waits before it. */
  #takeTry(queue: Queue): boolean {
    if (queue === ANY) return true;
    if (!readiness.isReady(this.fd, queue) && (queue & (READABLE | WRITABLE)) !== 0) return false;
    if (this.#queue.firstOf(queue) !== undefined) return false;
    if (this.#turn !== turn.turnNumber()) {
      this.#turn = turn.turnNumber();
      this.#budget = BUDGET;
    }
    return this.#budget-- > 0 && turn.takeShare();
  }

  /** Makes a send together with those of other sockets. */
  #gather<Result>(operation: Operation<Result>): Promise<Result> {
    const promise = operation.promise();
    this.#queue.append(operation as Waiting);
    this.#gathered = true;
    turn.gather(this);
    return promise;
  }

  /** Makes a call wait until an event of its queue, or at least until the next turn. */
  #wait<Result>(operation: Operation<Result>, signal: AbortSignal | undefined): Promise<Result> {
    try {
      this.register();
    } catch (error) {
      return rejected(error);
    }
    const promise = operation.promise();
    const waiting = operation as Waiting;
    if (signal) {
      waiting.listen(signal, () => {
        this.#abort(waiting);
      });
      if (!this.isOpen()) return operation.refused(-EBADF); // whatever the signal has done
    }
    this.#queue.append(waiting);
    this.#watch(waiting);
    if (operation.queue !== ANY && readiness.isReady(this.fd, operation.queue)) turn.goOnLater(this);
    return promise;
  }

  /** Has the descriptor's events told from now on: epoll_ctl(2). It may throw EPERM, ENOSPC, ENOMEM or EBADF. */
  register(): void {
    readiness.register(this.fd);
  }

  #watch(waiting: Waiting): void {
    readiness.startWaiting(this.fd, waiting.queue, this);
    if (!this.#keepsAlive || waiting.keepsAlive) return;
    waiting.keepsAlive = true;
    readiness.keepAlive();
  }

  /** Adds the first call that receives to the batch, where it is a plain one. */
  addReceive(): void {
    if (readiness.isReady(this.fd, READABLE)) this.#addTo(turn.receives, READABLE);
  }

  /** Adds the send that was gathered to the batch. */
  addSend(to: Batch): void {
    if (!this.#gathered) return;
    this.#gathered = false;
    this.#addTo(to, WRITABLE);
  }

  #addTo(batch: Batch, queue: Queue): void {
    const operation = this.#queue.firstOf(queue);
    const bytes = operation?.lendBuffer();
    if (operation !== undefined && bytes !== undefined) batch.add(this, operation, this.fd, bytes, operation.length);
  }

  /** The call has been made in a batch. Takes it out of the queue where it is over, and says what has come of it. */
  made(operation: Waiting, outcome: Outcome): Outcome {
    if (!operation.waits) return MUST_WAIT;
    try {
      const now = operation.made(outcome);
      if (isOver(now)) this.#end(operation);
      else this.#goOnWaiting(operation, now);
      return now;
    } catch (error) {
      this.#end(operation);
      operation.fail(() => error);
      return MUST_WAIT;
    }
  }

  #goOnWaiting(waiting: Waiting, outcome: Outcome): void {
    this.register(); // a send that was gathered has not waited yet
    this.#watch(waiting);
    if (outcome === MUST_WAIT) readiness.setNotReady(this.fd, waiting.queue);
    else turn.goOnLater(this);
  }

  /** Makes what waits try again, whatever the poller says. */
  wake(): void {
    if (this.isOpen()) readiness.setReady(this.fd);
    this.onReady();
  }

  /** The descriptor is ready for something that waits: poll(2) is told of it before others take it. */
  onReady(): void {
    const { first } = this.#queue;
    if (first?.next !== undefined) {
      if (this.#queue.firstOf(ANY) !== undefined) this.#tryAll(true);
      this.#tryAll(false);
    } else if (first !== undefined && this.isOpen()) this.#tryAgain(first); // as usual: one call waits
  }

  /** Tries what waits: the calls of poll(2), or all others. */
  #tryAll(polls: boolean): void {
    let blocked = 0;
    let waiting = this.#queue.first;
    while (waiting !== undefined && this.isOpen()) {
      const { next, queue } = waiting;
      const isTried = (queue === ANY) === polls && (polls || (blocked & queue) === 0);
      if (isTried && !this.#tryAgain(waiting)) blocked |= queue;
      // Settling may run code of the user's, which may change the queue.
      waiting = next === undefined || next.waits ? next : this.#queue.first;
    }
  }

  /** Tries a call that waits. Is it over? */
  #tryAgain(waiting: Waiting): boolean {
    if (waiting.queue !== ANY && !readiness.isReady(this.fd, waiting.queue)) return false;
    if (waiting.queue === WRITABLE && this.#gathered) return false; // it leaves with the batch
    try {
      const outcome = waiting.attempt(this.fd);
      if (!isOver(outcome)) {
        if (outcome === GO_ON_LATER) turn.goOnLater(this);
        else readiness.setNotReady(this.fd, waiting.queue);
        return false;
      }
      this.#end(waiting);
      waiting.settle(outcome);
    } catch (error) {
      this.#end(waiting);
      waiting.fail(() => error);
    }
    return true;
  }

  #end(waiting: Waiting): void {
    if (!waiting.waits) return;
    this.#queue.takeOut(waiting);
    if (waiting.keepsAlive) readiness.letEnd();
    waiting.keepsAlive = false;
    if (this.#queue.first === undefined && this.isOpen()) readiness.stopWaiting(this.fd);
  }

  #abort(waiting: Waiting): void {
    if (!waiting.waits) return; // it is over already, and will say so
    this.#end(waiting);
    if (this.#queue.first !== undefined) turn.goOnLater(this);
    waiting.abort();
  }

  /** Somebody closed the descriptor, and its number is another socket's now. */
  onLost(): void {
    this.fd = -1;
    this.#rejectAll(-EBADF);
  }

  /** Closes the descriptor, which never waits; what waits is rejected with ECANCELED. */
  close(): void {
    this.#release((fd) => native.closeOwn(fd));
    descriptorWasFreed();
  }

  /** Gives the descriptor away; what waits is rejected with ECANCELED. */
  detach(): number {
    const fd = this.settled('detach');
    this.#release(() => native.disown(fd));
    return fd;
  }

  #release(release: (fd: number) => unknown): void {
    if (this.#gathered) turn.sendGathered();
    const { fd } = this;
    const isOpen = this.isOpen();
    this.fd = -1;
    if (isOpen) {
      readiness.abandon(fd);
      release(fd);
    }
    this.#rejectAll(-ECANCELED);
  }

  #rejectAll(errno: number): void {
    for (let waiting = this.#queue.first; waiting !== undefined; waiting = this.#queue.first) {
      this.#end(waiting);
      waiting.settle(errno);
    }
  }

  /** Shall calls that wait keep the process alive? */
  setKeepsAlive(keepsAlive: boolean): void {
    this.#keepsAlive = keepsAlive;
    for (let waiting = this.#queue.first; waiting !== undefined; waiting = waiting.next) {
      if (waiting.keepsAlive === keepsAlive) continue;
      waiting.keepsAlive = keepsAlive;
      if (keepsAlive) readiness.keepAlive();
      else readiness.letEnd();
    }
  }
}

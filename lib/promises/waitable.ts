/** A descriptor on which calls wait: their queue, what keeps them fair, and how they end. */
import { constants } from 'node:os';
import { SocketError } from '../errors.js';
import { GO_ON_LATER, MUST_WAIT, rejected, type Operation } from './operation.js';
import { readOptions, type TransferOptions } from './options.js';
import * as readiness from './readiness.js';
import { READABLE, WRITABLE, type Direction } from './readiness.js';

const { EBADF, ECANCELED } = constants.errno;

/** How many calls of a socket may succeed at once before the other sockets have their turn. */
const BUDGET = 64;

type Waiting = Operation<unknown>;

/** What a Socket is made of: it owns a descriptor, and makes calls wait for it. */
export class Waitable implements readiness.Waiter {
  #fd: number;
  #owner: number;
  #registered = false;
  #keepsAlive = true;
  #turn = 0;
  #budget = 0;
  #first: Waiting | undefined = undefined;
  #last: Waiting | undefined = undefined;

  /** Takes ownership of a non-blocking descriptor. */
  protected constructor(fd: number) {
    this.#fd = fd;
    this.#owner = readiness.adopt(fd);
  }

  /** The descriptor; -1 once it is closed or detached. */
  get fd(): number {
    return this.#fd;
  }

  /** @internal Its number in the table of owners. */
  get owner(): number {
    return this.#owner;
  }

  /** The descriptor, for a call that cannot wait. */
  protected usable(syscall: string): number {
    if (this.isOpen()) return this.#fd;
    throw new SocketError(syscall, -EBADF);
  }

  /** Is the descriptor ours still? Somebody may have closed it behind our back. */
  protected isOpen(): boolean {
    return this.#fd !== -1 && readiness.owns(this.#owner, this.#fd);
  }

  /** May a call be tried now? Not where it would hardly succeed, nor before those that wait. */
  protected mayTry(direction: Direction): boolean {
    if (!readiness.isReady(this.#fd, direction) || (this.#first !== undefined && this.#waits(direction))) return false;
    if (this.#turn !== readiness.turn) {
      this.#turn = readiness.turn;
      this.#budget = BUDGET;
    }
    return this.#budget-- > 0 && readiness.takeShare();
  }

  #waits(direction: Direction): boolean {
    for (let waiting = this.#first; waiting !== undefined; waiting = waiting.next) {
      if (waiting.direction === direction) return true;
    }
    return false;
  }

  /** Makes a call with options that are not checked yet; what is thrown becomes a rejection. */
  protected beginWith<Result>(
    options: TransferOptions | undefined,
    make: (flags: number) => Operation<Result>,
  ): Promise<Result> {
    try {
      const { signal, flags } = readOptions(options);
      return this.begin(make(flags), signal);
    } catch (error) {
      return rejected(error);
    }
  }

  /** Makes a call: at once if it can succeed, otherwise as soon as it can. */
  protected begin<Result>(operation: Operation<Result>, signal: AbortSignal | undefined): Promise<Result> {
    if (signal?.aborted) return rejected(signal.reason);
    if (!this.isOpen()) return rejected(operation.error(-EBADF));
    const { direction } = operation;
    if (this.mayTry(direction)) {
      try {
        const result = operation.attempt(this.#fd);
        if (result >= 0) return Promise.resolve(operation.finish(result));
        if (result === MUST_WAIT) readiness.setNotReady(this.#fd, direction);
        else if (result !== GO_ON_LATER) return rejected(operation.error(result));
      } catch (error) {
        return rejected(error);
      }
    }
    return this.wait(operation, signal);
  }

  /** Makes a call wait until the descriptor is ready for it, and then tries it. */
  protected wait<Result>(operation: Operation<Result>, signal: AbortSignal | undefined): Promise<Result> {
    const fd = this.#fd;
    if (!this.#registered) {
      try {
        readiness.register(fd);
      } catch (error) {
        return rejected(error);
      }
      this.#registered = true;
    }
    const promise = operation.promise();
    const waiting = operation as Waiting;
    if (signal) {
      waiting.listen(signal, () => {
        this.#remove(waiting);
        waiting.abort();
      });
      if (!this.isOpen()) return rejected(operation.error(-EBADF)); // whatever the signal has done
    }
    if (this.#last === undefined) this.#first = waiting;
    else this.#last.next = waiting;
    this.#last = waiting;
    readiness.startWaiting(fd, operation.direction, this);
    if (this.#keepsAlive) {
      operation.keepsAlive = true;
      readiness.keepAlive();
    }
    if (readiness.isReady(fd, operation.direction)) readiness.goOnLater(this);
    return promise;
  }

  /** @internal Makes what waits try again, whatever the poller says. */
  wake(): void {
    if (!this.isOpen()) return;
    readiness.setReady(this.#fd);
    this.onReady();
  }

  /** @internal The poller says that the descriptor is ready for something that waits. */
  onReady(): void {
    let blocked = 0;
    let before: Waiting | undefined;
    let waiting = this.#first;
    while (waiting !== undefined && blocked !== (READABLE | WRITABLE)) {
      const { next, direction } = waiting;
      if ((blocked & direction) !== 0 || !this.#tryAgain(waiting, before, direction)) {
        blocked |= direction;
        before = waiting;
      }
      waiting = next;
    }
  }

  /** Has the call been settled? */
  #tryAgain(waiting: Waiting, before: Waiting | undefined, direction: Direction): boolean {
    if (!readiness.isReady(this.#fd, direction)) return false;
    let result: number;
    try {
      result = waiting.attempt(this.#fd);
    } catch (error) {
      this.#unlink(waiting, before);
      waiting.fail(() => error);
      return true;
    }
    if (result === MUST_WAIT) readiness.setNotReady(this.#fd, direction);
    else if (result === GO_ON_LATER) readiness.goOnLater(this);
    else {
      this.#unlink(waiting, before);
      waiting.settle(result);
      return true;
    }
    return false;
  }

  #unlink(waiting: Waiting, before: Waiting | undefined): void {
    if (before === undefined) this.#first = waiting.next;
    else before.next = waiting.next;
    if (this.#last === waiting) this.#last = before;
    if (waiting.keepsAlive) readiness.letEnd();
    if (this.#first === undefined) readiness.stopWaiting(this.#fd);
  }

  #remove(waiting: Waiting): void {
    let before: Waiting | undefined;
    for (let other = this.#first; other !== undefined; other = other.next) {
      if (other === waiting) {
        this.#unlink(waiting, before);
        // It may have waited for something else than the next ones do: for MSG_ERRQUEUE, MSG_OOB.
        readiness.setReady(this.#fd);
        if (this.#first !== undefined) readiness.goOnLater(this);
        return;
      }
      before = other;
    }
  }

  /** @internal Somebody closed the descriptor, and its number is another socket's now. */
  onLost(): void {
    this.#fd = -1;
    this.#rejectAll(-EBADF);
  }

  /** Gives the descriptor up; what waits is rejected with ECANCELED. Returns it, or -1 where it is not ours. */
  protected release(): number {
    const fd = this.isOpen() ? this.#fd : -1;
    this.#fd = -1;
    if (fd !== -1) readiness.abandon(fd, this.#registered);
    this.#rejectAll(-ECANCELED);
    return fd;
  }

  #rejectAll(errno: number): void {
    let waiting = this.#first;
    this.#first = this.#last = undefined;
    for (; waiting !== undefined; waiting = waiting.next) {
      if (waiting.keepsAlive) readiness.letEnd();
      waiting.end(errno);
    }
  }

  /**
   * Calls that wait keep the process alive, as they do from the beginning: the opposite of {@link unref}.
   *
   * @returns this socket
   */
  ref(): this {
    this.#setKeepsAlive(true);
    return this;
  }

  /**
   * Calls that wait do not keep the process alive any more.
   *
   * @returns this socket
   */
  unref(): this {
    this.#setKeepsAlive(false);
    return this;
  }

  #setKeepsAlive(keepsAlive: boolean): void {
    this.#keepsAlive = keepsAlive;
    for (let waiting = this.#first; waiting !== undefined; waiting = waiting.next) {
      if (waiting.keepsAlive === keepsAlive) continue;
      waiting.keepsAlive = keepsAlive;
      if (keepsAlive) readiness.keepAlive();
      else readiness.letEnd();
    }
  }
}

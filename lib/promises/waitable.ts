/** A descriptor on which calls wait: when they are tried, what keeps them fair, and how they end. */
import { constants } from 'node:os';
import { SocketError } from '../errors.js';
import * as batch from './batch.js';
import { READABLE, WRITABLE, type Direction } from './direction.js';
import { GO_ON_LATER, MUST_WAIT, rejected, type Operation } from './operation.js';
import { readOptions, type TransferOptions } from './options.js';
import * as outbox from './outbox.js';
import * as readiness from './readiness.js';
import { WaitQueue, type Waiting } from './wait-queue.js';

const { EBADF, ECANCELED } = constants.errno;

/** How many calls of a socket may succeed at once before the other sockets have their turn. */
const BUDGET = 64;

/** What a Socket is made of: it owns a descriptor, and makes calls wait for it. */
export class Waitable extends WaitQueue implements readiness.Waiter, outbox.Sender, batch.Member {
  #fd: number;
  #owner: number;
  #registered = false;
  #keepsAlive = true;
  #turn = 0;
  #budget = 0;

  /** Takes ownership of a non-blocking descriptor. */
  protected constructor(fd: number) {
    super();
    this.#fd = fd;
    this.#owner = readiness.adopt(fd);
  }

  /** The descriptor; -1 once it is closed or detached. */
  get fd(): number {
    this.#emptyOutbox(); // a call of the raw API comes after those of this object
    return this.#fd;
  }

  /** The descriptor, for this object's own calls: they know whether the outbox matters to them. */
  protected get descriptor(): number {
    return this.#fd;
  }

  /** @internal Its number in the table of owners. */
  get owner(): number {
    return this.#owner;
  }

  /** The descriptor, for a call that cannot wait. */
  protected usable(syscall: string): number {
    this.#emptyOutbox();
    if (this.isOpen()) return this.#fd;
    throw new SocketError(syscall, -EBADF);
  }

  /** Is the descriptor ours still? Somebody may have closed it behind our back. */
  protected isOpen(): boolean {
    return this.#fd !== -1 && readiness.owns(this.#owner, this.#fd);
  }

  /** May a call be tried now? Not where it would hardly succeed, nor before those that wait. */
  protected mayTry(direction: Direction): boolean {
    if (direction === WRITABLE) this.#emptyOutbox();
    if (!readiness.isReady(this.#fd, direction) || this.firstOf(direction) !== undefined) return false;
    if (this.#turn !== readiness.turn) {
      this.#turn = readiness.turn;
      this.#budget = BUDGET;
    }
    return this.#budget-- > 0 && readiness.takeShare();
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
        const bytes = direction === WRITABLE && signal === undefined ? operation.plainBuffer : undefined;
        if (this.maySendSoon(bytes)) return this.sendSoon(operation);
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

  /** Is it a small send, among others? */
  protected maySendSoon(bytes: Uint8Array | undefined): boolean {
    return readiness.manyAreReady() && bytes !== undefined && outbox.takes(bytes.length);
  }

  /** Makes a send together with those of other sockets, as soon as what runs now has run. */
  protected sendSoon<Result>(operation: Operation<Result>): Promise<Result> {
    const promise = operation.promise();
    this.append(operation as Waiting);
    readiness.setQueued(this.#fd);
    outbox.add(this);
    return promise;
  }

  #emptyOutbox(): void {
    if (readiness.isQueued(this.#fd)) outbox.flush();
  }

  /** Makes a call wait until the descriptor is ready for it, and then tries it. */
  protected wait<Result>(operation: Operation<Result>, signal: AbortSignal | undefined): Promise<Result> {
    const fd = this.#fd;
    try {
      this.#register();
    } catch (error) {
      return rejected(error);
    }
    const promise = operation.promise();
    const waiting = operation as Waiting;
    if (signal) {
      waiting.listen(signal, () => {
        this.#abort(waiting);
      });
      if (!this.isOpen()) return rejected(operation.error(-EBADF)); // whatever the signal has done
    }
    this.append(waiting);
    this.#watch(waiting);
    if (readiness.isReady(fd, operation.direction)) readiness.goOnLater(this);
    return promise;
  }

  #register(): void {
    if (this.#registered) return;
    readiness.register(this.#fd);
    this.#registered = true;
  }

  /** From now on the poller wakes it. */
  #watch(waiting: Waiting): void {
    readiness.startWaiting(this.#fd, waiting.direction, this);
    if (!this.#keepsAlive) return;
    waiting.keepsAlive = true;
    readiness.keepAlive();
  }

  /** @internal Adds the first call that receives to the batch, where it is a plain one. */
  addReceive(): void {
    if (readiness.isReady(this.#fd, READABLE)) this.#add(READABLE);
  }

  /** @internal Adds the send that is in the outbox to the batch, if it has not been made yet. */
  addSend(): void {
    if (!readiness.isQueued(this.#fd)) return;
    readiness.setNotQueued(this.#fd);
    if (!this.#add(WRITABLE)) this.onReady(); // its buffer has changed
  }

  #add(direction: Direction): boolean {
    const bytes = this.firstOf(direction)?.plainBuffer;
    if (bytes !== undefined) batch.add(this, this.#fd, bytes);
    return bytes !== undefined;
  }

  /** @internal The first call in a direction has been made with those of other sockets: its result, or -errno. */
  made(direction: Direction, result: number): void {
    const waiting = this.firstOf(direction);
    if (waiting === undefined) return;
    const outcome = waiting.made?.(this.#fd, result) ?? result;
    if (this.#conclude(waiting, outcome) || direction === READABLE) return;
    try {
      this.#register();
      this.#watch(waiting);
    } catch (error) {
      this.#fail(waiting, error);
    }
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
    let waiting = this.firstWaiting;
    while (waiting !== undefined && blocked !== (READABLE | WRITABLE)) {
      const { next, direction } = waiting;
      if ((blocked & direction) !== 0 || !this.#tryAgain(waiting)) blocked |= direction;
      waiting = next;
    }
  }

  /** Has the call been settled? */
  #tryAgain(waiting: Waiting): boolean {
    if (!readiness.isReady(this.#fd, waiting.direction)) return false;
    let result: number;
    try {
      result = waiting.attempt(this.#fd);
    } catch (error) {
      this.#fail(waiting, error);
      return true;
    }
    return this.#conclude(waiting, result);
  }

  /** A call has been tried. Has it been settled? */
  #conclude(waiting: Waiting, result: number): boolean {
    if (result === MUST_WAIT) readiness.setNotReady(this.#fd, waiting.direction);
    else if (result === GO_ON_LATER) readiness.goOnLater(this);
    else {
      this.#end(waiting);
      waiting.settle(result);
      return true;
    }
    return false;
  }

  #fail(waiting: Waiting, error: unknown): void {
    this.#end(waiting);
    waiting.fail(() => error);
  }

  /** A call waits no longer. Did it? */
  #end(waiting: Waiting): boolean {
    if (!this.takeOut(waiting)) return false;
    if (waiting.keepsAlive) readiness.letEnd();
    if (this.firstWaiting === undefined) readiness.stopWaiting(this.#fd);
    return true;
  }

  #abort(waiting: Waiting): void {
    if (this.#end(waiting)) {
      // It may have waited for something else than the next ones do: for MSG_ERRQUEUE, MSG_OOB.
      readiness.setReady(this.#fd);
      if (this.firstWaiting !== undefined) readiness.goOnLater(this);
    }
    waiting.abort();
  }

  /** @internal Somebody closed the descriptor, and its number is another socket's now. */
  onLost(): void {
    this.#fd = -1;
    this.#rejectAll(-EBADF);
  }

  /** Gives the descriptor up; what waits is rejected with ECANCELED. Returns it, or -1 where it is not ours. */
  protected release(): number {
    this.#emptyOutbox();
    const fd = this.isOpen() ? this.#fd : -1;
    this.#fd = -1;
    if (fd !== -1) readiness.abandon(fd, this.#registered);
    this.#rejectAll(-ECANCELED);
    return fd;
  }

  #rejectAll(errno: number): void {
    for (let waiting = this.takeAll(); waiting !== undefined; waiting = waiting.next) {
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
    for (let waiting = this.firstWaiting; waiting !== undefined; waiting = waiting.next) {
      if (waiting.keepsAlive === keepsAlive) continue;
      waiting.keepsAlive = keepsAlive;
      if (keepsAlive) readiness.keepAlive();
      else readiness.letEnd();
    }
  }
}

/** Calls that wait: one shape for all of them. Try; EAGAIN, wait, again. */
import { constants } from 'node:os';
import { SocketError } from '../../errors.js';
import type { SocketAddress } from '../../socket-address.js';
import { invalidValue } from '../../validate.js';
import { offAbort, onAbort } from '../owner/signals.js';
import { DETACHED, isOver, type Outcome } from './outcome.js';
import type { Queue } from './readiness.js';

const { EINTR } = constants.errno;

/** What ends a wait before its time. */
interface Abort {
  readonly signal: AbortSignal;
  readonly listener: () => void;
}

/** One call: it is tried until it does not say EAGAIN any more. */
export abstract class Operation<Result> {
  /** The next one that waits on the same socket: first come, first served. */
  next: Operation<unknown> | undefined = undefined;
  /** Is it in its socket's queue? */
  waits = false;
  /** Does it keep the process alive? */
  keepsAlive = false;
  #resolve: ((result: Result | PromiseLike<Result>) => void) | undefined = undefined;
  #abort: Abort | undefined = undefined;

  // Getters, for thousands of operations may wait, and what is the same for all of a kind takes no room in each.
  /** Where it waits. */
  abstract get queue(): Queue;
  /** The system call's name, for errors. */
  abstract get syscall(): string;

  /** Makes the system call once. It may throw instead. */
  protected abstract call(fd: number): Outcome;

  /** What the promise resolves with. */
  abstract finish(result: number): Result;

  /** What has been done already, which would be lost: it is the result where an error or an abort ends the wait. */
  get partial(): number {
    return 0;
  }

  /** The buffer of a recv(2) or send(2) without flags, which can be made in a batch; a chunk borrows one. */
  lendBuffer(): Uint8Array | undefined {
    return undefined;
  }

  /** The length that buffer had when the call began, in bytes. */
  get length(): number {
    return 0;
  }

  /** The call has been made in a batch. Returns what an {@link attempt} with this outcome would have returned. */
  made(outcome: Outcome): Outcome {
    return outcome;
  }

  /** The address that was given, for errors. */
  get address(): SocketAddress | undefined {
    return undefined;
  }

  /** Tries the call. */
  attempt(fd: number): Outcome {
    let outcome: Outcome;
    do {
      outcome = this.call(fd);
    } while (outcome === -EINTR);
    return outcome;
  }

  /** The error of a call that failed. */
  error(outcome: Outcome): Error {
    if (outcome === DETACHED) return invalidValue('buffer', 'must not be detached while a call waits', undefined);
    return new SocketError(this.syscall, outcome, this.address);
  }

  /** The promise, where it waits. */
  promise(): Promise<Result> {
    starting = this as Operation<unknown>;
    return new Promise(start) as Promise<Result>;
  }

  /** Calls `abort` when the signal says so. */
  listen(signal: AbortSignal, abort: () => void): void {
    this.#abort = { signal, listener: abort };
    onAbort(signal, abort);
  }

  /** Settles the promise with what the call has come to. What is done already is the result of one that fails later. */
  settle(outcome: Outcome): void {
    const result = outcome < 0 && isOver(outcome) && this.partial > 0 ? this.partial : outcome;
    if (result < 0) {
      this.#settleFailed(result);
      return;
    }
    const isPlain = this.#abort === undefined;
    this.#unlisten();
    try {
      this.#resolve?.(this.finish(result));
    } catch (error) {
      this.#reject(error);
    }
    if (isPlain) this.recycle?.();
  }

  #settleFailed(outcome: Outcome): void {
    const instead = this.instead?.(outcome);
    if (instead === undefined) {
      this.fail(() => this.error(outcome));
      return;
    }
    this.#unlisten();
    this.#resolve?.(instead);
  }

  /** The promise of a call that succeeded at once. */
  succeeded(outcome: Outcome): Promise<Result> {
    const result = this.finish(outcome);
    this.recycle?.();
    return Promise.resolve(result);
  }

  /** The promise of a call that failed at once. */
  refused(outcome: Outcome): Promise<Result> {
    const instead = this.instead?.(outcome);
    return instead === undefined ? rejected(this.error(outcome)) : Promise.resolve(instead);
  }

  /** What takes an error's place: in a loop the end, or the next item. Undefined where it is thrown. */
  protected instead?(outcome: Outcome): Result | Promise<Result> | undefined;

  /** The call is over, and nobody knows of it any more: it may become another one. */
  protected recycle?(): void;

  /** Forgets what the call was for. */
  protected reset(): void {
    this.next = undefined;
    this.keepsAlive = false;
    this.#resolve = undefined;
  }

  /**
   * Rejects with an error that is made in a reaction of the promise, not here: so its stack names the async functions
   * that await it, as that of a call which failed at once.
   */
  fail(error: () => unknown): void {
    this.#unlisten();
    this.#resolve?.(
      Promise.resolve(undefined)
        .then(() => undefined) // by now our promise has joined the chain
        .then((): never => {
          throw error();
        }),
    );
  }

  /** Rejects with the reason of its signal. */
  abort(): void {
    const reason: unknown = this.#abort?.signal.reason;
    this.#unlisten();
    if (this.partial > 0) this.settle(this.partial);
    else this.#reject(reason);
  }

  /** By resolving with a rejected promise: the function that rejects would have to be kept for it, in each that waits. */
  #reject(reason: unknown): void {
    this.#resolve?.(rejected(reason));
  }

  #unlisten(): void {
    if (this.#abort === undefined) return;
    offAbort(this.#abort.signal, this.#abort.listener);
    this.#abort = undefined;
  }

  // One executor for all promises: a closure for each would cost as much as the promise.
  static start(operation: Operation<unknown>, resolve: (value: unknown) => void): void {
    operation.#resolve = resolve;
  }
}

let starting: Operation<unknown>;
function start(resolve: (value: unknown) => void): void {
  Operation.start(starting, resolve);
}

/** A call that returns a number, and nothing else. */
export abstract class CountOperation extends Operation<number> {
  finish(result: number): number {
    return result;
  }
}

/** Makes a call of the raw API, which throws: 0, or the errno of its error, negative. */
export function errnoThrownBy(call: () => void): Outcome {
  try {
    call();
    return 0;
  } catch (error) {
    if (error instanceof SocketError) return error.errno;
    throw error;
  }
}

/** A rejected promise, with any reason: that of a signal may be anything. */
export function rejected(reason: unknown): Promise<never> {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a signal's reason is passed on as it is
  return Promise.reject(reason);
}

/** Calls that wait: one shape for all of them. Try; EAGAIN, wait, again. */
import { SocketError } from '../errors.js';
import type { Result as SystemCallResult } from '../native.js';
import type { SocketAddress } from '../socket-address.js';
import { constants } from 'node:os';
import type { Direction } from './direction.js';
import { offAbort, onAbort } from './signals.js';

const { EAGAIN, EINTR } = constants.errno;

/** What an attempt returns where the call has to wait. */
export const MUST_WAIT = -EAGAIN;
/** What it returns where it could go on, but others shall have their turn first. */
export const GO_ON_LATER = -(2 ** 30);

/** What ends a wait before its time. */
interface Abort {
  readonly signal: AbortSignal;
  readonly listener: () => void;
}

/** One call: it is tried until it does not say EAGAIN any more. */
export abstract class Operation<Result> {
  /** The next one that waits on the same socket: first come, first served. */
  next: Operation<unknown> | undefined = undefined;
  /** Does it keep the process alive? */
  keepsAlive = false;
  #resolve: ((result: Result | PromiseLike<Result>) => void) | undefined = undefined;
  #abort: Abort | undefined = undefined;

  // Getters, for thousands of operations may wait, and what is the same for all of a kind takes no room in each.
  /** What it waits for. */
  abstract get direction(): Direction;
  /** The system call's name, for errors. */
  abstract get syscall(): string;

  /** Makes the system call once: its result, -errno, {@link MUST_WAIT} or {@link GO_ON_LATER}. It may throw instead. */
  protected abstract call(fd: number): number;

  /** What the promise resolves with. */
  abstract finish(result: number): Result;

  /** What has been done already, which would be lost: it is the result where an error or an abort ends the wait. */
  get partial(): number {
    return 0;
  }

  /** The buffer of a recv(2) or send(2) without flags, which can be made together with those of other sockets. */
  get plainBuffer(): Uint8Array | undefined {
    return undefined;
  }

  /** Such a call has been made. Returns what an {@link attempt} with this result would have returned. */
  made?(fd: number, result: number): number;

  /** The address that was given, for errors. */
  get address(): SocketAddress | undefined {
    return undefined;
  }

  attempt(fd: number): number {
    for (;;) {
      const result = this.call(fd);
      if (result >= 0 || result === MUST_WAIT || result === GO_ON_LATER) return result;
      if (result !== -EINTR) return this.partial > 0 ? this.partial : result;
    }
  }

  /** The error of a call that failed. */
  error(errno: number): Error {
    return new SocketError(this.syscall, errno, this.address);
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

  /** Settles the promise: the result of the system call, or -errno. */
  settle(result: number): void {
    if (result < 0) {
      this.fail(() => this.error(result));
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

  /** The socket is closed, or is somebody else's: -ECANCELED, -EBADF. */
  end(errno: number): void {
    this.settle(this.partial > 0 ? this.partial : errno);
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

/** What a system call returned, as a number: its result, or -errno. */
export const numberOf = (result: SystemCallResult): number => result as unknown as number;

/** Makes a call of the raw API, which throws: 0, or the errno of its error, negative. */
export function errnoThrownBy(call: () => void): number {
  try {
    call();
    return 0;
  } catch (error) {
    if (error instanceof SocketError) return error.errno;
    throw error;
  }
}

const MOST_SETTLED = 4096;
const settledNumbers: (Promise<number> | undefined)[] = Array.from({ length: MOST_SETTLED + 1 }, () => undefined);

/** A promise that is resolved already; where the number is small, the same one each time. */
export function settled(result: number): Promise<number> {
  if (result > MOST_SETTLED) return Promise.resolve(result);
  return (settledNumbers[result] ??= Promise.resolve(result));
}

/** A rejected promise, with any reason: that of a signal may be anything. */
export function rejected(reason: unknown): Promise<never> {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a signal's reason is passed on as it is
  return Promise.reject(reason);
}

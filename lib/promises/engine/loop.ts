/** Loops over what comes, for `for await`: `chunks()`, `datagrams()`, `incoming()`. */
import { constants } from 'node:os';
import { SocketError } from '../../errors.js';
import type { LoopOptions } from '../options.js';
import type { Engine } from './engine.js';
import { Operation, rejected } from './operation.js';
import type { Outcome } from './outcome.js';

const { ECANCELED, EBADF } = constants.errno;

/** What one `next()` comes to. */
export type Step<Item> = IteratorResult<Item, undefined>;

const NONE: ReadonlySet<string> = new Set();
const OVER: Step<never> = { value: undefined, done: true };

/**
 * An async generator by hand. One of the language keeps a suspended function, a queue of requests and promises of its
 * own beside the call that waits: here a loop that waits is its object and one call.
 *
 * ```
 *        next(): a call of its kind ──► item ──► next() …
 *           │                      ├──► an error that passes: told, and the call is made again
 *           │                      ├──► the last item, or closed by the owner ──► over
 *           │                      └──► any other error, an abort: thrown ──────► over
 *           └── return(), throw() ──────────────────────────────────────────────► over
 * ```
 */
export abstract class Loop<Item> implements AsyncGenerator<Item, undefined> {
  protected readonly engine: Engine;
  readonly #options: LoopOptions;
  #isOver = false;
  #spare: Operation<Step<Item>> | undefined = undefined;

  /** @param options - what {@link readLoopOptions} has read */
  constructor(engine: Engine, options: LoopOptions) {
    this.engine = engine;
    this.#options = options;
  }

  /** Makes a call that brings the next item. */
  protected abstract call(): Operation<Step<Item>>;

  /** A call that is over, to become the next. */
  give(call: Operation<Step<Item>>): void {
    this.#spare = call;
  }

  /** The errors after which the loop goes on. */
  protected get passing(): ReadonlySet<string> {
    return NONE;
  }

  /** The most that one item may have, in bytes. */
  get size(): number {
    return this.#options.size;
  }

  /** Whom an error that passes is told; undefined: it does not pass. */
  protected get listener(): ((error: SocketError) => void) | undefined {
    return this.#options.onError;
  }

  next(): Promise<Step<Item>> {
    if (this.#isOver) return Promise.resolve(OVER);
    const { signal } = this.#options;
    if (signal?.aborted) this.#isOver = true;
    const call = this.#spare ?? this.call();
    this.#spare = undefined;
    return this.engine.begin(call, signal);
  }

  /** The item, or the end. */
  step(item: Item, isLast: boolean): Step<Item> {
    return isLast ? this.end() : { value: item, done: false };
  }

  /** It is over: every later `next()` says so. */
  end(): Step<never> {
    this.#isOver = true;
    return OVER;
  }

  /** What follows the error of a call: the end, the next item, or undefined where it is to be thrown. */
  after(errno: Outcome, error: () => Error): Step<Item> | Promise<Step<Item>> | undefined {
    if ((errno === -ECANCELED || errno === -EBADF) && this.engine.fd === -1) return this.end();
    const { listener } = this;
    const failed = error();
    if (!listener || !(failed instanceof SocketError && this.passing.has(failed.code))) {
      this.#isOver = true;
      return undefined;
    }
    try {
      listener(failed);
    } catch (thrown) {
      return this.throw(thrown);
    }
    return this.next();
  }

  return(): Promise<Step<Item>> {
    return Promise.resolve(this.end());
  }

  throw(error: unknown): Promise<Step<Item>> {
    this.#isOver = true;
    return rejected(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

/** A call of a loop, which becomes the loop's next one when it is over. */
export abstract class LoopCall<Item, Owner extends Loop<Item>> extends Operation<Step<Item>> {
  protected readonly loop: Owner;

  constructor(loop: Owner) {
    super();
    this.loop = loop;
  }

  protected override instead(outcome: Outcome): ReturnType<Loop<Item>['after']> {
    return this.loop.after(outcome, () => this.error(outcome));
  }

  protected override recycle(): void {
    this.reset();
    this.loop.give(this);
  }
}

/** accept(2) and connect(2). */
import { constants } from 'node:os';
import { SO_ERROR, SOL_SOCKET } from '../../constants.js';
import type { SocketError } from '../../errors.js';
import { native, reply } from '../../native.js';
import { decodeName, encodeAddress } from '../../sockaddr.js';
import type { SocketAddress } from '../../socket-address.js';
import { Engine } from '../engine/engine.js';
import { Loop, type Step } from '../engine/loop.js';
import { Operation } from '../engine/operation.js';
import { MUST_WAIT, outcomeOf, type Outcome } from '../engine/outcome.js';
import { READABLE, setReady, WRITABLE, type Queue } from '../engine/readiness.js';
import { readLoopOptions, type IncomingOptions, type LoopOptions, type WaitOptions } from '../options.js';
import { backOff, leavesQueued } from '../owner/backoff.js';
import { Rest } from './rest.js';

const { EINPROGRESS, ENOTCONN } = constants.errno;

/** A connection that was taken from the queue. */
export interface Accepted {
  readonly engine: Engine;
  readonly address: SocketAddress;
}

/** Takes the next connection from a listener's queue: accept(2). `wrap` makes what the promise resolves with. */
export function accept<Result>(
  listener: Engine,
  wrap: (accepted: Accepted) => Result,
  options: WaitOptions | undefined,
): Promise<Result> {
  const operation = new Accept(listener, wrap);
  return options === undefined ? listener.begin(operation) : listener.beginWith(options, () => operation);
}

/** The connections that come, until the listener is closed. `wrap` makes what the loop gives. */
export function incoming<Item>(
  listener: Engine,
  wrap: (accepted: Accepted) => Item,
  options: IncomingOptions | undefined,
): AsyncGenerator<Item, undefined> {
  return new Incoming(listener, wrap, readLoopOptions(options));
}

/** Connects to a peer: connect(2). */
export function connect(engine: Engine, address: SocketAddress, options: WaitOptions | undefined): Promise<void> {
  return engine.beginWith(options, () => {
    const operation = new Connect(address, engine);
    if (engine.isOpen()) setReady(engine.fd); // connect(2) is called at once, whatever was before
    return operation;
  });
}

class Accept<Result> extends Operation<Result> {
  get queue(): Queue {
    return READABLE;
  }
  get syscall(): string {
    return 'accept';
  }
  readonly #listener: Engine;
  readonly #wrap: (accepted: Accepted) => Result;

  constructor(listener: Engine, wrap: (accepted: Accepted) => Result) {
    super();
    this.#listener = listener;
    this.#wrap = wrap;
  }

  protected call(fd: number): Outcome {
    const listener = this.#listener;
    const outcome = outcomeOf(native.ownAccepted(fd));
    if (!leavesQueued(outcome)) {
      listener.starved = false;
      return outcome;
    }
    if (!listener.starved) {
      listener.starved = true;
      return outcome;
    }
    // It has been said once. The connection stays in the queue; nothing tells when it can be taken.
    backOff(listener);
    return MUST_WAIT;
  }

  finish(fd: number): Result {
    const address = decodeName(reply.address, reply.addressLength());
    return this.#wrap({ engine: new Engine(fd, this.#listener.type), address });
  }
}

/** Errors that say nothing of the next connection. */
const PASSING = new Set(['EMFILE', 'ENFILE', 'ECONNABORTED', 'ENOBUFS', 'ENOMEM', 'EPERM', 'EPROTO']);

function warn(error: SocketError): void {
  process.emitWarning(error);
}

class Incoming<Item> extends Loop<Item> {
  readonly #wrap: (accepted: Accepted) => Item;

  constructor(listener: Engine, wrap: (accepted: Accepted) => Item, options: LoopOptions) {
    super(listener, options);
    this.#wrap = wrap;
  }

  protected override get passing(): ReadonlySet<string> {
    return PASSING;
  }

  protected override get listener(): (error: SocketError) => void {
    return super.listener ?? warn;
  }

  protected call(): AcceptNext<Item> {
    return new AcceptNext(this.engine, this);
  }

  came(accepted: Accepted): Step<Item> {
    return this.step(this.#wrap(accepted), false);
  }
}

class AcceptNext<Item> extends Accept<Step<Item>> {
  readonly #loop: Incoming<Item>;

  constructor(listener: Engine, loop: Incoming<Item>) {
    super(listener, (accepted) => loop.came(accepted));
    this.#loop = loop;
  }

  protected override instead(outcome: Outcome): ReturnType<Incoming<Item>['after']> {
    return this.#loop.after(outcome, () => this.error(outcome));
  }
}

/** What has become of a connection that was begun: 0, MUST_WAIT where it is still under way, or -errno. */
export function connectOutcome(fd: number): Outcome {
  const failed = outcomeOf(native.getsockoptInt(fd, SOL_SOCKET, SO_ERROR));
  if (failed < 0) return failed;
  if (reply.value() !== 0) return -reply.value();
  const outcome = outcomeOf(native.getpeername(fd));
  return outcome === -ENOTCONN ? MUST_WAIT : outcome;
}

/** Begins it, and then asks what has become of it. */
class Connect extends Operation<void> {
  get queue(): Queue {
    return WRITABLE;
  }
  get syscall(): string {
    return 'connect';
  }
  readonly #address: SocketAddress;
  readonly #sockaddr: Uint8Array;
  readonly #rest: Rest | undefined;
  #begun = false;

  /** @param engine - it is woken when the call has rested: the backlog of a unix listener may be full */
  constructor(address: SocketAddress, engine: Engine) {
    super();
    this.#sockaddr = encodeAddress(address);
    this.#address = address;
    this.#rest = Rest.of(engine, address);
  }

  override get address(): SocketAddress {
    return this.#address;
  }

  protected call(fd: number): Outcome {
    return this.#begun ? connectOutcome(fd) : this.#begin(fd);
  }

  #begin(fd: number): Outcome {
    if (this.#rest?.isOn === true) return MUST_WAIT;
    const outcome = outcomeOf(native.connectNow(fd, this.#sockaddr));
    if (outcome === MUST_WAIT) this.#rest?.begin();
    this.#begun = outcome === -EINPROGRESS;
    return this.#begun ? MUST_WAIT : outcome;
  }

  finish(): void {
    // connected
  }
}

/** The processes of a load run: they are spoken to by messages, and are gone when the run is over. */
import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';

/** Messages in the order in which they came. */
class Inbox {
  readonly #messages: unknown[] = [];
  readonly #arrivals = new EventEmitter();

  put(message: unknown): void {
    this.#messages.push(message);
    this.#arrivals.emit('message');
  }

  async next(): Promise<unknown> {
    while (this.#messages.length === 0) await once(this.#arrivals, 'message');
    return this.#messages.shift();
  }
}

/** How a process is started. */
export interface PeerOptions {
  /** What its messages are waited for at most, each, in milliseconds. */
  limitMs: number;
  /** Node's own options. */
  node?: readonly string[];
  /** The command that runs Node: `nsenter` … */
  wrapper?: readonly string[];
}

/** A process that runs one of the programs of this folder. `await using` ends it. */
export class Peer {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #inbox = new Inbox();
  readonly #limitMs: number;
  readonly #ended: Promise<string>;
  #errors = '';

  /** @param name - the program: NAME.js */
  constructor(name: string, args: readonly (string | number)[], { limitMs, node = [], wrapper = [] }: PeerOptions) {
    const program = [
      ...wrapper,
      process.execPath,
      ...node,
      join(import.meta.dirname, `${name}.js`),
      ...args.map(String),
    ];
    const [file, ...rest] = program as [string, ...string[]];
    this.#name = name;
    this.#limitMs = limitMs;
    this.#process = spawn(file, rest, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#process.on('message', (message) => this.#inbox.put(message));
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    this.#ended = new Promise((resolve) => {
      this.#process.once('error', (error) => resolve(error.message));
      this.#process.once('close', (code, signal) => resolve(String(signal ?? code)));
    });
  }

  /** Sends it a message. */
  tell(message: unknown): void {
    this.#process.send(message as object, () => undefined); // where it has ended, the next thing said tells
  }

  /** The next thing that it says. @throws Error where it ends without that, or says nothing in time */
  said<Message>(): Promise<Message> {
    return this.#inTime(this.#inbox.next(), 'said nothing') as Promise<Message>;
  }

  /** Waits until it has ended. @throws Error where that is not with status 0 and no error printed */
  async finished(): Promise<void> {
    const end = await this.#inTime(this.#ended, 'did not end', false);
    if (end !== '0' || this.#errors !== '') throw new Error(`${this.#name} ended with ${end}: ${this.#errors}`);
  }

  async #inTime<Value>(value: Promise<Value>, otherwise: string, mustLive = true): Promise<Value> {
    let timer: NodeJS.Timeout | undefined;
    const failure = new Promise<never>((_, reject) => {
      const fail = (why: string) => reject(new Error(`${this.#name} ${why}: ${this.#errors}`));
      timer = setTimeout(() => fail(`${otherwise} for ${String(this.#limitMs)} ms`), this.#limitMs);
      if (mustLive) void this.#ended.then((end) => fail(`ended with ${end}`));
    });
    try {
      return await Promise.race([value, failure]);
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }
}

const fromParent = new Inbox();
if (process.send) {
  process.on('message', (message) => fromParent.put(message));
  process.once('disconnect', () => process.exit()); // whoever started it is gone
}

/** In such a process: the next message of the one that started it. */
export function heard<Message>(): Promise<Message> {
  return fromParent.next() as Promise<Message>;
}

/** In such a process: says something to the one that started it. */
export function say(message: object): void {
  process.send?.(message);
}

/** In such a process: says its last, and ends once that has been read. */
export function sayLast(message: object): void {
  process.send?.(message, undefined, undefined, () => process.disconnect());
}

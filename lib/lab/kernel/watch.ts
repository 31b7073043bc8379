/** One reader of the kernel's list of sockets, for all sessions. */
import { SocketError } from '../../index.js';
import { clockMs } from '../../reuse/timeline.js';
import { listPortSockets, type PortSocket } from './port-sockets.js';

/** How long to wait between two readings while something happens, */
const EVERY_MS = 10;
/** and when nothing has for a while: the kernel goes through all of its table, which takes a millisecond or two. */
const QUIET_EVERY_MS = 30;
const QUIET_AFTER_MS = 1000;
/** Where a reading takes long, as with very many sockets on the machine, the wait is so many times as long. */
const REST = 4;

/** What is told of each reading: the port's sockets, and when it began. */
export type Listener = (sockets: readonly PortSocket[], atMs: number) => void;

/** Reads the list again and again while somebody watches a port. */
export class Watch {
  readonly #listeners = new Map<number, Listener>();
  #timer: NodeJS.Timeout | undefined;
  #stirredMs = 0;

  /** Can the list be read here? true; or the code of the error. */
  static check(): true | string {
    if (process.platform !== 'linux') return 'platform';
    try {
      listPortSockets(1, 1);
      return true;
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      return error.code;
    }
  }

  /** Tells the sockets of a port from now on. Until {@link forget}. */
  add(port: number, listener: Listener): void {
    this.#listeners.set(port, listener);
    this.look();
  }

  /** Watches a port no more. */
  forget(port: number): void {
    this.#listeners.delete(port);
    if (this.#listeners.size === 0) clearTimeout(this.#timer);
  }

  /** Reads the list now, and goes on. */
  look(): void {
    clearTimeout(this.#timer);
    if (this.#listeners.size === 0) return;
    const startMs = clockMs();
    this.#read(startMs);
    const tookMs = clockMs() - startMs;
    const isQuiet = startMs - this.#stirredMs > QUIET_AFTER_MS;
    this.#lookIn(Math.max(isQuiet ? QUIET_EVERY_MS : EVERY_MS, REST * tookMs));
  }

  /** Something happens: looks more often for a while. */
  stir(): void {
    this.#stirredMs = clockMs();
    if (this.#listeners.size > 0) this.#lookIn(EVERY_MS);
  }

  #lookIn(timeMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.look();
    }, timeMs);
  }

  /** One reading for all ports, because the kernel walks through its whole table for each. */
  #read(startMs: number): void {
    const ports = [...this.#listeners.keys()];
    let sockets: PortSocket[];
    try {
      sockets = listPortSockets(Math.min(...ports), Math.max(...ports));
    } catch (error) {
      // ENOBUFS, EMFILE: the next reading may work.
      if (!(error instanceof SocketError)) throw error;
      return;
    }
    for (const [port, listener] of [...this.#listeners])
      listener(
        sockets.filter(({ local, remote }) => local.port === port || remote.port === port),
        startMs,
      );
  }
}

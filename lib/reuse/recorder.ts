/** Writes down the system calls of this process, so that the example programs need to know nothing about it. */
import { errnoName, errnoOf } from '../errors.js';
import { getsockopt, IPPROTO_TCP, optionName, TCP_INFO, tcpStateName } from '../index.js';
import { native, type Result } from '../native.js';
import { observe } from '../observer.js';
import { clockMs, type Call, type Observation, type Recording, type SocketRole } from './timeline.js';

const WATCHED = ['socket', 'setsockoptInt', 'bind', 'listen', 'accept', 'connect', 'recv', 'send', 'close'] as const;
type Watched = (typeof WATCHED)[number];
const isWatched = (name: string): name is Watched => (WATCHED as readonly string[]).includes(name);

/** The calls of an example program in this process, and the states of its sockets. */
export class Recorder {
  readonly #role: SocketRole;
  readonly #calls: Omit<Call, 'actor'>[] = [];
  readonly #seen: Observation[] = [];
  /** The descriptors that are open. */
  readonly #roles = new Map<number, SocketRole>();
  /** Those that the kernel lists: they have a port. */
  readonly #onPort = new Set<number>();

  /** @param program - a server's sockets are watched too; of a client only the calls are of interest */
  constructor(program: 'server' | 'client') {
    this.#role = program === 'server' ? 'listener' : 'connection';
  }

  /** From now on every call of this process through the addon is written down: for processes of their own only. */
  start(): void {
    observe(native, (name, given, call) =>
      isWatched(name) ? this.#record(name, given, call as () => Result) : call(),
    );
  }

  /** What was written down since the last time. */
  take(): Recording {
    return { calls: this.#calls.splice(0), seen: this.#seen.splice(0) };
  }

  #record(name: Watched, given: readonly unknown[], call: () => Result): Result {
    this.#look();
    const startMs = clockMs();
    const result = call();
    const endMs = clockMs();
    const errno = errnoOf(result);
    const value = result as unknown as number;
    const fd = name === 'socket' ? value : (given[0] as number);
    if (name === 'socket') this.#roles.set(fd, this.#role);
    const socket = this.#roles.get(fd) ?? this.#role;
    if (errno === 0) this.#follow(name, fd, value);
    this.#calls.push({
      name: name === 'setsockoptInt' ? 'setsockopt' : name,
      ...(name === 'setsockoptInt' && { option: optionName(given[1] as number, given[2] as number) ?? '?' }),
      socket,
      startMs,
      endMs,
      result: errno === 0 ? 'ok' : errnoName(errno)[0],
    });
    this.#look();
    return result;
  }

  /** Which descriptors are open after a call that succeeded, and which have a port. */
  #follow(name: Watched, fd: number, value: number): void {
    if (name === 'bind') this.#onPort.add(fd);
    if (name === 'accept') {
      this.#roles.set(value, 'connection');
      this.#onPort.add(value);
    }
    if (name === 'close') {
      this.#roles.delete(fd);
      this.#onPort.delete(fd);
    }
  }

  /** Asks the kernel for the states of a server's sockets: TCP_INFO of tcp(7), which only Linux has. */
  #look(): void {
    if (this.#role !== 'listener' || process.platform !== 'linux') return;
    for (const fd of this.#onPort) {
      // tcpi_state is the first byte of struct tcp_info.
      const state = getsockopt(fd, IPPROTO_TCP, TCP_INFO, 1)[0] ?? 0;
      const name = tcpStateName(state)?.replace('TCP_', '') ?? 'UNKNOWN';
      this.#seen.push({ socket: this.#roles.get(fd) ?? 'listener', state: name, atMs: clockMs() });
    }
  }
}

/** Several listeners on one port (SO_REUSEPORT), and which of them gets a new connection: classic BPF. Linux. */
import { setTimeout as later } from 'node:timers/promises';
import {
  BPF_ABS,
  BPF_ALU,
  BPF_JEQ,
  BPF_JMP,
  BPF_K,
  BPF_LD,
  BPF_MOD,
  BPF_RET,
  BPF_W,
  close,
  getsockopt,
  IPPROTO_TCP,
  SKF_AD_CPU,
  SKF_AD_OFF,
  SKF_AD_RANDOM,
  setsockopt,
  SO_ATTACH_REUSEPORT_CBPF,
  sock_filter,
  SOL_SOCKET,
  TCP_INFO,
  tcp_info,
  type SockFilter,
} from '../index.js';
import { listen, Socket } from '../promises/index.js';
import type { SocketAddress } from '../socket-address.js';
import { onLinux } from '../errors.js';
import { asFunction, asList, asObject, integer, invalidValue } from '../validate.js';
import { duplicate } from '../node/handle.js';

/** So many listeners may be in a group: jumps of a filter have 8 bits. */
const MOST = 128;
/** So long between two looks at a queue. */
const LOOK_MS = 5;

/** What {@link listenGroup} can be given. */
export interface GroupOptions {
  /** By what a listener is chosen: at random, or by the CPU that the packet came to. 'random' where it is left out. */
  by?: 'random' | 'cpu';
  /** How many connections may wait at each listener; SOMAXCONN where it is left out. */
  backlog?: number;
}

/** Listeners on one port. */
export interface Group {
  /** The address of them all. */
  readonly address: SocketAddress;
  /** The listener of a worker: a Socket of its own, which is the caller's to close or to hand over. The group keeps the
   * listener open beside it: where the worker dies, nobody in its queue is reset, and the next one gets it here. */
  listener(index: number): Socket;
  /** Steers new connections to these listeners only, by number. */
  steer(active: readonly number[]): void;
  /** Takes a listener out without a reset: steers new connections away, waits until its queue has been empty for
   * `graceMs` (200 where it is left out: say longer than a round trip to the clients takes) while its worker accepts, and
   * calls `close`, which has to close the worker's. */
  withdraw(index: number, close: () => void | Promise<void>, graceMs?: number): Promise<void>;
  /** Closes the group's own descriptors. Workers keep theirs. */
  close(): void;
}

/**
 * The program of SO_ATTACH_REUSEPORT_CBPF that steers each new connection to one of some listeners. Pure.
 *
 * @param active - the listeners' numbers in the kernel's order: that in which they began to listen; where one closes, the
 * last takes its place
 * @param by - at random, or by the CPU that the packet came to
 * @returns the instructions: `setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, sock_filter.encode(…))`
 * @throws TypeError, RangeError with ERR_* codes
 */
export function steeringFilter(active: readonly number[], by: 'random' | 'cpu' = 'random'): SockFilter[] {
  const numbers = asList(active, 'active', MOST).map((number) => integer(number, 'active', 0, 65_535));
  if (numbers.length === 0) throw invalidValue('active', 'must have a listener', active);
  if (!['random', 'cpu'].includes(by)) throw invalidValue('by', "must be 'random' or 'cpu'", by);
  const about = by === 'cpu' ? SKF_AD_CPU : SKF_AD_RANDOM;
  return [
    { code: BPF_LD | BPF_W | BPF_ABS, jt: 0, jf: 0, k: SKF_AD_OFF + about },
    { code: BPF_ALU | BPF_MOD | BPF_K, jt: 0, jf: 0, k: numbers.length },
    ...numbers.flatMap((number, at) => [
      { code: BPF_JMP | BPF_JEQ | BPF_K, jt: 0, jf: 1, k: at },
      { code: BPF_RET | BPF_K, jt: 0, jf: 0, k: number },
    ]),
    { code: BPF_RET | BPF_K, jt: 0, jf: 0, k: numbers[0] ?? 0 }, // never reached; a program has to end with RET
  ];
}

/**
 * Listens several times on one port, with SO_REUSEPORT: one listener for each worker thread or process, between which a
 * filter shares new connections out. Plain close of one of several listeners resets the connections in its queue;
 * `withdraw` resets none. Linux.
 *
 * @param address - port 0: a free one
 * @param count - how many listeners, 1 to 128
 * @throws TypeError, RangeError with ERR_* codes; SocketError as `socket`, `bind`, `listen`, `setsockopt`; ENOSYS (not
 * Linux). Nothing is left open then
 * @example
 * const group = listenGroup({ family: 'IPv4', address: '0.0.0.0', port: 8080 }, 2)
 * new Worker('./serve.js', { workerData: group.listener(0).detach() }) // in the worker: listenWith(server, workerData)
 */
export function listenGroup(address: SocketAddress, count: number, options: GroupOptions = {}): Group {
  onLinux(SO_ATTACH_REUSEPORT_CBPF as number | undefined, 'setsockopt');
  integer(count, 'count', 1, MOST);
  const { by = 'random', backlog } = asObject(options, 'options') as GroupOptions;
  const all = Array.from({ length: count }, (_, index) => index);
  steeringFilter(all, by); // refuses what it does not know
  const listening = { reusePort: true, ...(backlog === undefined ? {} : { backlog }) };
  const fds: number[] = [];
  try {
    const first = listen(address, listening);
    const bound = first.getsockname();
    fds.push(first.detach());
    while (fds.length < count) fds.push(listen(bound, listening).detach());
    const group = new ReusePortGroup(bound, fds, by);
    group.steer(all);
    return group;
  } catch (error) {
    for (const fd of fds) close(fd);
    throw error;
  }
}

class ReusePortGroup implements Group {
  readonly address: SocketAddress;
  readonly #fds: Map<number, number>;
  readonly #by: 'random' | 'cpu';
  /** The listeners in the kernel's order. */
  readonly #order: number[];
  #active: number[];

  constructor(address: SocketAddress, fds: readonly number[], by: 'random' | 'cpu') {
    this.address = address;
    this.#by = by;
    this.#fds = new Map(fds.entries());
    this.#order = [...this.#fds.keys()];
    this.#active = this.#order;
  }

  listener(index: number): Socket {
    const fd = duplicate(this.#fd(index));
    try {
      return Socket.fromFd(fd);
    } catch (error) {
      close(fd);
      throw error;
    }
  }

  steer(active: readonly number[]): void {
    const wanted = asList(active, 'active', MOST) as number[];
    const places = wanted.map((index) => {
      const fd = this.#fd(index);
      return { fd, place: this.#order.indexOf(index) };
    });
    const filter = sock_filter.encode(
      steeringFilter(
        places.map(({ place }) => place),
        this.#by,
      ),
    );
    setsockopt(places[0]?.fd ?? -1, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, filter);
    this.#active = wanted;
  }

  async withdraw(index: number, closeWorkers: () => void | Promise<void>, graceMs = 200): Promise<void> {
    const fd = this.#fd(index);
    integer(graceMs, 'graceMs', 0, 2 ** 31 - 1);
    asFunction(closeWorkers, 'close');
    this.steer(this.#active.filter((other) => other !== index));
    for (let empty = 0; empty * LOOK_MS <= graceMs; empty = queueLength(fd) === 0 ? empty + 1 : 0) await later(LOOK_MS);
    await closeWorkers();
    this.#fds.delete(index);
    close(fd);
    const last = this.#order.pop();
    const place = this.#order.indexOf(index);
    if (place !== -1 && last !== undefined) this.#order[place] = last; // so does the kernel
    this.steer(this.#active);
  }

  close(): void {
    for (const fd of this.#fds.values()) close(fd);
    this.#fds.clear();
  }

  #fd(index: unknown): number {
    const fd = this.#fds.get(integer(index, 'index', 0, MOST - 1));
    if (fd === undefined) throw invalidValue('index', 'must be a listener of the group', index);
    return fd;
  }
}

/** How many connections wait to be accepted. */
function queueLength(fd: number): number {
  return tcp_info.decode(getsockopt(fd, IPPROTO_TCP, TCP_INFO, tcp_info.size)).unacked;
}

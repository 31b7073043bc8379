/** Which socket of the kernel's list is which: the same one has one name as long as it lives. Pure. */
import type { ActorName, KernelSocket } from '../protocol.js';
import type { PortSocket } from './port-sockets.js';

/** Whose a socket is, and the name of the variable that holds it. */
export interface Owner {
  readonly actor: ActorName;
  readonly name: string;
}

interface Known {
  readonly id: string;
  readonly pair: string;
  readonly owner: Owner | undefined;
}

/** The sockets of one session. */
export class SocketNames {
  readonly #owners = new Map<number, Owner>();
  #known = new Map<string, Known>();
  #last = 0;

  /** A process has made a socket: the kernel numbers it so. */
  own(inode: number, owner: Owner): void {
    this.#owners.set(inode, owner);
  }

  /** A process has closed what it held by this name; without a name, all. The sockets keep their names. */
  disown(actor: ActorName, name?: string): void {
    for (const [inode, owner] of this.#owners)
      if (owner.actor === actor && (name === undefined || owner.name === name)) this.#owners.delete(inode);
  }

  /** The sockets of one reading, named. */
  nameAll(sockets: readonly PortSocket[]): KernelSocket[] {
    const before = this.#known;
    const cookies = new Set(sockets.map(({ cookie }) => cookie));
    // What has left the list may be in it as TIME_WAIT, which is an object of its own in the kernel.
    const left = new Map(
      [...before].flatMap(([cookie, one]) => (cookies.has(cookie) ? [] : [[one.pair, one] as const])),
    );
    this.#known = new Map();
    return sockets.map((socket) => {
      const pair = pairOf(socket);
      const old = before.get(socket.cookie) ?? (socket.inode === 0 ? left.get(pair) : undefined);
      left.delete(pair);
      const current = socket.inode === 0 ? undefined : this.#owners.get(socket.inode);
      const id = old?.id ?? `s${String(++this.#last)}`;
      const owner = current ?? old?.owner;
      this.#known.set(socket.cookie, { id, pair, owner });
      return asKernelSocket(socket, id, current?.actor ?? null, owner?.name ?? null);
    });
  }
}

const pairOf = ({ local, remote }: PortSocket): string =>
  `${local.address}:${String(local.port)} ${remote.address}:${String(remote.port)}`;

function asKernelSocket(socket: PortSocket, id: string, actor: ActorName | null, name: string | null): KernelSocket {
  const { state, local, remote, receiveQueue, sendQueue, expiresInMs } = socket;
  const told = { id, actor, name, state, local, remote, receiveQueue, sendQueue };
  return expiresInMs === undefined ? told : { ...told, expiresInMs };
}

/** So far the kernel's word on the end may differ from what was told before, counted on: its clock ticks at 4 to 10 ms. */
const TOLERANCE_MS = 150;

/** Do two readings, so many milliseconds apart, say the same? What only counts down has not changed. */
export function areSame(before: readonly KernelSocket[], after: readonly KernelSocket[], apartMs: number): boolean {
  return before.length === after.length && before.every((one, index) => isSame(one, after[index], apartMs));
}

function isSame(one: KernelSocket, other: KernelSocket | undefined, apartMs: number): boolean {
  if (other === undefined) return false;
  const { expiresInMs: expected, ...rest } = one;
  const { expiresInMs: found, ...others } = other;
  if (JSON.stringify(rest) !== JSON.stringify(others)) return false;
  if (expected === undefined || found === undefined) return expected === found;
  // The kernel's timers for long times are coarse: it may say 0 for a second, until it drops the socket.
  return Math.abs(Math.max(0, expected - apartMs) - found) <= TOLERANCE_MS;
}

/** What a sequence is made of so far: its lines, and what should be in the slots after them. */
import * as s from 'bsd-sockets';
import type { Chance } from './chance.js';

/** What is in a slot. */
export interface SlotState {
  domain: number;
  type: number;
  bound?: boolean;
  listening?: boolean;
  connected?: boolean;
  /** The slot that it is connected to. */
  peer?: number;
  /** How many messages may wait to be received. */
  waiting?: number;
}

/** Slots that the calls choose; the ones after them are for received descriptors. */
const CHOSEN = 8;
const DEV_NULL = 16;

const DOMAINS: readonly (readonly [string, number | undefined])[] = [
  ['AF_INET', s.AF_INET],
  ['AF_INET6', s.AF_INET6],
  ['AF_UNIX', s.AF_UNIX],
  ['AF_NETLINK', s.AF_NETLINK],
];

/** A sequence in the making. */
export class State {
  readonly lines: string[] = [];
  readonly slots: (SlotState | undefined)[] = Array.from({ length: CHOSEN }, () => undefined);
  readonly chance: Chance;

  /** @param chance - makes the choices */
  constructor(chance: Chance) {
    this.chance = chance;
  }

  /** Adds a call; the comment tells its constants by name. */
  call(words: readonly (string | number)[], comment = ''): void {
    this.lines.push(words.map(String).join(' ') + (comment === '' ? '' : ` # ${comment}`));
  }

  /** Adds a socket(2) call; nothing may block. */
  socket(slot: number, domain: number, type: number, protocol = 0): void {
    const name = DOMAINS.find(([, value]) => value === domain)?.[0] ?? 'no such family';
    this.call(['socket', slot, domain, type | s.SOCK_NONBLOCK, protocol], name);
    this.slots[slot] = { domain, type };
  }

  /** The slots that hold something which `fits`. */
  where(fits: (slot: SlotState) => boolean): number[] {
    return this.slots.flatMap((slot, index) => (slot !== undefined && fits(slot) ? [index] : []));
  }

  /** A slot, mostly one that holds something which `fits`; else any, received descriptors and /dev/null too. */
  slot(fits: (slot: SlotState) => boolean = () => true, share = 0.92): number {
    const fitting = this.where(fits);
    if (fitting.length > 0 && this.chance.happens(share)) return this.chance.of(fitting);
    const [full] = [this.where(() => true)];
    if (full.length > 0 && this.chance.happens(0.5)) return this.chance.of(full);
    return this.chance.between(0, this.chance.happens(0.1) ? DEV_NULL : CHOSEN + 1);
  }

  /** The slots know that they are connected to each other. */
  peers(first: number, second: number): void {
    Object.assign(this.slots[first] ?? {}, { connected: true, peer: second });
    Object.assign(this.slots[second] ?? {}, { connected: true, peer: first });
  }

  /** Something was sent from a slot: to the address, which may name another slot, or to its peer. */
  sent(slot: number, address = '-'): void {
    const to = /@(\d+)/.exec(address)?.[1] ?? this.slots[slot]?.peer;
    const socket = to === undefined ? undefined : this.slots[Number(to)];
    if (socket !== undefined) socket.waiting = (socket.waiting ?? 0) + 1;
  }

  /** A slot for a new descriptor, an empty one where there is one. */
  free(): number {
    const empty = this.slots.flatMap((slot, index) => (slot === undefined ? [index] : []));
    return this.chance.of(empty.length > 0 ? empty : [...this.slots.keys()]);
  }
}

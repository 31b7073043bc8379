/** Beginnings that make sense: sockets that are connected, or know each other's names. */
import * as s from 'bsd-sockets';
import { ownAddress } from './arguments.js';
import { setAnyOption, setTellingOption } from './calls.js';
import type { Weighted } from './chance.js';
import type { State } from './state.js';

type Scene = (state: State) => void;

/** Addresses at which a socket can be reached. */
const REACHABLE: Record<number, readonly string[]> = {
  [s.AF_INET]: ['4/127.0.0.1/0', '4/0.0.0.0/0'],
  [s.AF_INET6]: ['6/::1/0/0/0', '6/::/0/0/0', '6/::ffff:127.0.0.1/0/0/0'],
  [s.AF_NETLINK]: ['n/0/0', 'n/0/1'],
};

function bound(state: State, slot: number): void {
  const { chance } = state;
  const socket = state.slots[slot];
  if (socket === undefined) return;
  const reachable = REACHABLE[socket.domain];
  const address = reachable && chance.happens(0.9) ? chance.of(reachable) : ownAddress(state, socket);
  state.call(['bind', slot, address]);
  socket.bound = true;
}

function optionsNow(state: State, slot: number): void {
  const { chance } = state;
  if (chance.happens(0.3)) chance.list(1, 2, () => setAnyOption(state, slot));
  if (chance.happens(0.4)) chance.list(1, 3, () => setTellingOption(state, slot));
}

/** Where a bound socket is reached: by its name, or an address of its family when it is bound to all of them. */
function reach(state: State, domain: number, slot: number): string {
  const { chance } = state;
  if (domain === s.AF_INET && chance.happens(0.5)) return `4/127.0.0.1/@${String(slot)}`;
  if (domain === s.AF_INET6 && chance.happens(0.3)) return `6/::1/@${String(slot)}/0/0`;
  return `@${String(slot)}`;
}

function connection(domain: number, type: number): Scene {
  return (state) => {
    const listener = state.free();
    state.socket(listener, domain, type);
    optionsNow(state, listener);
    bound(state, listener);
    state.call(['listen', listener, state.chance.of([0, 1, 5, 128])]);
    Object.assign(state.slots[listener] ?? {}, { listening: true });
    for (let left = state.chance.between(1, 2); left > 0; left--) {
      const client = state.free();
      // Sometimes an IPv4 client of an IPv6 listener.
      const from = domain === s.AF_INET6 && state.chance.happens(0.2) ? s.AF_INET : domain;
      state.socket(client, from, type);
      optionsNow(state, client);
      state.call(['connect', client, reach(state, from, listener)]);
      const server = state.free();
      state.call(['accept', listener, server]);
      state.slots[server] = { domain, type };
      state.peers(client, server);
    }
  };
}

function datagrams(domain: number, type: number, protocol = 0): Scene {
  return (state) => {
    const slots = [state.free()];
    state.socket(slots[0] as number, domain, type, protocol);
    slots.push(state.free());
    state.socket(slots[1] as number, domain, type, protocol);
    for (const slot of slots) {
      optionsNow(state, slot);
      bound(state, slot);
    }
    const [first, second] = slots as [number, number];
    if (state.chance.happens(0.6)) {
      state.call(['connect', first, reach(state, domain, second)]);
      Object.assign(state.slots[first] ?? {}, { connected: true, peer: second });
    }
    if (state.chance.happens(0.4)) {
      state.call(['connect', second, reach(state, domain, first)]);
      Object.assign(state.slots[second] ?? {}, { connected: true, peer: first });
    }
  };
}

function pair(type: number): Scene {
  return (state) => {
    const first = state.free();
    state.slots[first] = { domain: s.AF_UNIX, type };
    const second = state.free();
    state.slots[second] = { domain: s.AF_UNIX, type };
    state.peers(first, second);
    state.call(['socketpair', first, second, s.AF_UNIX, type | s.SOCK_NONBLOCK, 0], 'AF_UNIX');
    optionsNow(state, first);
  };
}

/** NETLINK_USERSOCK: between processes, the kernel answers nothing. */
const USERSOCK = 2;

/** The beginnings, and how often. */
export const SCENES: Weighted<Scene> = [
  [5, connection(s.AF_INET, s.SOCK_STREAM)],
  [4, connection(s.AF_INET6, s.SOCK_STREAM)],
  [3, connection(s.AF_UNIX, s.SOCK_STREAM)],
  [2, connection(s.AF_UNIX, s.SOCK_SEQPACKET)],
  [4, datagrams(s.AF_INET, s.SOCK_DGRAM)],
  [4, datagrams(s.AF_INET6, s.SOCK_DGRAM)],
  [3, datagrams(s.AF_UNIX, s.SOCK_DGRAM)],
  [1, datagrams(s.AF_NETLINK, s.SOCK_RAW, USERSOCK)],
  [2, pair(s.SOCK_STREAM)],
  [2, pair(s.SOCK_DGRAM)],
  [2, pair(s.SOCK_SEQPACKET)],
];

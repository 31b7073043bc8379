/** The calls of a sequence, with arguments that mostly fit what is in the slots. */
import * as s from 'bsd-sockets';
import { controlItem, data, ownAddress, peerAddress, receiveFlags, sendFlags, several, size } from './arguments.js';
import type { Chance, Weighted } from './chance.js';
import { OPTIONS, optionsOf, tellingOptionsOf, type Option } from './options.js';
import type { SlotState, State } from './state.js';

type Call = (state: State) => void;

const isConnected = ({ connected = false }: SlotState): boolean => connected;
const isStream = ({ type }: SlotState): boolean => type === s.SOCK_STREAM || type === s.SOCK_SEQPACKET;
const ODD_INTS = [-1, 2, 3, 255, 256, 65536, 2147483647, -2147483648];

function newSocket(state: State): void {
  const { chance } = state;
  const domain = chance.of([s.AF_INET, s.AF_INET, s.AF_INET6, s.AF_INET6, s.AF_UNIX, s.AF_UNIX, 0, 99, -1]);
  const type = chance.of([s.SOCK_STREAM, s.SOCK_STREAM, s.SOCK_DGRAM, s.SOCK_DGRAM, s.SOCK_SEQPACKET, 0, 11]);
  const protocol = chance.happens(0.85) ? 0 : chance.of([s.IPPROTO_TCP, s.IPPROTO_UDP, 1, 254, -1]);
  if (chance.happens(0.8)) {
    state.socket(state.free(), domain, type, protocol);
    return;
  }
  const pair = [state.free(), state.free()];
  state.call(['socketpair', ...pair, domain, type | s.SOCK_NONBLOCK, protocol]);
  if (domain !== s.AF_UNIX) return;
  for (const slot of pair) state.slots[slot] = { domain, type, connected: true };
}

function bind(state: State): void {
  const slot = state.slot(({ bound = false }) => !bound, 0.7);
  const socket = state.slots[slot] ?? { domain: s.AF_INET, type: s.SOCK_STREAM };
  state.call(['bind', slot, ownAddress(state, socket)]);
  socket.bound = true;
}

function connect(state: State): void {
  const slot = state.slot(({ connected = false }) => !connected, 0.7);
  state.call(['connect', slot, peerAddress(state, state.slots[slot])]);
  Object.assign(state.slots[slot] ?? {}, { connected: true });
}

function listen(state: State): void {
  const slot = state.slot((socket) => isStream(socket) && !isConnected(socket), 0.8);
  state.call(['listen', slot, state.chance.of([0, 1, 5, -1, 128])]);
  Object.assign(state.slots[slot] ?? {}, { listening: true });
}

function accept(state: State): void {
  const listener = state.slot(({ listening = false }) => listening);
  const to = state.free();
  state.call(['accept', listener, to]);
  const { domain, type } = state.slots[listener] ?? { domain: s.AF_INET, type: s.SOCK_STREAM };
  state.slots[to] = { domain, type, connected: true };
}

function send(state: State): void {
  const slot = state.slot(isConnected);
  state.call(['send', slot, data(state.chance), sendFlags(state.chance)]);
  state.sent(slot);
}

const isDatagram = (socket: SlotState): boolean => !isStream(socket);

function sendto(state: State): void {
  const slot = state.slot(isDatagram, 0.8);
  const address = peerAddress(state, state.slots[slot]);
  state.call(['sendto', slot, data(state.chance), sendFlags(state.chance), address]);
  state.sent(slot, address);
}

function to(state: State, socket: SlotState | undefined): string {
  const share = socket?.connected === true ? 0.15 : 0.9;
  return state.chance.happens(share) ? peerAddress(state, socket) : '-';
}

function sendmsg(state: State): void {
  const { chance } = state;
  const slot = state.slot((socket) => isConnected(socket) || isDatagram(socket));
  const socket = state.slots[slot];
  const items = chance.happens(0.5) ? chance.list(1, 2, () => controlItem(state, socket)).join(';') : '-';
  const address = to(state, socket);
  state.call(['sendmsg', slot, sendFlags(chance), address, several(chance, ',', () => data(chance)), items]);
  state.sent(slot, address);
}

function sendmmsg(state: State): void {
  const { chance } = state;
  const slot = state.slot((socket) => isConnected(socket) || isDatagram(socket));
  const datagram = (): string => `${to(state, state.slots[slot])}=${several(chance, '+', () => data(chance))}`;
  const datagrams = several(chance, ',', datagram);
  state.call(['sendmmsg', slot, sendFlags(chance), datagrams]);
  state.sent(slot, datagrams.split('=')[0]);
}

/** A slot to receive from, mostly one to which something was sent. */
function receiver(state: State): number {
  const slot = state.chance.happens(0.8)
    ? state.slot(({ waiting = 0 }) => waiting > 0, 0.95)
    : state.slot((socket) => isConnected(socket) || isDatagram(socket));
  const socket = state.slots[slot];
  if (socket !== undefined && state.chance.happens(0.7)) socket.waiting = Math.max(0, (socket.waiting ?? 0) - 1);
  return slot;
}

/** Receives, where something was sent; else mostly sends first. */
function receiving(receive: Call): Call {
  return (state) => {
    const nothingWaits = state.where(({ waiting = 0 }) => waiting > 0).length === 0;
    if (nothingWaits && state.chance.happens(0.8)) state.chance.of([send, sendto, sendmsg])(state);
    receive(state);
  };
}

function recv(state: State): void {
  const name = state.chance.of(['recv', 'recvfrom']);
  state.call([name, receiver(state), size(state.chance), receiveFlags(state.chance)]);
}

function recvmsg(state: State): void {
  const { chance } = state;
  const controlLength = chance.happens(0.3) ? 0 : chance.of([chance.between(0, 100), 100, 256]);
  const rooms = several(chance, ',', () => size(chance));
  state.call(['recvmsg', receiver(state), receiveFlags(chance), controlLength, rooms]);
}

/** What the kernel keeps of errors, which IP_RECVERR asks it to. */
function receiveErrors(state: State): void {
  const { chance } = state;
  const slot = state.slot(isDatagram);
  const domain = state.slots[slot]?.domain;
  if (chance.happens(0.7)) {
    const isIPv4 = domain === s.AF_INET;
    const option = isIPv4 ? s.IP_RECVERR : s.IPV6_RECVERR;
    state.call(['setsockopt', slot, isIPv4 ? s.IPPROTO_IP : s.IPPROTO_IPV6, option, 1], 'IP_RECVERR');
    state.call(['sendto', slot, data(chance), 0, isIPv4 ? '4/127.0.0.1/1' : '6/::1/1/0/0']);
  }
  const rooms = several(chance, ',', () => size(chance));
  state.call(
    ['recvmsg', slot, s.MSG_ERRQUEUE, chance.of([0, chance.between(0, 100), 256, 256]), rooms],
    'MSG_ERRQUEUE',
  );
}

function recvmmsg(state: State): void {
  const { chance } = state;
  state.call(['recvmmsg', receiver(state), receiveFlags(chance), several(chance, ',', () => size(chance))]);
}

/** An option that mostly fits the socket in the slot. */
function optionFor(state: State, slot: number): Option {
  const socket = state.slots[slot];
  if (socket === undefined || state.chance.happens(0.1)) return state.chance.of(OPTIONS);
  return state.chance.of(optionsOf(socket.domain, socket.type));
}

/** Has the kernel tell more about what the socket in the slot receives. */
export function setTellingOption(state: State, slot: number): void {
  const { domain, type } = state.slots[slot] ?? { domain: s.AF_UNIX, type: s.SOCK_STREAM };
  const { level, option, name } = state.chance.of(tellingOptionsOf(domain, type));
  state.call(['setsockopt', slot, level, option, 1], name);
}

/** Sets an option of the socket in the slot. */
export function setAnyOption(state: State, slot: number): void {
  const { chance } = state;
  const { level, option, name, ints, bytes } = optionFor(state, slot);
  if (ints !== undefined && chance.happens(0.85)) {
    const value = chance.of(chance.happens(0.9) ? ints : ODD_INTS);
    state.call(['setsockopt', slot, level, option, value], name);
    return;
  }
  const given = ints === undefined ? bytes : ['01000000', '0000000000000000', '0100', '01', '-'];
  if (given === undefined || given.length === 0) return;
  const whole = chance.of(given);
  // A filter has whole instructions.
  const hex = option === s.SO_ATTACH_FILTER || chance.happens(0.85) ? whole : cut(chance, whole);
  state.call(['setsockoptbytes', slot, level, option, hex === '' ? '-' : hex], name);
}

function cut(chance: Chance, hex: string): string {
  if (hex === '-') return hex;
  return chance.happens(0.5) ? hex.slice(0, 2 * chance.between(0, hex.length / 2)) : `${hex}0000`;
}

function setsockopt(state: State): void {
  setAnyOption(state, state.slot());
}

function getsockopt(state: State): void {
  const { chance } = state;
  const slot = state.slot();
  const { level, option, name, size: bytes } = optionFor(state, slot);
  if (bytes === 4 && chance.happens(0.7)) state.call(['getsockopt', slot, level, option], name);
  else
    state.call(
      ['getsockoptbytes', slot, level, option, chance.of([bytes, bytes, bytes, chance.between(0, bytes), bytes + 9])],
      name,
    );
}

function poll(state: State): void {
  const { chance } = state;
  const events = (): number =>
    chance.of([s.POLLIN, s.POLLOUT, s.POLLIN | s.POLLOUT, s.POLLPRI, 0, 0x7fff, s.POLLIN | s.POLLRDHUP]);
  const entries = several(chance, ',', () => `${String(state.slot())}:${String(events())}`);
  state.call(['poll', chance.happens(0.1) ? 1 : 0, entries]);
}

function names(state: State): void {
  state.call([state.chance.of(['getsockname', 'getpeername']), state.slot()]);
}

function fcntl(state: State): void {
  const { chance } = state;
  const slot = state.slot();
  const commands: Weighted<readonly [number, string | number, string]> = [
    [2, [s.F_GETFD, 0, 'F_GETFD']],
    [1, [s.F_SETFD, chance.of([0, 1, 2, 3]), 'F_SETFD']],
    [2, [s.F_GETFL, 0, 'F_GETFL']],
    [1, [s.F_SETFL, s.O_NONBLOCK | chance.of([0, 0o2000, 0o40000]), 'F_SETFL']],
    [1, [s.F_GETOWN, 0, 'F_GETOWN']],
    [1, [s.F_SETOWN, chance.of(['pgrp', 0, 99999999, -2147483648]), 'F_SETOWN']],
    [1, [s.F_GETSIG, 0, 'F_GETSIG']],
    [1, [s.F_DUPFD, chance.of([-1, 2147483647]), 'F_DUPFD']],
  ];
  const [command, argument, name] = chance.weighted(commands);
  state.call(['fcntl', slot, command, argument], name);
}

function dup(state: State): void {
  const from = state.slot();
  const free = state.free();
  state.call(['dup', from, free]);
  state.slots[free] = state.slots[from];
}

function shutdown(state: State): void {
  state.call(['shutdown', state.slot(isConnected), state.chance.of([0, 1, 1, 2, 3, -1])]);
}

function close(state: State): void {
  const slot = state.slot();
  state.call(['close', slot]);
  if (slot < state.slots.length) state.slots[slot] = undefined;
}

/** The calls, and how often. */
export const CALLS: Weighted<Call> = [
  [3, newSocket],
  [3, bind],
  [3, connect],
  [2, listen],
  [3, accept],
  [7, send],
  [6, sendto],
  [8, sendmsg],
  [4, sendmmsg],
  [16, receiving(recv)],
  [14, receiving(recvmsg)],
  [5, receiving(recvmmsg)],
  [2, receiveErrors],
  [8, setsockopt],
  [8, getsockopt],
  [5, poll],
  [4, names],
  [3, fcntl],
  [1, dup],
  [2, shutdown],
  [3, close],
];

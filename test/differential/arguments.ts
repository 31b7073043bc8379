/** Arguments of calls: addresses, bytes, flags. */
import * as s from 'bsd-sockets';
import type { Chance } from './chance.js';
import type { SlotState, State } from './state.js';

const SIZES = [0, 1, 2, 3, 5, 8, 13, 64, 65, 100, 1000];
const LARGE_SIZES = [1472, 4096, 20000, 65507, 65508, 70000];
const IPV4 = ['127.0.0.1', '127.0.0.1', '127.0.0.1', '127.0.0.2', '0.0.0.0', '127.255.255.255', '239.1.2.3'];
const IPV6 = ['::1', '::1', '::1', '::', '::ffff:127.0.0.1', '::ffff:127.0.0.1', '2001:db8::1', 'ff11::123'];
/** As long as a name may be, and one byte less: with a folder of 30 bytes, or a prefix of 10. */
const LONG = 'n'.repeat(97);

/** A number of bytes, mostly a small one. */
export function size(chance: Chance): number {
  return chance.happens(0.93) ? chance.of(SIZES) : chance.of(LARGE_SIZES);
}

/** The bytes of a send. */
export function data(chance: Chance): string {
  return `${String(size(chance))}:${String(chance.between(0, 255))}`;
}

/** Several of `make`, or "-". */
export function several(chance: Chance, separator: string, make: () => string | number): string {
  return chance.list(chance.happens(0.1) ? 0 : 1, 4, make).join(separator) || '-';
}

/** An address to bind to. */
export function ownAddress(state: State, { domain }: SlotState): string {
  const { chance } = state;
  if (chance.happens(0.05)) return anyAddress(state);
  const port = chance.happens(0.1) ? `@${String(state.slot())}` : '0';
  if (domain === s.AF_INET) return `4/${chance.of(IPV4)}/${port}`;
  if (domain === s.AF_INET6) {
    const ip = chance.of(IPV6);
    const scope = ip.startsWith('ff') ? chance.of([1, 1, 0, 99]) : chance.of([0, 0, 0, 1, 99]);
    return `6/${ip}/${port}/0/${String(scope)}`;
  }
  if (domain === s.AF_NETLINK)
    return `n/${chance.of(['0', '0', '0', '7', '4000000000'])}/${String(chance.of([0, 0, 1, 3]))}`;
  return unixName(chance);
}

function unixName(chance: Chance): string {
  const name = String(chance.between(0, 3));
  return chance.weighted([
    [5, `a/n${name}`],
    [3, `p/p${name}`],
    [1, `a/${LONG.slice(chance.between(0, 1))}`],
    [1, 'p/no/such'],
    [1, 'x/fffe80'],
    [2, 'u'],
  ]);
}

/** An address to connect or send to: mostly where a socket of the same kind is. */
export function peerAddress(state: State, from: SlotState | undefined): string {
  const { chance } = state;
  if (from === undefined || chance.happens(0.06)) return anyAddress(state);
  const bound = state.where(
    ({ domain, type, bound: isBound = false }) => isBound && domain === from.domain && type === from.type,
  );
  if (bound.length > 0 && chance.happens(0.85)) {
    const slot = String(chance.of(bound));
    if (chance.happens(0.6)) return `@${slot}`;
    if (from.domain === s.AF_INET) return `4/${chance.of(IPV4)}/@${slot}`;
    if (from.domain === s.AF_INET6) return `6/${chance.of(IPV6)}/@${slot}/${String(chance.of([0, 0, 77]))}/0`;
    if (from.domain === s.AF_NETLINK) return `n/@${slot}/${String(chance.of([0, 0, 1]))}`;
    return `@${slot}`;
  }
  if (from.domain === s.AF_INET) return `4/127.0.0.1/${String(chance.of([1, 1, 0]))}`;
  if (from.domain === s.AF_INET6) return `6/${chance.of(['::1', '::ffff:127.0.0.1'])}/1/0/0`;
  return from.domain === s.AF_NETLINK ? 'n/123456789/0' : unixName(chance);
}

/** An address of any family, also one that makes no sense. */
function anyAddress(state: State): string {
  const { chance } = state;
  const slot = String(state.slot());
  return chance.of([
    `@${slot}`,
    `4/127.0.0.1/@${slot}`,
    `6/::1/@${slot}/0/0`,
    `6/fe80::1/@${slot}/0/0`,
    unixName(chance),
    'n/0/0',
    'r/0000',
    'r/00000000000000000000000000000000',
    'r/0200',
    'r/02000000000000',
    'r/0a00000000000000000000000000000000000000000000000000',
    `r/0100${'2f'.repeat(chance.between(1, 126))}`, // a path, but none where a socket can be made
    'x/fffe80',
    'r/6300000000000000',
    'r/02',
    'r/-',
  ]);
}

const SEND_FLAGS = {
  MSG_DONTWAIT: s.MSG_DONTWAIT,
  MSG_NOSIGNAL: s.MSG_NOSIGNAL,
  MSG_OOB: s.MSG_OOB,
  MSG_EOR: s.MSG_EOR,
  MSG_MORE: s.MSG_MORE,
  MSG_DONTROUTE: s.MSG_DONTROUTE,
  MSG_CONFIRM: s.MSG_CONFIRM,
};
const RECEIVE_FLAGS = {
  MSG_DONTWAIT: s.MSG_DONTWAIT,
  MSG_PEEK: s.MSG_PEEK,
  MSG_TRUNC: s.MSG_TRUNC,
  MSG_WAITALL: s.MSG_WAITALL,
  MSG_OOB: s.MSG_OOB,
  MSG_ERRQUEUE: s.MSG_ERRQUEUE,
  MSG_CTRUNC: s.MSG_CTRUNC,
  MSG_CMSG_CLOEXEC: s.MSG_CMSG_CLOEXEC,
  MSG_WAITFORONE: s.MSG_WAITFORONE,
};

function flags(chance: Chance, from: Record<string, number | undefined>): number {
  if (chance.happens(0.6)) return 0;
  return chance.list(1, 2, () => chance.of(Object.values(from)) ?? 0).reduce((sum, flag) => sum | flag, 0);
}

/** The flags of a call that sends. */
export function sendFlags(chance: Chance): number {
  return flags(chance, SEND_FLAGS);
}

/** The flags of a call that receives. */
export function receiveFlags(chance: Chance): number {
  return flags(chance, RECEIVE_FLAGS);
}

/** Slots that are mostly empty. */
const EMPTY = [8, 9, 15];

/** A control message to send, which mostly fits the socket. */
export function controlItem(state: State, from: SlotState | undefined): string {
  const { chance } = state;
  // No unix socket: one that is held only by a message in its own queue is collected by the kernel, some time later.
  const passed = state.where(({ domain }) => domain !== s.AF_UNIX).concat(0);
  const rights = (): string => `rights:${several(chance, '.', () => chance.of(passed))}`;
  const uid = String(process.getuid?.() ?? 0);
  const unix = [
    rights,
    rights,
    rights,
    () => `cred:0:${uid}:${String(process.getgid?.() ?? 0)}`,
    () => `cred:1:${uid}:0`,
  ];
  const int = (level: number, type: number | undefined, values: number[]) => (): string =>
    `int:${String(level)}:${String(type)}:${String(chance.of(values))}`;
  const ipv4 = [
    int(s.IPPROTO_IP, s.IP_TTL, [0, 1, 64, 255]),
    int(s.IPPROTO_IP, s.IP_TOS, [0, 8, 16]),
    () => `pktinfo:${String(chance.of([0, 1, 99]))}:${chance.of(['127.0.0.1', '127.0.0.3', '0.0.0.0'])}:0.0.0.0`,
  ];
  const ipv6 = [int(s.IPPROTO_IPV6, s.IPV6_HOPLIMIT, [0, 1, 64, 255]), int(s.IPPROTO_IPV6, s.IPV6_TCLASS, [0, 8, 255])];
  const odd = [
    // As descriptors these bytes are -1: with 0 the standard input would be passed, and played with.
    () =>
      `data:${String(s.SOL_SOCKET)}:${String(chance.of([1, 2, 99]))}:${chance.of(['-', '01', 'ffffff', 'ffffffffff'])}`,
    () =>
      `data:${String(chance.of([0, 41, 999]))}:${String(chance.between(0, 60))}:${chance.of(['-', '01', '40000000'])}`,
    () => `rights:${String(chance.of([...passed, ...EMPTY]))}`,
    ...ipv4,
    ...ipv6,
  ];
  const fitting = new Map([
    [s.AF_UNIX, unix],
    [s.AF_NETLINK, unix.slice(3)],
    [s.AF_INET, ipv4],
    [s.AF_INET6, ipv6],
  ]);
  const items = fitting.get(from?.domain ?? s.AF_UNIX);
  return chance.of(items === undefined || chance.happens(0.1) ? odd : items)();
}

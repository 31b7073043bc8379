/**
 * The messages of sock_diag(7) about TCP and UDP sockets. Pure: bytes in, objects out. The numbers are those of
 * <linux/inet_diag.h>.
 */
import { LITTLE } from '../../bytes.js';
import { AF_INET, AF_INET6, IPPROTO_TCP, IPPROTO_UDP } from './calls.js';
import { formatIPv4, formatIPv6 } from '../../ip.js';
import { encodeAttribute, encodeRequest, encodeTcpRequest, findAttribute, type Part } from './netlink.js';

/** Their ports are separate, and so are the kernel's lists of their sockets. */
export type Protocol = 'tcp' | 'udp';

/** The states of tcp(7), as the kernel names them. `CLOSE` with a local port: bound, neither listening nor connected. */
export type TcpState =
  | 'ESTABLISHED'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'FIN_WAIT1'
  | 'FIN_WAIT2'
  | 'TIME_WAIT'
  | 'CLOSE'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'LISTEN'
  | 'CLOSING'
  | 'NEW_SYN_RECV'
  | 'BOUND_INACTIVE'
  | 'UNKNOWN';

/** One end of a connection. Of a socket that has no peer, the remote end is the unspecified address and port 0. */
export interface Endpoint {
  /** The IP address. */
  readonly address: string;
  /** The port; 0: none. */
  readonly port: number;
}

/** A TCP or UDP socket in the kernel's list. */
export interface InetSocket {
  readonly protocol: Protocol;
  readonly family: 'IPv4' | 'IPv6';
  /** Of a UDP socket `ESTABLISHED` where it is connected, else `CLOSE`. */
  readonly state: TcpState;
  /** IPv4 in an IPv6 socket stays as the kernel gives it: `::ffff:127.0.0.1`. */
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Whose it is. The kernel says 0 for TIME_WAIT, which belongs to no process. */
  readonly uid: number;
  /** The number in `/proc/PID/fd/*` → `socket:[…]`; 0 where no process holds the socket. */
  readonly inode: number;
  /** The interface it is bound to (SO_BINDTODEVICE); 0: none. */
  readonly interfaceIndex: number;
  /** Milliseconds until the kernel drops it by itself: in TIME_WAIT, and in FIN_WAIT2 with no owner. */
  readonly expiresInMs?: number;
  /** IPV6_V6ONLY. The kernel tells it of IPv6 sockets that listen or are bound and no more. */
  readonly v6only?: boolean;
}

/** A TCP socket in the kernel's list. */
export type TcpSocket = InetSocket;

/** The names of the kernel's state numbers: unix sockets have them too. */
export const STATES: readonly TcpState[] = [
  'UNKNOWN',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'NEW_SYN_RECV',
  'BOUND_INACTIVE',
];
/** Every state, and bit 13: sockets that are bound and no more (Linux 6.8; older kernels list none). */
export const ALL_STATES = (1 << STATES.length) - 1;

const INET_DIAG_REQ_BYTECODE = 1;
const INET_DIAG_BC_S_GE = 2;
const INET_DIAG_BC_S_LE = 3;
const INET_DIAG_SKV6ONLY = 11;
const TIMER_TIME_WAIT = 3;

const WORD = Uint32Array.BYTES_PER_ELEMENT;
const REQUEST_SIZE = 56; // struct inet_diag_req_v2
const OLD_REQUEST_SIZE = 60; // struct inet_diag_req
const MESSAGE_SIZE = 72; // struct inet_diag_msg

/**
 * A request for all sockets of a protocol and family: what to send to a NETLINK_SOCK_DIAG socket.
 *
 * @param family - `AF_INET` or `AF_INET6`
 * @param port - only sockets of this local port; the kernel chooses them
 */
export function encodeInetRequest(protocol: Protocol, family: number, port?: number): Uint8Array {
  return encodeInetDump(protocol, family, port === undefined ? undefined : portFilter(port));
}

/**
 * As {@link encodeInetRequest}.
 *
 * @param filter - the kernel's bytecode, that chooses
 */
export function encodeInetDump(protocol: Protocol, family: number, filter?: Uint8Array): Uint8Array {
  const body = new Uint8Array(REQUEST_SIZE);
  const view = new DataView(body.buffer);
  view.setUint8(0, family); // sdiag_family
  view.setUint8(1, protocol === 'tcp' ? IPPROTO_TCP : IPPROTO_UDP); // sdiag_protocol
  view.setUint32(4, ALL_STATES, LITTLE); // idiag_states
  return encodeRequest(body, ...attributeOf(filter));
}

/**
 * A request for the TCP sockets of IPv4 and IPv6 at once, in the kernel's older form: it goes through its table of
 * connections once, and that is most of the work where few of them are asked for.
 */
export function encodeBothFamilies(port?: number): Uint8Array {
  const body = new Uint8Array(OLD_REQUEST_SIZE);
  new DataView(body.buffer).setUint32(52, ALL_STATES, LITTLE); // idiag_states
  return encodeTcpRequest(body, ...attributeOf(port === undefined ? undefined : portFilter(port)));
}

function attributeOf(filter: Uint8Array | undefined): Uint8Array[] {
  return filter === undefined ? [] : [encodeAttribute(INET_DIAG_REQ_BYTECODE, filter)];
}

/**
 * "port ≤ local port ≤ port" in the kernel's bytecode: two operations of 8 bytes. Each says how far to go on if it
 * holds, and if not: to 4 bytes past the end, which means no.
 */
function portFilter(port: number): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  [INET_DIAG_BC_S_GE, INET_DIAG_BC_S_LE].forEach((code, index) => {
    const at = index * 8;
    view.setUint8(at, code);
    view.setUint8(at + 1, 8); // yes
    view.setUint16(at + 2, 20 - at, LITTLE); // no
    view.setUint16(at + 6, port, LITTLE); // the operand: `no` of a second struct inet_diag_bc_op
  });
  return bytes;
}

/** The socket of a struct inet_diag_msg; undefined where it is cut short or of another family. */
export function decodeInetSocket(protocol: Protocol, body: Part): InetSocket | undefined {
  const { bytes, view, words, start, end } = body;
  if (end - start < MESSAGE_SIZE) return undefined;
  const number = bytes[start];
  if (number !== AF_INET && number !== AF_INET6) return undefined;
  const family: InetSocket['family'] = number === AF_INET ? 'IPv4' : 'IPv6';
  const at = start / WORD;
  const state = STATES[bytes[start + 1] ?? 0] ?? 'UNKNOWN';
  const local = localEnd(localText(family, body, start + 8), view.getUint16(start + 4)); // network byte order
  const remote = { address: remoteText(family, body, start + 24), port: view.getUint16(start + 6) };
  const uid = words[at + 16] ?? 0;
  const inode = words[at + 17] ?? 0;
  const interfaceIndex = words[at + 10] ?? 0;
  if (bytes[start + 2] === TIMER_TIME_WAIT) {
    // In one go, for there may be tens of thousands.
    const expiresInMs = words[at + 13] ?? 0;
    return { protocol, family, state, local, remote, uid, inode, interfaceIndex, expiresInMs };
  }
  const found: InetSocket = { protocol, family, state, local, remote, uid, inode, interfaceIndex };
  if (family === 'IPv4') return found;
  const v6only = findAttribute(body, start + MESSAGE_SIZE, INET_DIAG_SKV6ONLY);
  return v6only !== undefined && v6only.start < v6only.end ? { ...found, v6only: bytes[v6only.start] !== 0 } : found;
}

/** The sockets of a port have mostly one address: they share it. */
const localEnd = ((): ((address: string, port: number) => Endpoint) => {
  let last: Endpoint = { address: '', port: 0 };
  return (address, port) => (last.port === port && last.address === address ? last : (last = { address, port }));
})();

/** So many texts of addresses are kept: thousands of sockets have few addresses, and a text is dear. */
const MOST_TEXTS = 1000;
/** The third word of `::ffff:127.0.0.1`: its bytes are in network order. */
const MAPPED = LITTLE ? 0xffff0000 : 0x0000ffff;

const ipv4Text = kept(formatIPv4);
const mappedText = kept((bytes, at) => formatIPv6(bytes.subarray(at - 12, at + 4)));
const localText = addressText(lastKept());
const remoteText = addressText(lastKept());

type Text = (part: Part, at: number) => string;

function addressText(ipv6Text: Text): (family: 'IPv4' | 'IPv6', part: Part, at: number) => string {
  return (family, part, at) => {
    if (family === 'IPv4') return ipv4Text(part, at);
    const first = at / WORD;
    const { words } = part;
    const isMapped = words[first] === 0 && words[first + 1] === 0 && words[first + 2] === MAPPED;
    return isMapped ? mappedText(part, at + 12) : ipv6Text(part, at);
  };
}

/** Texts by the four bytes at `at`. */
function kept(make: (bytes: Uint8Array, at: number) => string): Text {
  const texts = new Map<number, string>();
  return ({ bytes, words }, at) => {
    const number = words[at / WORD] ?? 0;
    const known = texts.get(number);
    if (known !== undefined) return known;
    if (texts.size >= MOST_TEXTS) texts.clear();
    const text = make(bytes, at);
    texts.set(number, text);
    return text;
  };
}

/** The text of an IPv6 address; the last one is kept. */
function lastKept(): Text {
  const last = new Uint32Array(4);
  let text = '::';
  return ({ bytes, words }, at) => {
    let isNew = false;
    for (let i = 0; i < last.length; i++) {
      const word = words[at / WORD + i] ?? 0;
      if (word !== last[i]) isNew = true;
      last[i] = word;
    }
    if (isNew) text = formatIPv6(bytes.subarray(at, at + 16));
    return text;
  };
}

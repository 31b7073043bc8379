/**
 * The messages of sock_diag(7) about TCP and UDP sockets. Pure: bytes in, objects out. The numbers are those of
 * <linux/inet_diag.h>.
 */
import { LITTLE } from '../bytes.js';
import { AF_INET, AF_INET6, IPPROTO_TCP, IPPROTO_UDP } from '../index.js';
import { formatIPv4, formatIPv6 } from '../ip.js';
import { encodeAttribute, encodeRequest, findAttribute, type Part } from './netlink.js';

/** The protocols of which there are lists. */
export type InetProtocol = 'tcp' | 'udp';

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
  readonly protocol: InetProtocol;
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

const REQUEST_SIZE = 56; // struct inet_diag_req_v2
const MESSAGE_SIZE = 72; // struct inet_diag_msg

/**
 * A request for all sockets of a protocol and family: what to send to a NETLINK_SOCK_DIAG socket.
 *
 * @param family - `AF_INET` or `AF_INET6`
 * @param port - only sockets of this local port; the kernel chooses them
 */
export function encodeInetRequest(protocol: InetProtocol, family: number, port?: number): Uint8Array {
  const body = new Uint8Array(REQUEST_SIZE);
  const view = new DataView(body.buffer);
  view.setUint8(0, family); // sdiag_family
  view.setUint8(1, protocol === 'tcp' ? IPPROTO_TCP : IPPROTO_UDP); // sdiag_protocol
  view.setUint32(4, ALL_STATES, LITTLE); // idiag_states
  if (port === undefined) return encodeRequest(body);
  return encodeRequest(body, encodeAttribute(INET_DIAG_REQ_BYTECODE, portFilter(port)));
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

/** What is being filled in. */
type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** The socket of a struct inet_diag_msg; undefined where it is cut short or of another family. */
export function decodeInetSocket(protocol: InetProtocol, body: Part): InetSocket | undefined {
  const { view, start, end } = body;
  if (end - start < MESSAGE_SIZE) return undefined;
  const number = view.getUint8(start);
  if (number !== AF_INET && number !== AF_INET6) return undefined;
  const family = number === AF_INET ? 'IPv4' : 'IPv6';
  const found: Writable<InetSocket> = {
    protocol,
    family,
    state: STATES[view.getUint8(start + 1)] ?? 'UNKNOWN',
    local: { address: localText(family, body, start + 8), port: view.getUint16(start + 4) }, // network byte order
    remote: { address: remoteText(family, body, start + 24), port: view.getUint16(start + 6) },
    uid: view.getUint32(start + 64, LITTLE),
    inode: view.getUint32(start + 68, LITTLE),
    interfaceIndex: view.getUint32(start + 40, LITTLE),
  };
  if (view.getUint8(start + 2) === TIMER_TIME_WAIT) found.expiresInMs = view.getUint32(start + 52, LITTLE);
  const v6only = findAttribute(body, start + MESSAGE_SIZE, INET_DIAG_SKV6ONLY);
  if (v6only !== undefined && v6only.start < v6only.end) found.v6only = view.getUint8(v6only.start) !== 0;
  return found;
}

const localText = remembering();
const remoteText = remembering();

/** The text of an address. The last IPv6 one is remembered: many sockets of a port have the same, and it is dear. */
function remembering(): (family: 'IPv4' | 'IPv6', part: Part, at: number) => string {
  const words = new Uint32Array(4);
  let text = '::';
  return (family, { bytes, view }, at) => {
    if (family === 'IPv4') return formatIPv4(bytes, at);
    let isNew = false;
    for (let i = 0; i < 4; i++) {
      const word = view.getUint32(at + 4 * i);
      if (word !== words[i]) isNew = true;
      words[i] = word;
    }
    if (isNew) text = formatIPv6(bytes.subarray(at, at + 16));
    return text;
  };
}

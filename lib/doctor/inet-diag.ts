/**
 * The messages of sock_diag(7): requests for the kernel's list of TCP sockets, and its answers. Pure: bytes
 * in, objects out. The numbers are those of <linux/netlink.h>, <linux/sock_diag.h> and <linux/inet_diag.h>.
 */
import { LITTLE } from '../bytes.js';
import { AF_INET, AF_INET6, IPPROTO_TCP, SocketError } from '../index.js';
import { formatIPv4, formatIPv6 } from '../ip.js';

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
  readonly address: string;
  readonly port: number;
}

/** A TCP socket in the kernel's list. */
export interface TcpSocket {
  readonly family: 'IPv4' | 'IPv6';
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
}

/** What one buffer of answers holds. */
export interface Answer {
  readonly sockets: TcpSocket[];
  /** Was this the end of the list? */
  readonly done: boolean;
}

const STATES: readonly TcpState[] = [
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
const ALL_STATES = (1 << STATES.length) - 1;

const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_REQUEST = 0x1;
const NLM_F_DUMP = 0x300;
const SOCK_DIAG_BY_FAMILY = 20;
const INET_DIAG_REQ_BYTECODE = 1;
const INET_DIAG_BC_S_GE = 2;
const INET_DIAG_BC_S_LE = 3;
const TIMER_TIME_WAIT = 3;

const HEADER_SIZE = 16; // struct nlmsghdr
const REQUEST_SIZE = 56; // struct inet_diag_req_v2
const MESSAGE_SIZE = 72; // struct inet_diag_msg
const ATTRIBUTE_SIZE = 4; // struct rtattr

/** Every message and attribute starts at a multiple of 4: NLMSG_ALIGN. */
const aligned = (length: number): number => (length + 3) & ~3;

/**
 * A request for all TCP sockets of a family: what to send to a NETLINK_SOCK_DIAG socket.
 *
 * @param family - `AF_INET` or `AF_INET6`
 * @param port - only sockets of this local port; the kernel chooses them
 */
export function encodeRequest(family: number, port?: number): Uint8Array {
  const filter = port === undefined ? new Uint8Array(0) : portFilter(port);
  const bytes = new Uint8Array(HEADER_SIZE + REQUEST_SIZE + filter.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, LITTLE); // nlmsg_len
  view.setUint16(4, SOCK_DIAG_BY_FAMILY, LITTLE); // nlmsg_type
  view.setUint16(6, NLM_F_REQUEST | NLM_F_DUMP, LITTLE); // nlmsg_flags
  view.setUint8(HEADER_SIZE, family); // sdiag_family
  view.setUint8(HEADER_SIZE + 1, IPPROTO_TCP); // sdiag_protocol
  view.setUint32(HEADER_SIZE + 4, ALL_STATES, LITTLE); // idiag_states
  bytes.set(filter, HEADER_SIZE + REQUEST_SIZE);
  return bytes;
}

/**
 * The attribute that says "port ≤ local port ≤ port" in the kernel's bytecode: two operations of 8 bytes. Each
 * says how far to go on if it holds, and if not: to 4 bytes past the end, which means no.
 */
function portFilter(port: number): Uint8Array {
  const bytes = new Uint8Array(ATTRIBUTE_SIZE + 16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, bytes.length, LITTLE); // rta_len
  view.setUint16(2, INET_DIAG_REQ_BYTECODE, LITTLE); // rta_type
  [INET_DIAG_BC_S_GE, INET_DIAG_BC_S_LE].forEach((code, index) => {
    const at = ATTRIBUTE_SIZE + index * 8;
    view.setUint8(at, code);
    view.setUint8(at + 1, 8); // yes
    view.setUint16(at + 2, 20 - index * 8, LITTLE); // no
    view.setUint16(at + 6, port, LITTLE); // the operand: `no` of a second struct inet_diag_bc_op
  });
  return bytes;
}

/**
 * The sockets in what was received. A message that is cut short, or that claims more than is there, ends the
 * reading of the buffer; one of an unknown kind is passed over.
 *
 * @throws SocketError the errno of an NLMSG_ERROR: EINVAL (the filter was refused), ENOENT (no such list) …
 */
export function decodeAnswer(bytes: Uint8Array): Answer {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sockets: TcpSocket[] = [];
  for (let at = 0; at + HEADER_SIZE <= bytes.length;) {
    const length = view.getUint32(at, LITTLE);
    if (length < HEADER_SIZE || at + length > bytes.length) break;
    const type = view.getUint16(at + 4, LITTLE);
    if (type === NLMSG_ERROR || type === NLMSG_DONE) {
      failIfError(view, at + HEADER_SIZE, at + length);
      return { sockets, done: true };
    }
    if (type === SOCK_DIAG_BY_FAMILY && length >= HEADER_SIZE + MESSAGE_SIZE) {
      const found = decodeSocket(bytes.subarray(at + HEADER_SIZE, at + length));
      if (found) sockets.push(found);
    }
    at += aligned(length);
  }
  return { sockets, done: false };
}

/** Both kinds of last message begin with 0 or a negative errno. */
function failIfError(view: DataView, start: number, end: number): void {
  const errno = start + 4 <= end ? view.getInt32(start, LITTLE) : 0;
  if (errno < 0) throw new SocketError('sock_diag', errno);
}

/** A struct inet_diag_msg; undefined where it is of another family. */
function decodeSocket(bytes: Uint8Array): TcpSocket | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = view.getUint8(0);
  if (number !== AF_INET && number !== AF_INET6) return undefined;
  const family = number === AF_INET ? 'IPv4' : 'IPv6';
  const endpoint = (portAt: number, addressAt: number): Endpoint => ({
    address: family === 'IPv4' ? formatIPv4(bytes, addressAt) : formatIPv6(bytes.subarray(addressAt, addressAt + 16)),
    port: view.getUint16(portAt), // network byte order
  });
  return {
    family,
    state: STATES[view.getUint8(1)] ?? 'UNKNOWN',
    local: endpoint(4, 8),
    remote: endpoint(6, 24),
    uid: view.getUint32(64, LITTLE),
    inode: view.getUint32(68, LITTLE),
    interfaceIndex: view.getUint32(40, LITTLE),
    ...(view.getUint8(2) === TIMER_TIME_WAIT ? { expiresInMs: view.getUint32(52, LITTLE) } : {}),
  };
}

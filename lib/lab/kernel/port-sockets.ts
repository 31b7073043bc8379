/** The IPv4 TCP sockets of a few ports, at either end, from the kernel's list: sock_diag(7). */
import { LITTLE } from '../../bytes.js';
import { AF_INET } from '../../index.js';
import { decodeInetSocket, encodeInetDump, type InetSocket } from '../../doctor/kernel/inet-diag.js';
import { ask, type Part } from '../../doctor/kernel/netlink.js';

/** What the lab wants to know besides. */
export interface PortSocket extends InetSocket {
  readonly receiveQueue: number;
  readonly sendQueue: number;
  /** The kernel's own number of the socket. In TIME_WAIT it has another one. */
  readonly cookie: string;
}

// <linux/inet_diag.h>
const [S_GE, S_LE, D_GE, D_LE, JUMP] = [2, 3, 4, 5, 1];
const END = 36;

/**
 * All sockets whose own port or whose peer's is within the range, from one walk of the kernel through its table.
 *
 * @throws SocketError as `ask`; EINVAL where the kernel knows no filters
 */
export function listPortSockets(first: number, last: number): PortSocket[] {
  return ask(encodeInetDump('tcp', AF_INET, rangeFilter(first, last)), decode);
}

/**
 * "first ≤ local port ≤ last, or first ≤ remote port ≤ last" in the kernel's bytecode. Each operation says how far to
 * go on where it holds, and where it does not: past the end means no. A jump always does the second.
 */
function rangeFilter(first: number, last: number): Uint8Array {
  const bytes = new Uint8Array(END);
  const view = new DataView(bytes.buffer);
  const compare = (at: number, code: number, port: number, otherwise: number): void => {
    view.setUint8(at, code);
    view.setUint8(at + 1, 8);
    view.setUint16(at + 2, otherwise - at, LITTLE);
    view.setUint16(at + 6, port, LITTLE);
  };
  compare(0, S_GE, first, 20);
  compare(8, S_LE, last, 20);
  view.setUint8(16, JUMP);
  view.setUint8(17, 4);
  view.setUint16(18, END - 16, LITTLE);
  compare(20, D_GE, first, END + 4);
  compare(28, D_LE, last, END + 4);
  return bytes;
}

function decode(body: Part): PortSocket | undefined {
  const socket = decodeInetSocket('tcp', body);
  if (socket === undefined) return undefined;
  const at = body.start / Uint32Array.BYTES_PER_ELEMENT;
  const word = (index: number): number => body.words[at + index] ?? 0;
  // struct inet_diag_msg: idiag_cookie, idiag_rqueue, idiag_wqueue
  return { ...socket, cookie: `${String(word(11))}.${String(word(12))}`, receiveQueue: word(14), sendQueue: word(15) };
}

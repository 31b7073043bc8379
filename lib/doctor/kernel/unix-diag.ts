/**
 * The messages of sock_diag(7) about unix sockets. Pure: bytes in, objects out. The numbers are those of
 * <linux/unix_diag.h>.
 */
import { LITTLE } from '../../bytes.js';
import { AF_UNIX, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM } from './calls.js';
import { ALL_STATES, STATES, type TcpState } from './inet-diag.js';
import { encodeRequest, findAttribute, type Part } from './netlink.js';

/** What stat(2) tells one file from all others by. */
export interface File {
  readonly dev: number;
  readonly ino: number;
}

/** A unix socket in the kernel's list. */
export interface UnixSocket {
  /** The name it was bound to, as it was given: it may be relative. Starts with NUL: abstract. `''`: it has none. */
  readonly path: string;
  readonly type: 'stream' | 'dgram' | 'seqpacket';
  /** `LISTEN`, `ESTABLISHED`, `SYN_SENT` (waiting in a listener's queue); `CLOSE`: neither connected nor listening. */
  readonly state: TcpState;
  /** The number in `/proc/PID/fd/*` → `socket:[…]`; 0 where no process holds it: a connection not accepted yet. */
  readonly inode: number;
  /** Whose it is, where the kernel says it (Linux 5.3). */
  readonly uid?: number;
  /** The file that bind(2) made, also where it has another name by now, or none: as stat(2) numbers it. */
  readonly file?: File;
}

const UDIAG_SHOW_NAME = 0x1;
const UDIAG_SHOW_VFS = 0x2;
const UDIAG_SHOW_UID = 0x40;
const UNIX_DIAG_NAME = 0;
const UNIX_DIAG_VFS = 1;
const UNIX_DIAG_UID = 7;

const REQUEST_SIZE = 24; // struct unix_diag_req
const MESSAGE_SIZE = 16; // struct unix_diag_msg

const TYPES: Readonly<Record<number, UnixSocket['type']>> = {
  [SOCK_STREAM]: 'stream',
  [SOCK_DGRAM]: 'dgram',
  [SOCK_SEQPACKET]: 'seqpacket',
};

/** A request for all unix sockets: what to send to a NETLINK_SOCK_DIAG socket. */
export function encodeUnixRequest(): Uint8Array {
  const body = new Uint8Array(REQUEST_SIZE);
  const view = new DataView(body.buffer);
  view.setUint8(0, AF_UNIX); // sdiag_family
  view.setUint32(4, ALL_STATES, LITTLE); // udiag_states
  view.setUint32(12, UDIAG_SHOW_NAME | UDIAG_SHOW_VFS | UDIAG_SHOW_UID, LITTLE); // udiag_show
  return encodeRequest(body);
}

/** The socket of a struct unix_diag_msg; undefined where it is cut short or of another family or type. */
export function decodeUnixSocket(body: Part): UnixSocket | undefined {
  const { bytes, view, start, end } = body;
  if (end - start < MESSAGE_SIZE || view.getUint8(start) !== AF_UNIX) return undefined;
  const type = TYPES[view.getUint8(start + 1)];
  if (type === undefined) return undefined;
  const attribute = (number: number, size: number): Part | undefined => {
    const found = findAttribute(body, start + MESSAGE_SIZE, number);
    return found !== undefined && found.end - found.start >= size ? found : undefined;
  };
  const [name, file, uid] = [attribute(UNIX_DIAG_NAME, 1), attribute(UNIX_DIAG_VFS, 8), attribute(UNIX_DIAG_UID, 4)];
  return {
    path: name === undefined ? '' : decodePath(bytes.subarray(name.start, name.end)),
    type,
    state: STATES[view.getUint8(start + 2)] ?? 'UNKNOWN',
    inode: view.getUint32(start + 4, LITTLE),
    ...(uid === undefined ? {} : { uid: view.getUint32(uid.start, LITTLE) }),
    ...(file === undefined ? {} : { file: decodeFile(view, file.start) }),
  };
}

/** A path ends at the first NUL; an abstract name begins with one and keeps them all. */
function decodePath(bytes: Uint8Array): string {
  const nul = bytes[0] === 0 ? -1 : bytes.indexOf(0);
  return Buffer.from(nul === -1 ? bytes : bytes.subarray(0, nul)).toString();
}

/** The kernel's own device number has 20 bits of minor; stat(2) tells it with the low 8 bits of minor first. */
function decodeFile(view: DataView, start: number): File {
  const device = view.getUint32(start + 4, LITTLE);
  const [major, minor] = [device >>> 20, device & 0xfffff];
  return { dev: ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0, ino: view.getUint32(start, LITTLE) };
}

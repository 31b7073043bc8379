/**
 * A list of sockets from the kernel: netlink(7), sock_diag(7). How a request and its answer are laid out is here, pure,
 * and the asking; what stands in them is in inet-diag.ts and unix-diag.ts. The numbers are <linux/netlink.h>'s.
 */
import { constants } from 'node:os';
import { LITTLE } from '../../bytes.js';
import {
  AF_NETLINK,
  close,
  MSG_DONTWAIT,
  NETLINK_SOCK_DIAG,
  recv,
  send,
  SOCK_DGRAM,
  socket,
  SocketError,
} from './calls.js';

/** A part of what was received: a message's body, or an attribute's value. */
export interface Part {
  readonly bytes: Uint8Array;
  /** Of the same bytes. */
  readonly view: DataView;
  /** The same bytes as numbers of the host: a list may have tens of thousands of sockets, and these are read fastest. */
  readonly words: Uint32Array;
  /** Where it begins and ends in them. */
  readonly start: number;
  readonly end: number;
}

const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_REQUEST = 0x1;
const NLM_F_ACK = 0x4;
const NLM_F_DUMP = 0x300;
const TCPDIAG_GETSOCK = 18;
const SOCK_DIAG_BY_FAMILY = 20;

const WORD = Uint32Array.BYTES_PER_ELEMENT;
const HEADER_SIZE = 16; // struct nlmsghdr
const ATTRIBUTE_SIZE = 4; // struct nlattr

/** The kernel never writes more than 32 KiB of a list at once, whatever the buffer. */
const BUFFER_SIZE = 32 * 1024;

/** Every message and attribute starts at a multiple of 4: NLMSG_ALIGN. */
const aligned = (length: number): number => (length + 3) & ~3;

/** A request for a whole list: what to send to a NETLINK_SOCK_DIAG socket. */
export function encodeRequest(...parts: readonly Uint8Array[]): Uint8Array {
  return encodeMessage(SOCK_DIAG_BY_FAMILY, parts);
}

/** The same in the older form, which knows TCP only, but all families at once. */
export function encodeTcpRequest(...parts: readonly Uint8Array[]): Uint8Array {
  return encodeMessage(TCPDIAG_GETSOCK, parts);
}

/** A message that is to do something, and is answered with 0 or an errno: what to give to {@link tell}. */
export function encodeCommand(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return encodeMessage(type, parts, NLM_F_REQUEST | NLM_F_ACK);
}

function encodeMessage(type: number, parts: readonly Uint8Array[], flags = NLM_F_REQUEST | NLM_F_DUMP): Uint8Array {
  const bytes = Buffer.concat([new Uint8Array(HEADER_SIZE), ...parts]);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint32(0, bytes.length, LITTLE); // nlmsg_len
  view.setUint16(4, type, LITTLE); // nlmsg_type
  view.setUint16(6, flags, LITTLE); // nlmsg_flags
  return bytes;
}

/** An attribute, whose value is a multiple of 4 bytes long. */
export function encodeAttribute(type: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(ATTRIBUTE_SIZE + value.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, bytes.length, LITTLE); // nla_len
  view.setUint16(2, type, LITTLE); // nla_type
  bytes.set(value, ATTRIBUTE_SIZE);
  return bytes;
}

/**
 * Reads one buffer of an answer. A message that is cut short, or that claims more than is there, ends the reading of
 * the buffer; one of an unknown kind is passed over.
 *
 * @param decode - makes an item of a message's body, or nothing
 * @param items - where the items go
 * @returns was this the end of the list?
 * @throws SocketError the errno of the last message: EINVAL (the filter was refused), ENOENT (no such list) …
 */
export function decodeAnswer<Item>(
  given: Uint8Array,
  decode: (body: Part) => Item | undefined,
  items: Item[],
): boolean {
  const bytes = given.byteOffset % WORD === 0 ? given : new Uint8Array(given);
  const { buffer, byteOffset, length: size } = bytes;
  const view = new DataView(buffer, byteOffset, size);
  const words = new Uint32Array(buffer, byteOffset, Math.floor(size / WORD));
  for (let at = 0; at + HEADER_SIZE <= size;) {
    const length = words[at / WORD] ?? 0;
    if (length < HEADER_SIZE || at + length > size) break;
    const type = view.getUint16(at + 4, LITTLE);
    const [start, end] = [at + HEADER_SIZE, at + length];
    if (type === NLMSG_ERROR || type === NLMSG_DONE) {
      failIfError(view, start, end);
      return true;
    }
    const isItem = type === SOCK_DIAG_BY_FAMILY || type === TCPDIAG_GETSOCK;
    const item = isItem ? decode({ bytes, view, words, start, end }) : undefined;
    if (item !== undefined) items.push(item);
    at += aligned(length);
  }
  return false;
}

/** Both kinds of last message begin with 0 or a negative errno. */
function failIfError(view: DataView, start: number, end: number): void {
  const errno = start + 4 <= end ? view.getInt32(start, LITTLE) : 0;
  if (errno < 0) throw new SocketError('sock_diag', errno);
}

/** The value of the attribute of this type, in the attributes from `start` to the end of the body. */
export function findAttribute(body: Part, start: number, type: number): Part | undefined {
  const { view, end } = body;
  for (let at = start; at + ATTRIBUTE_SIZE <= end;) {
    const length = view.getUint16(at, LITTLE);
    if (length < ATTRIBUTE_SIZE || at + length > end) return undefined;
    if (view.getUint16(at + 2, LITTLE) === type) return { ...body, start: at + ATTRIBUTE_SIZE, end: at + length };
    at += aligned(length);
  }
  return undefined;
}

/**
 * Asks the kernel, and reads all of its answer. It does not wait.
 *
 * @throws SocketError as {@link decodeAnswer}; EAFNOSUPPORT, EPROTONOSUPPORT: this system has no such lists
 */
export function ask<Item>(request: Uint8Array, decode: (body: Part) => Item | undefined): Item[] {
  if (process.platform !== 'linux') throw new SocketError('socket', constants.errno.EAFNOSUPPORT);
  const fd = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_SOCK_DIAG);
  try {
    send(fd, request);
    const buffer = new Uint8Array(BUFFER_SIZE);
    const items: Item[] = [];
    while (!decodeAnswer(buffer.subarray(0, receive(fd, buffer)), decode, items));
    return items;
  } finally {
    close(fd);
  }
}

/**
 * Has the kernel do something.
 *
 * @throws SocketError the errno of the answer
 */
export function tell(command: Uint8Array): void {
  ask(command, () => undefined);
}

/**
 * The kernel has each part of the list ready before it returns the one before, so there is nothing to wait for:
 * without MSG_DONTWAIT a lost end would be a wait for ever.
 */
function receive(fd: number, buffer: Uint8Array): number {
  for (;;) {
    try {
      return recv(fd, buffer, MSG_DONTWAIT);
    } catch (error) {
      if (!(error instanceof SocketError && error.code === 'EINTR')) throw error;
    }
  }
}

/**
 * Control messages ("ancillary data"): cmsg(3). Objects here, `struct cmsghdr` bytes in the kernel. Pure.
 */
import { readField, writeField } from './bytes.js';
import * as c from './constants.js';
import { native } from './native.js';
import {
  in6_pktinfo,
  in_pktinfo,
  sock_extended_err,
  timespec,
  timeval,
  ucred,
  type In6Pktinfo,
  type InPktinfo,
  type SockExtendedErr,
  type Timespec,
  type Timeval,
  type Ucred,
} from './structs.js';
import {
  asFd,
  asInt,
  asList,
  asObject,
  asPlainBytes,
  firstItems,
  integer,
  invalidValue,
  outOfRange,
  UINT32_MAX,
} from './validate.js';

const { cmsghdr } = native.layout;
// linux/rds.h
const SOL_RDS = 276;
/** The longest control data, in bytes: far more than the kernel takes. */
const LONGEST = 2 ** 20;
/** The kernel refuses more descriptors than 253 (SCM_MAX_FD): these are enough to let it say so. */
const MOST_FDS = 1024;
/** The kernel tells three times: software, hardware, and one no longer used. */
const MOST_TIMES = 1024;

/** What some control messages mean; of each, the field that fits its level and type is set. */
export interface ControlFields {
  /**
   * SOL_SOCKET, SCM_RIGHTS: descriptors. Received ones are close-on-exec and yours to close; so is the one of the
   * sender's process, SCM_PIDFD.
   */
  fds: number[];
  /** SOL_SOCKET, SCM_CREDENTIALS (Linux): who sent it. */
  credentials: Ucred;
  /** SOL_SOCKET, SCM_TIMESTAMP: when it arrived, in seconds and microseconds. */
  timestamp: Timeval;
  /** SOL_SOCKET, SCM_TIMESTAMPNS: when it arrived, in seconds and nanoseconds. */
  timestampNs: Timespec;
  /** SOL_SOCKET, SCM_TIMESTAMPING: software, (deprecated) and hardware times. */
  timestamping: Timespec[];
  /** IPPROTO_IP, IP_PKTINFO: which interface and local address. */
  pktinfo: InPktinfo;
  /** IPPROTO_IPV6, IPV6_PKTINFO: which interface and local address. */
  pktinfo6: In6Pktinfo;
  /** IPPROTO_IP, IP_TTL, or IPPROTO_IPV6, IPV6_HOPLIMIT: hops left. */
  ttl: number;
  /** IPPROTO_IP, IP_TOS, or IPPROTO_IPV6, IPV6_TCLASS: the type-of-service byte. */
  tos: number;
  /** IPPROTO_IP, IP_RECVERR, or IPPROTO_IPV6, IPV6_RECVERR: an error from the queue, and who reported it. */
  error: SockExtendedErr;
}

/** A control message that was received. */
export interface ControlMessage extends ControlHeader, Partial<ControlFields> {
  /** Its bytes, whether or not another field tells them. */
  data: Buffer;
}

/** What every control message to send says. */
export interface ControlHeader {
  /** The protocol: `SOL_SOCKET`, `IPPROTO_IP` … */
  level: number;
  /** Its type in that protocol: `SCM_RIGHTS`, `IP_PKTINFO` … */
  type: number;
}

/** A control message as bytes. */
export interface ControlData extends ControlHeader {
  /** Its bytes, without the header. */
  data: NodeJS.ArrayBufferView;
}

/** A control message to send: its bytes, or the field that fits its level and type. */
export type ControlMessageToSend =
  | ControlData
  | (ControlHeader &
      { [Name in keyof ControlFields]: Record<Name, ControlFields[Name]> }[Exclude<keyof ControlFields, 'error'>]);

/** How the data of a message are told: the field, and its codec. */
interface Kind<Name extends keyof ControlFields> {
  field: Name;
  decode: (data: Buffer) => ControlFields[Name];
  encode: (value: ControlFields[Name], name: string) => Uint8Array;
}

const intCodec = {
  decode: (data: Buffer): number => readField(data, [0, data.length >= 4 ? 4 : 1]),
  encode: (value: number, name: string): Uint8Array => ints([asInt(value, name)]),
};

function ints(values: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}

const fdsCodec = {
  decode: (data: Buffer): number[] =>
    Array.from({ length: Math.trunc(data.length / 4) }, (_, i) => readField(data, [4 * i, 4]) | 0),
  encode: (fds: number[], name: string): Uint8Array => {
    return ints(firstItems(fds, name, MOST_FDS).map((fd) => (fd === -1 ? -1 : asFd(fd))));
  },
};

/** Where the process has gone, the kernel writes an error instead of a descriptor. */
const pidfdCodec = { ...fdsCodec, decode: (data: Buffer): number[] => fdsCodec.decode(data).filter((fd) => fd >= 0) };

const timestampingCodec = {
  decode: (data: Buffer): Timespec[] =>
    Array.from({ length: Math.trunc(data.length / timespec.size) }, (_, i) =>
      timespec.decode(data.subarray(i * timespec.size, (i + 1) * timespec.size)),
    ),
  encode: (times: Timespec[], name: string): Uint8Array => {
    const list = asList(times, name, MOST_TIMES);
    return Buffer.concat(list.map((time, index) => timespec.encode(time as Timespec, `${name}[${String(index)}]`)));
  },
};

const KINDS = new Map<string, Kind<keyof ControlFields>>();

function kind<Name extends keyof ControlFields>(
  level: number | undefined,
  type: number | undefined,
  field: Name,
  codec: {
    decode: (data: Buffer) => ControlFields[Name];
    encode: (value: ControlFields[Name], name: string) => Uint8Array;
  },
): void {
  if (level !== undefined && type !== undefined)
    KINDS.set(`${String(level)}:${String(type)}`, { field, ...codec } as unknown as Kind<keyof ControlFields>);
}

kind(c.SOL_SOCKET, c.SCM_RIGHTS, 'fds', fdsCodec);
kind(c.SOL_SOCKET, c.SCM_PIDFD, 'fds', pidfdCodec);
kind(c.SOL_SOCKET, c.SCM_CREDENTIALS, 'credentials', ucred);
kind(c.SOL_SOCKET, c.SCM_TIMESTAMP, 'timestamp', timeval);
kind(c.SOL_SOCKET, c.SCM_TIMESTAMPNS, 'timestampNs', timespec);
kind(c.SOL_SOCKET, c.SCM_TIMESTAMPING, 'timestamping', timestampingCodec);
kind(c.IPPROTO_IP, c.IP_PKTINFO, 'pktinfo', in_pktinfo);
kind(c.IPPROTO_IPV6, c.IPV6_PKTINFO, 'pktinfo6', in6_pktinfo);
kind(c.IPPROTO_IP, c.IP_TTL, 'ttl', intCodec);
kind(c.IPPROTO_IPV6, c.IPV6_HOPLIMIT, 'ttl', intCodec);
kind(c.IPPROTO_IP, c.IP_TOS, 'tos', intCodec);
kind(c.IPPROTO_IPV6, c.IPV6_TCLASS, 'tos', intCodec);
kind(c.IPPROTO_IP, c.IP_RECVERR, 'error', sock_extended_err);
kind(c.IPPROTO_IPV6, c.IPV6_RECVERR, 'error', sock_extended_err);

const align = (length: number): number => Math.ceil(length / cmsghdr.align) * cmsghdr.align;

/**
 * How much room control messages need: CMSG_SPACE(3) for each data length, in bytes.
 *
 * @param dataLengths - 0 to 2^32 - 1 each, the most that a control message can say
 * @example
 * recvmsg(fd, [buffer], { controlLength: controlSpace(2 * 4) }) // room for two descriptors
 */
export function controlSpace(...dataLengths: number[]): number {
  return dataLengths.reduce(
    (sum, length, index) =>
      sum + align(cmsghdr.data) + align(integer(length, `dataLengths[${String(index)}]`, 0, UINT32_MAX)),
    0,
  );
}

/** The messages in control data that the kernel wrote; a cut one keeps the bytes that came. */
export function decodeControl(control: Uint8Array): ControlMessage[] {
  const messages: ControlMessage[] = [];
  for (let at = 0; at + cmsghdr.data <= control.length;) {
    const header = control.subarray(at);
    const length = readField(header, cmsghdr.cmsg_len);
    if (length < cmsghdr.data) break;
    const level = readField(header, cmsghdr.cmsg_level) | 0;
    const type = readField(header, cmsghdr.cmsg_type) | 0;
    messages.push(decodeMessage(level, type, Buffer.from(header.subarray(cmsghdr.data, length))));
    at += align(length);
  }
  return messages;
}

function decodeMessage(level: number, type: number, data: Buffer): ControlMessage {
  const known = KINDS.get(`${String(level)}:${String(type)}`);
  if (known === undefined) return { level, type, data };
  try {
    return { level, type, data, [known.field]: known.decode(data) };
  } catch {
    return { level, type, data }; // cut too short to tell
  }
}

/** The bytes of control messages, as sendmsg(2) takes them. */
export function encodeControl(messages: readonly ControlMessageToSend[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const [index, message] of asList(messages, 'message.control', LONGEST / cmsghdr.size).entries()) {
    const part = encodeMessage(message, `message.control[${String(index)}]`);
    length += part.length;
    if (length > LONGEST) throw outOfRange('message.control', `at most ${String(LONGEST)} bytes in all`, length);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function encodeMessage(message: unknown, name: string): Uint8Array {
  const given = asObject(message, name);
  const level = asInt(given['level'], `${name}.level`);
  const type = asInt(given['type'], `${name}.type`);
  if (level === SOL_RDS) throw invalidValue(`${name}.level`, 'must not be SOL_RDS, whose data has pointers', level);
  const data = dataOf(given, level, type, name);
  const bytes = new Uint8Array(align(cmsghdr.data) + align(data.length));
  writeField(bytes, cmsghdr.cmsg_len, cmsghdr.data + data.length);
  writeField(bytes, cmsghdr.cmsg_level, level);
  writeField(bytes, cmsghdr.cmsg_type, type);
  bytes.set(data, cmsghdr.data);
  return bytes;
}

function dataOf(given: Record<string, unknown>, level: number, type: number, name: string): Uint8Array {
  const known = KINDS.get(`${String(level)}:${String(type)}`);
  if (known !== undefined && given[known.field] !== undefined) {
    return known.encode(given[known.field] as never, `${name}.${known.field}`);
  }
  if (given['data'] === undefined) {
    const fields = known === undefined ? 'data' : `${known.field} or data`;
    throw invalidValue(name, `must have ${fields}`, given);
  }
  const data = asPlainBytes(given['data'], `${name}.data`);
  if (data.length > LONGEST) throw outOfRange(`${name}.data.length`, `<= ${String(LONGEST)}`, data.length);
  return data;
}

/** inet_pton(3), inet_ntop(3), inet_aton(3), if_nametoindex(3), if_indextoname(3), if_nameindex(3) */
import { readField, readText } from '../bytes.js';
import { AF_INET, AF_INET6 } from '../constants/socket.js';
import { check, isError } from '../errors.js';
import { native } from '../native.js';
import { asBytes, asInt, asText, integer, invalidValue, UINT32_MAX } from '../validate.js';

const textBytes = Buffer.alloc(64);

function addressSize(family: number): number {
  if (asInt(family, 'family') === AF_INET) return 4;
  if (family === AF_INET6) return 16;
  throw invalidValue('family', 'must be AF_INET or AF_INET6', family);
}

/**
 * The bytes of an IP address in text: `inet_pton(3)`.
 *
 * @param family - `AF_INET` or `AF_INET6`
 * @param text - `'127.0.0.1'`, `'::1'`. Nothing else: no port, no zone, no leading zeros
 * @returns 4 or 16 bytes in network order; null where the text is no address of the family
 */
export function inet_pton(family: number, text: string): Buffer | null {
  const bytes = Buffer.alloc(addressSize(family));
  const result = native.inet_pton(family, asText(text, 'text'), bytes);
  return isError(result) || check(result, 'inet_pton') === 0 ? null : bytes;
}

/**
 * The text of an IP address: `inet_ntop(3)`.
 *
 * @param family - `AF_INET` or `AF_INET6`
 * @param bytes - its 4 or 16 bytes in network order
 */
export function inet_ntop(family: number, bytes: NodeJS.ArrayBufferView): string {
  const size = addressSize(family);
  const given = asBytes(bytes, 'bytes');
  if (given.length !== size) throw invalidValue('bytes', `must be ${String(size)} bytes long`, bytes);
  return textBytes.toString('latin1', 0, check(native.inet_ntop(family, given, textBytes), 'inet_ntop'));
}

/**
 * The bytes of an IPv4 address in text, in every form that C takes: `inet_aton(3)`. {@link inet_pton} takes the usual
 * one only.
 *
 * @param text - `'127.0.0.1'`, `'127.1'`, `'0x7f.0.0.1'`, `'2130706433'`
 * @returns a struct in_addr: 4 bytes in network order; null where the text is no address
 */
export function inet_aton(text: string): Buffer | null {
  const bytes = Buffer.alloc(4);
  return check(native.inet_aton(asText(text, 'text'), bytes), 'inet_aton') === 0 ? null : bytes;
}

/**
 * The text of an IPv4 address: `inet_ntoa(3)`.
 *
 * @param bytes - a struct in_addr: 4 bytes in network order
 */
export function inet_ntoa(bytes: NodeJS.ArrayBufferView): string {
  return inet_ntop(AF_INET, bytes);
}

/**
 * The index of a network interface: `if_nametoindex(3)`. A scope id is such an index.
 *
 * @param name - `'lo'`, `'eth0'`
 * @throws SocketError ENODEV or ENXIO: there is no such interface
 */
export function if_nametoindex(name: string): number {
  return check(native.if_nametoindex(asText(name, 'name')), 'if_nametoindex');
}

/**
 * The name of a network interface: `if_indextoname(3)`.
 *
 * @param index - 1 to 2^32 - 1
 * @throws SocketError ENXIO: there is no such interface
 */
export function if_indextoname(index: number): string {
  const length = check(native.if_indextoname(integer(index, 'index', 0, UINT32_MAX) | 0, textBytes), 'if_indextoname');
  return textBytes.toString('utf8', 0, length);
}

/** A network interface of this host. */
export interface InterfaceName {
  /** Its index: 1 to 2^31 - 1. */
  index: number;
  /** Its name: `'lo'`, `'eth0'`. */
  name: string;
}

/**
 * The network interfaces of this host, those that are down too: `if_nameindex(3)`.
 *
 * @throws SocketError EMFILE, ENFILE, ENOBUFS
 */
export function if_nameindex(): InterfaceName[] {
  const { InterfaceName: layout } = native.layout;
  for (let room = 16; ; room *= 2) {
    const bytes = Buffer.alloc(room * layout.size);
    const count = check(native.if_nameindex(bytes), 'if_nameindex');
    if (count <= room) return Array.from({ length: count }, (_, at) => entry(bytes.subarray(at * layout.size)));
  }
}

function entry(bytes: Buffer): InterfaceName {
  const { index, name } = native.layout.InterfaceName;
  return { index: readField(bytes, index), name: readText(bytes, name) };
}

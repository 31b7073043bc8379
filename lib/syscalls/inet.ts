/** inet_pton(3), inet_ntop(3), if_nametoindex(3), if_indextoname(3) */
import { AF_INET, AF_INET6 } from '../constants/socket.js';
import { check, isError } from '../errors.js';
import { native } from '../native.js';
import { asBytes, asInt, asText, integer, invalidValue } from '../validate.js';

const UINT32_MAX = 2 ** 32 - 1;
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

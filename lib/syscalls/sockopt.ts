/** getsockopt(2), setsockopt(2) */
import {
  SO_ATTACH_FILTER,
  SO_ATTACH_REUSEPORT_CBPF,
  SOL_SOCKET,
  TCP_ZEROCOPY_RECEIVE,
  IPPROTO_TCP,
} from '../constants.js';
import { check } from '../errors.js';
import { native, reply } from '../native.js';
import { asBytes, asFd, asInt, integer, invalidType, invalidValue } from '../validate.js';

/** More than any option takes; a longer request is a mistake. */
const LONGEST_OPTION = 2 ** 20;
// linux/if_xdp.h
const SOL_XDP = 283;
const XDP_UMEM_REG = 4;

/**
 * The value of an int option: `getsockopt(2)`.
 *
 * @param fd - a socket; it stays yours
 * @param level - `SOL_SOCKET`, `IPPROTO_TCP` …
 * @param option - `SO_REUSEADDR`, `TCP_NODELAY` …
 * @returns the int. Its unit is the option's: bytes for SO_RCVBUF (which Linux doubles), seconds for TCP_KEEPIDLE …,
 * for SO_GET_FILTER how many instructions there are
 * @throws SocketError ENOPROTOOPT, EINVAL, EOPNOTSUPP, EBADF, ENOTSOCK
 */
export function getsockopt(fd: number, level: number, option: number): number;
/**
 * The bytes of an option that is no int, a struct for example: `getsockopt(2)`.
 *
 * @param length - how many bytes to make room for, 0 to 1,048,576
 * @returns the bytes that the kernel wrote, which may be fewer
 */
export function getsockopt(fd: number, level: number, option: number, length: number): Buffer;
export function getsockopt(fd: number, level: number, option: number, length?: number): number | Buffer {
  asFd(fd);
  asInt(level, 'level');
  asInt(option, 'option');
  refusePointers(level, option);
  if (length === undefined) {
    check(native.getsockoptInt(fd, level, option), 'getsockopt');
    return reply.value();
  }
  const bytes = Buffer.alloc(integer(length, 'length', 0, LONGEST_OPTION));
  const written = check(native.getsockopt(fd, level, option, bytes), 'getsockopt');
  return bytes.subarray(0, Math.min(written, bytes.length));
}

/**
 * Sets an option: `setsockopt(2)`.
 *
 * @param fd - a socket; it stays yours
 * @param level - `SOL_SOCKET`, `IPPROTO_TCP` …
 * @param option - `SO_REUSEADDR`, `TCP_NODELAY` …
 * @param value - an int, true for 1, false for 0, or the bytes of a struct. For SO_ATTACH_FILTER and
 * SO_ATTACH_REUSEPORT_CBPF the instructions themselves: `sock_filter.encode([…])`
 * @throws SocketError ENOPROTOOPT, EINVAL, EDOM, EPERM, EACCES, EISCONN, EOPNOTSUPP, ENODEV, EBADF, ENOTSOCK
 * @example
 * setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, true)
 */
export function setsockopt(
  fd: number,
  level: number,
  option: number,
  value: number | boolean | NodeJS.ArrayBufferView,
): void {
  asFd(fd);
  asInt(level, 'level');
  asInt(option, 'option');
  refusePointers(level, option);
  check(setOption(fd, level, option, value), 'setsockopt');
}

/** The options whose struct has pointers in it, at which the kernel would write: JavaScript must not make those. */
function refusePointers(level: number, option: number): void {
  const zerocopy = level === IPPROTO_TCP && option === TCP_ZEROCOPY_RECEIVE;
  if (zerocopy || (level === SOL_XDP && option === XDP_UMEM_REG)) {
    throw invalidValue('option', 'must not be one that takes pointers', option);
  }
}

/** Does the option take a struct sock_fprog, with a pointer to the instructions? The native side makes that. */
function takesFilter(level: number, option: number): boolean {
  return level === SOL_SOCKET && (option === SO_ATTACH_FILTER || option === SO_ATTACH_REUSEPORT_CBPF);
}

function setOption(fd: number, level: number, option: number, value: unknown): ReturnType<typeof native.setsockopt> {
  if (typeof value === 'boolean') return native.setsockoptInt(fd, level, option, value ? 1 : 0);
  if (typeof value === 'number') return native.setsockoptInt(fd, level, option, asInt(value, 'value'));
  if (ArrayBuffer.isView(value)) {
    const bytes = asBytes(value, 'value');
    if (native.attachFilter && takesFilter(level, option)) return native.attachFilter(fd, option, bytes);
    return native.setsockopt(fd, level, option, bytes);
  }
  throw invalidType('value', 'of type number or boolean or an instance of Buffer, TypedArray, or DataView', value);
}

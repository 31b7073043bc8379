/** getsockopt(2), setsockopt(2) */
import { check } from '../errors.js';
import { native, reply } from '../native.js';
import { asBytes, asFd, asInt, integer, invalidType } from '../validate.js';

/** More than any option takes; a longer request is a mistake. */
const LONGEST_OPTION = 2 ** 20;

/**
 * The value of an int option: `getsockopt(2)`.
 *
 * @param fd - a socket; it stays yours
 * @param level - `SOL_SOCKET`, `IPPROTO_TCP` …
 * @param option - `SO_REUSEADDR`, `TCP_NODELAY` …
 * @returns the int. Its unit is the option's: bytes for SO_RCVBUF (which Linux doubles), seconds for TCP_KEEPIDLE …
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
 * @param value - an int, true for 1, false for 0, or the bytes of a struct
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
  check(setOption(fd, level, option, value), 'setsockopt');
}

function setOption(fd: number, level: number, option: number, value: unknown): ReturnType<typeof native.setsockopt> {
  if (typeof value === 'boolean') return native.setsockoptInt(fd, level, option, value ? 1 : 0);
  if (typeof value === 'number') return native.setsockoptInt(fd, level, option, asInt(value, 'value'));
  if (ArrayBuffer.isView(value)) return native.setsockopt(fd, level, option, asBytes(value, 'value'));
  throw invalidType('value', 'of type number or boolean or an instance of Buffer, TypedArray, or DataView', value);
}

/** getsockopt(2), setsockopt(2) */
import { IPPROTO_TCP } from '../constants/in.js';
import { SO_ATTACH_FILTER, SO_ATTACH_REUSEPORT_CBPF, SO_BINDTODEVICE, SOL_SOCKET } from '../constants/sockopt.js';
import { TCP_CONGESTION, TCP_ULP } from '../constants/tcp.js';
import type { StringOption, StructOption } from '../constants/define.js';
import { check } from '../errors.js';
import { native, reply } from '../native.js';
import { asBytes, asFd, asInt, asText, integer, invalidType, invalidValue } from '../validate.js';

/** More than any option takes; a longer request is a mistake. */
const LONGEST_OPTION = 2 ** 20;
const SPARE = 64;

const IS_LINUX = process.platform === 'linux'; // once: the global is a getter, and getsockopt is hot

/** Options with pointers in their struct, at which the kernel would read or write. By level: linux/*.h. */
const TAKES_POINTERS = new Map<number, readonly number[]>([
  [0, [64, 96, 128, 129]], // SOL_IP: IPT_SO_SET_REPLACE, ARPT_SO_SET_REPLACE, EBT_SO_{SET,GET}_ENTRIES, EBT_SO_SET_COUNTERS
  [6, [35]], // SOL_TCP: TCP_ZEROCOPY_RECEIVE
  [41, [64]], // SOL_IPV6: IP6T_SO_SET_REPLACE
  [276, [2, 7]], // SOL_RDS: RDS_GET_MR, RDS_GET_MR_FOR_DEST
  [283, [4]], // SOL_XDP: XDP_UMEM_REG
  [284, [4]], // SOL_MPTCP: MPTCP_FULL_INFO
]);

/** Longer than any string of an option. */
const LONGEST_STRING = 64;

/** What an option takes: an option of which we know that it takes a struct or a string refuses an int. */
export type OptionValue<Option extends number> = Option extends StructOption
  ? NodeJS.ArrayBufferView
  : Option extends StringOption
    ? string | NodeJS.ArrayBufferView
    : number | boolean | NodeJS.ArrayBufferView;

/** An option, unless we know that it is no int. */
export type IntOption<Option extends number> = Option extends StructOption | StringOption ? never : Option;

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
export function getsockopt<Option extends number>(fd: number, level: number, option: IntOption<Option>): number;
/**
 * The value of an option that is a string, without the zero bytes behind it: `getsockopt(2)`.
 *
 * @param option - `SO_BINDTODEVICE` (`''`: none), `TCP_CONGESTION`, `TCP_ULP`
 */
export function getsockopt(fd: number, level: number, option: StringOption): string;
/**
 * The bytes of an option that is no int, a struct for example: `getsockopt(2)`.
 *
 * @param length - how many bytes to make room for, 0 to 1,048,576
 * @returns the bytes that the kernel wrote, which may be fewer
 */
export function getsockopt(fd: number, level: number, option: number, length: number): Buffer;
export function getsockopt(fd: number, level: number, option: number, length?: number): number | string | Buffer {
  asFd(fd);
  asInt(level, 'level');
  asInt(option, 'option');
  refusePointers(level, option);
  if (length === undefined && isString(level, option)) return textOf(bytesOf(fd, level, option, LONGEST_STRING));
  if (length === undefined) {
    check(native.getsockoptInt(fd, level, option), 'getsockopt');
    return reply.value();
  }
  return bytesOf(fd, level, option, integer(length, 'length', 0, LONGEST_OPTION));
}

function bytesOf(fd: number, level: number, option: number, room: number): Buffer {
  // Zeros, since the kernel reads counts and pointers from the bytes of some options: none there, it writes nothing
  // beyond. And room behind: Bluetooth and NFC write an int whatever the length is.
  const bytes = Buffer.alloc(room + SPARE).subarray(0, room);
  const written = check(native.getsockopt(fd, level, option, bytes), 'getsockopt');
  return bytes.subarray(0, written);
}

/**
 * Sets an option: `setsockopt(2)`.
 *
 * @param fd - a socket; it stays yours
 * @param level - `SOL_SOCKET`, `IPPROTO_TCP` …
 * @param option - `SO_REUSEADDR`, `TCP_NODELAY` …
 * @param value - an int, true for 1, false for 0, the bytes of a struct, or the string of an option that takes one
 * (SO_BINDTODEVICE, TCP_CONGESTION, TCP_ULP). For SO_ATTACH_FILTER and
 * SO_ATTACH_REUSEPORT_CBPF the instructions themselves: `sock_filter.encode([…])`
 * @throws SocketError ENOPROTOOPT, EINVAL, EDOM, EPERM, EACCES, EISCONN, EOPNOTSUPP, ENODEV, EBADF, ENOTSOCK
 * @example
 * setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, true)
 */
export function setsockopt<Option extends number>(
  fd: number,
  level: number,
  option: Option,
  value: OptionValue<Option>,
): void {
  asFd(fd);
  asInt(level, 'level');
  asInt(option, 'option');
  refusePointers(level, option);
  check(setOption(fd, level, option, value), 'setsockopt');
}

/** JavaScript must not make pointers. These numbers are Linux's. */
function refusePointers(level: number, option: number): void {
  if (level !== SOL_SOCKET && IS_LINUX && TAKES_POINTERS.get(level)?.includes(option) === true) {
    throw invalidValue('option', 'must not be one that takes pointers', option);
  }
}

function isString(level: number, option: number): boolean {
  return level === SOL_SOCKET
    ? option === SO_BINDTODEVICE
    : level === IPPROTO_TCP && (option === TCP_CONGESTION || option === TCP_ULP);
}

function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
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
    if (native.attachFilter && takesFilter(level, option)) {
      const { size = 1 } = native.layout.sock_filter ?? {};
      if (bytes.length % size !== 0) throw invalidValue('value', 'must be whole struct sock_filter', value);
      return native.attachFilter(fd, option, bytes);
    }
    return native.setsockopt(fd, level, option, bytes);
  }
  if (typeof value === 'string' && isString(level, option)) {
    return native.setsockopt(fd, level, option, Buffer.from(asText(value, 'value')));
  }
  throw invalidType('value', 'of type number or boolean or an instance of Buffer, TypedArray, or DataView', value);
}

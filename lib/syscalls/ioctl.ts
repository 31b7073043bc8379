/** ioctl(2), sockatmark(3) */
import * as constants from '../constants.js';
import { check } from '../errors.js';
import { native } from '../native.js';
import { asFd, asInt, asPlainBytes, integer, invalidType, invalidValue, UINT32_MAX } from '../validate.js';

const INT = 4;
/** Room behind the argument, should a driver write more than it has. */
const SPARE = 64;
const { size: ifreqSize = 0 } = native.layout.ifreq ?? {};

/** What a request takes: it gives an int, it takes one, or it changes a struct of this size. */
type Argument = 'gives an int' | 'takes an int' | { readonly size: number };

// The kernel writes as much as the request says, whatever room there is: so a request that is not here is refused.
const ARGUMENTS = new Map<number, Argument>([
  [constants.FIONREAD, 'gives an int'],
  [constants.SIOCINQ, 'gives an int'],
  [constants.SIOCOUTQ, 'gives an int'],
  [constants.SIOCOUTQNSD, 'gives an int'],
  [constants.SIOCATMARK, 'gives an int'],
  [constants.IOCTL_VM_SOCKETS_GET_LOCAL_CID, 'gives an int'],
  [constants.FIONBIO, 'takes an int'],
  ...[
    constants.SIOCGIFNAME,
    constants.SIOCGIFINDEX,
    constants.SIOCGIFFLAGS,
    constants.SIOCGIFMTU,
    constants.SIOCGIFHWADDR,
    constants.SIOCGIFADDR,
    constants.SIOCGIFDSTADDR,
    constants.SIOCGIFBRDADDR,
    constants.SIOCGIFNETMASK,
  ].map((request): [number, Argument] => [request, { size: ifreqSize }]),
]);

const ints = new Int32Array(1 + SPARE / INT);
const int = new Uint8Array(ints.buffer);

/**
 * Asks a descriptor for an int, or gives it one: `ioctl(2)`.
 *
 * @param fd - a socket (`/dev/vsock` for IOCTL_VM_SOCKETS_GET_LOCAL_CID); it stays yours
 * @param request - it gives an int: `FIONREAD`, `SIOCINQ`, `SIOCOUTQ`, `SIOCOUTQNSD` (bytes), `SIOCATMARK` (1 or 0),
 * `IOCTL_VM_SOCKETS_GET_LOCAL_CID`; it takes one: `FIONBIO`, which sets O_NONBLOCK for every holder of the open file
 * @param argument - the int where the request takes one: true is 1, false is 0
 * @returns the int that the request gives; 0 where it takes one
 * @throws SocketError EBADF, EINVAL (not in this state: a listening socket), ENOTTY and EOPNOTSUPP (not of this kind of
 * descriptor); ERR_INVALID_ARG_VALUE for a request whose argument this library does not know
 * @example
 * ioctl(fd, FIONREAD) // how many bytes recv would find
 */
export function ioctl(fd: number, request: number, argument?: number | boolean): number;
/**
 * Gives a struct to a request, and returns the struct that it has become: `ioctl(2)`.
 *
 * @param request - `SIOCGIFINDEX`, `SIOCGIFNAME`, `SIOCGIFFLAGS`, `SIOCGIFMTU`, `SIOCGIFHWADDR`, `SIOCGIFADDR`,
 * `SIOCGIFDSTADDR`, `SIOCGIFBRDADDR`, `SIOCGIFNETMASK` (Linux)
 * @param argument - `ifreq.encode({ name: 'eth0' })`; it is not changed
 * @throws SocketError ENODEV (no such interface), EADDRNOTAVAIL (it has no such address), EBADF, ENOTTY
 */
export function ioctl(fd: number, request: number, argument: NodeJS.ArrayBufferView): Buffer;
export function ioctl(fd: number, request: number, argument?: unknown): number | Buffer {
  asFd(fd);
  const takes = ARGUMENTS.get(integer(request, 'request', 0, UINT32_MAX));
  if (takes === 'gives an int') return given(fd, request, argument);
  if (takes === 'takes an int') {
    ints[0] = typeof argument === 'boolean' ? Number(argument) : asInt(argument, 'argument');
    return check(native.ioctl(fd, request | 0, int), 'ioctl');
  }
  if (takes === undefined || takes.size === 0) {
    throw invalidValue('request', 'must be one whose argument this library knows: it has a list of them', request);
  }
  return changed(fd, request, argument, takes.size);
}

function given(fd: number, request: number, argument: unknown): number {
  if (argument !== undefined) throw invalidType('argument', 'undefined: this request gives an int', argument);
  const value = intOf(fd, request, 'ioctl');
  return request === constants.IOCTL_VM_SOCKETS_GET_LOCAL_CID ? value >>> 0 : value;
}

function intOf(fd: number, request: number, call: string): number {
  ints[0] = 0;
  check(native.ioctl(fd, request | 0, int), call);
  return ints[0];
}

function changed(fd: number, request: number, argument: unknown, size: number): Buffer {
  const bytes = asPlainBytes(argument, 'argument');
  if (bytes.length !== size) throw invalidValue('argument', `must be ${String(size)} bytes long`, argument);
  const copy = Buffer.alloc(size + SPARE);
  copy.set(bytes);
  check(native.ioctl(fd, request | 0, copy), 'ioctl');
  return copy.subarray(0, size);
}

/**
 * Has everything before the urgent byte been read? `sockatmark(3)`. A `recv` never goes past the mark.
 *
 * @param fd - a TCP socket; it stays yours
 * @throws SocketError EBADF, ENOTTY and EINVAL: it is no such socket
 */
export function sockatmark(fd: number): boolean {
  return intOf(asFd(fd), constants.SIOCATMARK, 'sockatmark') !== 0;
}

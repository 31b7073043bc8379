/**
 * The errors of the system calls: Node's system errors, made here from -errno.
 */
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { addressHint, socketHint } from './error-hints.js';
import { native, type Result } from './native.js';
import './signals.js';
import type { SocketAddress } from './socket-address.js';
import { asInt, asText } from './validate.js';

// The system's headers name more errors than Node does.
const namesByErrno = new Map(
  Object.entries(native.errnos)
    .reverse() // the usual one of two names is first, and wins
    .map(([name, errno]) => [errno, name]),
);

/** `[code, words]` of a positive errno: `['EADDRINUSE', 'address already in use']`. Node's words where it has some. */
export function errnoName(errno: number): [code: string, message: string] {
  const known = getSystemErrorMap().get(-errno);
  const code = namesByErrno.get(errno) ?? known?.[0] ?? `E${String(errno)}`;
  return [code, known?.[1] ?? OWN_WORDS[code] ?? systemWords(errno)];
}

// Where libc's words say less than the man pages; musl has none for the second.
const OWN_WORDS: Readonly<Record<string, string>> = {
  EOPNOTSUPP: 'operation not supported on socket',
  ETOOMANYREFS: 'too many references: cannot splice',
};

function systemWords(errno: number): string {
  if (!namesByErrno.has(errno)) return `error ${String(errno)}`;
  const words = native.strerror(errno);
  return words.charAt(0).toLowerCase() + words.slice(1);
}

/**
 * A system call failed. The fields are those of Node's system errors.
 *
 * @example
 * try { bind(fd, address) } catch (error) { if (error.code !== 'EADDRINUSE') throw error }
 */
export class SocketError extends Error {
  /** The error's POSIX name: `'EADDRINUSE'`. Compare this, never the message. */
  readonly code: string;
  /** The negative errno, as in Node's errors: -98 for EADDRINUSE on Linux. */
  readonly errno: number;
  /** The system call that failed: `'bind'`. */
  readonly syscall: string;
  /** The address that was given: an IP address, or the path of a unix socket. */
  declare readonly address?: string;
  /** The port that was given. */
  declare readonly port?: number;
  /** Of bind, listen and connect, where the place is what is wrong: whose port it is. */
  declare readonly protocol?: 'tcp' | 'udp';
  /** Of connect, in the same cases: the socket's own address. */
  declare readonly localAddress?: string;
  /** And its own port; 0: none yet. */
  declare readonly localPort?: number;
  /** Of EADDRINUSE: the command that tells who has the address. */
  declare readonly why?: string;

  /**
   * @param syscall - the system call, `'bind'`
   * @param errno - the errno, positive or negative
   * @param address - the address the call was given
   * @param hint - what helps, behind the message: `' (…)'`
   */
  constructor(syscall: string, errno: number, address?: SocketAddress, hint = '') {
    const [code, words] = errnoName(Math.abs(asInt(errno, 'errno')));
    const place = placeOf(address);
    const helps = asText(hint, 'hint') + (place.port === undefined ? '' : addressHint(code, place));
    super(`${asText(syscall, 'syscall')} ${code}: ${words}${place.words}${helps}`);
    this.code = code;
    this.errno = -Math.abs(errno);
    this.syscall = syscall;
    if (place.address !== undefined) this.address = place.address;
    if (place.port !== undefined) this.port = place.port;
  }
}
SocketError.prototype.name = 'SocketError';

/** Where a call went, as its error tells it. */
interface Place {
  words: string;
  address?: string;
  port?: number;
  hasScope?: boolean;
}

/** The fields of an address that an error tells. Each is read once: the caller's object may say something else later. */
function placeOf(given: SocketAddress | undefined): Place {
  const { family, path, address, port, scopeid } = (given ?? {}) as Record<string, unknown>;
  if (family === 'Unix' && typeof path === 'string') {
    return { words: path === '' ? '' : ` ${path.replace('\0', '@')}`, address: path };
  }
  const isIp = (family === 'IPv4' || family === 'IPv6') && typeof address === 'string' && typeof port === 'number';
  if (!isIp) return { words: '' };
  return { words: ` ${address}:${String(port)}`, address, port, hasScope: Boolean(scopeid) };
}

/** Did the call fail? */
export function isError(result: Result): boolean {
  return (result as unknown as number) < 0;
}

/** The positive errno of a failed call, or 0. */
export function errnoOf(result: Result): number {
  return isError(result) ? -(result as unknown as number) : 0;
}

/** A native call that only Linux has; elsewhere ENOSYS. */
export function onLinux<Call>(call: Call | undefined, syscall: string): Call {
  if (call === undefined) throw new SocketError(syscall, constants.errno.ENOSYS);
  return call;
}

/** The result of a call, or its error thrown. */
export function check(result: Result, syscall: string, address?: SocketAddress): number {
  const value = result as unknown as number;
  if (value < 0) throw failure(value, syscall, address);
  return value;
}

/** The result of socket(2), or its error thrown. */
export function checkSocket(result: Result, domain: number, type: number, protocol: number): number {
  const errno = errnoOf(result);
  if (errno === 0) return check(result, 'socket');
  const [code] = errnoName(errno);
  throw new SocketError('socket', errno, undefined, socketHint(code, domain, type, protocol));
}

function failure(value: number, syscall: string, address?: SocketAddress): SocketError {
  // A signal's listener runs on the next turn of the loop: see to it that there is one. Where the
  // loop has not turned before, libuv reads its signal pipe in the second turn only.
  if (value === -constants.errno.EINTR) setImmediate(() => setImmediate(() => undefined));
  return new SocketError(syscall, value, address);
}

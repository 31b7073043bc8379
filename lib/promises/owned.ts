/** A socket as an object: the calls that cannot wait, and who closes it. */
import {
  AF_INET,
  AF_INET6,
  bind,
  getpeername,
  getsockname,
  getsockopt,
  IPPROTO_TCP,
  linger,
  listen,
  setsockopt,
  shutdown,
  SO_DOMAIN,
  SO_LINGER,
  SO_PROTOCOL,
  SO_TYPE,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  SOL_SOCKET,
  SOMAXCONN,
  type IntOption,
  type OptionValue,
  type SocketAddress,
  type StringOption,
} from '../index.js';
import { native } from '../native.js';
import { watch } from './leaks.js';
import { descriptorWasFreed } from './starvation.js';
import { Waitable } from './waitable.js';

/** The part of a socket's type that is no flag. */
const TYPE_MASK = 0xf;

/** The part of Socket that never waits. */
export class OwnedSocket extends Waitable {
  /** Does a short answer tell that nothing is left? Not where a message ends it: of a unix stream with descriptors. */
  protected readonly isTcp: boolean;
  /** SOCK_STREAM …, with flags. */
  protected readonly type: number;
  /** May close(2) wait for unsent data? */
  protected mayLinger = false;

  protected constructor(fd: number, type: number, isTcp: boolean) {
    super(fd);
    this.type = type;
    this.isTcp = isTcp;
    watch(this);
  }

  protected get isStream(): boolean {
    return (this.type & TYPE_MASK) === SOCK_STREAM;
  }

  /** Does receiving nothing mean that the peer has sent its last? */
  protected get hasEnd(): boolean {
    return this.isStream || (this.type & TYPE_MASK) === SOCK_SEQPACKET;
  }

  /**
   * Gives the socket its own address: `bind(2)`.
   *
   * @param address - port 0: the kernel chooses a free one, which {@link getsockname} tells
   * @throws SocketError EADDRINUSE, EADDRNOTAVAIL (not an address of this host), EACCES (a privileged port), EINVAL
   * (already bound; another family), EBADF (closed); for unix paths also ENOENT, ENOTDIR, EROFS
   */
  bind(address: SocketAddress): void {
    bind(this.usable('bind'), address);
  }

  /**
   * Makes a bound socket accept connections: `listen(2)`.
   *
   * @param backlog - how many connections may wait to be accepted; the system's limit cuts it
   * @throws SocketError EADDRINUSE (another socket already listens there), EINVAL, EOPNOTSUPP, EBADF (closed)
   */
  listen(backlog: number = SOMAXCONN): void {
    listen(this.usable('listen'), backlog);
  }

  /**
   * Ends receiving, sending or both, for every holder of the socket: `shutdown(2)`.
   *
   * @param how - `SHUT_RD`, `SHUT_WR` or `SHUT_RDWR`
   * @throws SocketError ENOTCONN, EINVAL, EBADF (closed)
   */
  shutdown(how: number): void {
    shutdown(this.usable('shutdown'), how);
  }

  /**
   * The socket's own address: `getsockname(2)`.
   *
   * @throws SocketError EBADF (closed)
   */
  getsockname(): SocketAddress {
    return getsockname(this.usable('getsockname'));
  }

  /**
   * The peer's address: `getpeername(2)`.
   *
   * @throws SocketError ENOTCONN, EINVAL, EBADF (closed)
   */
  getpeername(): SocketAddress {
    return getpeername(this.usable('getpeername'));
  }

  /**
   * The value of an int option: `getsockopt(2)`.
   *
   * @param level - `SOL_SOCKET`, `IPPROTO_TCP` …
   * @param option - `SO_RCVBUF`, `TCP_NODELAY` …
   * @throws SocketError ENOPROTOOPT, EINVAL, EOPNOTSUPP, EBADF (closed)
   */
  getsockopt<Option extends number>(level: number, option: IntOption<Option>): number;
  /** The value of an option that is a string: `TCP_CONGESTION`, `SO_BINDTODEVICE`. `getsockopt(2)`. */
  getsockopt(level: number, option: StringOption): string;
  /**
   * The bytes of an option that is no int: `getsockopt(2)`.
   *
   * @param length - how many bytes to make room for
   */
  getsockopt(level: number, option: number, length: number): Buffer;
  getsockopt(level: number, option: number, length?: number): number | string | Buffer {
    const fd = this.usable('getsockopt');
    return length === undefined ? getsockopt(fd, level, option) : getsockopt(fd, level, option, length);
  }

  /**
   * Sets an option: `setsockopt(2)`.
   *
   * @param level - `SOL_SOCKET`, `IPPROTO_TCP` …
   * @param option - `SO_REUSEADDR`, `TCP_NODELAY` …
   * @param value - an int, true for 1, false for 0, the bytes of a struct, or the string of an option that takes one
   * @throws SocketError ENOPROTOOPT, EINVAL, EDOM, EPERM, EACCES, EISCONN, EOPNOTSUPP, ENODEV, EBADF (closed)
   */
  setsockopt<Option extends number>(level: number, option: Option, value: OptionValue<Option>): void {
    setsockopt(this.usable('setsockopt'), level, option, value);
    if (level === SOL_SOCKET && (option as number) === SO_LINGER) this.mayLinger = true;
  }

  /**
   * Closes the socket: `close(2)`. Calls that wait are rejected with ECANCELED, later ones with EBADF; closing again
   * does nothing. Where SO_LINGER says that close waits for unsent data, it does so on another thread.
   */
  close(): void {
    const fd = this.release();
    if (fd === -1) return;
    if (this.mayLinger && lingers(fd)) native.closeInBackground(fd);
    else native.closeNow(fd);
    descriptorWasFreed();
  }

  /**
   * Gives the descriptor away: it is not closed by this object any more. Calls that wait are rejected with
   * ECANCELED, later ones with EBADF.
   *
   * @returns the descriptor, which is yours to close. It stays non-blocking
   * @throws SocketError EBADF (closed)
   */
  detach(): number {
    this.usable('detach');
    return this.release();
  }

  /** Closes the socket, as {@link close}: so `using socket = …` closes it at the end of its block. */
  [Symbol.dispose](): void {
    this.close();
  }
}

function lingers(fd: number): boolean {
  try {
    const { onoff, linger: seconds } = linger.decode(getsockopt(fd, SOL_SOCKET, SO_LINGER, linger.size));
    return onoff && seconds > 0;
  } catch {
    return false; // somebody has closed it behind our back
  }
}

/** The type of somebody's socket. */
export function typeOf(fd: number): number {
  return getsockopt(fd, SOL_SOCKET, SO_TYPE);
}

/** Is a socket that is made so a TCP socket? */
export function isTcpSocket(domain: number, type: number, protocol: number): boolean {
  const isStream = (type & TYPE_MASK) === SOCK_STREAM;
  return isStream && (domain === AF_INET || domain === AF_INET6) && (protocol === 0 || protocol === IPPROTO_TCP);
}

/** Is somebody's socket a TCP socket? False where the system does not tell. */
export function isTcp(fd: number): boolean {
  const asked: readonly (number | undefined)[] = [SO_DOMAIN, SO_PROTOCOL];
  if (asked.includes(undefined)) return false;
  return isTcpSocket(getsockopt(fd, SOL_SOCKET, SO_DOMAIN), typeOf(fd), getsockopt(fd, SOL_SOCKET, SO_PROTOCOL));
}

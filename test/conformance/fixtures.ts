/** Sockets and looks at them that several tables of cases share. */
import * as s from 'bsd-sockets';
import { release } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { closing, LOOPBACK, tcp, timed } from '../support/sockets.js';
import { outcome } from './case.js';

export const LOOPBACK6 = { family: 'IPv6', address: '::1', port: 0 } as const;
/** AF_UNSPEC: connect(2) to it dissolves a connection. */
export const UNSPEC = { family: 'raw', sockaddr: new Uint8Array(16) } as const;
/** A descriptor that is open nowhere: beyond what any limit allows. */
export const NOT_OPEN = 2 ** 31 - 2;

/** A socket of any kind whose calls wait for 5 seconds at most. */
export function made(domain: number, type: number, protocol = 0): number {
  return timed(closing(s.socket(domain, type, protocol)), 5000);
}

/** Two unix sockets that are connected to each other. */
export function pair(type: number = s.SOCK_STREAM): [number, number] {
  const [first, second] = s.socketpair(s.AF_UNIX, type);
  return [timed(closing(first), 5000), timed(closing(second), 5000)];
}

/** A bound socket and its address. */
export function bound(
  domain: number = s.AF_INET,
  type: number = s.SOCK_DGRAM,
  address: s.SocketAddress = domain === s.AF_INET6 ? LOOPBACK6 : LOOPBACK,
): { fd: number; address: s.SocketAddress } {
  const fd = made(domain, type);
  s.bind(fd, address);
  return { fd, address: s.getsockname(fd) };
}

let names = 0;

/** A name for a unix socket that nobody else has, without a file. */
export function abstractName(): s.SocketAddress {
  return { family: 'Unix', path: `\0bsd-sockets-conformance-${String(process.pid)}-${String(names++)}` };
}

/** A listening socket of any kind, and its address. */
export function listening(
  domain: number,
  type: number,
  address: s.SocketAddress,
  backlog?: number,
): { fd: number; address: s.SocketAddress } {
  const socket = bound(domain, type, address);
  s.listen(socket.fd, backlog);
  return socket;
}

/** A listener whose queue is full, and the connection in it. */
export function fullListener(): { fd: number; address: s.SocketAddress; queued: number } {
  const { fd, address } = listening(s.AF_INET, s.SOCK_STREAM, LOOPBACK, 0);
  const queued = tcp();
  s.connect(queued, address);
  return { fd, address, queued };
}

/** Two connected UDP sockets. */
export function udpPair(): [number, number] {
  const [first, second] = [bound(), bound()];
  s.connect(first.fd, second.address);
  s.connect(second.fd, first.address);
  return [first.fd, second.fd];
}

/** The address of a port of the loopback on which nobody is: a socket had it and is closed. */
export function deserted(type: number = s.SOCK_STREAM): s.SocketAddress {
  const fd = s.socket(s.AF_INET, type);
  s.bind(fd, LOOPBACK);
  const address = s.getsockname(fd);
  s.close(fd);
  return address;
}

/** The port in an address. */
export function portOf(address: s.SocketAddress | null): number {
  if (address === null || !('port' in address)) throw new Error(`there is no port in ${JSON.stringify(address)}`);
  return address.port;
}

/** Makes calls on a descriptor return at once. */
export function nonBlocking(fd: number): number {
  s.fcntl(fd, s.F_SETFL, s.fcntl(fd, s.F_GETFL) | s.O_NONBLOCK);
  return fd;
}

/** Sends text; how much of it was sent. */
export function sendText(fd: number, text: string, flags = 0): number {
  return s.send(fd, Buffer.from(text, 'latin1'), flags);
}

/** The pending error of a socket, which goes with it: its code, or 0. */
export function pendingError(fd: number): string | 0 {
  const errno = s.getsockopt(fd, s.SOL_SOCKET, s.SO_ERROR);
  return errno === 0 ? 0 : getSystemErrorName(-errno);
}

/** The names of events, in one text: 'IN|HUP'; '0' for none. */
export function eventNames(revents: number | undefined): string {
  const known = [
    ['IN', s.POLLIN],
    ['PRI', s.POLLPRI],
    ['OUT', s.POLLOUT],
    ['ERR', s.POLLERR],
    ['HUP', s.POLLHUP],
    ['NVAL', s.POLLNVAL],
    ['RDHUP', s.POLLRDHUP],
  ] as const;
  const set = known.filter(([, bit]) => ((revents ?? 0) & bit) !== 0).map(([name]) => name);
  return set.length === 0 ? '0' : set.join('|');
}

/** What poll(2) says of one descriptor; it does not wait unless it shall. */
export function polled(fd: number, events: number, timeoutMs = 0): string {
  const entry: s.PollFd = { fd, events };
  s.poll([entry], timeoutMs);
  return eventNames(entry.revents);
}

/** The skip for a case that needs IPv6 on this machine. */
export const NEEDS_IPV6 = ((): string | undefined => {
  let fd: number | undefined;
  const tried = outcome(() => {
    fd = s.socket(s.AF_INET6, s.SOCK_DGRAM);
    s.bind(fd, LOOPBACK6);
  });
  if (fd !== undefined) s.close(fd);
  return tried === 'ok' ? undefined : `there is no IPv6: ${tried}`;
})();

/** The skip for a case that needs this Linux or a later one. */
export function needsLinux(major: number, minor: number): string | undefined {
  const [hasMajor = 0, hasMinor = 0] = release().split('.').map(Number);
  const isThere = hasMajor > major || (hasMajor === major && hasMinor >= minor);
  return isThere ? undefined : `it needs Linux ${String(major)}.${String(minor)}`;
}

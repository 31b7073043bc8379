/** The calls that live-sockets.ts is made of. */
import * as s from 'bsd-sockets';
import { fchownSync } from 'node:fs';
import type { WantedBind } from '../../lib/doctor/rule/relation.js';
import { STATES, type TcpState } from '../../lib/doctor/kernel/inet-diag.js';

/** A socket to bind. */
export type Options = Omit<WantedBind, 'listen' | 'bound'>;

/** Who makes the sockets: this user, and another one where this user may be another. */
const OWN_UID = process.geteuid?.() ?? 0;
export const UIDS: readonly number[] = OWN_UID === 0 ? [0, 0, 0, 0, 0, 54321] : [OWN_UID];
/** SO_LINGER: close resets the connection. */
export const RESET = s.linger.encode({ onoff: true, linger: 0 });
/** The longest wait for what happens on this machine. */
export const LONGEST_MS = 5000;

/** By its text. */
export const isIPv6 = (address: string): boolean => address.includes(':');
/** IPv4 in an IPv6 socket. */
export const isMapped = (address: string): boolean => address.startsWith('::ffff:');
/** An address to give to bind and connect. */
export const at = (address: string, port: number): s.SocketAddress => ({
  family: isIPv6(address) ? 'IPv6' : 'IPv4',
  address,
  port,
});

/** The socket, and its user is this one: as if that user had made it, by one call instead of setuid in each thread. */
export function ownedBy(uid: number | undefined, fd: number): number {
  if (uid !== undefined && uid !== OWN_UID) fchownSync(fd, uid, process.getegid?.() ?? 0);
  return fd;
}

/** What a call says: `ok`, or the name of the error. */
export function said(call: () => void): string {
  try {
    call();
    return 'ok';
  } catch (error) {
    if (!(error instanceof s.SocketError)) throw error;
    return error.code;
  }
}

/** A socket with these options, not yet bound. */
export function made({
  protocol = 'tcp',
  address,
  v6only,
  reuseaddr,
  reuseport,
  uid,
  interfaceIndex,
}: Options): number {
  const type = protocol === 'tcp' ? s.SOCK_STREAM : s.SOCK_DGRAM;
  const fd = s.socket(isIPv6(address) ? s.AF_INET6 : s.AF_INET, type);
  try {
    ownedBy(uid, fd);
    if (isIPv6(address)) s.setsockopt(fd, s.IPPROTO_IPV6, s.IPV6_V6ONLY, v6only === true);
    s.setsockopt(fd, s.SOL_SOCKET, s.SO_REUSEADDR, reuseaddr === true);
    s.setsockopt(fd, s.SOL_SOCKET, s.SO_REUSEPORT, reuseport === true);
    if (interfaceIndex !== undefined && interfaceIndex !== 0) {
      s.setsockopt(fd, s.SOL_SOCKET, s.SO_BINDTODEVICE, Buffer.from(`${s.if_indextoname(interfaceIndex)}\0`));
    }
  } catch (error) {
    s.close(fd);
    throw error;
  }
  return fd;
}

/** Has this machine such addresses and devices, and may this user bind to them? */
export function canBind(options: Options): boolean {
  return said(() => s.close(made(options))) === 'ok' && tryBind(options).result === 'ok';
}

/** What the kernel says to this bind, and to listen where it is wanted. Nothing stays. */
export function tryBind(wanted: WantedBind): { result: string; at: 'bind' | 'listen' } {
  const fd = made(wanted);
  try {
    const bound = said(() => s.bind(fd, at(wanted.address, wanted.port ?? 0)));
    if (bound !== 'ok' || wanted.listen !== true || wanted.protocol === 'udp') return { result: bound, at: 'bind' };
    return { result: said(() => s.listen(fd)), at: 'listen' };
  } finally {
    s.close(fd);
  }
}

/** The TCP state, as tcp(7) TCP_INFO tells it. */
export function stateOf(fd: number): TcpState {
  return STATES[s.getsockopt(fd, s.IPPROTO_TCP, s.TCP_INFO as number, 1)[0] as number] ?? 'UNKNOWN';
}

/** Both ends are on this machine, so this is a matter of microseconds. */
export function waitFor(fd: number, state: TcpState): void {
  const end = performance.now() + LONGEST_MS;
  while (stateOf(fd) !== state) if (performance.now() > end) throw new Error(`${stateOf(fd)} never became ${state}`);
}

/** Ends what `fd` sends, and has the other end say at once that it knows: it may put that off for 40 ms. */
export function endSending(fd: number, peer: number): void {
  s.shutdown(fd, s.SHUT_WR);
  waitFor(peer, 'CLOSE_WAIT');
  s.recv(peer, Buffer.alloc(1)); // 0: the end
  s.setsockopt(peer, s.IPPROTO_TCP, s.TCP_QUICKACK, true);
}

/** Where a socket is bound. */
export function localOf(fd: number): { address: string; port: number } {
  const local = s.getsockname(fd);
  if (local.family !== 'IPv4' && local.family !== 'IPv6') throw new Error('no port');
  return local;
}

/**
 * A SYN from the old peer's port: TIME_WAIT answers it with an ACK that its sender did not expect, and the reset that
 * this brings ends TIME_WAIT (RFC 1337). Otherwise the kernel's room for it would be full after some thousands.
 */
export function endTimeWait(own: s.SocketAddress, peer: s.SocketAddress): void {
  const port = 'port' in own ? own.port : 0;
  const address = own.family === 'IPv4' || own.family === 'IPv6' ? own.address.replace('::ffff:', '') : '';
  const fd = s.socket(peer.family === 'IPv6' ? s.AF_INET6 : s.AF_INET, s.SOCK_STREAM);
  s.setsockopt(fd, s.SOL_SOCKET, s.SO_LINGER, RESET);
  s.fcntl(fd, s.F_SETFL, s.O_NONBLOCK);
  said(() => s.bind(fd, peer));
  said(() => s.connect(fd, at(address, port)));
  s.close(fd);
}

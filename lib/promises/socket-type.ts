/** What follows from a socket's family, type and protocol. */
import {
  AF_INET,
  AF_INET6,
  IPPROTO_TCP,
  SO_DOMAIN,
  SO_PROTOCOL,
  SO_TYPE,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  SOL_SOCKET,
} from '../constants.js';
import { getsockopt } from '../syscalls/sockopt.js';

/** The part of a socket's type that is no flag. */
const TYPE_MASK = 0xf;

/** Is it a stream? */
export const isStream = (type: number): boolean => (type & TYPE_MASK) === SOCK_STREAM;

/** Does receiving nothing mean that the peer has sent its last? */
export const hasEnd = (type: number): boolean => isStream(type) || (type & TYPE_MASK) === SOCK_SEQPACKET;

/** The type of somebody's socket. */
export const typeOf = (fd: number): number => getsockopt(fd, SOL_SOCKET, SO_TYPE);

/** Is a socket that is made so a TCP socket? */
export function isTcpSocket(domain: number, type: number, protocol: number): boolean {
  return isStream(type) && (domain === AF_INET || domain === AF_INET6) && (protocol === 0 || protocol === IPPROTO_TCP);
}

/** Is somebody's socket a TCP socket? False where the system does not tell. */
export function isTcp(fd: number): boolean {
  const asked: readonly (number | undefined)[] = [SO_DOMAIN, SO_PROTOCOL];
  if (asked.includes(undefined)) return false;
  return isTcpSocket(getsockopt(fd, SOL_SOCKET, SO_DOMAIN), typeOf(fd), getsockopt(fd, SOL_SOCKET, SO_PROTOCOL));
}

/** bind(2), connect(2), getsockname(2), getpeername(2) */
import { check } from '../errors.js';
import { native, reply } from '../native.js';
import { decodeName, encodeAddress } from '../sockaddr.js';
import type { SocketAddress } from '../socket-address.js';
import { asFd } from '../validate.js';
import { throwIfPlaced } from './placed.js';

/**
 * Gives a socket its own address: `bind(2)`.
 *
 * @param fd - an unbound socket; it stays yours
 * @param address - port 0: the kernel chooses a free one, which `getsockname` tells
 * @throws SocketError EADDRINUSE, EADDRNOTAVAIL (not an address of this host), EACCES (a privileged port),
 * EINVAL (already bound; another family), ENODEV (an unknown scope id), EBADF, ENOTSOCK; for unix paths also
 * ENOENT, ENOTDIR, EROFS
 * @example
 * bind(fd, { family: 'IPv4', address: '0.0.0.0', port: 12000 })
 */
export function bind(fd: number, address: SocketAddress): void {
  const sockaddr = encodeAddress(address);
  const result = native.bind(asFd(fd), sockaddr);
  throwIfPlaced(result, 'bind', fd, address);
  check(result, 'bind', address);
}

/**
 * Connects a socket to a peer: `connect(2)`. **It blocks the event loop** until the connection stands
 * or has failed, for SO_SNDTIMEO at most; a non-blocking socket says EINPROGRESS at once.
 *
 * @param fd - a socket; it stays yours
 * @param address - the peer. A host name must be looked up first: `node:dns`
 * @throws SocketError ECONNREFUSED, ETIMEDOUT, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL (no free port), EISCONN,
 * EINPROGRESS, EALREADY, EAGAIN, EAFNOSUPPORT, EPROTOTYPE, ECONNABORTED, EINVAL, EBADF, ENOTSOCK; EINTR where a
 * signal with a listener arrived: the attempt goes on in the kernel, so do not call again, wait until it is writable
 */
export function connect(fd: number, address: SocketAddress): void {
  const sockaddr = encodeAddress(address);
  const result = native.connect(asFd(fd), sockaddr);
  throwIfPlaced(result, 'connect', fd, address);
  check(result, 'connect', address);
}

/**
 * A socket's own address: `getsockname(2)`.
 *
 * @param fd - any socket; it stays yours
 * @throws SocketError EBADF, ENOTSOCK
 */
export function getsockname(fd: number): SocketAddress {
  check(native.getsockname(asFd(fd)), 'getsockname');
  return decodeName(reply.address, reply.addressLength());
}

/**
 * The address of the peer that a socket is connected to: `getpeername(2)`.
 *
 * @param fd - a connected socket; it stays yours
 * @throws SocketError ENOTCONN, EBADF, ENOTSOCK, EINVAL
 */
export function getpeername(fd: number): SocketAddress {
  check(native.getpeername(asFd(fd)), 'getpeername');
  return decodeName(reply.address, reply.addressLength());
}

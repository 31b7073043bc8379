/** recv(2), recvfrom(2), send(2), sendto(2) */
import { check } from '../errors.js';
import { native } from '../native.js';
import { decodeSender, encodeAddress } from '../sockaddr.js';
import type { SocketAddress } from '../socket-address.js';
import { asBytes, asFd, asInt } from '../validate.js';

/**
 * Receives into a buffer: `recv(2)`. **It blocks the event loop** until there is something, for SO_RCVTIMEO at
 * most; with `MSG_DONTWAIT` or on a non-blocking socket it says EAGAIN at once. Node makes every descriptor that it is
 * given non-blocking, for all who hold the open file: `net.Socket({ fd })`, `listen({ fd })`.
 *
 * @param fd - a socket; it stays yours
 * @param buffer - where the bytes go; `subarray` gives a part of it
 * @param flags - `MSG_PEEK`, `MSG_WAITALL`, `MSG_DONTWAIT` …, or-ed
 * @returns how many bytes; 0 at the end of a stream, or for a datagram of no bytes. A stream gives what is
 * there, not a whole message. With `MSG_TRUNC` a datagram's real length: it may be more than the buffer holds
 * @throws SocketError ECONNRESET, ECONNREFUSED, EAGAIN, EINTR (a signal that you listen to arrived), ENOTCONN,
 * ETIMEDOUT, EINVAL, EBADF, ENOTSOCK
 */
export function recv(fd: number, buffer: NodeJS.ArrayBufferView, flags = 0): number {
  return check(native.recv(asFd(fd), asBytes(buffer, 'buffer'), asInt(flags, 'flags')), 'recv');
}

/**
 * Sends the bytes of a buffer: `send(2)`. **It blocks the event loop** while the socket's buffer is full, for
 * SO_SNDTIMEO at most; with `MSG_DONTWAIT` or on a non-blocking socket it says EAGAIN at once.
 *
 * @param fd - a connected socket; it stays yours
 * @param buffer - the bytes; `subarray` gives a part of it
 * @param flags - `MSG_DONTWAIT`, `MSG_OOB` …, or-ed
 * @returns how many bytes were sent: it may be fewer than the buffer holds
 * @throws SocketError EPIPE and ECONNRESET (the peer has gone), EAGAIN, EINTR (a signal with a listener
 * arrived), EMSGSIZE, EDESTADDRREQ, ENOTCONN, ENOBUFS, EOPNOTSUPP, EBADF, ENOTSOCK
 */
export function send(fd: number, buffer: NodeJS.ArrayBufferView, flags = 0): number {
  return check(native.send(asFd(fd), asBytes(buffer, 'buffer'), asInt(flags, 'flags')), 'send');
}

/** What came, and from whom. */
export interface Received {
  /** How many bytes; with `MSG_TRUNC` a datagram's real length, which may be more than the buffer holds. */
  bytesRead: number;
  /** The sender; null where the kernel names none: on a TCP connection, or a unix socket without a name. */
  address: SocketAddress | null;
}

/**
 * Receives into a buffer, and tells the sender: `recvfrom(2)`. **It blocks the event loop** as {@link recv} does.
 *
 * @param fd - a socket; it stays yours
 * @param buffer - where the bytes go. A datagram longer than it is cut: `MSG_TRUNC` tells its real length
 * @param flags - `MSG_PEEK`, `MSG_TRUNC`, `MSG_DONTWAIT` …, or-ed
 * @throws SocketError as {@link recv}
 */
export function recvfrom(fd: number, buffer: NodeJS.ArrayBufferView, flags = 0): Received {
  const bytesRead = check(native.recvfrom(asFd(fd), asBytes(buffer, 'buffer'), asInt(flags, 'flags')), 'recvfrom');
  return { bytesRead, address: decodeSender() };
}

/**
 * Sends the bytes of a buffer to an address: `sendto(2)`. **It blocks the event loop** as {@link send} does. The order
 * is C's, the flags before the address; the promise layer's `sendto` has the address first and the flags in its options.
 *
 * @param fd - a datagram socket; it stays yours. An unbound one gets a free port. A connected TCP socket ignores
 * the address
 * @param buffer - the bytes: one datagram
 * @param flags - `MSG_DONTWAIT`, `MSG_DONTROUTE` …, or-ed
 * @param address - where to. A host name must be looked up first: `node:dns`
 * @returns how many bytes were sent
 * @throws SocketError as {@link send}, and ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, EACCES (a broadcast address
 * without SO_BROADCAST), EISCONN, EAFNOSUPPORT, EINVAL
 */
export function sendto(fd: number, buffer: NodeJS.ArrayBufferView, flags: number, address: SocketAddress): number {
  const bytes = asBytes(buffer, 'buffer');
  const sockaddr = encodeAddress(address);
  return check(native.sendto(asFd(fd), bytes, asInt(flags, 'flags'), sockaddr), 'sendto', address);
}

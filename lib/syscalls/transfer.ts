/** recv(2), send(2) */
import { check } from '../errors.js';
import { native } from '../native.js';
import { asBytes, asFd, asInt } from '../validate.js';

/**
 * Receives into a buffer: `recv(2)`. **It blocks the event loop** until there is something, for SO_RCVTIMEO at
 * most; with `MSG_DONTWAIT` or on a non-blocking socket it says EAGAIN at once.
 *
 * @param fd - a socket; it stays yours
 * @param buffer - where the bytes go; `subarray` gives a part of it
 * @param flags - `MSG_PEEK`, `MSG_WAITALL`, `MSG_DONTWAIT` …, or-ed
 * @returns how many bytes; 0 at the end of a stream, or for a datagram of no bytes. A stream gives what is
 * there, not a whole message. With `MSG_TRUNC` a datagram's real length: it may be more than the buffer holds
 * @throws SocketError ECONNRESET, ECONNREFUSED, EAGAIN, EINTR (a signal with a listener arrived), ENOTCONN,
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

/** listen(2), accept(2) */
import { SOMAXCONN } from '../constants/socket.js';
import { check } from '../errors.js';
import { native, reply } from '../native.js';
import { decodeName } from '../sockaddr.js';
import type { SocketAddress } from '../socket-address.js';
import { asFd, asInt } from '../validate.js';
import { throwIfPlaced } from './placed.js';

/**
 * Makes a bound socket accept connections: `listen(2)`. An unbound TCP socket gets a free port.
 *
 * @param fd - a stream or seqpacket socket; it stays yours
 * @param backlog - how many connections may wait to be accepted; the system's limit cuts it
 * @throws SocketError EADDRINUSE (another socket already listens there: bind may have succeeded all the same),
 * EINVAL, EOPNOTSUPP, EBADF, ENOTSOCK
 */
export function listen(fd: number, backlog: number = SOMAXCONN): void {
  const result = native.listen(asFd(fd), asInt(backlog, 'backlog'));
  throwIfPlaced(result, 'listen', fd);
  check(result, 'listen');
}

/** A connection that was accepted. */
export interface Accepted {
  /** Its descriptor, close-on-exec, which is yours to close. */
  fd: number;
  /** The peer's address. */
  address: SocketAddress;
}

/**
 * Takes the next connection from a listener's queue: `accept(2)`, and with flags `accept4(2)`. **It blocks the
 * event loop** until there is one, for SO_RCVTIMEO at most; a non-blocking listener says EAGAIN at once.
 *
 * @param fd - a listening socket; it stays yours
 * @param flags - `SOCK_NONBLOCK` makes the new descriptor non-blocking, which on Linux it is not even where the
 * listener is; `SOCK_CLOEXEC` is always on. 0 on systems without accept4
 * @returns the new descriptor, which is yours to `close`, and the peer's address
 * @throws SocketError EAGAIN, EINTR (a signal with a listener arrived), EINVAL (not listening; an unknown flag),
 * ECONNABORTED, EMFILE and ENFILE (the connection stays in the queue), EOPNOTSUPP, EBADF, ENOTSOCK
 */
export function accept(fd: number, flags = 0): Accepted {
  const accepted = check(native.accept(asFd(fd), asInt(flags, 'flags')), 'accept');
  const address = decodeName(reply.address, reply.addressLength());
  return { fd: accepted, address };
}

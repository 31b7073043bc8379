/** socket(2), socketpair(2), shutdown(2), close(2) */
import { check, checkSocket } from '../errors.js';
import { native, reply } from '../native.js';
import { asFd, asInt } from '../validate.js';

/**
 * Makes a socket: `socket(2)`. Close-on-exec, as every descriptor in Node.
 *
 * @param domain - the family: `AF_INET`, `AF_INET6`, `AF_UNIX` …
 * @param type - `SOCK_STREAM`, `SOCK_DGRAM` …, with `SOCK_NONBLOCK` or-ed if wanted
 * @param protocol - 0 for the type's usual one
 * @returns its file descriptor, which is yours to `close`
 * @throws SocketError EAFNOSUPPORT, EPROTONOSUPPORT, ESOCKTNOSUPPORT, EINVAL, EPERM (`SOCK_RAW` without CAP_NET_RAW),
 * EACCES (ICMP by `SOCK_DGRAM`: the group is not in `net.ipv4.ping_group_range`), EMFILE, ENFILE, ENOBUFS
 * @example
 * const fd = socket(AF_INET, SOCK_STREAM)
 */
export function socket(domain: number, type: number, protocol = 0): number {
  const made = native.socket(asInt(domain, 'domain'), asInt(type, 'type'), asInt(protocol, 'protocol'));
  return checkSocket(made, domain, type, protocol);
}

/**
 * Makes two sockets that are connected to each other: `socketpair(2)`. Close-on-exec.
 *
 * @param domain - `AF_UNIX`: the other families have no pairs
 * @param type - `SOCK_STREAM`, `SOCK_DGRAM` or `SOCK_SEQPACKET`
 * @param protocol - 0
 * @returns both descriptors, which are yours to `close`
 * @throws SocketError EAFNOSUPPORT, EOPNOTSUPP, EPROTONOSUPPORT, ESOCKTNOSUPPORT, EMFILE, ENFILE
 */
export function socketpair(domain: number, type: number, protocol = 0): [number, number] {
  const first = check(
    native.socketpair(asInt(domain, 'domain'), asInt(type, 'type'), asInt(protocol, 'protocol')),
    'socketpair',
  );
  return [first, reply.value()];
}

/**
 * Ends receiving, sending or both, for every holder of the socket: `shutdown(2)`. The descriptor stays open.
 *
 * @param fd - a connected socket; it stays yours
 * @param how - `SHUT_RD`, `SHUT_WR` or `SHUT_RDWR`
 * @throws SocketError ENOTCONN, EINVAL, ENOTSOCK, EBADF
 */
export function shutdown(fd: number, how: number): void {
  check(native.shutdown(asFd(fd), asInt(how, 'how')), 'shutdown');
}

/**
 * Closes a descriptor: `close(2)`. It is never retried: whatever close says, the number is free
 * and may be somebody else's at once. With `SO_LINGER` it waits for unsent data, in whole seconds.
 *
 * @param fd - any descriptor of yours
 * @throws SocketError EBADF, EIO
 */
export function close(fd: number): void {
  check(native.close(asFd(fd)), 'close');
}

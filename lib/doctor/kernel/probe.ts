/** Would a bind work now? Each attempt is made for real and let go of at once; nothing ever listens. */
import { lstatSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  bind,
  close,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  setsockopt,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOCK_DGRAM,
  SOCK_STREAM,
  socket,
  SocketError,
  SOL_SOCKET,
  type SocketAddress,
  type UnixAddress,
} from './calls.js';
import type { Binds, Flags, InetTarget, Target } from './observation.js';
import { ANY_IPV4 } from './target.js';

/** The longest path that every system takes: macOS has 104 bytes, the last one a NUL. */
const LONGEST_PATH = 103;

/**
 * Binds a fresh socket and closes it at once: `'ok'`, or the name of the error that socket, setsockopt or bind had.
 *
 * For a moment the address is held, as by any bind. A UDP socket with a flag may get a datagram in that moment.
 */
export function tryBind(target: Target, flags: Flags): string {
  if (target.protocol !== 'unix') {
    const type = target.protocol === 'tcp' ? SOCK_STREAM : SOCK_DGRAM;
    if (target.address.family === 'IPv4') return bindOnce(AF_INET, type, flags, target.address);
    const result = bindOnce(AF_INET6, type, flags, target.address, target.dual);
    return result === 'ok' && target.dual === true ? tryBind(ipv4Of(target), flags) : result;
  }
  const { path } = target.address;
  if (path.startsWith('\0')) return bindOnce(AF_UNIX, SOCK_STREAM, flags, target.address);
  return isThere(path) ? bindOver(target.address, flags) : bindBeside(path, flags);
}

/** The IPv4 half of a target that is dual. */
export function ipv4Of({ protocol, address }: InetTarget): InetTarget {
  return { protocol, address: { family: 'IPv4', address: ANY_IPV4, port: address.port } };
}

/**
 * The four binds, one after the other.
 *
 * While other sockets keep a port in use, Linux remembers the last bind with SO_REUSEPORT, closed or not, and lets the
 * next one like it pass unseen; a bind without that flag that works makes it forget. So SO_REUSEADDR alone comes before
 * SO_REUSEPORT alone, which is then measured by the rule, and again after both: what the probes found stays true.
 */
export function probeBinds(target: Target): Binds {
  const none = tryBind(target, 'none');
  const reuseaddr = tryBind(target, 'reuseaddr');
  const reuseport = tryBind(target, 'reuseport');
  const both = tryBind(target, 'both');
  if (both === 'ok' && target.protocol === 'tcp') tryBind(target, 'reuseaddr');
  return { none, reuseaddr, reuseport, both };
}

/** @param dual - shall an IPv6 socket take IPv4 too, whatever the system's default? As Node has it. */
function bindOnce(domain: number, type: number, flags: Flags, address: SocketAddress, dual = false): string {
  let fd: number | undefined;
  try {
    fd = socket(domain, type);
    if (flags === 'reuseaddr' || flags === 'both') setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, true);
    if (flags === 'reuseport' || flags === 'both') setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, true);
    if (dual) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, false);
    bind(fd, address);
    return 'ok';
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
    return error.code;
  } finally {
    if (fd !== undefined) close(fd);
  }
}

/** What is there makes the kernel refuse; where it vanished just now, what the bind made is taken away. */
function bindOver(address: UnixAddress, flags: Flags): string {
  const result = bindOnce(AF_UNIX, SOCK_STREAM, flags, address);
  if (result === 'ok') unlinkSync(address.path);
  return result;
}

/**
 * A bind makes a file, and another program could not bind while it is there: so the attempt takes a name of its own
 * in the same folder, where the rights are the same.
 */
function bindBeside(path: string, flags: Flags): string {
  const folder = dirname(path);
  const room = LONGEST_PATH - Buffer.byteLength(join(folder, '_'));
  const beside = join(
    folder,
    Math.random()
      .toString(36)
      .slice(2, 2 + Math.max(room, 1)),
  );
  const result = bindOnce(AF_UNIX, SOCK_STREAM, flags, { family: 'Unix', path: beside });
  if (result === 'ok') unlinkSync(beside);
  return result;
}

/** Where this user may not look, the answer is yes: then bind itself says so. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

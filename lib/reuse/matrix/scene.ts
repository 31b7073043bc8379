/** The sockets of the matrix: on loopback, with flags, and none of them outlives its {@link Scene}. */
import type { Protocol } from '../../doctor/kernel/inet-diag.js';
import {
  accept,
  AF_INET,
  AF_INET6,
  bind,
  close,
  connect,
  getsockname,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  linger,
  listen,
  recv,
  setsockopt,
  SO_LINGER,
  SO_RCVTIMEO,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SO_SNDTIMEO,
  SOCK_DGRAM,
  SOCK_STREAM,
  socket,
  SocketError,
  SOL_SOCKET,
  timeval,
  type SocketAddress,
} from '../../index.js';
import type { Flags } from '../../doctor/kernel/observation.js';

/** No call waits longer. What it waits for is on this machine, and takes microseconds. */
const LIMIT_MS = 2000;

/** An address of the matrix. */
export interface Place {
  /** What it is called in the matrix. */
  readonly name: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly address: string;
  /** IPV6_V6ONLY, which every IPv6 socket gets: the system's default may be either. */
  readonly v6only: boolean;
}

const place = (family: Place['family'], address: string, v6only = false): Place => ({
  name: v6only ? `${address} V6ONLY` : address,
  family,
  address,
  v6only,
});

/** Where all but the pairs of addresses happens. */
export const LOOPBACK = place('IPv4', '127.0.0.1');

/** The addresses that are tried in pairs. */
export const PLACES: readonly Place[] = [
  place('IPv4', '0.0.0.0'),
  LOOPBACK,
  place('IPv4', '127.0.0.2'),
  place('IPv6', '::'),
  place('IPv6', '::', true),
  place('IPv6', '::1'),
  place('IPv6', '::ffff:127.0.0.1'),
];

/** The address of a place, for the calls. */
export function addressOf({ family, address }: Place, port: number): SocketAddress {
  return { family, address, port };
}

/** Both flags as booleans, as the model takes them. */
export function flagValues(flags: Flags): { reuseaddr: boolean; reuseport: boolean } {
  return {
    reuseaddr: flags === 'reuseaddr' || flags === 'both',
    reuseport: flags === 'reuseport' || flags === 'both',
  };
}

/** Sets exactly these flags on a socket. */
export function setFlags(fd: number, flags: Flags): void {
  const { reuseaddr, reuseport } = flagValues(flags);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, reuseaddr);
  setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, reuseport);
}

/** A socket with flags that is not bound yet. It is the caller's to close. */
export function openSocket({ family, v6only }: Place, protocol: Protocol, flags: Flags): number {
  const fd = socket(family === 'IPv4' ? AF_INET : AF_INET6, protocol === 'tcp' ? SOCK_STREAM : SOCK_DGRAM);
  try {
    limitWaits(fd);
    setFlags(fd, flags);
    if (family === 'IPv6') setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}

function limitWaits(fd: number): void {
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeval.encode(LIMIT_MS));
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, timeval.encode(LIMIT_MS));
}

/** `'ok'` or the name of the error that the system call throws. */
export function codeOf(call: () => void): string {
  try {
    call();
    return 'ok';
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
    return error.code;
  }
}

/** Binds a socket to a place and closes it: `'ok'`, or why that place is none here. */
export function tryPlace(where: Place): string {
  return codeOf(() => {
    close(bound(where, 'tcp', 'none', 0));
  });
}

function bound(where: Place, protocol: Protocol, flags: Flags, port: number): number {
  const fd = openSocket(where, protocol, flags);
  try {
    bind(fd, addressOf(where, port));
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}

/**
 * A port that is free at every address: the kernel chooses it for the widest one there is. For another address it
 * could choose a port that somebody has at a third, and the pairs of addresses would tell of that.
 */
export function freePort(protocol: Protocol, widest: Place): number {
  const fd = bound(widest, protocol, 'none', 0);
  const port = portOf(fd);
  close(fd);
  return port;
}

function portOf(fd: number): number {
  const address = getsockname(fd);
  return 'port' in address ? address.port : 0;
}

/** Closes a socket with a reset: SO_LINGER and no time. */
export function closeWithReset(fd: number): void {
  setsockopt(fd, SOL_SOCKET, SO_LINGER, linger.encode({ onoff: true, linger: 0 }));
  close(fd);
}

/** The sockets of one situation. What is open at its end is closed with a reset, which leaves no TIME_WAIT. */
export class Scene {
  readonly #open = new Set<number>();
  /** The ports of the clients: TIME_WAIT may be there. */
  readonly clientPorts: number[] = [];

  keep(fd: number): number {
    this.#open.add(fd);
    return fd;
  }

  bound(where: Place, protocol: Protocol, flags: Flags, port: number): number {
    return this.keep(bound(where, protocol, flags, port));
  }

  listening(where: Place, flags: Flags, port: number): number {
    const fd = this.bound(where, 'tcp', flags, port);
    listen(fd);
    return fd;
  }

  /** Makes the socket listen that was opened first. */
  firstListens(): void {
    const [first] = this.#open;
    if (first !== undefined) listen(first);
  }

  /** A connection to a listener at {@link LOOPBACK}: both its ends. */
  connected(listener: number): { client: number; server: number } {
    const client = this.keep(openSocket(LOOPBACK, 'tcp', 'none'));
    connect(client, getsockname(listener));
    this.clientPorts.push(portOf(client));
    const server = this.keep(accept(listener).fd);
    limitWaits(server);
    return { client, server };
  }

  /** Closes a socket now, as close(2) does: with a FIN. */
  close(fd: number): void {
    this.#open.delete(fd);
    close(fd);
  }

  /** Closes a socket now, with a reset. */
  reset(fd: number): void {
    this.#open.delete(fd);
    closeWithReset(fd);
  }

  /** Closes what is open. */
  dispose(): void {
    for (const fd of this.#open) this.reset(fd);
  }
}

/** Waits until the other end's FIN, or its reset, is here: `'ok'` or `'ECONNRESET'`. */
export function awaitEnd(fd: number): string {
  return codeOf(() => recv(fd, Buffer.alloc(1)));
}

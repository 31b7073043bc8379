/** A listening socket in one call: it sets no option that was not asked for. */
import { IPPROTO_IPV6 } from '../constants/in.js';
import { IPV6_V6ONLY } from '../constants/in6.js';
import { AF_INET, AF_INET6, AF_NETLINK, AF_UNIX, AF_VSOCK, SOCK_STREAM } from '../constants/socket.js';
import { SO_REUSEADDR, SO_REUSEPORT, SOL_SOCKET } from '../constants/sockopt.js';
import type { SocketAddress } from '../socket-address.js';
import { listen as listenRaw } from '../syscalls/accept.js';
import { bind } from '../syscalls/address.js';
import { close, socket } from '../syscalls/socket.js';
import { setsockopt } from '../syscalls/sockopt.js';
import { asInt, asObject, asPort, invalidType, invalidValue } from '../validate.js';

/** What {@link listenOn} can be given. */
export interface ListenOptions {
  /** `SOCK_STREAM`, which is the default, or `SOCK_SEQPACKET`. */
  type?: number;
  /** How many connections may wait to be accepted; SOMAXCONN where it is left out. */
  backlog?: number;
  /** SO_REUSEADDR: on or off; where it is left out the option is not touched. */
  reuseAddress?: boolean;
  /** SO_REUSEPORT: on or off; where it is left out the option is not touched. */
  reusePort?: boolean;
  /** IPV6_V6ONLY: on or off; where it is left out, and there is an address, the option is not touched. */
  v6Only?: boolean;
}

/** What says that there is no IPv6 here. */
const NO_IPV6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL']);

/**
 * Makes a socket that listens: `socket(2)`, `setsockopt(2)` for what the options name, `bind(2)`, `listen(2)`.
 *
 * @param address - its own address; port 0: a free one. A port alone is `::` with IPv4 too (IPV6_V6ONLY off, unless
 * `v6Only` says otherwise), and 0.0.0.0 where there is no IPv6
 * @returns the listener's descriptor, close-on-exec, which is yours to `close`
 * @throws SocketError as the four calls; nothing is left open then
 * @example
 * const fd = listenOn(12000, { reuseAddress: true })
 */
export function listenOn(address: SocketAddress | number, options: ListenOptions = {}): number {
  const { ...given } = asObject(options, 'options') as ListenOptions; // each is read once
  if (typeof address !== 'number') return listenAt(address, given);
  const port = asPort(address, 'address');
  const { v6Only = false } = given;
  try {
    return listenAt({ family: 'IPv6', address: '::', port }, { ...given, v6Only });
  } catch (error) {
    if (v6Only || !NO_IPV6.has(String((error as NodeJS.ErrnoException).code))) throw error;
    return listenAt({ family: 'IPv4', address: '0.0.0.0', port }, { ...given, v6Only: undefined });
  }
}

function listenAt(
  address: SocketAddress,
  options: { [Key in keyof ListenOptions]: ListenOptions[Key] | undefined },
): number {
  const { type = SOCK_STREAM, backlog, reuseAddress, reusePort, v6Only } = options;
  for (const [name, value] of Object.entries({ reuseAddress, reusePort, v6Only })) {
    if (value !== undefined && typeof value !== 'boolean')
      throw invalidType(`options.${name}`, 'of type boolean', value);
  }
  if (backlog !== undefined) asInt(backlog, 'options.backlog');
  const fd = socket(domainOf(address), asInt(type, 'options.type'));
  try {
    if (reuseAddress !== undefined) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, reuseAddress);
    if (reusePort !== undefined) setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, reusePort);
    if (v6Only !== undefined) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6Only);
    bind(fd, address);
    listenRaw(fd, backlog);
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}

/** The domain for a socket of an address. */
export function domainOf(address: SocketAddress): number {
  const { family } = asObject(address, 'address');
  if (family === 'IPv4') return AF_INET;
  if (family === 'IPv6') return AF_INET6;
  if (family === 'Unix') return AF_UNIX;
  if (family === 'Netlink') return AF_NETLINK;
  if (family === 'VSock') return AF_VSOCK;
  throw invalidValue(
    'address.family',
    "must be 'IPv4', 'IPv6', 'Unix', 'Netlink' or 'VSock'; for others make the socket yourself",
    family,
  );
}

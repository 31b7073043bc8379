/** Connecting and listening in one call. They set no option that they were not asked for. */
import {
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_UNIX,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOCK_STREAM,
  SOL_SOCKET,
  type SocketAddress,
} from '../index.js';
import { asObject, invalidValue } from '../validate.js';
import type { WaitOptions } from './options.js';
import { Socket } from './socket.js';

/** What {@link connect} can be given. */
export interface ConnectOptions extends WaitOptions {
  /** `SOCK_STREAM`, which is the default, `SOCK_DGRAM` … */
  type?: number;
}

/** What {@link listen} can be given. */
export interface ListenOptions {
  /** `SOCK_STREAM`, which is the default, or `SOCK_SEQPACKET`. */
  type?: number;
  /** How many connections may wait to be accepted; SOMAXCONN where it is left out. */
  backlog?: number;
  /** SO_REUSEADDR: on or off; where it is left out the option is not touched. */
  reuseAddress?: boolean;
  /** SO_REUSEPORT: on or off; where it is left out the option is not touched. */
  reusePort?: boolean;
  /** IPV6_V6ONLY: on or off; where it is left out the option is not touched. */
  v6Only?: boolean;
}

/**
 * Makes a socket of the address's family and connects it: `socket(2)`, `connect(2)`.
 *
 * @param address - the peer
 * @returns the connected socket, which is yours to close
 * @throws SocketError as the two calls; nothing is left open then
 * @example
 * using socket = await connect({ family: 'IPv4', address: '127.0.0.1', port: 12000 })
 */
export async function connect(address: SocketAddress, options: ConnectOptions = {}): Promise<Socket> {
  const { type = SOCK_STREAM } = asObject(options, 'options') as ConnectOptions;
  const socket = new Socket(domainOf(address), type);
  try {
    await socket.connect(address, options);
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

/**
 * Makes a socket that listens: `socket(2)`, `setsockopt(2)` for what the options name, `bind(2)`, `listen(2)`.
 *
 * @param address - its own address; port 0: a free one
 * @returns the listener, which is yours to close
 * @throws SocketError as the four calls; nothing is left open then
 * @example
 * using server = listen({ family: 'IPv4', address: '0.0.0.0', port: 12000 }, { reuseAddress: true })
 */
export function listen(address: SocketAddress, options: ListenOptions = {}): Socket {
  const {
    type = SOCK_STREAM,
    backlog,
    reuseAddress,
    reusePort,
    v6Only,
  } = asObject(options, 'options') as ListenOptions;
  const socket = new Socket(domainOf(address), type);
  try {
    if (reuseAddress !== undefined) socket.setsockopt(SOL_SOCKET, SO_REUSEADDR, reuseAddress);
    if (reusePort !== undefined) socket.setsockopt(SOL_SOCKET, SO_REUSEPORT, reusePort);
    if (v6Only !== undefined) socket.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, v6Only);
    socket.bind(address);
    socket.listen(backlog);
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

function domainOf(address: SocketAddress): number {
  const { family } = asObject(address, 'address');
  if (family === 'IPv4') return AF_INET;
  if (family === 'IPv6') return AF_INET6;
  if (family === 'Unix') return AF_UNIX;
  if (family === 'Netlink') return AF_NETLINK;
  throw invalidValue(
    'address.family',
    "must be 'IPv4', 'IPv6', 'Unix' or 'Netlink'; for others use new Socket()",
    family,
  );
}

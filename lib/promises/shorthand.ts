/** Connecting and listening in one call. They set no option that they were not asked for. */
import { domainOf } from '../helpers/listen-on.js';
import { close, listenOn, SOCK_STREAM, type ListenOptions, type SocketAddress } from '../index.js';
import { asObject } from '../validate.js';
import type { WaitOptions } from './options.js';
import { Socket } from './socket.js';

/** What {@link connect} can be given. */
export interface ConnectOptions extends WaitOptions {
  /** `SOCK_STREAM`, which is the default, `SOCK_DGRAM` … */
  type?: number;
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
 * @param address - its own address; port 0: a free one. A port alone is `::` with IPv4 too, and 0.0.0.0 where there is no IPv6
 * @returns the listener, which is yours to close
 * @throws SocketError as the four calls; nothing is left open then
 * @example
 * using server = listen({ family: 'IPv4', address: '0.0.0.0', port: 12000 }, { reuseAddress: true })
 */
export function listen(address: SocketAddress | number, options: ListenOptions = {}): Socket {
  const fd = listenOn(address, options);
  try {
    return Socket.fromFd(fd);
  } catch (error) {
    close(fd);
    throw error;
  }
}

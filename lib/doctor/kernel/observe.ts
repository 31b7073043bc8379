/** What the kernel says about this machine's sockets: facts only, sock_diag(7). */
import { statSync } from 'node:fs';
import { AF_INET, AF_INET6, SocketError } from './calls.js';
import {
  decodeInetSocket,
  encodeBothFamilies,
  encodeInetRequest,
  type Protocol,
  type InetSocket,
} from './inet-diag.js';
import { ask, type Part } from './netlink.js';
import { decodeUnixSocket, encodeUnixRequest, type File, type UnixSocket } from './unix-diag.js';

export type { Endpoint, InetSocket, TcpSocket, TcpState } from './inet-diag.js';
export type { UnixSocket } from './unix-diag.js';

/**
 * The TCP sockets of this network namespace, in every state, TIME_WAIT and merely bound ones included:
 * sock_diag(7). It needs no rights and does not wait. The list is not a snapshot: sockets may come and go while
 * it is read.
 *
 * @param filter - `port`: only the sockets of this local port, which the kernel picks out itself
 * @throws SocketError EAFNOSUPPORT, EPROTONOSUPPORT or ENOENT: this system has no such list (macOS, some sandboxes)
 */
export function listTcpSockets(filter: { port?: number } = {}): InetSocket[] {
  try {
    return ask(encodeBothFamilies(filter.port), decoderOf('tcp'));
  } catch (error) {
    // What does not know that request may know the newer one.
    if (!(error instanceof SocketError)) throw error;
    return list('tcp', filter.port);
  }
}

/**
 * The UDP sockets of this network namespace that have a port: as {@link listTcpSockets}.
 *
 * @throws SocketError as {@link listTcpSockets}
 */
export function listUdpSockets(filter: { port?: number } = {}): InetSocket[] {
  return list('udp', filter.port);
}

/**
 * The unix sockets of this network namespace, those without a name too: sock_diag(7). As {@link listTcpSockets}, it
 * needs no rights, does not wait and is no snapshot.
 *
 * @param path - only the sockets that were bound to this path or to the file that it names now, a listener's accepted
 * connections among them; with a NUL in front an abstract name
 * @throws SocketError as {@link listTcpSockets}
 */
export function listUnixSockets(path?: string): UnixSocket[] {
  const all = ask(encodeUnixRequest(), decodeUnixSocket);
  if (path === undefined) return all;
  const here = fileAt(path);
  return all.filter(({ path: name, file }) => name === path || (file !== undefined && isSame(file, here)));
}

/** The kernel's list has the lower 32 bits of an inode number. */
function isSame(file: File, here: File | undefined): boolean {
  return file.dev === here?.dev && file.ino === here.ino % 2 ** 32;
}

/** The file that a path names now. Where there is none, or it may not be looked at, the name alone counts. */
function fileAt(path: string): File | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined; // an abstract name is no path either
  }
}

function list(protocol: Protocol, port: number | undefined): InetSocket[] {
  const sockets = listFamily(protocol, AF_INET, port);
  try {
    return sockets.concat(listFamily(protocol, AF_INET6, port));
  } catch (error) {
    // A kernel without IPv6 has no such sockets.
    if (error instanceof SocketError && error.code === 'ENOENT') return sockets;
    throw error;
  }
}

function listFamily(protocol: Protocol, family: number, port: number | undefined): InetSocket[] {
  const decode = decoderOf(protocol);
  if (port === undefined) return ask(encodeInetRequest(protocol, family), decode);
  try {
    return ask(encodeInetRequest(protocol, family, port), decode);
  } catch (error) {
    if (!(error instanceof SocketError && error.code === 'EINVAL')) throw error;
    // The kernel knows no filters: all sockets, then, and the choice is ours.
    return ask(encodeInetRequest(protocol, family), decode).filter(({ local }) => local.port === port);
  }
}

const decoderOf =
  (protocol: Protocol) =>
  (body: Part): InetSocket | undefined =>
    decodeInetSocket(protocol, body);

/** What the kernel says about this machine's TCP sockets: facts only, sock_diag(7). */
import {
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  close,
  MSG_DONTWAIT,
  NETLINK_SOCK_DIAG,
  recv,
  send,
  SOCK_DGRAM,
  socket,
  SocketError,
} from '../index.js';
import { constants } from 'node:os';
import { decodeAnswer, encodeRequest, type TcpSocket } from './inet-diag.js';

export type { Endpoint, TcpSocket, TcpState } from './inet-diag.js';

/** The kernel never writes more than 32 KiB of a list at once. */
const BUFFER_SIZE = 32 * 1024;

/**
 * The TCP sockets of this network namespace, in every state, TIME_WAIT and merely bound ones included:
 * sock_diag(7). It needs no rights and does not wait. The list is not a snapshot: sockets may come and go while
 * it is read.
 *
 * @param filter - `port`: only the sockets of this local port, which the kernel picks out itself
 * @throws SocketError EAFNOSUPPORT, EPROTONOSUPPORT or ENOENT: this system has no such list (macOS, some sandboxes)
 */
export function listTcpSockets(filter: { port?: number } = {}): TcpSocket[] {
  if (process.platform !== 'linux') throw new SocketError('socket', constants.errno.EAFNOSUPPORT);
  const fd = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_SOCK_DIAG);
  try {
    return [
      ...listFamily(fd, AF_INET, filter.port),
      ...unlessCode('ENOENT', () => listFamily(fd, AF_INET6, filter.port)),
    ];
  } finally {
    close(fd);
  }
}

/** ENOENT for AF_INET6: a kernel without IPv6 has no such sockets. */
function unlessCode(code: string, list: () => TcpSocket[]): TcpSocket[] {
  try {
    return list();
  } catch (error) {
    if (error instanceof SocketError && error.code === code) return [];
    throw error;
  }
}

function listFamily(fd: number, family: number, port: number | undefined): TcpSocket[] {
  if (port === undefined) return ask(fd, encodeRequest(family));
  try {
    return ask(fd, encodeRequest(family, port));
  } catch (error) {
    if (!(error instanceof SocketError && error.code === 'EINVAL')) throw error;
    // The kernel knows no filters: all sockets, then, and the choice is ours.
    return ask(fd, encodeRequest(family)).filter(({ local }) => local.port === port);
  }
}

function ask(fd: number, request: Uint8Array): TcpSocket[] {
  send(fd, request);
  const buffer = new Uint8Array(BUFFER_SIZE);
  const sockets: TcpSocket[] = [];
  for (;;) {
    const answer = decodeAnswer(buffer.subarray(0, receive(fd, buffer)));
    for (const found of answer.sockets) sockets.push(found);
    if (answer.done) return sockets;
  }
}

/**
 * The kernel has each part of the list ready before it returns the one before, so there is nothing to wait for:
 * without MSG_DONTWAIT a lost end would be a wait for ever.
 */
function receive(fd: number, buffer: Uint8Array): number {
  for (;;) {
    try {
      return recv(fd, buffer, MSG_DONTWAIT);
    } catch (error) {
      if (!(error instanceof SocketError && error.code === 'EINTR')) throw error;
    }
  }
}

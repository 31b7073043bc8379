/** What the tests share: sockets that clean up after themselves, and waits that cannot last for ever. */
import { afterEach } from '@jest/globals';
import {
  accept,
  AF_INET,
  bind,
  close,
  connect,
  getsockname,
  listen,
  MSG_DONTWAIT,
  send,
  setsockopt,
  SO_RCVTIMEO,
  SO_SNDTIMEO,
  SOCK_STREAM,
  socket,
  SOL_SOCKET,
  timeval,
  type SocketAddress,
} from 'bsd-sockets';

const open = new Set<number>();
afterEach(() => {
  for (const fd of open) close(fd);
  open.clear();
});

/** Closes `fd` after the test. */
export function closing(fd: number): number {
  open.add(fd);
  return fd;
}

/** Closes `fd` now. */
export function closeNow(fd: number): void {
  open.delete(fd);
  close(fd);
}

/** A socket whose calls wait for `timeoutMs` at most: jest's own timeout cannot fire while a call blocks. */
export function tcp(domain = AF_INET, timeoutMs = 5000): number {
  return timed(closing(socket(domain, SOCK_STREAM)), timeoutMs);
}

export function timed(fd: number, timeoutMs: number): number {
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeval.encode(timeoutMs));
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, timeval.encode(timeoutMs));
  return fd;
}

export const LOOPBACK = { family: 'IPv4', address: '127.0.0.1', port: 0 } as const;

/** A listener on a free port of the loopback, and its address. */
export function listener(address: SocketAddress = LOOPBACK, domain = AF_INET): { fd: number; address: SocketAddress } {
  const fd = tcp(domain);
  bind(fd, address);
  listen(fd);
  return { fd, address: getsockname(fd) };
}

/** Both ends of a connection. */
export function connection(): { client: number; server: number; address: SocketAddress } {
  const { fd, address } = listener();
  const client = tcp();
  connect(client, address);
  const server = timed(closing(accept(fd).fd), 5000);
  return { client, server, address };
}

/** What `call` throws; it fails where it throws nothing. */
export function thrownBy(call: () => unknown): NodeJS.ErrnoException & { address?: string; port?: number } {
  try {
    call();
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
  throw new Error('it threw nothing');
}

const ZEROS = new Uint8Array(65_536);

/** Sends zeros until no more fits into the buffers: how many. */
export function fillBuffers(fd: number): number {
  let sent = 0;
  for (;;) {
    try {
      sent += send(fd, ZEROS, MSG_DONTWAIT);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      return sent;
    }
  }
}

/** What the programs of the load runs share. */
import { linger, SO_LINGER, SOL_SOCKET } from 'bsd-sockets';
import { connect, listen, type Socket } from 'bsd-sockets/promises';

/** A listener on a free port of the loopback, and the port. */
export function loopbackListener(backlog?: number): { server: Socket; port: number } {
  const server = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 }, backlog === undefined ? {} : { backlog });
  const name = server.getsockname();
  if (name.family !== 'IPv4') throw new Error('it has another address');
  return { server, port: name.port };
}

/** Both ends of a TCP connection. */
export async function connectedPair(): Promise<[Socket, Socket]> {
  const { server, port } = loopbackListener();
  try {
    const connecting = connect({ family: 'IPv4', address: '127.0.0.1', port });
    const [client, { socket }] = await Promise.all([connecting, server.accept()]);
    return [client, socket];
  } finally {
    server.close();
  }
}

/** Fills the buffer. @throws Error where the peer closes before it is full */
export async function recvAll(socket: Socket, buffer: Uint8Array): Promise<void> {
  for (let filled = 0; filled < buffer.length;) {
    const length = await socket.recv(buffer.subarray(filled));
    if (length === 0) throw new Error(`the peer closed after ${String(filled)} of ${String(buffer.length)} bytes`);
    filled += length;
  }
}

const SOURCES = 64;

/**
 * An address of this host, a different one each time, for the local end: each has a range of ports of its own. Linux
 * only: elsewhere the loopback has one address.
 */
export function sourceAddress(index: number): { family: 'IPv4'; address: string; port: number } {
  return { family: 'IPv4', address: `127.1.0.${String(1 + (index % SOURCES))}`, port: 0 };
}

/** From now on closing resets the connection: nothing stays in TIME_WAIT. */
export function resetOnClose(socket: Socket): void {
  socket.setsockopt(SOL_SOCKET, SO_LINGER, linger.encode({ onoff: true, linger: 0 }));
}

/** The code of an error. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

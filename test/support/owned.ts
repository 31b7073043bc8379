/** What the tests of the promise layer share: sockets that are closed after the test, and looks at promises. */
import { afterEach } from '@jest/globals';
import * as s from 'bsd-sockets';
import { connect, listen, Socket } from 'bsd-sockets/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fillBuffers, LOOPBACK } from './sockets.js';

const open = new Set<Socket>();
afterEach(() => {
  for (const socket of open) socket.close();
  open.clear();
});

/** Closes a socket after the test. */
export function owned(socket: Socket): Socket {
  open.add(socket);
  return socket;
}

/** Two unix sockets that are connected to each other. */
export function pair(type: number = s.SOCK_STREAM): [Socket, Socket] {
  const [first, second] = Socket.pair(s.AF_UNIX, type);
  return [owned(first), owned(second)];
}

/** A listener on a free port of the loopback. */
export function listening(address: s.SocketAddress = LOOPBACK): Socket {
  return owned(listen(address));
}

/** Both ends of a TCP connection. */
export async function tcpPair(address: s.SocketAddress = LOOPBACK): Promise<[client: Socket, server: Socket]> {
  const listener = listening(address);
  const client = owned(await connect(listener.getsockname()));
  const { socket } = await listener.accept();
  return [client, owned(socket)];
}

/** A bound UDP socket. */
export function udp(address: s.SocketAddress = LOOPBACK): Socket {
  const socket = owned(new Socket(address.family === 'IPv6' ? s.AF_INET6 : s.AF_INET, s.SOCK_DGRAM));
  socket.bind(address);
  return socket;
}

let names = 0;

/** A name for a unix socket that nobody else has, without a file. Linux only. */
export function abstractName(): s.SocketAddress {
  return { family: 'Unix', path: `\0bsd-sockets-promises-${String(process.pid)}-${String(names++)}` };
}

/** A unix listener with room for no more connections. Linux only. */
export async function fullListener(): Promise<Socket> {
  const listener = owned(listen(abstractName(), { backlog: 0 }));
  owned(await connect(listener.getsockname()));
  return listener;
}

/** Sends zeros until no more fits: how many. */
export function fill(socket: Socket): number {
  return fillBuffers(socket.fd);
}

/** Takes everything that is there, and makes room for what the peer waits to send: how many bytes. */
export function drain(socket: Socket): number {
  const bytes = Buffer.alloc(65_536);
  let length = 0;
  for (;;) {
    try {
      length += s.recv(socket.fd, bytes, s.MSG_DONTWAIT);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      return length;
    }
  }
}

/** Receives text; '' is the end. */
export async function text(socket: Socket, length = 64): Promise<string> {
  const buffer = Buffer.alloc(length);
  return buffer.toString('latin1', 0, await socket.recv(buffer));
}

/** Sends text. */
export function say(socket: Socket, words: string): Promise<number> {
  return socket.send(Buffer.from(words, 'latin1'));
}

/** What a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<NodeJS.ErrnoException> {
  try {
    await promise;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
  throw new Error('it was not rejected');
}

/** The code of the error that a promise is rejected with; 'ok' where it is fulfilled. */
export async function outcome(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'ok',
    (error: unknown) => String((error as NodeJS.ErrnoException).code ?? error),
  );
}

/** Lets the event loop turn: what is ready by now is served. */
export async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn();
}

/** Does a promise still wait after some turns of the event loop? */
export async function stillWaits(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = (): void => {
    settled = true;
  };
  promise.then(note, note);
  await turns();
  return !settled;
}

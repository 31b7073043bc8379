/** Many sockets that are ready at once. */
import * as s from 'bsd-sockets';
import type { Socket } from 'bsd-sockets/promises';
import { native } from '../../lib/native.js';

export const SIZE = 200;
export type Pair = [Socket, Socket];

export function crowd(make: () => Pair | Promise<Pair>, size = SIZE): Promise<Pair[]> {
  return Promise.all(Array.from({ length: size }, async () => make()));
}

export const name = (i: number): string => `socket ${String(i)}`;

/** Sends to all at once, so that all are ready in the same turn. */
export function sayToAll(crowd: readonly Pair[], message: (i: number) => string = name): void {
  crowd.forEach(([, peer], i) => s.send(peer.fd, Buffer.from(message(i))));
}

/** How often native code is entered for a batch while `work` runs. */
export async function crossings(work: () => Promise<unknown>): Promise<{ receives: number; sends: number }> {
  const own = { ...native };
  const seen = { receives: 0, sends: 0 };
  native.recvMany = (...batch) => (seen.receives++, own.recvMany(...batch));
  native.sendMany = (...batch) => (seen.sends++, own.sendMany(...batch));
  try {
    await work();
  } finally {
    Object.assign(native, own);
  }
  return seen;
}

/** All receive, and are told that at once; then each does `work`. */
export async function inOneRound<Result>(
  crowd: readonly Pair[],
  work: (socket: Socket, i: number) => Result | Promise<Result>,
): Promise<Result[]> {
  const all = crowd.map(async ([socket], i) => {
    await socket.recv(Buffer.alloc(64));
    return work(socket, i);
  });
  sayToAll(crowd);
  return Promise.all(all);
}

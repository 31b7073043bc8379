/**
 * One connection that always has more to do, and quiet ones with a question now and then, all of one event loop: how
 * much of the busy work comes between a question and its answer? A count, so it does not depend on the machine's speed.
 */
import type { Socket } from 'bsd-sockets/promises';
import { codeOf, connectedPair, recvAll } from './sockets.js';

/** What the busy connection does. */
export const FLOODS = ['recv', 'recvmsg', 'chunks', 'send', 'sendAll'] as const;
export type Flood = (typeof FLOODS)[number];

/** What has come of it. */
export interface Fairness {
  /** Answers that the quiet connections got. */
  answers: number;
  /** Calls of the busy connection in all. */
  busyCalls: number;
  /** The most of them between a question and its answer. */
  mostBetween: number;
}

const MESSAGE_BYTES = 40;
/** What the busy one takes or gives at a time: little, so that it never has to wait for the other end. */
const PIECE_BYTES = 16;
const LARGE_BYTES = 65_536;

let calls = 0;

/** The busy connection's work, for ever: each way counts its calls. */
const BUSY: Record<Flood, (socket: Socket) => Promise<void>> = {
  recv: async (socket) => {
    const piece = Buffer.alloc(PIECE_BYTES);
    for (; (await socket.recv(piece)) > 0; calls++);
  },
  recvmsg: async (socket) => {
    const piece = Buffer.alloc(PIECE_BYTES);
    for (; (await socket.recvmsg([piece])).bytesRead > 0; calls++);
  },
  chunks: async (socket) => {
    for await (const chunk of socket.chunks({ size: PIECE_BYTES })) calls += Math.min(chunk.length, 1);
  },
  send: async (socket) => {
    const piece = Buffer.alloc(PIECE_BYTES);
    for (;;) calls += Math.min(await socket.send(piece), 1);
  },
  sendAll: async (socket) => {
    const piece = Buffer.alloc(PIECE_BYTES);
    for (;;) calls += Math.min(await socket.sendAll(piece), 1);
  },
};

/** The other end: it never lets the busy one wait. */
async function feed(socket: Socket): Promise<never> {
  const bytes = Buffer.alloc(LARGE_BYTES);
  for (;;) await socket.sendAll(bytes);
}
async function drain(socket: Socket): Promise<void> {
  const bytes = Buffer.alloc(LARGE_BYTES);
  while ((await socket.recv(bytes)) > 0);
}

async function answerAll(socket: Socket): Promise<never> {
  const message = Buffer.alloc(MESSAGE_BYTES);
  for (;;) {
    await recvAll(socket, message);
    await socket.sendAll(message);
  }
}

/** Asks so many times; the most calls of the busy one that came between. */
async function ask(socket: Socket, questions: number): Promise<number> {
  const message = Buffer.alloc(MESSAGE_BYTES);
  let most = 0;
  for (let i = 0; i < questions; i++) {
    const before = calls;
    await socket.sendAll(message);
    await recvAll(socket, message);
    most = Math.max(most, calls - before);
  }
  return most;
}

/** Runs it: so many quiet connections, each with so many questions. It fails where that takes longer than the limit. */
export async function fairness(flood: Flood, quiet: number, questions: number, limitMs: number): Promise<Fairness> {
  calls = 0;
  const [busy, other] = await connectedPair();
  const pairs = await Promise.all(Array.from({ length: quiet }, connectedPair));
  const closeAll = (): void => {
    for (const socket of [busy, other, ...pairs.flat()]) socket.close();
  };
  const endless = Promise.all(
    [
      BUSY[flood](busy),
      flood.startsWith('send') ? drain(other) : feed(other),
      ...pairs.map(([, server]) => answerAll(server)),
    ].map((one) => one.catch(expectClosed)),
  );
  endless.catch(closeAll); // then what waits for it fails
  const timer = setTimeout(closeAll, limitMs);
  try {
    const most = await Promise.all(pairs.map(([client]) => ask(client, questions)));
    return { answers: quiet * questions, busyCalls: calls, mostBetween: Math.max(...most) };
  } finally {
    clearTimeout(timer);
    closeAll();
    await endless;
  }
}

/** The end of what is endless: its socket was closed, or the other end was. */
function expectClosed(error: unknown): void {
  if (
    !['ECANCELED', 'EBADF', 'EPIPE', 'ECONNRESET'].includes(codeOf(error)) &&
    !/^the peer closed/.test(String(error))
  ) {
    throw error;
  }
}

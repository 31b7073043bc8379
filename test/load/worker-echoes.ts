/**
 * `node worker-echoes.js ROUNDS`: in each round eight workers echo for this thread, on many connections, until all are
 * terminated in the middle of it. It says what the process held before and afterwards.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { connect, type Socket } from 'bsd-sockets/promises';
import { usage, type Usage } from '../support/usage.js';
import { say, sayLast } from './peer.js';
import { codeOf, recvAll } from './sockets.js';

/** What has come of it. */
export interface WorkerEchoes {
  rounds: number;
  echoes: number;
  /** Connections whose end this thread saw, as the worker was terminated. */
  ended: number;
  before: Usage;
  after: Usage;
}

const WORKERS = 8;
const CONNECTIONS = 50;
const ECHOES = 4000;
const MESSAGE_BYTES = 64;

let [echoes, ended] = [0, 0];
const rounds = Number(process.argv[2]);

/** Goes to and fro until the worker is gone, which may be seen in any call. */
async function play(socket: Socket, onEcho: () => void): Promise<void> {
  const message = Buffer.alloc(MESSAGE_BYTES, 'echo');
  const answer = Buffer.alloc(MESSAGE_BYTES);
  try {
    for (;;) {
      await socket.sendAll(message);
      await recvAll(socket, answer);
      if (!answer.equals(message)) throw new RangeError('another answer');
      echoes++;
      onEcho();
    }
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const gone = ['ECONNRESET', 'EPIPE'].includes(codeOf(error)) || /^Error: the peer closed/.test(String(error));
    if (!gone) throw error;
    ended++;
  } finally {
    socket.close();
  }
}

async function round(): Promise<void> {
  const file = join(import.meta.dirname, 'echo-worker.js');
  const workers = Array.from({ length: WORKERS }, () => new Worker(file, { execArgv: [] }));
  const ports = await Promise.all(workers.map(async (worker) => ((await once(worker, 'message')) as [number])[0]));
  const addresses = Array.from({ length: CONNECTIONS }, () => ports).flat();
  const sockets = await Promise.all(addresses.map((port) => connect({ family: 'IPv4', address: '127.0.0.1', port })));
  const enough = echoes + ECHOES;
  let terminating: Promise<unknown> | undefined;
  const onEcho = (): void => {
    if (echoes >= enough) terminating ??= Promise.all(workers.map((worker) => worker.terminate()));
  };
  await Promise.all(sockets.map((socket) => play(socket, onEcho)));
  await terminating;
}

await round(); // what is made once
ended = echoes = 0;
const before = usage();
for (let done = 1; done <= rounds; done++) {
  await round();
  say({ done });
}
sayLast({ rounds, echoes, ended, before, after: usage() });

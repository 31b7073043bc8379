/**
 * `node worker-rounds.js WORKERS`: starts and terminates workers in every state, and compares descriptors, threads and
 * memory of before and after. It ends with a line of JSON. The main thread never makes a call itself until the
 * end: the addon is loaded by workers, and unloaded with them.
 */
import { closeSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { usage } from './usage.js';

const STATES = ['accept', 'recv', 'recvfrom', 'recvmsg', 'recvmmsg', 'poll', 'connect', 'send', 'loop', 'start'];
const AT_ONCE = 5;
const workers = Number(process.argv[2]);

async function startAndTerminate(wait: string): Promise<void> {
  const worker = new Worker(join(import.meta.dirname, 'blocked-worker.js'), { workerData: { wait }, execArgv: [] });
  if (wait === 'start') {
    await worker.terminate(); // before it has loaded anything, or while it does
    return;
  }
  const [own] = (await once(worker, 'message')) as [number[]];
  await worker.terminate();
  for (const fd of own) closeSync(fd);
}

async function rounds(count: number): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) await startAndTerminate(STATES[next++ % STATES.length] as string);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

await rounds(2 * STATES.length); // what is made once: the watchdog's thread, V8's pages
const before = usage();
const started = performance.now();
await rounds(workers);
const seconds = (performance.now() - started) / 1000;
process.stdout.write(`${JSON.stringify({ workers, seconds, before, after: usage() })}\n`);

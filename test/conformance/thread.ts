/** One call in another thread, which may sleep there. This file is what the thread runs, too. */
import * as s from 'bsd-sockets';
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** What a thread can do with a descriptor. `value` is recv's flags, poll's timeout in milliseconds, send's length. */
const calls = {
  recv: (fd: number, flags: number): string => {
    const buffer = Buffer.alloc(8);
    return buffer.toString('latin1', 0, s.recv(fd, buffer, flags));
  },
  send: (fd: number, length: number): number => s.send(fd, Buffer.alloc(length)),
  poll: (fd: number, timeoutMs: number): [ready: number, revents: number | undefined] => {
    const entry: s.PollFd = { fd, events: 0 };
    return [s.poll([entry], timeoutMs), entry.revents];
  },
};

/** What came of a call in a thread, and how long it took. */
export interface Answered {
  /** What it returned, or the code of its error. */
  answer: unknown;
  /** For how long it ran, in milliseconds. */
  tookMs: number;
}

/** Makes `call` in a thread, does `meanwhile` once it sleeps, and says what came of it. */
export async function inThread(
  call: keyof typeof calls,
  fd: number,
  value: number,
  meanwhile: () => unknown,
): Promise<Answered> {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { call, fd, value }, execArgv: [] });
  try {
    const [task] = (await once(worker, 'message')) as [string];
    const answered = once(worker, 'message') as Promise<[Answered]>;
    await asleep(task, call === 'poll' ? [1, 1] : [0, fd]);
    meanwhile();
    return (await answered)[0];
  } finally {
    await worker.terminate();
  }
}

/** Waits until a thread is in a system call, of which one argument tells that it is the one. */
async function asleep(task: string, [index, argument]: [number, number]): Promise<void> {
  const file = `/proc/${task}/syscall`;
  const wanted = `0x${argument.toString(16)}`;
  for (const endMs = Date.now() + 5000; Date.now() < endMs; await setImmediate()) {
    if (readFileSync(file, 'latin1').split(' ')[index + 1] === wanted) return;
  }
  throw new Error(`the thread never made its call: ${readFileSync(file, 'latin1')}`);
}

if (!isMainThread && parentPort !== null) {
  const { call, fd, value } = workerData as { call: keyof typeof calls; fd: number; value: number };
  parentPort.postMessage(readlinkSync('/proc/thread-self'));
  const startedMs = performance.now();
  let answer: unknown;
  try {
    answer = calls[call](fd, value);
  } catch (error) {
    answer = (error as NodeJS.ErrnoException).code ?? String(error);
  }
  parentPort.postMessage({ answer, tookMs: performance.now() - startedMs } satisfies Answered);
}

/**
 * What another thread does while this one sleeps in a call. This file is what the other thread runs, too: it looks at
 * the system call that the main thread is in, so nobody has to guess when it sleeps.
 */
import * as s from 'bsd-sockets';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** What the other thread can do with a descriptor. */
const actions = {
  close: (fd: number) => s.close(fd),
  shutdown: (fd: number, how: number) => s.shutdown(fd, how),
  send: (fd: number, text: string) => s.send(fd, Buffer.from(text)),
};

interface Task {
  /** The descriptor with which the main thread sleeps; undefined where it sleeps in poll(2), for one descriptor. */
  sleepsWith: number | undefined;
  action: keyof typeof actions;
  fd: number;
  value: number | string;
}

/** What came of a call, and of what another thread did meanwhile: results, or codes of errors. */
export interface Met<Value> {
  answer: Value | string;
  meanwhile: unknown;
  /** For how long the call ran, in milliseconds. */
  tookMs: number;
}

function answer<Value>(call: () => Value): Value | string {
  try {
    return call();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** Makes a call that sleeps, and says what came of it. Once it sleeps, another thread does `action` to `fd`. */
export async function whileAsleep<Value>(
  call: () => Value,
  sleepsWith: number | undefined,
  action: keyof typeof actions,
  fd: number,
  value: number | string = 0,
): Promise<Met<Value>> {
  const task: Task = { sleepsWith, action, fd, value };
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: task, execArgv: [] });
  try {
    await once(worker, 'message');
    const done = once(worker, 'message');
    const startedMs = performance.now();
    const answered = answer(call);
    const tookMs = performance.now() - startedMs;
    return { answer: answered, meanwhile: ((await done) as unknown[])[0], tookMs };
  } finally {
    await worker.terminate();
  }
}

/** Waits until the main thread is in the system call. */
function awaitSleep(sleepsWith: number | undefined): void {
  const file = `/proc/self/task/${String(process.pid)}/syscall`;
  const [index, argument] = sleepsWith === undefined ? [2, 1] : [1, sleepsWith];
  const pause = new Int32Array(new SharedArrayBuffer(4));
  // eslint-disable-next-line no-restricted-syntax -- it looks again, and the main thread sleeps: no timer can fire
  for (const endMs = Date.now() + 5000; Date.now() < endMs; Atomics.wait(pause, 0, 0, 1)) {
    if (readFileSync(file, 'latin1').split(' ')[index] === `0x${argument.toString(16)}`) return;
  }
  throw new Error(`the main thread never slept: ${readFileSync(file, 'latin1')}`);
}

if (!isMainThread && parentPort !== null) {
  const { sleepsWith, action, fd, value } = workerData as Task;
  parentPort.postMessage('ready');
  awaitSleep(sleepsWith);
  parentPort.postMessage(answer(() => actions[action](fd, value as never) ?? 'ok'));
}

/**
 * Blocking that can be stopped: real signals to real processes, real workers. A signal that arrives just before
 * the call must end it too, so no test has to know whether the process is asleep already.
 */
import { describe, expect, test } from '@jest/globals';
import { runScript } from './support/scripts.js';

const WAITING = ['accept', 'recv', 'send', 'connect'];
const SETUP = `
  import * as s from 'bsd-sockets';
  import { fd, limit, said, waiting } from './dist/test/support/waiting.js';
`;

describe('a signal', () => {
  test.each(WAITING)('without a listener ends a process that waits in %s', async (name) => {
    const script = runScript(`${SETUP} console.log('ready'); waiting.${name}()`);
    await script.says('ready');
    script.child.kill('SIGINT');
    expect(await script.ended).toMatchObject({ code: null, signal: 'SIGINT' });
  });

  test.each(WAITING)('with a listener makes %s throw EINTR, and the listener runs after it', async (name) => {
    const script = runScript(`${SETUP}
      process.on('SIGINT', () => console.log('listener'));
      console.log('ready');
      console.log(said(waiting.${name}));`);
    await script.says('ready');
    script.child.kill('SIGINT');
    expect(await script.ended).toMatchObject({ code: 0, stdout: 'ready\nEINTR\nlistener\n' });
  });

  test('gives one EINTR each, and a call after it waits again', async () => {
    const script = runScript(`${SETUP}
      process.on('SIGUSR2', () => {});
      for (let i = 1; i <= 3; i++) { console.log('round ' + i); console.log(said(() => s.accept(fd))) }`);
    for (const round of ['round 1', 'round 2', 'round 3']) {
      await script.says(round);
      script.child.kill('SIGUSR2');
    }
    expect((await script.ended).stdout).toBe('round 1\nEINTR\nround 2\nEINTR\nround 3\nEINTR\n');
  });

  test('that arrived before the call still ends it', async () => {
    const script = runScript(`${SETUP}
      process.on('SIGTERM', () => console.log('listener'));
      process.kill(process.pid, 'SIGTERM');
      console.log(said(() => s.accept(fd)));`);
    expect((await script.ended).stdout).toBe('EINTR\nlistener\n');
  });

  test('whose listener has run does not end a later call', async () => {
    const script = runScript(`${SETUP}
      limit(fd, 300);
      const alive = setInterval(() => {}, 1000);
      process.on('SIGTERM', () => setImmediate(() => {
        console.log(said(() => s.accept(fd)));
        clearInterval(alive);
      }));
      console.log(said(() => s.accept(fd)));
      process.kill(process.pid, 'SIGTERM');`);
    expect((await script.ended).stdout).toBe('EAGAIN\nEAGAIN\n');
  });

  test('is not needed for a timeout: SO_RCVTIMEO keeps its meaning', async () => {
    const script = runScript(`${SETUP}
      process.on('SIGINT', () => {});
      limit(fd, 1);
      console.log(said(() => s.accept(fd)));`);
    expect((await script.ended).stdout).toBe('EAGAIN\n');
  });

  test('does not disturb a call of somebody else: a read of standard input waits on', async () => {
    const script = runScript(`${SETUP}
      import { readSync } from 'node:fs';
      limit(fd, 1);
      said(() => s.accept(fd)); // the watchdog runs
      process.on('SIGINT', () => {});
      console.log('ready');
      console.log(said(() => readSync(0, Buffer.alloc(1))));`);
    await script.says('ready');
    for (let i = 0; i < 20; i++) script.child.kill('SIGINT');
    script.child.stdin?.end('x');
    expect((await script.ended).stdout).toBe('ready\n1\n');
  });
});

const WORKER = `
  import { connect, getsockname, socket, AF_INET, SOCK_STREAM } from 'bsd-sockets';
  import { once } from 'node:events';
  import { Worker } from 'node:worker_threads';
  import { fd } from './dist/test/support/waiting.js';
  const blocked = async (workerData) => {
    const worker = new Worker('./dist/test/support/waiting.js', { workerData, execArgv: [] });
    await once(worker, 'message');
    return worker;
  };
`;

describe('a worker', () => {
  test.each(WAITING)('that waits in %s ends when it is terminated', async (wait) => {
    const script = runScript(`${WORKER}
      const worker = await blocked({ wait: '${wait}' });
      console.log(await worker.terminate());`);
    expect(await script.ended).toMatchObject({ code: 0, stdout: '1\n' });
  });

  test('that waits ends with process.exit() of the main thread', async () => {
    const script = runScript(`${WORKER} await blocked({ wait: 'accept' }); process.exit(3);`);
    expect(await script.ended).toMatchObject({ code: 3, stderr: '' });
  });

  test('that waits is not disturbed by messages, and its timeout counts from the start of the call', async () => {
    const script = runScript(`${WORKER}
      const worker = await blocked({ wait: 'accept', timeoutMs: 400 });
      const posting = setInterval(() => worker.postMessage('hello'), 20);
      const [message] = await once(worker, 'message');
      clearInterval(posting);
      console.log(message, await worker.terminate());`);
    expect((await script.ended).stdout).toBe('EAGAIN 1\n');
  });

  test('that waits goes on after messages, until there is a connection', async () => {
    const script = runScript(`${WORKER}
      const worker = await blocked({ wait: 'accept', fd });
      worker.postMessage('hello');
      setTimeout(() => connect(socket(AF_INET, SOCK_STREAM), getsockname(fd)), 200);
      console.log((await once(worker, 'message'))[0].address);
      await worker.terminate();`);
    expect((await script.ended).stdout).toBe('127.0.0.1\n');
  });

  test('is not disturbed in the middle of a transfer either: MSG_WAITALL waits for all, a big send sends all', async () => {
    const script = runScript(`${WORKER}
      import { recv, send, socketpair, AF_UNIX } from 'bsd-sockets';
      const [a, b] = socketpair(AF_UNIX, SOCK_STREAM);
      const worker = await blocked({ wait: 'transfer', fd: b });
      const posting = setInterval(() => worker.postMessage('hello'), 20);
      send(a, Buffer.from('first'));
      setTimeout(() => send(a, Buffer.from(' last')), 200);
      console.log((await once(worker, 'message'))[0]);
      const sent = once(worker, 'message');
      for (let left = 4_000_000; left > 0; ) {
        left -= recv(a, Buffer.alloc(100_000));
        await new Promise(setImmediate);
      }
      console.log((await sent)[0]);
      clearInterval(posting);
      await worker.terminate();`);
    expect((await script.ended).stdout).toBe('first last\n4000000\n');
  });

  test('can be terminated while it waits, many at a time and again and again', async () => {
    const script = runScript(`${WORKER}
      for (let round = 0; round < 2; round++) {
        const workers = await Promise.all(Array.from({ length: 8 }, () => blocked({ wait: 'accept' })));
        await Promise.all(workers.map((worker) => worker.terminate()));
      }
      console.log('done');`);
    expect(await script.ended).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
  });
});

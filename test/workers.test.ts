/**
 * Workers that are terminated in every state; `node dist/test/support/worker-rounds.js 5000` is the
 * long run. blocking.test.ts has what a single one does.
 */
import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGE_ROOT, runScript } from './support/scripts.js';

const WORKERS = 60;

(process.platform === 'linux' ? describe : describe.skip)('workers (needs /proc)', () => {
  test('terminated in every state, also before they have started, leave no descriptor and no thread', async () => {
    const script = join(PACKAGE_ROOT, 'dist', 'test', 'support', 'worker-rounds.js');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, String(WORKERS)], {
      timeout: 170_000,
      killSignal: 'SIGKILL',
    });
    expect(stderr).toBe('');
    const { before, after } = JSON.parse(stdout) as Record<'before' | 'after', { fds: number; threads: number }>;
    expect({ fds: after.fds, threads: after.threads }).toEqual({ fds: before.fds, threads: before.threads });
  }, 180_000);

  const BLOCKED = `
    import { once } from 'node:events';
    import { Worker } from 'node:worker_threads';
    const blocked = async (wait) => {
      const worker = new Worker('./dist/test/support/blocked-worker.js', { workerData: { wait }, execArgv: [] });
      await once(worker, 'message');
      return worker;
    };`;

  test('that wait end with the process: process.exit() waits for none of them', async () => {
    const script = runScript(`${BLOCKED}
      await Promise.all(['accept', 'recv', 'poll', 'connect', 'send', 'loop'].map(blocked));
      process.exit(3);`);
    expect(await script.ended).toMatchObject({ code: 3, signal: null, stderr: '' });
  });

  test('may be the only ones that load the addon, again and again: its watchdog outlives them', async () => {
    const script = runScript(`${BLOCKED}
      for (let i = 0; i < 3; i++) await (await blocked('recv')).terminate();
      const { accept, AF_INET, bind, listen, SOCK_STREAM, socket } = await import('bsd-sockets');
      const fd = socket(AF_INET, SOCK_STREAM);
      bind(fd, { family: 'IPv4', address: '127.0.0.1', port: 0 });
      listen(fd);
      process.on('SIGUSR2', () => console.log('listener'));
      process.kill(process.pid, 'SIGUSR2');
      try { accept(fd) } catch (error) { console.log(error.code) }`);
    expect(await script.ended).toMatchObject({ code: 0, stdout: 'EINTR\nlistener\n', stderr: '' });
  });

  test('a stray signal of the number that wakes threads disturbs nothing', async () => {
    const script = runScript(`
      import { socketpair, recv, send, AF_UNIX, SOCK_STREAM } from 'bsd-sockets';
      import { readFileSync } from 'node:fs';
      const [a, b] = socketpair(AF_UNIX, SOCK_STREAM);
      const bytes = Buffer.alloc(1);
      send(a, bytes), recv(b, bytes); // the watchdog has started, and its handler stands
      const caught = BigInt('0x' + /SigCgt:\\s*(\\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
      let signum = 64;
      while ((caught >> BigInt(signum - 1)) % 2n === 0n) signum--;
      for (let i = 0; i < 100; i++) process.kill(process.pid, signum), send(a, bytes), recv(b, bytes);
      console.log('done');`);
    expect(await script.ended).toMatchObject({ code: 0, stdout: 'done\n' });
  });
});

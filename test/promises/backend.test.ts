/** io_uring makes the batches where there is one; without it the system calls do, and all is the same. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { PACKAGE_ROOT, runScript, type Ended } from '../support/scripts.js';
import { run } from '../support/programs.js';

/** Tells what it runs on, lets 20 sockets echo, and tells how many answers came. */
const CROWD = `
  import * as s from 'bsd-sockets';
  import { backend, Socket } from 'bsd-sockets/promises';
  const pairs = Array.from({ length: 20 }, () => Socket.pair(s.AF_UNIX, s.SOCK_STREAM));
  const all = pairs.map(async ([socket, peer], i) => {
    const buffer = Buffer.alloc(8);
    await socket.send(buffer.subarray(0, await socket.recv(buffer)));
    return (await peer.recv(buffer)) === 2 && buffer.toString('latin1', 0, 2) === String(i + 10);
  });
  pairs.forEach(([, peer], i) => s.send(peer.fd, Buffer.from(String(i + 10))));
  const answers = (await Promise.all(all)).filter(Boolean).length;
  pairs.flat().forEach((socket) => socket.close());
  console.log(backend(), answers);
`;

function environment(wish?: string): NodeJS.ProcessEnv {
  const env = { ...process.env };
  delete env['BSD_SOCKETS_BACKEND'];
  return wish === undefined ? env : { ...env, BSD_SOCKETS_BACKEND: wish };
}

const told = async (wish?: string): Promise<Ended> => runScript(CROWD, { env: environment(wish) }).ended;

test('it is io_uring where there is one, unless the environment says otherwise', async () => {
  const usual = (await told()).stdout;
  const possible = process.platform === 'linux' ? ['io_uring 20\n', 'epoll 20\n'] : ['kqueue 20\n'];
  expect(possible).toContain(usual);
  expect((await told('io_uring')).stdout).toBe(usual);
  expect((await told('epoll')).stdout).toBe(usual === 'kqueue 20\n' ? usual : 'epoll 20\n');
  expect(await told('libuv')).toMatchObject({ code: 1, stderr: expect.stringContaining('ERR_INVALID_ARG_VALUE') });
});

const tracing = spawnSync('strace', ['-qq', '-e', 'trace=none', 'true'], { encoding: 'utf8', timeout: 10_000 });
const missing = tracing.error || tracing.status !== 0 ? ' (skipped: no strace here that may trace)' : '';
const described = missing ? describe.skip : describe; // strace shows the system calls, and makes them fail

described(`as strace sees it${missing}`, () => {
  const traced = (filter: string, wish?: string): Promise<Ended> => {
    const command = ['-f', '-qq', '-e', filter, process.execPath, '--input-type=module', '-e', CROWD];
    return run('strace', command, { cwd: PACKAGE_ROOT, env: environment(wish) }).ended;
  };
  const calls = 'trace=io_uring_setup,io_uring_enter,sendto';
  const count = (text: string, call: string): number => text.split(`${call}(`).length - 1;

  test('io_uring makes the calls of many sockets in few system calls', async () => {
    const { stdout, stderr } = await traced(calls);
    if (stdout !== 'io_uring 20\n')
      expect(stderr).toMatch(/io_uring_setup\(.*= -1 /); // it is not allowed here
    else {
      expect(count(stderr, 'io_uring_enter')).toBeGreaterThan(1);
      expect(count(stderr, 'io_uring_enter')).toBeLessThan(20);
      expect(count(stderr, 'sendto')).toBe(20); // those of the raw API
    }
  });

  test('without it each has its own', async () => {
    const { stdout, stderr } = await traced(calls, 'epoll');
    expect(stdout).toBe('epoll 20\n');
    expect(stderr).not.toContain('io_uring_setup(64,'); // newer libuv has rings of its own, of other sizes
    expect(count(stderr, 'sendto')).toBe(40);
  });

  test.each(['EPERM', 'ENOSYS', 'EMFILE'])('where it says %s, the system calls do the same', async (code) => {
    const { stdout, stderr } = await traced(`inject=io_uring_setup:error=${code}`);
    expect(stdout).toBe('epoll 20\n');
    expect(stderr).toContain('(INJECTED)');
  });

  const nodeHasRings = /io_uring_setup\(/.test(
    spawnSync('strace', ['-f', '-qq', '-e', 'trace=io_uring_setup', process.execPath, '-e', 'setTimeout(() => 0, 1)'], {
      encoding: 'utf8',
      timeout: 15_000,
    }).stderr,
  );
  const testAlone = nodeHasRings ? test.skip : test; // skipped where libuv has rings too: it would end the process
  testAlone.each(['EAGAIN', 'EBUSY', 'ENOMEM'])('where it fails later with %s, nothing is lost', async (code) => {
    const { stdout } = await traced(`inject=io_uring_enter:error=${code}`);
    expect(stdout).toMatch(/^(io_uring|epoll) 20\n$/);
  });
});

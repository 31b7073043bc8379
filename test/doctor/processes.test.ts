import { afterEach, describe, expect, test } from '@jest/globals';
import { AF_UNIX, SOCK_STREAM, socketpair } from 'bsd-sockets';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fstatSync, readdirSync } from 'node:fs';
import { findProcesses } from '../../lib/doctor/kernel/processes.js';
import { AS_NOBODY } from '../conformance/processes.js';
import { runScript } from '../support/scripts.js';
import { closing, listener } from '../support/sockets.js';

const suite = process.platform === 'linux' ? describe : describe.skip;
const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
});

/** Starts a program that does nothing and has these descriptors of ours, as 3 and on. */
async function sleeper(descriptors: readonly number[], argv0 = 'sleep'): Promise<ChildProcess> {
  const child = spawn('sleep', ['60'], { argv0, stdio: ['ignore', 'ignore', 'ignore', ...descriptors] });
  await once(child, 'spawn');
  children.push(child);
  return child;
}

const inodeOf = (fd: number): number => fstatSync(fd).ino;

suite(`the processes that hold a socket${only}`, () => {
  test('have this one among them', () => {
    const { fd } = listener();
    const { byInode, unreadable } = findProcesses(new Set([inodeOf(fd)]));
    expect(byInode.get(inodeOf(fd))).toEqual([
      {
        pid: process.pid,
        fd,
        command: expect.any(String),
        commandLine: expect.stringContaining('jest'),
        uid: process.geteuid?.(),
        startedAtMs: expect.any(Number),
        parents: expect.arrayContaining([expect.objectContaining({ pid: process.ppid })]),
      },
    ]);
    if (process.geteuid?.() === 0) expect(unreadable).toBeGreaterThanOrEqual(0);
  });

  test('are all of them: a child that was given the socket holds it as well', async () => {
    const { fd } = listener();
    const started = [await sleeper([fd]), await sleeper([fd])];
    const holders = findProcesses(new Set([inodeOf(fd)])).byInode.get(inodeOf(fd));
    expect(holders).toHaveLength(3);
    for (const { pid } of started) {
      expect(holders).toContainEqual({
        pid,
        fd: 3,
        command: 'sleep',
        commandLine: 'sleep 60',
        uid: process.geteuid?.(),
        inheritable: true,
        startedAtMs: expect.any(Number),
        parents: expect.arrayContaining([expect.objectContaining({ pid: process.pid })]),
      });
    }
  });

  test('are found for many sockets at once, a process once for each of its sockets', async () => {
    const [a, b] = socketpair(AF_UNIX, SOCK_STREAM).map(closing) as [number, number];
    const { pid } = await sleeper([b, a, a]);
    const { byInode } = findProcesses(new Set([a, b].map(inodeOf)));
    const ofChild = [a, b].map((fd) => byInode.get(inodeOf(fd))?.filter((holder) => holder.pid === pid));
    expect(ofChild).toMatchObject([[{ fd: 4 }], [{ fd: 3 }]]);
  });

  test('have their command lines as they are', async () => {
    const { fd } = listener();
    const { pid } = await sleeper([fd], '\u001b[2J\u202eevil\n');
    const holder = findProcesses(new Set([inodeOf(fd)]))
      .byInode.get(inodeOf(fd))
      ?.find((one) => one.pid === pid);
    expect(holder?.commandLine).toBe('\u001b[2J\u202eevil\n 60');
  });

  test('are none of a socket that nobody holds, and nothing is sought where no socket is given', () => {
    expect(findProcesses(new Set([2 ** 32 - 1])).byInode).toEqual(new Map());
    expect(findProcesses(new Set([0]))).toEqual({ byInode: new Map(), unreadable: 0 });
    expect(findProcesses(new Set())).toEqual({ byInode: new Map(), unreadable: 0 });
  });

  test('are found while others start and end', async () => {
    const { fd } = listener();
    const busy = runScript(`
      import { spawn } from 'node:child_process';
      const next = () => spawn('true').on('exit', next);
      for (let i = 0; i < 4; i++) next();
      console.log('busy');
    `);
    await busy.says('busy');
    for (let i = 0; i < 50; i++) {
      expect(findProcesses(new Set([inodeOf(fd)])).byInode.get(inodeOf(fd))).toHaveLength(1);
    }
  });

  test('leave no descriptor open here', () => {
    const before = readdirSync('/proc/self/fd');
    findProcesses(new Set([1]));
    expect(readdirSync('/proc/self/fd')).toEqual(before);
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? test : test.skip)(
    `stay unknown to another user, who is told of how many that is so${isRoot ? '' : ' (skipped: only root can be another user)'}`,
    async () => {
      const { fd } = listener();
      const script = runScript(`
        import { readdirSync } from 'node:fs';
        import { findProcesses } from './dist/lib/doctor/kernel/processes.js';
        ${AS_NOBODY}
        const { byInode, unreadable } = findProcesses(new Set([${String(inodeOf(fd))}]));
        const all = readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length;
        console.log(byInode.size, unreadable > 0, unreadable < all);
      `);
      expect(await script.ended).toMatchObject({ stdout: '0 true true\n', stderr: '' });
    },
  );
});

test('a system without /proc finds none', () => {
  if (process.platform === 'linux') return; // Linux has it: above
  expect(findProcesses(new Set([1]))).toEqual({ byInode: new Map(), unreadable: 0 });
});

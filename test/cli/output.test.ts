/** What `why PORT` prints, which it writes without Node's stream. */
import { afterEach, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { AF_UNIX, fcntl, F_SETFL, O_NONBLOCK, recv, SOCK_STREAM, socketpair } from 'bsd-sockets';
import { readText } from '../../lib/doctor/kernel/process-facts.js';
import { bound, portOf } from '../doctor/situations.js';
import { MAIN, run } from '../support/programs.js';
import { closeNow, closing, fillBuffers } from '../support/sockets.js';
import { until } from '../support/until.js';

const isLinux = process.platform === 'linux';

let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));

/** A port that is in use: that takes more than one line. */
const portInUse = (): string => String(portOf(bound()));

/** Starts `why PORT` with standard output to a socket. */
function whyTo(stdout: number): { child: ChildProcess; ended: Promise<[number | null, string]> } {
  child = spawn(process.execPath, [MAIN, 'why', portInUse()], { stdio: ['ignore', stdout, 'pipe'] });
  const ended = Promise.all([once(child, 'close'), text(child.stderr as NodeJS.ReadableStream)]);
  return { child, ended: ended.then(([[code], stderr]) => [code as number | null, stderr]) };
}

(isLinux ? test : test.skip)(
  'is said to be lost where the disk is full (skipped elsewhere: needs /dev/full)',
  async () => {
    const { code, stderr } = await run('sh', ['-c', `'${process.execPath}' '${MAIN}' why ${portInUse()} > /dev/full`])
      .ended;
    expect([code, stderr]).toEqual([1, 'output failed: No space left on device\n']);
  },
);

test('ends quietly where nobody reads it', async () => {
  const [ours, theirs] = socketpair(AF_UNIX, SOCK_STREAM);
  closeNow(ours);
  closing(theirs);
  expect(await whyTo(theirs).ended).toEqual([0, '']);
});

(isLinux ? test : test.skip)(
  'comes whole to a slow reader of a non-blocking output (skipped elsewhere: needs /proc)',
  async () => {
    const [ours, theirs] = socketpair(AF_UNIX, SOCK_STREAM);
    closing(ours);
    const before = fillBuffers(theirs);
    const { child, ended } = whyTo(theirs);
    fcntl(theirs, F_SETFL, O_NONBLOCK); // of the open file, which the new process shares; to start it makes it blocking
    closeNow(theirs);
    await until(() => waitsFor(child.pid ?? 0, 1));
    const bytes = Buffer.alloc(65_536);
    const parts: Buffer[] = [];
    for (let length; (length = recv(ours, bytes)) > 0;) parts.push(Buffer.from(bytes.subarray(0, length)));
    const said = Buffer.concat(parts).subarray(before).toString();
    expect(said).toMatch(/^Port \d+ is in use.*\n$/s);
    expect(await ended).toEqual([1, '']);
  },
);

/** Whether an epoll of a process has a descriptor of it. */
function waitsFor(pid: number, fd: number): boolean {
  const watched = new RegExp(`^tfd: +${String(fd)} `, 'm');
  return readdirSync(`/proc/${String(pid)}/fdinfo`).some((name) => watched.test(readText(pid, `fdinfo/${name}`)));
}

import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { notify, watchdogIntervalMs } from 'bsd-sockets/node';
import { connect, Socket } from 'bsd-sockets/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { abstractName, outcome, owned, pair } from '../support/owned.js';
import { PACKAGE_ROOT, run } from '../support/programs.js';
import { listener } from '../support/sockets.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;
const ACTIVATE = '/usr/bin/systemd-socket-activate';
const withSystemd = existsSync(ACTIVATE) ? test : test.skip;

/** Sets LISTEN_PID as a manager does, between fork and exec: only the shell knows the process that node will be. */
function script(code: string, env: Record<string, string>, pid = '$$'): ReturnType<typeof run> {
  const shell = `export LISTEN_PID=${pid}; exec "$0" --input-type=module -e "$1"`;
  return run('/bin/sh', ['-c', shell, process.execPath, code], { cwd: PACKAGE_ROOT, env: { ...process.env, ...env } });
}

const TELL = `import { listenFds } from 'bsd-sockets/node';
  try { console.log(JSON.stringify(listenFds())); } catch (error) { console.log(error.code); }
  console.log(Object.keys(process.env).filter((name) => name.startsWith('LISTEN_')).length);`;

onLinux('listenFds (a protocol of Linux)', () => {
  test.each<[string, Record<string, string>, string, string]>([
    ['are none for another process', { LISTEN_FDS: '1' }, '1', '[]\n2\n'],
    ['are none where there are none', { LISTEN_FDS: '0' }, '$$', '[]\n0\n'],
    ['that make no sense are refused', { LISTEN_FDS: 'x' }, '$$', 'ERR_INVALID_ARG_VALUE\n0\n'],
    ['that are too many are refused', { LISTEN_FDS: '99999999' }, '$$', 'ERR_INVALID_ARG_VALUE\n0\n'],
  ])('%s', async (_title, env, pid, answer) => {
    expect((await script(TELL, env, pid).ended).stdout).toBe(answer);
  });

  withSystemd(`come from systemd-socket-activate by their names, close-on-exec (${ACTIVATE})`, async () => {
    const { address, fd } = listener();
    s.close(s.fcntl(fd, s.F_DUPFD_CLOEXEC, 3));
    const { port } = address as { port: number };
    const other = listener();
    const ports = [port, (other.address as { port: number }).port];
    const code = `import * as s from 'bsd-sockets'; import { listenFds, listenWith } from 'bsd-sockets/node'; import http from 'node:http';
      const got = listenFds();
      const server = http.createServer((request, response) => { response.end(JSON.stringify({
        names: got.map(({ name }) => name), cloexec: got.map(({ fd }) => fd === 3 || s.fcntl(fd, s.F_GETFD)), env: process.env.LISTEN_FDS ?? null })); server.close(); });
      await listenWith(server, got[0].fd);`;
    s.shutdown(fd, s.SHUT_RDWR); // the ports are free again, and hardly anybody takes them meanwhile
    s.shutdown(other.fd, s.SHUT_RDWR);
    const activated = run(
      ACTIVATE,
      [
        ...ports.flatMap((free) => ['-l', `127.0.0.1:${String(free)}`]),
        '--fdname=web:admin',
        process.execPath,
        '--input-type=module',
        '-e',
        code,
      ],
      { cwd: PACKAGE_ROOT },
    );
    await activated.says(/Listening on .*\n.*Listening on/);
    const answer = await fetch(`http://127.0.0.1:${String(port)}/`, { headers: { connection: 'close' } });
    expect(await answer.json()).toEqual({ names: ['web', 'admin'], cloexec: [true, s.FD_CLOEXEC], env: null });
    expect((await activated.ended).code).toBe(0);
  });

  withSystemd(`serve the example of a service, until SIGTERM (${ACTIVATE})`, async () => {
    const free = listener();
    const { port } = free.address as { port: number };
    s.shutdown(free.fd, s.SHUT_RDWR);
    const example = join(PACKAGE_ROOT, 'docs/examples/systemd-service.mjs');
    const activated = run(ACTIVATE, ['-l', `127.0.0.1:${String(port)}`, process.execPath, example]);
    await activated.says('Listening on');
    const answer = await fetch(`http://127.0.0.1:${String(port)}/`, { headers: { connection: 'close' } });
    expect(await answer.text()).toBe('served\n');
    activated.child.kill('SIGTERM');
    const { code, stdout } = await activated.ended;
    expect([code, stdout]).toEqual([0, 'serving on the socket "unknown"\n']);
  });

  withSystemd(`inetd's connection is descriptor 0 (${ACTIVATE})`, async () => {
    const free = listener();
    const { port } = free.address as { port: number };
    s.shutdown(free.fd, s.SHUT_RDWR);
    const code = `import { Socket } from 'bsd-sockets/promises'; const socket = Socket.fromFd(0);
      for await (const chunk of socket.chunks()) await socket.sendAll(chunk); socket.close();`;
    const args = ['-l', `127.0.0.1:${String(port)}`, '--accept', '--inetd'];
    const activated = run(ACTIVATE, [...args, process.execPath, '--input-type=module', '-e', code], {
      cwd: PACKAGE_ROOT,
    });
    await activated.says('Listening on');
    const client = owned(await connect({ family: 'IPv4', address: '127.0.0.1', port }));
    await client.sendAll(Buffer.from('to inetd'));
    client.shutdown(s.SHUT_WR);
    let answer = '';
    for await (const chunk of client.chunks()) answer += String(chunk);
    expect(answer).toBe('to inetd');
  });
});

onLinux('notify (a protocol of Linux)', () => {
  /** A manager, and what it hears while `tell` runs. */
  async function heard(tell: () => Promise<unknown>): Promise<{ text: string; fds: number }> {
    const address = abstractName() as { family: 'Unix'; path: string };
    const manager = owned(new Socket(s.AF_UNIX, s.SOCK_DGRAM));
    manager.bind(address);
    process.env['NOTIFY_SOCKET'] = `@${address.path.slice(1)}`;
    try {
      expect(await tell()).toBe(true);
    } finally {
      delete process.env['NOTIFY_SOCKET'];
    }
    const buffer = Buffer.alloc(500);
    const { bytesRead, control } = await manager.recvmsg([buffer], { controlLength: 100 });
    const fds = control.flatMap((message) => message.fds ?? []);
    for (const fd of fds) s.close(fd);
    return { text: buffer.toString('utf8', 0, bytesRead), fds: fds.length };
  }

  test('tells what it is given, as systemd reads it', async () => {
    const { text } = await heard(() =>
      notify({ ready: true, status: 'serving', mainPid: 7, extendTimeoutMs: 5, stopping: false }),
    );
    expect(text.split('\n')).toEqual(['READY=1', 'STATUS=serving', 'MAINPID=7', 'EXTEND_TIMEOUT_USEC=5000']);
    expect((await heard(() => notify({ stopping: true, watchdog: true }))).text).toBe('STOPPING=1\nWATCHDOG=1');
  });

  test('RELOADING has the monotonic time, which the kernel tells the same', async () => {
    const [before, told] = [Number(process.hrtime.bigint() / 1000n), await heard(() => notify({ reloading: true }))];
    const usec = Number(/^RELOADING=1\nMONOTONIC_USEC=(\d+)$/.exec(told.text)?.[1]);
    expect(usec).toBeGreaterThanOrEqual(before);
    expect(usec).toBeLessThan(before + 10_000_000);
  });

  test('gives descriptors to keep, which stay ours', async () => {
    const [kept] = pair();
    expect(await heard(() => notify({ fds: [kept.fd], fdName: 'one' }))).toEqual({
      text: 'FDSTORE=1\nFDNAME=one',
      fds: 1,
    });
    expect(kept.fd).not.toBe(-1);
  });

  test('says false where nobody listens, and refuses what is no state', async () => {
    expect(await notify({ ready: true })).toBe(false);
    for (const state of [{}, { status: 'two\nlines' }, { ready: 1 }, { mainPid: 0 }, { fds: [-1] }, null]) {
      expect(await outcome(notify(state as never))).toMatch(/^ERR_/);
    }
  });

  test("the watchdog's interval is in milliseconds, and only for this process", () => {
    expect(watchdogIntervalMs()).toBeUndefined();
    Object.assign(process.env, { WATCHDOG_USEC: '30000000', WATCHDOG_PID: String(process.pid) });
    expect(watchdogIntervalMs()).toBe(30_000);
    process.env['WATCHDOG_PID'] = '1';
    expect(watchdogIntervalMs()).toBeUndefined();
    delete process.env['WATCHDOG_USEC'];
    delete process.env['WATCHDOG_PID'];
  });
});

import { describe, expect, test } from '@jest/globals';
import {
  AF_INET6,
  AF_UNIX,
  connect,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  setsockopt,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOCK_DGRAM,
  SOCK_STREAM,
  socket,
  SOL_SOCKET,
} from 'bsd-sockets';
import { closeSync, fstatSync, openSync, readdirSync } from 'node:fs';
import { readFlags } from '../../lib/doctor/kernel/flags.js';
import { AS_NOBODY } from '../conformance/processes.js';
import { whyNoDescriptorsOfOthers } from '../support/other-process.js';
import type { Program } from '../support/programs.js';
import { runScript } from '../support/scripts.js';
import { closeNow, closing, listener, LOOPBACK, tcp, thrownBy } from '../support/sockets.js';

const FLAGS = [
  { reuseaddr: false, reuseport: false },
  { reuseaddr: true, reuseport: false },
  { reuseaddr: false, reuseport: true },
  { reuseaddr: true, reuseport: true },
];
const openDescriptors = (): string[] => (process.platform === 'linux' ? readdirSync('/proc/self/fd') : []);

/** A process that listens, with these options; where, and on which descriptor. */
async function listening(...options: string[]): Promise<{ program: Program; pid: number; fd: number; port: number }> {
  const program = runScript(`
    import * as s from 'bsd-sockets';
    const fd = s.socket(s.AF_INET, s.SOCK_STREAM);
    for (const option of ${JSON.stringify(options)}) s.setsockopt(fd, s.SOL_SOCKET, s[option], true);
    s.bind(fd, { family: 'IPv4', address: '127.0.0.1', port: 0 });
    s.listen(fd);
    console.log('fd ' + fd + ' port ' + s.getsockname(fd).port + '.');
    process.stdin.on('end', () => { s.accept(fd); console.log('accepted'); process.exit() }).resume();
  `);
  const [, fd, port] = await program.says(/fd (\d+) port (\d+)\./);
  return { program, pid: program.child.pid as number, fd: Number(fd), port: Number(port) };
}

describe('the flags of a socket of this process', () => {
  test.each(FLAGS)('are as they were set: %j', (flags) => {
    const fd = tcp();
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, flags.reuseaddr);
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, flags.reuseport);
    expect(readFlags(process.pid, fd, fstatSync(fd).ino)).toEqual(flags);
  });

  test.each([false, true])('have v6only %s where it is IPv6', (v6only) => {
    const fd = closing(socket(AF_INET6, SOCK_DGRAM));
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
    expect(readFlags(process.pid, fd)).toEqual({ reuseaddr: false, reuseport: false, v6only });
  });

  test('can be read of a unix socket too', () => {
    expect(readFlags(process.pid, closing(socket(AF_UNIX, SOCK_STREAM)))).toEqual(FLAGS[0]);
  });

  test('are refused of another socket than was meant, of a closed one and of a file', () => {
    const [fd, other] = [tcp(), tcp()];
    const { ino } = fstatSync(fd);
    expect(thrownBy(() => readFlags(process.pid, other, ino)).code).toBe('EBADF');
    closeNow(fd);
    expect(thrownBy(() => readFlags(process.pid, fd, ino)).code).toBe('EBADF');
    expect(thrownBy(() => readFlags(process.pid, fd)).code).toBe('EBADF');
    const file = openSync('/dev/null', 'r');
    expect(thrownBy(() => readFlags(process.pid, file)).code).toBe('ENOTSOCK');
    closeSync(file);
  });
});

const whyNot = whyNoDescriptorsOfOthers();
const ofOthers = whyNot === '' ? describe : describe.skip;

ofOthers(`the flags of another process's socket${whyNot && ` (skipped: ${whyNot})`}`, () => {
  test.each([
    [[], FLAGS[0]],
    [['SO_REUSEADDR'], FLAGS[1]],
    [['SO_REUSEADDR', 'SO_REUSEPORT'], FLAGS[3]],
  ])('are as that process set them: %j', async (options, flags) => {
    const { pid, fd } = await listening(...options);
    const before = openDescriptors();
    expect(readFlags(pid, fd)).toEqual(flags);
    expect(openDescriptors()).toEqual(before);
  });

  test('are read without disturbing it: it still accepts, and when it ends its port is free', async () => {
    const { program, pid, fd, port } = await listening();
    readFlags(pid, fd);
    const address = { ...LOOPBACK, port };
    const client = tcp();
    connect(client, address);
    program.input('');
    expect(await program.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('accepted') });
    expect(thrownBy(() => connect(tcp(), address)).code).toBe('ECONNREFUSED');
  });

  test('are refused of another socket than was meant, and nothing stays open: EBADF', async () => {
    const { pid, fd } = await listening();
    const before = openDescriptors();
    expect(thrownBy(() => readFlags(pid, fd, 1)).code).toBe('EBADF');
    expect(thrownBy(() => readFlags(pid, 1_000_000)).code).toBe('EBADF');
    expect(openDescriptors()).toEqual(before);
  });

  test('are refused of a process that has ended: ESRCH', async () => {
    const { program, pid, fd } = await listening();
    program.child.kill('SIGKILL');
    await program.ended;
    expect(thrownBy(() => readFlags(pid, fd)).code).toBe('ESRCH');
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? test : test.skip)(
    `are refused to a user without the right to trace it: EPERM${isRoot ? '' : ' (skipped: only root can be another user)'}`,
    async () => {
      const { fd } = listener();
      const script = runScript(`
        import { readdirSync } from 'node:fs';
        import { readFlags } from './dist/lib/doctor/kernel/flags.js';
        ${AS_NOBODY}
        const open = () => readdirSync('/proc/self/fd').length;
        const before = open();
        let code;
        try { readFlags(process.ppid, ${String(fd)}) } catch (error) { code = error.code }
        const left = open() - before;
        console.log(code, left);
      `);
      expect(await script.ended).toMatchObject({ stdout: 'EPERM 0\n', stderr: '' });
    },
  );
});

test('a system that cannot read them of others says so: ENOSYS', () => {
  if (process.platform === 'linux') return; // Linux can: above
  expect(thrownBy(() => readFlags(process.ppid, 0)).code).toBe('ENOSYS');
});

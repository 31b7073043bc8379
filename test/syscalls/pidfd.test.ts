import { describe, expect, test } from '@jest/globals';
import { AF_UNIX, close, F_GETFD, FD_CLOEXEC, fcntl, recv, send, SOCK_STREAM, socketpair } from 'bsd-sockets';
import { pidfd_getfd, pidfd_open, pidfd_send_signal, setParentDeathSignal } from '../../lib/syscalls/pidfd.js';
import { constants } from 'node:os';
import { whyNoDescriptorsOfOthers } from '../support/other-process.js';
import { runScript } from '../support/scripts.js';
import { closing, thrownBy } from '../support/sockets.js';

const whyNot = whyNoDescriptorsOfOthers();
const suite = whyNot === '' ? describe : describe.skip;

suite(`pidfd_open and pidfd_getfd${whyNot && ` (skipped: ${whyNot})`}`, () => {
  test('give the descriptor of another process: the same open file', async () => {
    const child = runScript(`
      import * as s from 'bsd-sockets';
      const [a, b] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
      s.send(a, Buffer.from('hi'));
      console.log('fd ' + b + '.');
      process.stdin.on('end', () => console.log(s.recv(a, Buffer.alloc(8)))).resume();
    `);
    const [, fd] = await child.says(/fd (\d+)\./);
    const pidfd = closing(pidfd_open(child.child.pid as number));
    const duplicate = closing(pidfd_getfd(pidfd, Number(fd)));
    const buffer = Buffer.alloc(8);
    expect(buffer.toString('latin1', 0, recv(duplicate, buffer))).toBe('hi');
    send(duplicate, Buffer.from('back'));
    child.input('');
    expect(await child.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('4\n') });
  });

  test('make close-on-exec descriptors', () => {
    const pidfd = closing(pidfd_open(process.pid));
    const duplicate = closing(pidfd_getfd(pidfd, pidfd));
    expect([pidfd, duplicate].map((fd) => fcntl(fd, F_GETFD) & FD_CLOEXEC)).toEqual([FD_CLOEXEC, FD_CLOEXEC]);
  });

  test('of a process that has ended: ESRCH', async () => {
    const { child, ended } = runScript('process.stdin.resume()');
    const pid = child.pid as number;
    const pidfd = closing(pidfd_open(pid));
    child.kill('SIGKILL');
    await ended;
    expect(thrownBy(() => pidfd_open(pid))).toMatchObject({ code: 'ESRCH', syscall: 'pidfd_open' });
    expect(thrownBy(() => pidfd_getfd(pidfd, 0))).toMatchObject({ code: 'ESRCH', syscall: 'pidfd_getfd' });
  });

  test('of a descriptor that the process does not have, or with one that stands for no process: EBADF', () => {
    const pidfd = closing(pidfd_open(process.pid));
    const [a, b] = socketpair(AF_UNIX, SOCK_STREAM);
    close(a);
    close(b);
    expect(thrownBy(() => pidfd_getfd(pidfd, a)).code).toBe('EBADF');
    expect(
      thrownBy(() => pidfd_getfd(closing(socketpair(AF_UNIX, SOCK_STREAM).map(closing)[0] as number), 0)).code,
    ).toBe('EBADF');
  });
});

suite(`pidfd_send_signal${whyNot && ` (skipped: ${whyNot})`}`, () => {
  test('sends a signal to that process, and says when it has ended: ESRCH', async () => {
    const { child, ended } = runScript('process.stdin.resume()');
    const pidfd = closing(pidfd_open(child.pid as number));
    pidfd_send_signal(pidfd, 0);
    pidfd_send_signal(pidfd, constants.signals.SIGKILL);
    await ended;
    expect(child.signalCode).toBe('SIGKILL');
    expect(thrownBy(() => pidfd_send_signal(pidfd, 0))).toMatchObject({ code: 'ESRCH', syscall: 'pidfd_send_signal' });
  });

  test('refuses what is no signal: EINVAL, or before the kernel sees it', () => {
    const pidfd = closing(pidfd_open(process.pid));
    expect(thrownBy(() => pidfd_send_signal(pidfd, 1000)).code).toBe('EINVAL');
    for (const signal of [-1, 1.5, NaN, 2 ** 31]) {
      expect(thrownBy(() => pidfd_send_signal(pidfd, signal)).code).toBe('ERR_OUT_OF_RANGE');
      expect(thrownBy(() => setParentDeathSignal(signal)).code).toBe('ERR_OUT_OF_RANGE');
    }
    expect(thrownBy(() => setParentDeathSignal(1000)).code).toBe('EINVAL');
    setParentDeathSignal(0);
  });
});

test('a process number that makes no sense is refused before the kernel sees it', () => {
  if (process.platform !== 'linux') return; // ENOSYS there: below
  for (const pid of [0, -1, 1.5, NaN, 2 ** 32 + 1]) {
    expect(thrownBy(() => pidfd_open(pid)).code).toBe('ERR_OUT_OF_RANGE');
  }
  expect(thrownBy(() => pidfd_getfd(-1, 0)).code).toBe('ERR_OUT_OF_RANGE');
  expect(thrownBy(() => pidfd_getfd(0, NaN)).code).toBe('ERR_OUT_OF_RANGE');
});

test('a system without these calls says so: ENOSYS', () => {
  if (process.platform === 'linux') return; // Linux has them: above
  expect(thrownBy(() => pidfd_open(process.pid))).toMatchObject({ code: 'ENOSYS', syscall: 'pidfd_open' });
  expect(thrownBy(() => pidfd_getfd(0, 0))).toMatchObject({ code: 'ENOSYS', syscall: 'pidfd_getfd' });
});

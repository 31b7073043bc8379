/** What the hostile run has found, each by itself. */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { readFileSync } from 'node:fs';
import { closing, tcp, thrownBy } from '../support/sockets.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('options whose struct has pointers (those of Linux)', () => {
  const OPTIONS: [level: number, option: number, name: string][] = [
    [s.IPPROTO_IP, 64, 'IPT_SO_SET_REPLACE'],
    [s.IPPROTO_IP, 96, 'ARPT_SO_SET_REPLACE'],
    [s.IPPROTO_IP, 128, 'EBT_SO_SET_ENTRIES'],
    [s.IPPROTO_TCP, 35, 'TCP_ZEROCOPY_RECEIVE'],
    [s.IPPROTO_IPV6, 64, 'IP6T_SO_SET_REPLACE'],
    [283, 4, 'XDP_UMEM_REG'],
  ];
  test.each(OPTIONS)('are refused, to set and to get: %i, %i (%s)', (level, option) => {
    const fd = tcp();
    expect(thrownBy(() => s.setsockopt(fd, level, option, Buffer.alloc(96))).code).toBe('ERR_INVALID_ARG_VALUE');
    expect(thrownBy(() => s.getsockopt(fd, level, option, 96)).code).toBe('ERR_INVALID_ARG_VALUE');
  });
});

describe('an array', () => {
  const fd = 1_000_000; // closed: nothing here reaches the kernel

  test('with a hole has no value there: it is never descriptor 0', () => {
    const hole = [1, 2];
    Reflect.deleteProperty(hole, 0);
    const rights = { level: s.SOL_SOCKET, type: s.SCM_RIGHTS, fds: hole };
    expect(thrownBy(() => s.sendmsg(fd, { buffers: [], control: [rights] })).code).toBe('ERR_INVALID_ARG_TYPE');
    expect(thrownBy(() => s.poll(hole as never, 0)).code).toBe('ERR_INVALID_ARG_TYPE');
    expect(thrownBy(() => s.recvmsg(fd, hole as never)).code).toBe('ERR_INVALID_ARG_TYPE');
    expect(thrownBy(() => s.sendmmsg(fd, hole as never)).code).toBe('ERR_INVALID_ARG_TYPE');
  });

  test('of four thousand million holes is refused at once', () => {
    const endless = new Array<never>(2 ** 32 - 1);
    expect(thrownBy(() => s.poll(endless, 0)).code).toBe('ERR_OUT_OF_RANGE');
    expect(thrownBy(() => s.sendmsg(fd, { buffers: [], control: endless })).code).toBe('ERR_OUT_OF_RANGE');
    expect(thrownBy(() => s.recvmmsg(fd, endless)).code).toBe('ERR_OUT_OF_RANGE');
  });

  test('of frozen objects cannot take what poll tells', () => {
    const frozen = [Object.freeze({ fd, events: 0, revents: 0 })];
    expect(thrownBy(() => s.poll(frozen, 0)).code).toBe('ERR_INVALID_ARG_VALUE');
  });
});

test('control messages of more than a megabyte in all are refused', () => {
  const one = { level: 1, type: 100, data: Buffer.alloc(2 ** 19) };
  expect(thrownBy(() => s.sendmsg(1_000_000, { buffers: [], control: [one, one, one] })).code).toBe('ERR_OUT_OF_RANGE');
});

onLinux('F_GETOWN (of Linux)', () => {
  test('tells a process group as a negative number, which is no error', () => {
    const fd = closing(s.socket(s.AF_INET, s.SOCK_DGRAM));
    s.fcntl(fd, s.F_SETOWN, process.pid);
    expect(s.fcntl(fd, s.F_GETOWN)).toBe(process.pid);
    const group = processGroup();
    s.fcntl(fd, s.F_SETOWN, -group);
    expect(s.fcntl(fd, s.F_GETOWN)).toBe(-group);
  });
});

/** The process group of this process: the fifth word of /proc/self/stat, where the second may have spaces. */
function processGroup(): number {
  return Number(/\) \S \d+ (\d+)/.exec(readFileSync('/proc/self/stat', 'utf8'))?.[1]);
}

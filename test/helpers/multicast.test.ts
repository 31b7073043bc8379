import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { readFileSync } from 'node:fs';
import { closing, thrownBy, timed } from '../support/sockets.js';

const onLinux = process.platform === 'linux' ? test : test.skip;
const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';
const hasIPv6 = ((): boolean => {
  try {
    return s.if_nametoindex('lo') > 0 && /\blo$/m.test(readFileSync('/proc/net/if_inet6', 'utf8'));
  } catch {
    return false;
  }
})();
const onIPv6 = hasIPv6 ? test : test.skip;
const lacking = hasIPv6 ? '' : ' (skipped: lo has no IPv6 here)';

const GROUP = '239.255.77.1';

/** A socket that hears only what it joined itself, and its port. */
function receiver(): { fd: number; port: number } {
  const fd = timed(closing(s.socket(s.AF_INET, s.SOCK_DGRAM)), 5000);
  s.setsockopt(fd, s.IPPROTO_IP, s.IP_MULTICAST_ALL, false);
  s.bind(fd, { family: 'IPv4', address: '0.0.0.0', port: 0 });
  return { fd, port: (s.getsockname(fd) as s.IPv4Address).port };
}

/** Sends to the group by the loopback, then to the receiver itself: what of it came, in order, until the latter. */
function heard({ fd, port }: ReturnType<typeof receiver>, ...senders: string[]): string[] {
  for (const from of senders) {
    const sender = closing(s.socket(s.AF_INET, s.SOCK_DGRAM));
    s.bind(sender, { family: 'IPv4', address: from, port: 0 });
    const by = s.ip_mreqn.encode({ multiaddr: '0.0.0.0', address: '127.0.0.1', ifindex: 0 });
    s.setsockopt(sender, s.IPPROTO_IP, s.IP_MULTICAST_IF, by);
    s.sendto(sender, Buffer.from(from), 0, { family: 'IPv4', address: GROUP, port });
  }
  s.sendto(fd, Buffer.from('end'), 0, { family: 'IPv4', address: '127.0.0.1', port });
  const texts: string[] = [];
  const buffer = Buffer.alloc(16);
  for (let text = ''; text !== 'end'; texts.push(text)) text = buffer.toString('latin1', 0, s.recv(fd, buffer));
  return texts.slice(0, -1);
}

describe('joinGroup', () => {
  for (const by of ['lo', '127.0.0.1', 'index'] as const) {
    const options = (): s.GroupOptions => ({ interface: by === 'index' ? s.if_nametoindex('lo') : by });

    onLinux(`hears the group by an interface told by ${by}, and not after leaveGroup${only}`, () => {
      const socket = receiver();
      expect(heard(socket, '127.0.0.1')).toEqual([]);
      s.joinGroup(socket.fd, GROUP, options());
      expect(heard(socket, '127.0.0.1', '127.0.0.2')).toEqual(['127.0.0.1', '127.0.0.2']);
      s.leaveGroup(socket.fd, GROUP, options());
      expect(heard(socket, '127.0.0.1')).toEqual([]);
    });

    onLinux(`with a source hears no other sender, by ${by}, and not after leaveGroup${only}`, () => {
      const socket = receiver();
      const source = '127.0.0.1';
      s.joinGroup(socket.fd, GROUP, { ...options(), source });
      expect(heard(socket, '127.0.0.2', source, '127.0.0.3')).toEqual([source]);
      s.joinGroup(socket.fd, GROUP, { ...options(), source: '127.0.0.3' });
      expect(heard(socket, '127.0.0.2', '127.0.0.3')).toEqual(['127.0.0.3']);
      s.leaveGroup(socket.fd, GROUP, { ...options(), source });
      expect(heard(socket, source, '127.0.0.3')).toEqual(['127.0.0.3']);
    });
  }

  onIPv6(
    `joins an IPv6 group on an interface, with a source too: the kernel lists it until leaveGroup${lacking}`,
    () => {
      const group = `ff15::${process.pid.toString(16)}`;
      const listed = (): boolean =>
        new RegExp(`^\\d+ +lo +${s.inet_pton(s.AF_INET6, group)?.toString('hex') ?? ''} `, 'm').test(
          readFileSync('/proc/net/igmp6', 'utf8'),
        );
      for (const options of [
        { interface: 'lo' },
        { interface: s.if_nametoindex('lo') },
        { interface: 'lo', source: '::1' },
      ]) {
        const fd = closing(s.socket(s.AF_INET6, s.SOCK_DGRAM));
        s.joinGroup(fd, group, options);
        expect(listed()).toBe(true);
        s.leaveGroup(fd, group, options);
        expect(listed()).toBe(false);
      }
    },
  );

  onLinux(`tells the errors of the kernel: EADDRINUSE, EADDRNOTAVAIL, EINVAL, EBADF${only}`, () => {
    const { fd } = receiver();
    const options = { interface: '127.0.0.1' };
    s.joinGroup(fd, GROUP, options);
    expect(thrownBy(() => s.joinGroup(fd, GROUP, options))).toMatchObject({
      code: 'EADDRINUSE',
      syscall: 'setsockopt',
    });
    expect(thrownBy(() => s.leaveGroup(fd, '239.255.77.2', options)).code).toBe('EADDRNOTAVAIL');
    expect(thrownBy(() => s.joinGroup(fd, '10.0.0.1', options)).code).toBe('EINVAL');
    expect(thrownBy(() => s.joinGroup(fd, GROUP, { interface: 'none77' })).code).toMatch(/^(ENODEV|ENXIO)$/);
    expect(thrownBy(() => s.joinGroup(1_000_000, GROUP, options)).code).toBe('EBADF');
  });

  test('refuses arguments that make no sense, and never asks the kernel', () => {
    const fd = 1_000_000; // closed
    const codeOf = (group: unknown, options?: unknown): string | undefined =>
      thrownBy(() => s.joinGroup(fd, group as string, options as s.GroupOptions)).code;
    expect(codeOf(5)).toBe('ERR_INVALID_ARG_TYPE');
    expect(codeOf('example.org')).toBe('ERR_INVALID_IP_ADDRESS');
    expect(codeOf('ff02::1%lo')).toBe('ERR_INVALID_ARG_VALUE');
    expect(codeOf(GROUP, null)).toBe('ERR_INVALID_ARG_TYPE');
    expect(codeOf(GROUP, { interface: null })).toBe('ERR_INVALID_ARG_TYPE');
    for (const index of [NaN, -1, 1.5, 2 ** 31]) expect(codeOf(GROUP, { interface: index })).toBe('ERR_OUT_OF_RANGE');
    expect(codeOf('ff02::1', { interface: '127.0.0.1' })).toBe('ERR_INVALID_ARG_VALUE');
    expect(codeOf(GROUP, { source: 7 })).toBe('ERR_INVALID_ARG_TYPE');
    expect(codeOf(GROUP, { source: '::1' })).toBe('ERR_INVALID_IP_ADDRESS');
    expect(thrownBy(() => s.leaveGroup(-1, GROUP)).code).toBe('ERR_OUT_OF_RANGE');
  });
});

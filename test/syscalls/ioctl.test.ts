import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { readFileSync } from 'node:fs';
import { closing, connection, LOOPBACK, tcp, thrownBy, timed } from '../support/sockets.js';

const linux = process.platform === 'linux';
const onLinux = linux ? test : test.skip;
const why = linux ? '' : ' (skipped: this is not Linux)';

const sys = (file: string): string => readFileSync(`/sys/class/net/lo/${file}`, 'utf8').trim();

/** What the kernel says of an interface. */
function ask(request: number, given: s.IfreqRequest): s.Ifreq {
  return s.ifreq.decode(s.ioctl(tcp(), request, s.ifreq.encode(given)));
}

describe('ioctl', () => {
  test('FIONREAD tells how many bytes have come, of a datagram socket how long the next one is', () => {
    const { client, server } = connection();
    expect(s.ioctl(server, s.FIONREAD)).toBe(0);
    s.send(client, Buffer.alloc(300));
    s.recv(server, Buffer.alloc(300), s.MSG_PEEK | s.MSG_WAITALL);
    expect(s.ioctl(server, s.FIONREAD)).toBe(300);
    const udp = closing(s.socket(s.AF_INET, s.SOCK_DGRAM));
    s.bind(udp, LOOPBACK);
    for (const size of [5, 7]) s.sendto(udp, Buffer.alloc(size), 0, s.getsockname(udp));
    expect(s.ioctl(udp, s.FIONREAD)).toBe(linux ? 5 : 12);
  });

  onLinux(`SIOCOUTQ tells how many bytes a peer that does not read has left unacknowledged${why}`, () => {
    const { client } = connection();
    expect([s.ioctl(client, s.SIOCOUTQ), s.ioctl(client, s.SIOCOUTQNSD)]).toEqual([0, 0]);
    const chunk = Buffer.alloc(65_536);
    while (answered(() => s.send(client, chunk, s.MSG_DONTWAIT)));
    expect(s.ioctl(client, s.SIOCOUTQ)).toBeGreaterThan(0);
    expect(s.ioctl(client, s.SIOCOUTQNSD)).toBeLessThanOrEqual(s.ioctl(client, s.SIOCOUTQ));
    expect(s.SIOCINQ).toBe(s.FIONREAD);
  });

  test('FIONBIO sets O_NONBLOCK and clears it', () => {
    const fd = tcp();
    for (const [argument, expected] of [
      [true, true],
      [0, false],
      [1, true],
      [false, false],
    ] as const) {
      expect(s.ioctl(fd, s.FIONBIO, argument)).toBe(0);
      expect((s.fcntl(fd, s.F_GETFL) & s.O_NONBLOCK) !== 0).toBe(expected);
    }
  });

  onLinux(`tells of an interface what the kernel tells of it elsewhere${why}`, () => {
    const lo = s.if_nametoindex('lo');
    expect(ask(s.SIOCGIFINDEX, { name: 'lo' })).toMatchObject({ name: 'lo', ifindex: lo });
    expect(ask(s.SIOCGIFNAME, { ifindex: lo }).name).toBe('lo');
    expect(ask(s.SIOCGIFMTU, { name: 'lo' }).mtu).toBe(Number(sys('mtu')));
    const { flags } = ask(s.SIOCGIFFLAGS, { name: 'lo' });
    expect(flags & s.IFF_LOOPBACK).toBe(s.IFF_LOOPBACK);
    expect(flags & s.IFF_UP).toBe(Number(sys('flags')) & s.IFF_UP);
    const { family, data } = ask(s.SIOCGIFHWADDR, { name: 'lo' }).hwaddr;
    expect(family).toBe(Number(sys('type')));
    expect(Buffer.from(data.subarray(0, 6)).toString('hex')).toBe(sys('address').replaceAll(':', ''));
    expect(ask(s.SIOCGIFADDR, { name: 'lo' }).addr).toEqual({ family: 'IPv4', address: '127.0.0.1', port: 0 });
    expect(ask(s.SIOCGIFNETMASK, { name: 'lo' }).addr).toMatchObject({ address: '255.0.0.0' });
  });

  onLinux(`changes nothing in the bytes that it is given, and answers an unknown interface with ENODEV${why}`, () => {
    const bytes = s.ifreq.encode({ name: 'lo' });
    const before = Buffer.from(bytes);
    expect(s.ioctl(tcp(), s.SIOCGIFMTU, bytes)).not.toEqual(before);
    expect(bytes).toEqual(before);
    expect(thrownBy(() => ask(s.SIOCGIFMTU, { name: 'no-such' }))).toMatchObject({ code: 'ENODEV', syscall: 'ioctl' });
  });

  test('refuses a request that it does not know, whatever comes with it: nothing reaches the kernel', () => {
    const SIOCGIFCONF = 0x8912; // its struct has a pointer
    for (const request of [0, SIOCGIFCONF, 0x8914, 0x5401, 2 ** 32 - 1]) {
      for (const argument of [0, s.ifreq.encode({ name: 'lo' }), Buffer.alloc(4096)]) {
        expect(thrownBy(() => s.ioctl(tcp(), request, argument as number)).code).toBe('ERR_INVALID_ARG_VALUE');
      }
    }
    for (const request of [-1, 2 ** 32, NaN]) {
      expect(thrownBy(() => s.ioctl(tcp(), request)).code).toBe('ERR_OUT_OF_RANGE');
    }
  });

  test('refuses an argument that is not what the request has', () => {
    const fd = tcp();
    const code = (request: number, argument?: unknown): unknown =>
      thrownBy(() => s.ioctl(fd, request, argument as number)).code;
    expect(code(s.FIONREAD, 0)).toBe('ERR_INVALID_ARG_TYPE');
    expect(code(s.FIONREAD, Buffer.alloc(4))).toBe('ERR_INVALID_ARG_TYPE');
    expect(code(s.FIONBIO)).toBe('ERR_INVALID_ARG_TYPE');
    expect(code(s.FIONBIO, Buffer.alloc(4))).toBe('ERR_INVALID_ARG_TYPE');
    if (!linux) return;
    expect(code(s.SIOCGIFMTU)).toBe('ERR_INVALID_ARG_TYPE');
    expect(code(s.SIOCGIFMTU, 1)).toBe('ERR_INVALID_ARG_TYPE');
    for (const size of [0, s.ifreq.size - 1, s.ifreq.size + 1]) {
      const bytes = Buffer.alloc(size);
      Object.defineProperty(bytes, 'length', { value: s.ifreq.size });
      expect(code(s.SIOCGIFMTU, bytes)).toBe('ERR_INVALID_ARG_VALUE');
    }
  });

  test('has the errors of the kernel', () => {
    expect(thrownBy(() => s.ioctl(1_000_000, s.FIONREAD)).code).toBe('EBADF');
    const { fd } = { fd: tcp() };
    s.bind(fd, LOOPBACK);
    s.listen(fd);
    if (linux) expect(thrownBy(() => s.ioctl(fd, s.FIONREAD)).code).toBe('EINVAL');
  });
});

test('sockatmark knows when all before the urgent byte has been read', () => {
  const { client, server } = connection();
  timed(server, 5000);
  s.send(client, Buffer.from('ab'));
  s.send(client, Buffer.from('!'), s.MSG_OOB);
  s.recv(server, Buffer.alloc(2), s.MSG_WAITALL | s.MSG_PEEK);
  s.poll([{ fd: server, events: s.POLLPRI, revents: 0 }], 5000);
  expect(s.sockatmark(server)).toBe(false);
  expect(s.recv(server, Buffer.alloc(10))).toBe(2);
  expect(s.sockatmark(server)).toBe(true);
  expect(thrownBy(() => s.sockatmark(1_000_000))).toMatchObject({ code: 'EBADF', syscall: 'sockatmark' });
});

(linux ? describe : describe.skip)(`ifreq${why}`, () => {
  test('has one member beside its name', () => {
    expect(thrownBy(() => s.ifreq.encode({ name: 'lo', mtu: 1, flags: 1 })).code).toBe('ERR_INVALID_ARG_VALUE');
    const addr = { family: 'IPv4', address: '10.0.0.1', port: 0 } as const;
    const hwaddr = { family: 1, data: new Uint8Array([1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0]) };
    for (const member of [{ mtu: 1500 }, { flags: 65_535 }, { ifindex: 7 }, { addr }, { hwaddr }]) {
      const given = { name: 'abcdefghijklmno', ...member };
      expect(s.ifreq.decode(s.ifreq.encode(given))).toMatchObject(given);
    }
  });

  test('refuses what does not fit', () => {
    const code = (given: unknown): unknown => thrownBy(() => s.ifreq.encode(given as s.Ifreq)).code;
    expect(code({ name: 'a'.repeat(16) })).toBe('ERR_INVALID_ARG_VALUE');
    expect(code({ name: 1 })).toBe('ERR_INVALID_ARG_TYPE');
    expect(code({ addr: { family: 'IPv6', address: '::1', port: 0 } })).toBe('ERR_INVALID_ARG_VALUE');
    expect(code({ hwaddr: { family: 1, data: Buffer.alloc(15) } })).toBe('ERR_INVALID_ARG_VALUE');
    expect(code({ mtu: -1 })).toBe('ERR_OUT_OF_RANGE');
    expect(code({ flags: 65_536 })).toBe('ERR_OUT_OF_RANGE');
  });
});

function answered(call: () => unknown): boolean {
  try {
    call();
    return true;
  } catch {
    return false;
  }
}

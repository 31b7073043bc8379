import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { received } from '../conformance/case.js';
import { abstractName, accepted, listens, made, sendText, unix } from '../conformance/fixtures.js';
import { temporaryFolder } from '../support/programs.js';
import { thrownBy } from '../support/sockets.js';

const onLinux = process.platform === 'linux' ? test : test.skip;
const why = process.platform === 'linux' ? '' : ' (skipped: only Linux has it)';
const FAMILY = Buffer.from(new Uint16Array([s.AF_UNIX]).buffer);

/** A path that nobody has. */
function fresh(name = 'socket'): s.SocketAddress & { family: 'Unix' } {
  return { family: 'Unix', path: join(temporaryFolder(), name) };
}

/** The bytes of an address with any name. */
function raw(...parts: Uint8Array[]): s.SocketAddress {
  return { family: 'raw', sockaddr: Buffer.concat([FAMILY, ...parts]) };
}

describe('a path', () => {
  test('is where a stream listens: a file that stays after close', () => {
    const address = fresh();
    const listener = listens(unix(s.SOCK_STREAM, address));
    const client = made(s.AF_UNIX, s.SOCK_STREAM);
    s.connect(client, address);
    const server = accepted(listener);
    sendText(server, 'hello');
    expect(received(client, 8, 0)).toBe('hello');
    expect([s.getsockname(server), s.getpeername(client)]).toEqual([address, address]);
    expect([s.getsockname(client), s.getpeername(server)]).toEqual(Array(2).fill({ family: 'Unix', path: '' }));
    expect(statSync(address.path).isSocket()).toBe(true);
  });

  test('is where a datagram comes from, and where the answer goes', () => {
    const [first, second] = [fresh('first'), fresh('second')];
    const [a, b] = [unix(s.SOCK_DGRAM, first), unix(s.SOCK_DGRAM, second)];
    s.sendto(a, Buffer.from('ping'), 0, second);
    const { address } = s.recvfrom(b, Buffer.alloc(8));
    expect(address).toEqual(first);
    if (address !== null) s.sendto(b, Buffer.from('pong'), 0, address);
    expect(received(a, 8, 0)).toBe('pong');
  });

  test('is where packets in sequence go, one by one', () => {
    const address = fresh();
    const listener = listens(unix(s.SOCK_SEQPACKET, address));
    const client = made(s.AF_UNIX, s.SOCK_SEQPACKET);
    s.connect(client, address);
    const server = accepted(listener);
    sendText(client, 'one');
    sendText(client, 'two');
    expect([received(server, 16, 0), received(server, 16, 0)]).toEqual(['one', 'two']);
    const cut = [sendText(client, 'long'), s.recvmsg(server, [Buffer.alloc(2)]).flags];
    expect(cut).toEqual([4, s.MSG_TRUNC]);
  });

  test('may be of any letters, and as long as sun_path is', () => {
    const folder = temporaryFolder();
    for (const name of ['ünïcödé 🔌', ' \n%@', 'x'.repeat(107 - folder.length), 'y'.repeat(106 - folder.length)]) {
      const address = { family: 'Unix', path: join(folder, name) } as const;
      expect(s.getsockname(unix(s.SOCK_STREAM, address))).toEqual(address);
      expect(existsSync(address.path)).toBe(true);
    }
  });

  test('that is not UTF-8 comes back as bytes, which go in again', () => {
    const folder = Buffer.from(join(temporaryFolder(), 'x'));
    const address = raw(folder, Buffer.from([0xff, 0xfe]));
    const fd = listens(unix(s.SOCK_STREAM, address));
    const path = Buffer.concat([folder, Buffer.from([0xff, 0xfe])]);
    expect(s.getsockname(fd)).toEqual({ family: 'Unix', path });
    expect(existsSync(path)).toBe(true);
    s.connect(made(s.AF_UNIX, s.SOCK_STREAM), s.getsockname(fd));
  });
});

test('a name in bytes is the name in text', () => {
  const path = join(temporaryFolder(), 'ü');
  const fd = listens(unix(s.SOCK_STREAM, { family: 'Unix', path: Buffer.from(path) }));
  expect(s.getsockname(fd)).toEqual({ family: 'Unix', path });
  for (const wrong of [Buffer.from('a\0b'), Buffer.alloc(109, 'x')]) {
    expect(thrownBy(() => s.bind(fd, { family: 'Unix', path: wrong })).code).toBe('ERR_INVALID_ARG_VALUE');
  }
});

describe('an abstract name', () => {
  onLinux(`is in no file system, and keeps its NULs and its length${why}`, () => {
    const { path } = abstractName() as { path: string };
    for (const name of [path, `${path}\0\0in\0it`, `${path}\0`, path.padEnd(108, '.')]) {
      const address = { family: 'Unix', path: name } as const;
      const fd = listens(unix(s.SOCK_STREAM, address));
      expect(s.getsockname(fd)).toEqual(address);
      s.connect(made(s.AF_UNIX, s.SOCK_STREAM), address);
    }
  });

  onLinux(`with one NUL more is another${why}`, () => {
    const address = abstractName() as { family: 'Unix'; path: string };
    listens(unix(s.SOCK_STREAM, address));
    const padded = { family: 'Unix', path: `${address.path}\0` } as const;
    expect(thrownBy(() => s.connect(made(s.AF_UNIX, s.SOCK_STREAM), padded)).code).toBe('ECONNREFUSED');
  });

  onLinux(`of bytes that are not UTF-8 comes back as bytes, which go in again${why}`, () => {
    const { path } = abstractName() as { path: string };
    const address = raw(Buffer.from(path), Buffer.from([0xff, 0, 0x80]));
    const [a, b] = [unix(s.SOCK_DGRAM, address), unix(s.SOCK_DGRAM)];
    s.sendto(b, Buffer.from('x'), 0, s.getsockname(a));
    s.sendto(a, Buffer.from('y'), 0, s.getsockname(b));
    const { address: sender } = s.recvfrom(b, Buffer.alloc(1));
    expect(sender).toEqual({ family: 'Unix', path: Buffer.concat([Buffer.from(path), Buffer.from([0xff, 0, 0x80])]) });
    expect(sender).toEqual(s.getsockname(a));
    if (sender !== null) s.sendto(b, Buffer.from('z'), 0, sender);
    expect([received(a, 1, 0), received(a, 1, 0)]).toEqual(['x', 'z']);
  });

  onLinux(`is given where none is asked for: five hexadecimal digits${why}`, () => {
    const fd = unix(s.SOCK_STREAM, { family: 'Unix', path: '' });
    expect(s.getsockname(fd)).toEqual({ family: 'Unix', path: expect.stringMatching(/^\0[0-9a-f]{5}$/) });
  });
});

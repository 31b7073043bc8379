/** Every argument of every call: what is no int, no descriptor, no address or no bytes never reaches the kernel. */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { closeSync, openSync } from 'node:fs';
import { LOOPBACK, tcp, thrownBy } from './support/sockets.js';

type Call = (...args: unknown[]) => unknown;
const { SOL_SOCKET, SO_REUSEADDR, AF_INET, SOCK_STREAM } = s;

/** A good call of each function; `fd` stands for a descriptor. */
const CALLS: Record<string, unknown[]> = {
  socket: [AF_INET, SOCK_STREAM, 0],
  socketpair: [s.AF_UNIX, SOCK_STREAM, 0],
  shutdown: ['fd', s.SHUT_WR],
  close: ['fd'],
  bind: ['fd', LOOPBACK],
  connect: ['fd', LOOPBACK],
  getsockname: ['fd'],
  getpeername: ['fd'],
  listen: ['fd', 5],
  accept: ['fd', 0],
  recv: ['fd', Buffer.alloc(8), 0],
  send: ['fd', Buffer.alloc(8), 0],
  getsockopt: ['fd', SOL_SOCKET, SO_REUSEADDR, 4],
  setsockopt: ['fd', SOL_SOCKET, SO_REUSEADDR, 1],
};

const NOT_INTS = [NaN, Infinity, -Infinity, 1.5, 2 ** 31, 2 ** 53, -(2 ** 31) - 1];
const NOT_NUMBERS = ['80', null, {}, [], 5n, Symbol('5'), () => 5];

const cases = Object.entries(CALLS).flatMap(([name, args]) => args.map((good, index) => ({ name, args, index, good })));

function codeOf(name: string, args: unknown[], index: number, bad: unknown): string | undefined {
  const fd = tcp();
  const given = args.map((arg, i) => (i === index ? bad : arg === 'fd' ? fd : arg));
  return thrownBy(() => (s[name as keyof typeof s] as unknown as Call)(...given)).code;
}

describe.each(cases)('$name, argument $index', ({ name, args, index, good }) => {
  const isBytes = ArrayBuffer.isView(good);
  const isAddress = good === LOOPBACK;

  test('refuses values of another type: ERR_INVALID_ARG_TYPE', () => {
    for (const bad of NOT_NUMBERS) {
      if (isAddress && typeof bad === 'object' && bad !== null) continue; // an object without a family: below
      expect([bad, codeOf(name, args, index, bad)]).toEqual([bad, 'ERR_INVALID_ARG_TYPE']);
    }
  });

  test('refuses numbers that are no ints: ERR_OUT_OF_RANGE', () => {
    const expected = isBytes || isAddress ? 'ERR_INVALID_ARG_TYPE' : 'ERR_OUT_OF_RANGE';
    const bads = good === 'fd' ? [...NOT_INTS, -1] : NOT_INTS;
    for (const bad of bads) expect([bad, codeOf(name, args, index, bad)]).toEqual([bad, expected]);
  });

  test('refuses a closed descriptor: EBADF, and a stranger: ENOTSOCK', () => {
    if (good !== 'fd') return;
    expect(codeOf(name, args, index, 2 ** 31 - 1)).toBe('EBADF');
    if (name === 'close') return;
    const stranger = openSync('/dev/null', 'r'); // not standard input: that can be a socket
    expect(codeOf(name, args, index, stranger)).toMatch(/^(ENOTSOCK|EAFNOSUPPORT|EINVAL)$/);
    closeSync(stranger);
  });
});

describe('an address', () => {
  const refusal = (address: unknown): string | undefined =>
    thrownBy(() => {
      s.bind(tcp(), address as s.SocketAddress);
    }).code;

  test.each([-1, 65536, 1.5, NaN, '80', null, undefined])('refuses port %p: ERR_SOCKET_BAD_PORT', (port) => {
    expect(refusal({ ...LOOPBACK, port })).toBe('ERR_SOCKET_BAD_PORT');
    expect(refusal({ family: 'IPv6', address: '::1', port })).toBe('ERR_SOCKET_BAD_PORT');
  });

  test.each(['', 'localhost', '1.2.3', '1.2.3.4.5', '256.0.0.1', '01.2.3.4', '127.0.0.1 ', '1.2.3.4\0', '::1'])(
    'refuses %p as IPv4: ERR_INVALID_IP_ADDRESS',
    (address) => {
      expect(refusal({ family: 'IPv4', address, port: 0 })).toBe('ERR_INVALID_IP_ADDRESS');
    },
  );

  test.each(['', 'localhost', ':::', '1::2::3', 'fe80::1%', 'fe80::1%a%b', '127.0.0.1', '12345::'])(
    'refuses %p as IPv6: ERR_INVALID_IP_ADDRESS',
    (address) => {
      expect(refusal({ family: 'IPv6', address, port: 0 })).toBe('ERR_INVALID_IP_ADDRESS');
    },
  );

  test('refuses what is no family, no path, or too long', () => {
    expect(refusal({})).toBe('ERR_INVALID_ARG_VALUE');
    expect(refusal({ ...LOOPBACK, family: 4 })).toBe('ERR_INVALID_ARG_VALUE');
    expect(refusal({ family: 'Unix', path: 5 })).toBe('ERR_INVALID_ARG_TYPE');
    expect(refusal({ family: 'Unix', path: 'a\0b' })).toBe('ERR_INVALID_ARG_VALUE');
    expect(refusal({ family: 'Unix', path: 'x'.repeat(109) })).toBe('ERR_INVALID_ARG_VALUE');
    expect(refusal({ family: 'Unix', path: Buffer.from('a\0b') })).toBe('ERR_INVALID_ARG_VALUE');
    expect(refusal({ family: 'raw', sockaddr: 'x' })).toBe('ERR_INVALID_ARG_TYPE');
    expect(refusal({ family: 'raw', sockaddr: new Uint8Array(129) })).toBe('ERR_INVALID_ARG_VALUE');
    expect(refusal({ family: 'IPv6', address: '::1', port: 0, scopeid: -1 })).toBe('ERR_OUT_OF_RANGE');
    expect(refusal({ family: 'IPv6', address: '::1', port: 0, flowlabel: 2 ** 20 })).toBe('ERR_OUT_OF_RANGE');
  });

  (process.platform === 'linux' ? test : test.skip)('of Linux has fields that fit (of Linux)', () => {
    const packet = { family: 'Packet', ifindex: 1, protocol: 0x800 };
    expect(refusal({ ...packet, protocol: 65_536 })).toBe('ERR_OUT_OF_RANGE');
    expect(refusal({ ...packet, ifindex: 'lo' })).toBe('ERR_INVALID_ARG_TYPE');
    expect(refusal({ ...packet, pkttype: 256 })).toBe('ERR_OUT_OF_RANGE');
    expect(refusal({ ...packet, address: 'x' })).toBe('ERR_INVALID_ARG_TYPE');
    expect(refusal({ ...packet, address: Buffer.alloc(33) })).toBe('ERR_INVALID_ARG_VALUE');
    expect(refusal({ family: 'VSock', cid: 1 })).toBe('ERR_INVALID_ARG_TYPE');
    expect(refusal({ family: 'VSock', cid: 2 ** 32, port: 1 })).toBe('ERR_OUT_OF_RANGE');
    const j1939 = { name: 1n, pgn: 0, addr: 0 };
    expect(refusal({ family: 'CAN', ifindex: 1, j1939, tp: { rx_id: 1, tx_id: 2 } })).toBe('ERR_INVALID_ARG_VALUE');
    expect(refusal({ family: 'CAN', ifindex: 1, tp: 5 })).toBe('ERR_INVALID_ARG_TYPE');
    expect(refusal({ family: 'CAN', ifindex: 1, j1939: { ...j1939, name: 1 } })).toBe('ERR_INVALID_ARG_TYPE');
    expect(refusal({ family: 'CAN', ifindex: 1, j1939: { ...j1939, name: 2n ** 64n } })).toBe('ERR_INVALID_ARG_VALUE');
  });

  test('whose getter throws passes the error on, and one whose getter closes the socket gets EBADF', () => {
    const oops = new Error('oops');
    expect(
      thrownBy(() => {
        s.bind(tcp(), {
          ...LOOPBACK,
          get address(): string {
            throw oops;
          },
        });
      }),
    ).toBe(oops);
    const fd = s.socket(AF_INET, SOCK_STREAM);
    const closes = {
      ...LOOPBACK,
      get port() {
        s.close(fd);
        return 0;
      },
    };
    expect(
      thrownBy(() => {
        s.bind(fd, closes);
      }).code,
    ).toBe('EBADF');
  });
});

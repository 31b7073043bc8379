import { describe, expect, test } from '@jest/globals';
import { AF_INET, AF_INET6, AF_UNIX } from 'bsd-sockets';
import fc from 'fast-check';
import { endianness } from 'node:os';
import { decodeAnswer, encodeRequest } from '../../lib/doctor/inet-diag.js';
import { thrownBy } from '../support/sockets.js';

const LITTLE = endianness() === 'LE';
const [ERROR, DONE, SOCKET] = [2, 3, 20];

/** A netlink message: its header, and this body. */
function message(type: number, body: Uint8Array): Buffer {
  const header = new DataView(new ArrayBuffer(16));
  header.setUint32(0, 16 + body.length, LITTLE);
  header.setUint16(4, type, LITTLE);
  return Buffer.concat([Buffer.from(header.buffer), body, Buffer.alloc(-body.length & 3)]);
}

function int(value: number): Buffer {
  const view = new DataView(new ArrayBuffer(4));
  view.setInt32(0, value, LITTLE);
  return Buffer.from(view.buffer);
}

/** A struct inet_diag_msg. */
function diag(family: number, state: number, timer: number, local: number[], remote: number[], ms: number): Buffer {
  const view = new DataView(new ArrayBuffer(72));
  const bytes = new Uint8Array(view.buffer);
  bytes.set([family, state, timer]);
  view.setUint16(4, 12000);
  view.setUint16(6, 50880);
  bytes.set(local, 8);
  bytes.set(remote, 24);
  view.setUint32(40, 7, LITTLE);
  view.setUint32(52, ms, LITTLE);
  view.setUint32(64, 1000, LITTLE);
  view.setUint32(68, 4711, LITTLE);
  return Buffer.from(bytes);
}

const TIME_WAIT = message(SOCKET, diag(AF_INET, 6, 3, [127, 0, 0, 1], [127, 0, 0, 2], 59980));
const END = message(DONE, int(0));

describe('a list of sockets', () => {
  test('says who waits in TIME_WAIT, and for how long', () => {
    expect(decodeAnswer(Buffer.concat([TIME_WAIT, END]))).toEqual({
      done: true,
      sockets: [
        {
          family: 'IPv4',
          state: 'TIME_WAIT',
          local: { address: '127.0.0.1', port: 12000 },
          remote: { address: '127.0.0.2', port: 50880 },
          uid: 1000,
          inode: 4711,
          interfaceIndex: 7,
          expiresInMs: 59980,
        },
      ],
    });
  });

  test('has IPv4 addresses in IPv6 sockets as the kernel gives them', () => {
    const mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1];
    const [found] = decodeAnswer(message(SOCKET, diag(AF_INET6, 10, 0, mapped, [], 5))).sockets;
    expect(found).toMatchObject({
      family: 'IPv6',
      state: 'LISTEN',
      local: { address: '::ffff:127.0.0.1' },
      remote: { address: '::' },
    });
    expect(found).not.toHaveProperty('expiresInMs'); // another timer's time is not its end
  });

  test('goes on in the next buffer where no end has come', () => {
    expect(decodeAnswer(TIME_WAIT)).toMatchObject({ done: false, sockets: [{ state: 'TIME_WAIT' }] });
  });

  test('has attributes behind each socket, which are passed over', () => {
    const long = message(SOCKET, Buffer.concat([diag(AF_INET, 1, 0, [], [], 0), Buffer.from([5, 0, 8, 0, 1])]));
    expect(decodeAnswer(Buffer.concat([long, TIME_WAIT])).sockets.map(({ state }) => state)).toEqual([
      'ESTABLISHED',
      'TIME_WAIT',
    ]);
  });

  test('may have messages that are not understood: they are passed over', () => {
    const strange = [
      message(99, Buffer.alloc(3)),
      message(SOCKET, diag(AF_UNIX, 1, 0, [], [], 0)),
      message(SOCKET, Buffer.alloc(8)),
    ];
    expect(decodeAnswer(Buffer.concat([...strange, TIME_WAIT])).sockets).toHaveLength(1);
  });

  test('may name a state that is not known: UNKNOWN', () => {
    expect(decodeAnswer(message(SOCKET, diag(AF_INET, 77, 0, [], [], 0))).sockets).toMatchObject([
      { state: 'UNKNOWN' },
    ]);
  });

  test.each([
    ['NLMSG_ERROR', ERROR],
    ['NLMSG_DONE', DONE],
  ])('that ends with an errno in %s is that error', (_, type) => {
    expect(thrownBy(() => decodeAnswer(message(type, int(-22))))).toMatchObject({
      code: 'EINVAL',
      syscall: 'sock_diag',
    });
  });

  test('that is cut anywhere gives what is whole, and no error', () => {
    const whole = Buffer.concat([TIME_WAIT, TIME_WAIT]);
    for (let length = 0; length <= whole.length; length++) {
      expect(decodeAnswer(whole.subarray(0, length)).sockets).toHaveLength(Math.trunc(length / TIME_WAIT.length));
    }
  });

  test('of any bytes at all ends, with sockets or with a SocketError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, behindAHeader) => {
        const given = behindAHeader ? message(SOCKET, bytes) : bytes;
        try {
          expect(decodeAnswer(given).sockets.length).toBeLessThanOrEqual(given.length / 88);
        } catch (error) {
          expect(error).toHaveProperty('syscall', 'sock_diag');
        }
      }),
    );
  });
});

describe('a request', () => {
  test('is as long as it says, with a filter and without', () => {
    for (const [bytes, length] of [
      [encodeRequest(AF_INET), 72],
      [encodeRequest(AF_INET6, 12000), 92],
    ] as const) {
      expect(bytes).toHaveLength(length);
      expect(new DataView(bytes.buffer).getUint32(0, LITTLE)).toBe(length);
    }
  });
});

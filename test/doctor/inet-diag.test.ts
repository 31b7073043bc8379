import { describe, expect, test } from '@jest/globals';
import { AF_INET, AF_INET6, AF_UNIX } from 'bsd-sockets';
import fc from 'fast-check';
import {
  decodeInetSocket,
  encodeBothFamilies,
  encodeInetRequest,
  type InetSocket,
} from '../../lib/doctor/kernel/inet-diag.js';
import type { Part } from '../../lib/doctor/kernel/netlink.js';
import { answer, attribute, LITTLE, message, SOCKET } from './netlink-messages.js';

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

const tcp = (body: Part): InetSocket | undefined => decodeInetSocket('tcp', body);

/** What messages with these bodies say. */
function sockets(...bodies: readonly Uint8Array[]): InetSocket[] {
  return answer(Buffer.concat(bodies.map((body) => message(SOCKET, body))), tcp).items;
}

const TIME_WAIT = diag(AF_INET, 6, 3, [127, 0, 0, 1], [127, 0, 0, 2], 59980);
const SKV6ONLY = 11;
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1];

describe('the list of sockets', () => {
  test('says who waits in TIME_WAIT, and for how long', () => {
    expect(sockets(TIME_WAIT)).toEqual([
      {
        protocol: 'tcp',
        family: 'IPv4',
        state: 'TIME_WAIT',
        local: { address: '127.0.0.1', port: 12000 },
        remote: { address: '127.0.0.2', port: 50880 },
        uid: 1000,
        inode: 4711,
        interfaceIndex: 7,
        expiresInMs: 59980,
      },
    ]);
  });

  test('has IPv4 addresses in IPv6 sockets as the kernel gives them', () => {
    const [found] = sockets(diag(AF_INET6, 10, 0, MAPPED, [], 5));
    expect(found).toMatchObject({
      family: 'IPv6',
      state: 'LISTEN',
      local: { address: '::ffff:127.0.0.1' },
      remote: { address: '::' },
    });
    expect(found).not.toHaveProperty('expiresInMs'); // another timer's time is not its end
  });

  test('has each socket with its own addresses, also where they are alike', () => {
    const ends = [MAPPED, [...MAPPED.slice(0, 15), 2], [1, ...MAPPED.slice(1)], MAPPED, MAPPED, []];
    expect(sockets(...ends.map((end) => diag(AF_INET6, 1, 0, end, [], 0))).map(({ local }) => local.address)).toEqual([
      '::ffff:127.0.0.1',
      '::ffff:127.0.0.2',
      '100::ffff:7f00:1',
      '::ffff:127.0.0.1',
      '::ffff:127.0.0.1',
      '::',
    ]);
  });

  test.each([
    [0, false],
    [1, true],
  ])('says of IPV6_V6ONLY %i that it is %s, and nothing where the kernel says nothing', (value, v6only) => {
    const others = attribute(8, Buffer.from([3]));
    const body = diag(AF_INET6, 10, 0, [], [], 0);
    expect(sockets(Buffer.concat([body, others, attribute(SKV6ONLY, Buffer.from([value]))]))[0]?.v6only).toBe(v6only);
    expect(sockets(Buffer.concat([body, others]))[0]).not.toHaveProperty('v6only');
    expect(sockets(Buffer.concat([body, attribute(SKV6ONLY, Buffer.alloc(0))]))[0]).not.toHaveProperty('v6only');
  });

  test('has nothing of messages that are cut short or about another family', () => {
    expect(sockets(diag(AF_UNIX, 1, 0, [], [], 0), TIME_WAIT.subarray(0, 71), TIME_WAIT)).toHaveLength(1);
  });

  test('may name a state that is not known: UNKNOWN', () => {
    expect(sockets(diag(AF_INET, 77, 0, [], [], 0))).toMatchObject([{ state: 'UNKNOWN' }]);
  });

  test('of any bytes at all has sockets, or none, and no error', () => {
    fc.assert(
      fc.property(fc.constantFrom(AF_INET, AF_INET6), fc.uint8Array({ maxLength: 120 }), (family, bytes) => {
        expect(sockets(Buffer.from([family, ...bytes]))).toHaveLength(bytes.length < 71 ? 0 : 1);
      }),
    );
  });
});

test('a request has room for a filter where there is a port', () => {
  expect(encodeInetRequest('tcp', AF_INET)).toHaveLength(72);
  expect(encodeInetRequest('udp', AF_INET6, 12000)).toHaveLength(92);
  expect(encodeBothFamilies()).toHaveLength(76);
  expect(encodeBothFamilies(12000)).toHaveLength(96);
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeSegment } from '../../lib/lab/kernel/decode-segment.js';
import type { PortSocket } from '../../lib/lab/kernel/port-sockets.js';
import { areSame, SocketNames } from '../../lib/lab/kernel/socket-names.js';
import { NEEDS_ROOT } from '../conformance/case.js';
import { connected, greeting, listening, serverClosesFirst } from '../../lib/lab/stories/build.js';
import { lab, openSession } from './lab-client.js';

/** An IPv4 packet with a TCP segment; so many words of options in either header. */
function packet({ flags = 0x10, data = 0, ipOptions = 0, tcpOptions = 0 } = {}): Buffer {
  const [ip, tcp] = [20 + 4 * ipOptions, 20 + 4 * tcpOptions];
  const bytes = Buffer.alloc(ip + tcp + data);
  bytes[0] = 0x40 | (ip / 4);
  bytes.writeUInt16BE(bytes.length, 2);
  bytes[9] = 6;
  bytes.writeUInt16BE(40000, ip);
  bytes.writeUInt16BE(12000, ip + 2);
  bytes[ip + 12] = (tcp / 4) << 4;
  bytes[ip + 13] = flags;
  return bytes;
}

describe('a segment', () => {
  test.each([
    [
      { flags: 0x02, tcpOptions: 5 },
      { flags: ['SYN'], bytes: 0 },
    ],
    [
      { flags: 0x12, tcpOptions: 5 },
      { flags: ['SYN', 'ACK'], bytes: 0 },
    ],
    [
      { flags: 0x18, data: 5, tcpOptions: 3 },
      { flags: ['PSH', 'ACK'], bytes: 5 },
    ],
    [
      { flags: 0x11, ipOptions: 2 },
      { flags: ['FIN', 'ACK'], bytes: 0 },
    ],
    [{ flags: 0xc4 }, { flags: ['RST'], bytes: 0 }],
    [{ flags: 0 }, { flags: [], bytes: 0 }],
  ])('of %j is read as %j', (made, told) => {
    expect(decodeSegment(packet(made))).toEqual({ from: 40000, to: 12000, ...told });
  });

  test('of which only the first bytes were kept has the length that its header says', () => {
    expect(decodeSegment(packet({ data: 4000 }).subarray(0, 60))).toMatchObject({ bytes: 4000 });
  });

  test('is none where it is cut short, of another protocol, or a later fragment', () => {
    const whole = packet();
    for (let length = 0; length < 40; length++) expect(decodeSegment(whole.subarray(0, length))).toBeUndefined();
    const changed = (at: number, value: number): Buffer => {
      const bytes = packet();
      bytes[at] = value;
      return bytes;
    };
    for (const [at, value] of [
      [0, 0x65],
      [0, 0x44],
      [9, 17],
      [7, 1],
      [32, 0x40],
      [3, 39],
    ] as const)
      expect(decodeSegment(changed(at, value))).toBeUndefined();
  });

  test('is read from any bytes without an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        const found = decodeSegment(bytes);
        return found === undefined || found.bytes >= 0;
      }),
    );
  });
});

const SERVER = { address: '127.0.0.1', port: 12000 };
const CLIENT = { address: '127.0.0.1', port: 40000 };

function socket(given: Partial<PortSocket>): PortSocket {
  return {
    protocol: 'tcp',
    family: 'IPv4',
    state: 'ESTABLISHED',
    local: SERVER,
    remote: CLIENT,
    uid: 0,
    inode: 0,
    interfaceIndex: 0,
    cookie: '1.0',
    receiveQueue: 0,
    sendQueue: 0,
    ...given,
  };
}

describe('a socket of the kernel’s list', () => {
  const owner = { actor: 'server', name: 'connection' };

  test('is nobody’s in the accept queue, then who accepted it, and the same all the while', () => {
    const names = new SocketNames();
    const [queued] = names.nameAll([socket({})]);
    expect(queued).toMatchObject({ actor: null, name: null });
    names.own(7, owner);
    expect(names.nameAll([socket({ inode: 7 })])).toMatchObject([{ ...owner, id: queued?.id }]);
  });

  test('keeps its name and identity in TIME_WAIT, where it is another object of the kernel', () => {
    const names = new SocketNames();
    names.own(7, owner);
    const [open] = names.nameAll([socket({ inode: 7 })]);
    names.disown('server', 'connection');
    const rest = socket({ state: 'TIME_WAIT', cookie: '2.0', expiresInMs: 60_000 });
    const kept = { id: open?.id, actor: null, name: 'connection' };
    expect(names.nameAll([rest])).toMatchObject([kept]);
    expect(names.nameAll([rest])).toMatchObject([kept]);
  });

  test('is another one where a new connection has the addresses of the old', () => {
    const names = new SocketNames();
    const [old] = names.nameAll([socket({ inode: 7, cookie: '1.0' })]);
    const [next] = names.nameAll([socket({ inode: 8, cookie: '2.0' })]);
    expect(next?.id).not.toBe(old?.id);
  });

  test('is another one than a second listener of the same port', () => {
    const names = new SocketNames();
    const listener = { state: 'LISTEN', remote: { address: '0.0.0.0', port: 0 } } as const;
    const both = [socket({ ...listener, inode: 7, cookie: '1.0' }), socket({ ...listener, inode: 8, cookie: '2.0' })];
    const ids = names.nameAll(both).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(names.nameAll([...both].reverse()).map(({ id }) => id)).toEqual([...ids].reverse());
  });

  test('has changed where its queue or its state has, or its end is not where it was said to be', () => {
    const told = (given: Partial<PortSocket>): ReturnType<SocketNames['nameAll']> =>
      new SocketNames().nameAll([socket(given)]);
    const before = told({ expiresInMs: 60_000 });
    expect(areSame(before, told({ expiresInMs: 59_000 }), 1000)).toBe(true);
    expect(areSame(before, told({ expiresInMs: 59_100 }), 1000)).toBe(true);
    expect(areSame(before, told({ expiresInMs: 0 }), 60_900)).toBe(true);
    expect(areSame(before, told({ expiresInMs: 60_000 }), 1000)).toBe(false);
    expect(areSame(before, told({ expiresInMs: 60_000, receiveQueue: 1 }), 0)).toBe(false);
    expect(areSame(before, told({}), 0)).toBe(false);
    expect(areSame(before, [], 0)).toBe(false);
  });
});

const asRoot = NEEDS_ROOT === undefined ? test : test.skip;
const why = NEEDS_ROOT === undefined ? '' : ` (skipped: ${NEEDS_ROOT})`;

describe('the packets of a session', () => {
  asRoot(`are those of a connection from SYN to the last ACK, each once${why}`, async () => {
    const client = await openSession((await lab()).url);
    expect(client.hello.packets).toBe(true);
    await client.play([...listening(), ...connected(), ...greeting(), ...serverClosesFirst()]);
    const told = (): string[] =>
      client.events.flatMap((event) =>
        event.kind === 'packet' ? [`${event.to === client.hello.port ? '>' : '<'} ${event.flags.join('+')}`] : [],
      );
    await client.until(() => told().filter((one) => one.includes('FIN')).length === 2 && told().at(-1) === '< ACK');
    expect(told().slice(0, 4)).toEqual(['> SYN', '< SYN+ACK', '> ACK', '> PSH+ACK']);
    expect(told().filter((one) => one.includes('SYN'))).toHaveLength(2);
  });
});

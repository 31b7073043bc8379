import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import fc from 'fast-check';
import { decodeControl, encodeControl } from '../lib/control.js';
import { native } from '../lib/native.js';
import { timespec } from '../lib/structs.js';
import { thrownBy } from './support/sockets.js';

const { cmsghdr } = native.layout;
const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const nat = fc.nat(2 ** 31 - 1);
const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const ipv6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => s.inet_ntop(s.AF_INET6, bytes));
const aTimespec = fc.record({ sec: nat, nsec: fc.nat(999_999_999) });
const aByte = fc.nat(255);

function kind<Fields extends object>(level: number, type: number, fields: fc.Arbitrary<Fields>): fc.Arbitrary<Sent> {
  return fields.map((given) => ({ level, type, ...given }) as unknown as Sent);
}
type Sent = s.ControlMessageToSend & Partial<s.ControlFields> & { data?: Uint8Array };

/** Every message whose meaning is told, with any values. */
const meaningful: fc.Arbitrary<Sent> = fc.oneof(
  kind(s.SOL_SOCKET, s.SCM_RIGHTS, fc.record({ fds: fc.array(nat, { maxLength: 20 }) })),
  kind(s.SOL_SOCKET, s.SCM_CREDENTIALS, fc.record({ credentials: fc.record({ pid: nat, uid: word, gid: word }) })),
  kind(s.SOL_SOCKET, s.SCM_TIMESTAMP, fc.record({ timestamp: fc.record({ sec: nat, usec: fc.nat(999_999) }) })),
  kind(s.SOL_SOCKET, s.SCM_TIMESTAMPNS, fc.record({ timestampNs: aTimespec })),
  kind(s.SOL_SOCKET, s.SCM_TIMESTAMPING, fc.record({ timestamping: fc.array(aTimespec, { maxLength: 4 }) })),
  kind(
    s.IPPROTO_IP,
    s.IP_PKTINFO,
    fc.record({ pktinfo: fc.record({ ifindex: nat, spec_dst: fc.ipV4(), addr: fc.ipV4() }) }),
  ),
  kind(s.IPPROTO_IPV6, s.IPV6_PKTINFO, fc.record({ pktinfo6: fc.record({ addr: ipv6, ifindex: word }) })),
  kind(s.IPPROTO_IP, s.IP_TTL, fc.record({ ttl: aByte })),
  kind(s.IPPROTO_IPV6, s.IPV6_HOPLIMIT, fc.record({ ttl: aByte })),
  kind(s.IPPROTO_IP, s.IP_TOS, fc.record({ tos: aByte })),
  kind(s.IPPROTO_IPV6, s.IPV6_TCLASS, fc.record({ tos: aByte })),
);

/** Messages that nobody here knows: bytes. */
const bytesOnly: fc.Arbitrary<Sent> = fc.record({
  level: int.filter((level) => ![s.SOL_SOCKET, s.IPPROTO_IP, s.IPPROTO_IPV6].includes(level)),
  type: int,
  data: fc.uint8Array({ maxLength: 50 }),
});

const messages = fc.array(fc.oneof(meaningful, bytesOnly), { maxLength: 6 });

describe('control messages', () => {
  test('come back as they went in, whatever is in them', () => {
    fc.assert(
      fc.property(messages, (sent) => {
        const received = decodeControl(encodeControl(sent));
        expect(received).toHaveLength(sent.length);
        received.forEach(({ data, ...rest }, index) => {
          const { data: given, ...expected } = sent[index] ?? { level: -1, type: -1 };
          expect(rest).toEqual(expected);
          if (given !== undefined) expect(data).toEqual(Buffer.from(given));
        });
      }),
    );
  });

  test('that were received can be sent: the same bytes', () => {
    fc.assert(
      fc.property(messages, (sent) => {
        const bytes = encodeControl(sent);
        expect(encodeControl(decodeControl(bytes) as s.ControlMessageToSend[])).toEqual(bytes);
        expect(encodeControl(decodeControl(bytes).map(({ level, type, data }) => ({ level, type, data })))).toEqual(
          bytes,
        );
      }),
    );
  });

  test('take the room that controlSpace says', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), (parts) => {
        const bytes = encodeControl(parts.map((data) => ({ level: 77, type: 1, data })));
        expect(bytes).toHaveLength(s.controlSpace(...parts.map(({ length }) => length)));
        expect(bytes.length % cmsghdr.align).toBe(0);
      }),
    );
    expect([s.controlSpace(), s.controlSpace(0)]).toEqual([0, cmsghdr.data]);
    expect(s.controlSpace(2 ** 32 - 1)).toBe(s.controlSpace(0) + 2 ** 32);
  });
});

/** A cmsghdr with any length, level, type and data. */
function message(length: number, level: number, type: number, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(cmsghdr.data + data.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  if (cmsghdr.cmsg_len[1] === 8) view.setBigUint64(cmsghdr.cmsg_len[0], BigInt(length), little);
  else view.setUint32(cmsghdr.cmsg_len[0], length, little);
  view.setInt32(cmsghdr.cmsg_level[0], level, little);
  view.setInt32(cmsghdr.cmsg_type[0], type, little);
  bytes.set(data, cmsghdr.data);
  return bytes;
}

const KNOWN = [
  [s.SOL_SOCKET, s.SCM_RIGHTS],
  [s.SOL_SOCKET, s.SCM_CREDENTIALS],
  [s.SOL_SOCKET, s.SCM_TIMESTAMP],
  [s.SOL_SOCKET, s.SCM_TIMESTAMPNS],
  [s.SOL_SOCKET, s.SCM_TIMESTAMPING],
  [s.IPPROTO_IP, s.IP_PKTINFO],
  [s.IPPROTO_IPV6, s.IPV6_PKTINFO],
  [s.IPPROTO_IP, s.IP_TTL],
  [s.IPPROTO_IP, s.IP_TOS],
  [s.IPPROTO_IP, s.IP_RECVERR],
  [s.IPPROTO_IPV6, s.IPV6_RECVERR],
] as const;

describe('bytes that are no control messages', () => {
  test('are passed over, and nothing past their end is read', () => {
    const header = fc.tuple(
      fc.oneof(fc.nat(200), fc.constantFrom(2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER)),
      fc.constantFrom(...KNOWN),
      fc.uint8Array({ maxLength: 60 }),
    );
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc
        .array(header, { maxLength: 3 })
        .map((parts) =>
          Buffer.concat(parts.map(([length, [level, type], data]) => message(length, level, type, data))),
        ),
    );
    fc.assert(
      fc.property(garbage, fc.nat(30), fc.nat(255), (bytes, before, dirt) => {
        const around = new Uint8Array(before + bytes.length + 64).fill(dirt);
        around.set(bytes, before);
        const decoded = decodeControl(around.subarray(before, before + bytes.length));
        expect(decoded).toEqual(decodeControl(Uint8Array.from(bytes)));
        const total = decoded.reduce((sum, { data }) => sum + cmsghdr.data + data.length, 0);
        expect(total).toBeLessThanOrEqual(bytes.length);
        around.fill(dirt); // the messages are copies
        expect(decoded).toEqual(decodeControl(Uint8Array.from(bytes)));
      }),
    );
  });

  test('a message that was cut keeps its bytes, without a meaning that it has not', () => {
    const [cut] = decodeControl(message(cmsghdr.data + 12, s.SOL_SOCKET, s.SCM_CREDENTIALS, new Uint8Array(6)));
    expect(cut).toEqual({ level: s.SOL_SOCKET, type: s.SCM_CREDENTIALS, data: Buffer.alloc(6) });
    const [rights] = decodeControl(
      message(cmsghdr.data + 8, s.SOL_SOCKET, s.SCM_RIGHTS, new Uint8Array([3, 0, 0, 0, 9])),
    );
    expect(rights?.fds).toHaveLength(1);
  });

  test('a length that is shorter than its own header ends them', () => {
    const bytes = Buffer.concat([message(0, 1, 1, new Uint8Array(8)), message(cmsghdr.data, 1, 1, new Uint8Array(0))]);
    expect(decodeControl(bytes)).toEqual([]);
  });
});

describe('what cannot be a control message is refused', () => {
  const rights = { level: s.SOL_SOCKET, type: s.SCM_RIGHTS };
  const refused: [code: string, control: unknown][] = [
    ['ERR_INVALID_ARG_TYPE', {}],
    ['ERR_INVALID_ARG_TYPE', [null]],
    ['ERR_INVALID_ARG_TYPE', new Array(1)],
    ['ERR_INVALID_ARG_TYPE', [{}]],
    ['ERR_INVALID_ARG_TYPE', [{ level: '1', type: 1, data: Buffer.alloc(0) }]],
    ['ERR_OUT_OF_RANGE', [{ level: 2 ** 31, type: 1, data: Buffer.alloc(0) }]],
    ['ERR_OUT_OF_RANGE', [{ level: 1, type: 1.5, data: Buffer.alloc(0) }]],
    ['ERR_INVALID_ARG_VALUE', [{ level: 1, type: 1 }]],
    ['ERR_INVALID_ARG_TYPE', [{ level: 1, type: 99, data: 'text' }]],
    ['ERR_INVALID_ARG_TYPE', [{ ...rights, fds: 3 }]],
    ['ERR_INVALID_ARG_TYPE', [{ ...rights, fds: ['3'] }]],
    ['ERR_INVALID_ARG_TYPE', [{ ...rights, fds: new Array(1) }]], // a hole is not descriptor 0
    ['ERR_OUT_OF_RANGE', [{ ...rights, fds: [NaN] }]],
    ['ERR_OUT_OF_RANGE', [{ ...rights, fds: [2 ** 31] }]],
    ['ERR_INVALID_ARG_TYPE', [{ level: s.IPPROTO_IP, type: s.IP_TTL, ttl: '64' }]],
    ['ERR_OUT_OF_RANGE', [{ level: s.IPPROTO_IP, type: s.IP_TTL, ttl: 2 ** 31 }]],
    ['ERR_INVALID_ARG_TYPE', [{ level: s.SOL_SOCKET, type: s.SCM_TIMESTAMPING, timestamping: 1 }]],
    ['ERR_INVALID_ARG_TYPE', [{ level: s.SOL_SOCKET, type: s.SCM_TIMESTAMPING, timestamping: [null] }]],
    ['ERR_INVALID_IP_ADDRESS', [{ level: 0, type: s.IP_PKTINFO, pktinfo: { ifindex: 0, spec_dst: 'x', addr: 'x' } }]],
  ];
  test.each(refused)('%s: %j', (code, control) => {
    expect(thrownBy(() => encodeControl(control as s.ControlMessageToSend[])).code).toBe(code);
  });

  test('more data than the kernel ever takes: ERR_OUT_OF_RANGE', () => {
    const control = [{ level: 1, type: 99, data: Buffer.alloc(2 ** 20 + 1) }];
    expect(thrownBy(() => encodeControl(control)).code).toBe('ERR_OUT_OF_RANGE');
  });

  test('controlSpace of what is no length', () => {
    for (const length of [-1, NaN, 1.5, 2 ** 32]) {
      expect(thrownBy(() => s.controlSpace(4, length)).code).toBe('ERR_OUT_OF_RANGE');
    }
    expect(thrownBy(() => s.controlSpace('4' as unknown as number)).code).toBe('ERR_INVALID_ARG_TYPE');
  });
});

test('three times of SCM_TIMESTAMPING are told, and what is too short for one is none', () => {
  const times = [1, 2, 3].map((sec) => ({ sec, nsec: sec }));
  const bytes = Buffer.concat(times.map((time) => timespec.encode(time)));
  const told = (data: Uint8Array): unknown =>
    decodeControl(encodeControl([{ level: s.SOL_SOCKET, type: s.SCM_TIMESTAMPING, data }]))[0]?.timestamping;
  expect([told(bytes), told(bytes.subarray(0, 7))]).toEqual([times, []]);
});

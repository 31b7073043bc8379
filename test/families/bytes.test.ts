import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as s from 'bsd-sockets';
import { decodeAddress, encodeAddress } from '../../lib/sockaddr.js';
import { thrownBy } from '../support/sockets.js';

const KNOWN = [s.AF_INET, s.AF_INET6, s.AF_UNIX, s.AF_NETLINK, s.AF_PACKET, s.AF_VSOCK, s.AF_CAN];
const STORAGE = 128;

const port = fc.integer({ min: 0, max: 65_535 });
const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
/** Any letters, of four bytes at most; fast-check's own arbitrary of them takes seconds to be made. */
const letter = fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }));
const text = fc.array(letter, { maxLength: 26 }).map((letters) => String.fromCodePoint(...letters));

const typed: fc.Arbitrary<s.SocketAddress> = fc.oneof(
  fc.record({ family: fc.constant('IPv4' as const), address: fc.ipV4(), port }),
  fc
    .record({
      family: fc.constant('IPv6' as const),
      bytes: fc.uint8Array({ minLength: 16, maxLength: 16 }),
      port,
      flowlabel: fc.integer({ min: 0, max: 2 ** 20 - 1 }),
      scopeid: word,
    })
    .map(({ family, bytes, port, flowlabel, scopeid }) => ({
      family,
      address: s.inet_ntop(s.AF_INET6, bytes),
      port,
      ...(flowlabel === 0 ? {} : { flowlabel }),
      ...(scopeid === 0 ? {} : { scopeid }),
    })),
  text.map((path) => ({ family: 'Unix' as const, path: path.replaceAll('\0', '') })),
  text.map((path) => ({ family: 'Unix' as const, path: `\0${path}` })),
  fc.record({ family: fc.constant('Netlink' as const), pid: word, groups: word }),
  ...(process.platform === 'linux' ? ofLinux() : []),
);

/** The addresses that only Linux has. */
function ofLinux(): fc.Arbitrary<s.SocketAddress>[] {
  const ifindex = fc.integer({ min: 0, max: 2 ** 31 - 1 });
  const byte = fc.integer({ min: 0, max: 255 });
  const can = { family: fc.constant('CAN' as const), ifindex };
  return [
    fc.record({
      family: fc.constant('Packet' as const),
      ...{ ifindex, protocol: port, hatype: port, pkttype: byte, address: fc.uint8Array({ maxLength: 32 }) },
    }),
    fc.record({ family: fc.constant('VSock' as const), cid: word, port: word }),
    fc.record({
      family: fc.constant('VSock' as const),
      cid: word,
      port: word,
      flags: fc.integer({ min: 1, max: 255 }),
    }),
    fc.record(can),
    fc.record({ ...can, tp: fc.record({ rx_id: word, tx_id: word }) }),
    fc.record({ ...can, j1939: fc.record({ name: fc.bigInt(0n, 2n ** 64n - 1n), pgn: word, addr: byte }) }),
  ];
}

/** Bytes that begin with a family's number. */
function ofFamily(numbers: fc.Arbitrary<number>): fc.Arbitrary<Uint8Array> {
  return fc.tuple(numbers, fc.uint8Array({ maxLength: STORAGE - 2 })).map(([family, rest]) => {
    const bytes = new Uint8Array(rest.length + 2);
    new Uint16Array(bytes.buffer, 0, 1)[0] = family;
    bytes.set(rest, 2);
    return bytes;
  });
}

describe('an address in bytes', () => {
  test('goes in as it is, of any family', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: STORAGE }), (sockaddr) => {
        expect(Buffer.from(encodeAddress({ family: 'raw', sockaddr }))).toEqual(Buffer.from(sockaddr));
      }),
    );
  });

  test('comes out as it is, of a family that has no words of its own', () => {
    const unknown = fc.integer({ min: 0, max: 65_535 }).filter((family) => !KNOWN.includes(family));
    fc.assert(
      fc.property(ofFamily(unknown), (bytes) => {
        expect(decodeAddress(bytes, bytes.length)).toEqual({ family: 'raw', sockaddr: bytes });
      }),
    );
  });

  test('is read whatever it holds, and what was read is read again the same', () => {
    fc.assert(
      fc.property(ofFamily(fc.constantFrom(...KNOWN)), (bytes) => {
        const address = decodeAddress(bytes, bytes.length);
        if (address === null) throw new Error('it has a family');
        const again = encodeAddress(address);
        expect(decodeAddress(again, again.length)).toEqual(address);
      }),
    );
  });

  test('is read no further than its length, and is no address without a family', () => {
    fc.assert(
      fc.property(
        ofFamily(fc.constantFrom(...KNOWN)),
        fc.nat(STORAGE),
        fc.integer({ min: 1, max: 255 }),
        (bytes, length, dirt) => {
          const dirty = new Uint8Array(STORAGE + 8).fill(dirt);
          dirty.set(bytes.subarray(0, length));
          const counted = Math.min(length, bytes.length);
          const own = dirty.slice(0, counted);
          expect(decodeAddress(dirty, counted)).toEqual(decodeAddress(own, counted));
          if (counted < 2) expect(decodeAddress(dirty, counted)).toBe(null);
        },
      ),
    );
  });

  test('of a view of any kind is its bytes; of a detached buffer, or longer than any, it is refused', () => {
    const sockaddr = new Uint16Array([s.AF_PACKET, 1, 2]);
    expect(encodeAddress({ family: 'raw', sockaddr: sockaddr as unknown as Uint8Array })).toHaveLength(6);
    const detached = new DataView(new ArrayBuffer(16));
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    for (const bytes of [detached, new Uint8Array(STORAGE + 1)]) {
      const address = { family: 'raw', sockaddr: bytes as Uint8Array } as const;
      expect(thrownBy(() => encodeAddress(address)).code).toBe('ERR_INVALID_ARG_VALUE');
    }
  });
});

test('an address in words comes back in the same words', () => {
  fc.assert(
    fc.property(typed, (address) => {
      const bytes = encodeAddress(address);
      expect(decodeAddress(bytes, bytes.length)).toEqual(address);
    }),
  );
});

test('IPv4 addresses are told apart, however many there are and however often they come again', () => {
  // Many that differ in little: whoever remembers them by less than the whole takes one for another.
  const host = fc.oneof(word, fc.constantFrom(0x0a000001, 0x0a010001, 0x0b000001));
  const few = fc.record({
    host,
    port: fc.oneof(
      port,
      fc.nat(60).map((times) => 7 + 1024 * times),
    ),
  });
  fc.assert(
    fc.property(fc.array(few, { minLength: 2, maxLength: 3000 }), fc.integer({ min: 1, max: 3 }), (list, times) => {
      for (let i = 0; i < times; i++) {
        for (const { host, port } of list) {
          const bytes = Buffer.alloc(6);
          bytes.writeUInt16BE(port);
          bytes.writeUInt32BE(host, 2);
          const address = s.inet_ntoa(bytes.subarray(2));
          expect(Buffer.from(encodeAddress({ family: 'IPv4', address, port })).compare(bytes, 0, 6, 2, 8)).toBe(0);
        }
      }
    }),
    { numRuns: 20 },
  );
});

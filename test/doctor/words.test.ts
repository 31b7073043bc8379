import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Holder } from '../../lib/doctor/kernel/observation.js';
import { areSeveral, longestMs, socketsOf, withoutCrowd } from '../../lib/doctor/kernel/holder.js';
import { holder, timeWait } from './observations.js';

const [here, there] = [
  { address: '127.0.0.1', port: 8080 },
  { address: '127.0.0.2', port: 8080 },
];
const anyHolder = fc.oneof(
  fc
    .record({ local: fc.constantFrom(here, there), expiresInMs: fc.nat({ max: 60_000 }) })
    .map((given): Holder => timeWait(given)),
  fc.record({ inode: fc.integer({ min: 1, max: 5 }) }).map((given): Holder => holder(given)),
);

describe('withoutCrowd', () => {
  test('keeps of tens of thousands in TIME_WAIT the last one to expire', () => {
    const crowd = Array.from({ length: 30_000 }, (_, i) => timeWait({ local: here, expiresInMs: (i * 7919) % 60_000 }));
    const [last, ...more] = withoutCrowd(crowd);
    expect(more).toEqual([]);
    expect(last?.expiresInMs).toBe(longestMs(crowd));
  });

  test('keeps every socket that does not expire, and one of each kind, in their order', () => {
    const lasting = ({ expiresInMs }: Holder): boolean => expiresInMs === undefined;
    const addresses = (holders: Holder[]): Set<string> =>
      new Set(holders.map(({ local }) => ('address' in local ? local.address : '')));
    fc.assert(
      fc.property(fc.array(anyHolder), (holders) => {
        const few = withoutCrowd(holders);
        expect(few.filter(lasting)).toEqual(holders.filter(lasting));
        expect(holders.filter((one) => few.includes(one))).toEqual(few);
        expect(longestMs(few)).toBe(longestMs(holders));
        expect(addresses(few)).toEqual(addresses(holders));
      }),
    );
  });
});

test('areSeveral says what the number of sockets says', () => {
  fc.assert(
    fc.property(fc.array(anyHolder), (holders) => {
      expect(areSeveral(holders)).toBe(socketsOf(holders).length > 1);
    }),
  );
});

/** The reasons of the bind rule, in either language. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { explainBind } from '../../lib/doctor/rule/bind-rule.js';
import type { ExistingSocket, WantedBind } from '../../lib/doctor/rule/relation.js';
import { SEED } from '../support/seed.js';

const address = fc.constantFrom('0.0.0.0', '127.0.0.1', '192.0.2.1', '::', '::1');
const maybe = fc.constantFrom(true, false, undefined);
const uid = fc.constantFrom(0, 1000, undefined);
const protocol = fc.constantFrom('tcp' as const, 'udp' as const);
const state = fc.constantFrom('LISTEN', 'CLOSE', 'TIME_WAIT', 'ESTABLISHED', 'SYN_RECV', 'FIN_WAIT2', 'UNKNOWN');
const flags = { reuseaddr: maybe, reuseport: maybe };
const old = fc.record({ address, port: fc.constant(80), protocol, state, uid, orphan: maybe, v6only: maybe, ...flags });
const wanted = fc.record({ address, port: fc.constantFrom(80, 0), protocol, uid, listen: maybe, ...flags });

const namesIn = (text: string): string[] => [...new Set(text.match(/[\da-f.:[\]]+:\d+|\b[A-Z][A-Z\d_]{3,}\b/g))].sort();

test('tell in Chinese the same places, states and flags as in English, and no English words', () => {
  fc.assert(
    fc.property(fc.array(old, { maxLength: 3 }), wanted, (sockets, bind) => {
      const [given, asked] = [sockets as ExistingSocket[], bind as WantedBind];
      const [en, zh] = (['en', 'zh'] as const).map((language) => explainBind(given, asked, { language }));
      expect({ ...zh, because: '' }).toEqual({ ...en, because: '' });
      expect(explainBind(given, asked)).toEqual(en);
      expect(namesIn(zh?.because ?? '')).toEqual(namesIn(en?.because ?? ''));
      expect(zh?.because).toMatch(/^(?:[^a-z]|IPv[46]|bind|listen)*。$/);
    }),
    { numRuns: 2000, seed: SEED },
  );
});

test.each([[null], [{ language: 'de' }], ['zh']])('refuse %j for a language', (options) => {
  expect(() => explainBind([], { address: '127.0.0.1', port: 80 }, options as never)).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^ERR_INVALID_ARG_(TYPE|VALUE)$/) }),
  );
});

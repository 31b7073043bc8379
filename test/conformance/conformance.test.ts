/**
 * Every call answers as the kernel answers C: one table of cases for a group of calls, each case verified with C on
 * Linux. The last line says how many cases ran.
 */
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Case } from './case.js';

const tables: Record<string, Case[]> = {};

const all = Object.values(tables).flat();
const skipped = all.filter(({ skip }) => skip !== undefined);

afterAll(() => {
  process.stderr.write(
    `conformance: ${String(all.length - skipped.length)} cases ran, ${String(skipped.length)} skipped\n`,
  );
});

describe.each(Object.entries(tables))('%s', (_, cases) => {
  for (const { id, what, run, expected, skip } of cases) {
    if (skip === undefined) {
      test(`${id}: ${what}`, async () => {
        expect(await run()).toEqual(expected);
      });
    } else test.skip(`${id}: ${what}: skipped, ${skip}`, () => undefined);
  }
});

test('no case is there twice', () => {
  const ids = all.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

/**
 * Every function with every value in every place, then at random: some 30,000 calls in two children. The long run is
 * `npm run test:hostile`.
 */
import { expect, test } from '@jest/globals';
import { runChild } from './run.js';
import { SEED } from '../support/seed.js';

const CALLS = 15_000;
const seeds = process.platform === 'linux' ? [SEED % 1_000_000, 2] : []; // /proc tells what is open

const both = seeds.map((seed) => runChild(CALLS, seed, 110_000));
const promised = seeds.slice(0, 1).map((seed) => runChild(CALLS, seed, 110_000, 'promised.js'));
for (const run of [...both, ...promised]) run.catch(() => undefined); // the test says it

(seeds.length > 0 ? test.each(seeds) : test.skip.each(['it needs /proc']))(
  'whatever the arguments are, a call answers, or throws an error with a code, and leaks nothing: seed %s',
  async (seed) => {
    const report = await both[seeds.indexOf(seed as number)];
    expect(report?.wrong).toEqual([]);
    expect(report?.count).toBeGreaterThanOrEqual(CALLS);
  },
  120_000,
);

(promised.length > 0 ? test : test.skip)(
  `a call of the promise layer waits or is settled, and leaks nothing: seed ${String(seeds[0] ?? 'none, it needs /proc')}`,
  async () => {
    const report = await promised[0];
    expect(report?.wrong).toEqual([]);
    expect(report?.count).toBeGreaterThanOrEqual(CALLS);
  },
  120_000,
);

/** A short run of the differential test; `npm run test:differential` makes a long one. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SEED } from '../support/seed.js';
import { Differential } from './differential.js';

const SEQUENCES = 500;
const LONGEST_MS = 15_000;

if (process.platform === 'linux') {
  let differential: Differential;
  beforeAll(() => {
    differential = new Differential();
  });
  afterAll(() => differential.close());

  test('random sequences of calls answer as they do in C, byte for byte', async () => {
    const seed = SEED;
    const found = await differential.check(SEQUENCES, seed, performance.now() + LONGEST_MS);
    const { sequences, calls, transferring } = differential;
    process.stderr.write(
      `differential: ${String(sequences)} sequences, ${String(calls)} calls, seed ${String(seed)}\n`,
    );
    expect(found).toBeNull();
    expect(transferring).toBeGreaterThan(sequences / 3);
  }, 60_000);
} else {
  test.skip('random sequences of calls answer as they do in C: skipped, interpreter.c is for Linux', () => undefined);
}

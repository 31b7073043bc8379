import { expect, test } from '@jest/globals';
import { SEED } from '../support/seed.js';
import { usage } from '../support/usage.js';
import { drive } from './random-engine.js';

const NEEDS_PROC = process.platform === 'linux' ? '' : ' (skipped: it counts descriptors in /proc)';

(NEEDS_PROC === '' ? test : test.skip)(
  `a crowd that is driven at random loses, doubles and mixes up no byte, and leaves nothing open${NEEDS_PROC}`,
  async () => {
    await drive(SEED);
    const before = usage().fds;
    for (let round = 1; round <= 3; round++) await drive(SEED + round);
    expect(usage().fds).toBe(before);
  },
);

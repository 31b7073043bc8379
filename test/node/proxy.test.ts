import { expect, test } from '@jest/globals';
import { proxied } from './proxy.js';

test.each(['duplex', 'web'] as const)(
  'a proxy of our streams carries 64 MiB both ways unchanged, and its memory stays flat: %s',
  async (kind) => {
    const { equal, maxRssKiB } = await proxied(kind, 2 ** 26);
    expect(equal).toBe(true);
    expect(maxRssKiB).toBeLessThan(200 * 1024);
  },
);

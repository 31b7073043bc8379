import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { run } from '../support/programs.js';

test('a worker of node:cluster listens with a socket of its own, and is told where the primary has one', async () => {
  const { stdout, stderr, code } = await run(process.execPath, [join(import.meta.dirname, 'cluster-main.js')]).ended;
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe("node:cluster's primary has it\nfrom the worker\n");
});

import { expect, test } from '@jest/globals';
import * as node from 'bsd-sockets/node';
import * as restart from 'bsd-sockets/restart';
import * as net from 'node:net';
import { usage } from '../support/usage.js';

const VALUES = [
  undefined,
  null,
  NaN,
  -1,
  2 ** 31,
  1.5,
  '',
  'x',
  true,
  10n,
  Symbol('x'),
  {},
  [],
  () => undefined,
  1_000_000,
];

/** These take no argument, or tell what is so. */
const HARMLESS = new Set(['listenFds', 'watchdogIntervalMs']);

const functions = Object.entries({ ...node, ...restart } as Record<string, unknown>).filter(
  ([name, value]) => typeof value === 'function' && !HARMLESS.has(name),
) as [string, (...args: unknown[]) => unknown][];

(process.platform === 'linux' ? test : test.skip).each(functions)(
  'whatever its arguments are, %s throws an error with a code, and leaks nothing (counted in /proc)',
  async (_name, call) => {
    const before = usage().fds;
    for (const first of [...VALUES, new net.Socket(), net.createServer()]) {
      for (const second of VALUES) {
        let code: unknown;
        try {
          await call(first, second, first);
          continue; // some of these are right
        } catch (error) {
          ({ code } = error as NodeJS.ErrnoException);
        }
        expect(code).toMatch(/^E[A-Z]/);
      }
    }
    await new Promise(setImmediate);
    expect(usage().fds).toBeLessThanOrEqual(before + 2); // the thread's poller
  },
);

/**
 * The promise layer under load, in short; `npm run test:load` and `npm run test:soak` are the long runs. What is
 * asserted are counts and sizes, never times.
 */
import { describe, expect, test } from '@jest/globals';
import { fairness, FLOODS } from './fairness.js';
import { flood, possibleConnections } from './flood.js';
import { allEqual, integrity } from './integrity.js';
import { whyNoLossyLink } from './lossy-link.js';
import { amount, backPressure, MOST_BETWEEN, overBadLine, tooMuch, workerEchoes } from './runs.js';
import { soak } from './soak.js';

const LIMIT_MS = 60_000;
const TEST_LIMIT_MS = 2 * LIMIT_MS;
const MIB = 2 ** 20;

const linux = process.platform === 'linux';
const onLinux = linux ? test : test.skip;
const only = linux ? '' : ' (skipped: Linux only)';
const whyNoLine = whyNoLossyLink();

describe('a listener', () => {
  const backlog = 100;
  const descriptors = 600;
  const connections = linux ? possibleConnections(1000) : 0;

  onLinux(
    `whose backlog of ${String(backlog)} overflows, and which has ${String(descriptors)} descriptors, serves each of ` +
      `${String(connections)} connections that come at once${only}`,
    async () => {
      const { server, clients, overflows, cookies } = await flood({
        connections,
        backlog,
        serverDescriptors: descriptors,
        limitMs: LIMIT_MS,
      });
      expect(clients).toEqual({ answered: connections, wrong: 0, failed: {} });
      expect(server).toMatchObject({ accepted: connections, served: connections, failed: {} });
      expect(cookies > 0 ? 0 : server.ghosts).toBe(0); // without cookies there are none
      expect(overflows).toBeGreaterThan(0);
      expect(server.starved).toBeGreaterThan(0);
      expect(server.starved).toBeLessThan(connections);
    },
    TEST_LIMIT_MS,
  );
});

describe('sendAll', () => {
  test(
    'of 256 MiB to a reader that stops again and again keeps memory flat',
    async () => {
      const result = await backPressure(256, () => undefined);
      expect(result).toMatchObject({ sentMiB: 256, receivedMiB: 256 });
      expect(tooMuch(result)).toEqual([]);
    },
    TEST_LIMIT_MS,
  );
});

describe('100 connections at once', () => {
  test(
    'get what the other end sent, 16 MiB each way in pieces of any size by any call: the SHA-256 are equal',
    async () => {
      const options = amount(16 * MIB, 100, LIMIT_MS);
      expect(await integrity(options)).toEqual(allEqual(options));
    },
    TEST_LIMIT_MS,
  );

  (whyNoLine === '' ? test : test.skip)(
    `get it also over a line that loses, reorders and doubles 2 % of the packets${
      whyNoLine === '' ? '' : ` (skipped: ${whyNoLine})`
    }`,
    async () => {
      const options = amount(2 * MIB, 100, LIMIT_MS);
      const { result, line } = await overBadLine(options);
      expect(result).toEqual(allEqual(options));
      expect(Math.min(line.lost, line.reordered, line.duplicated)).toBeGreaterThan(0);
    },
    TEST_LIMIT_MS,
  );
});

describe('short conversations', () => {
  onLinux(
    `leave nothing behind: after 5,000 of them descriptors, handles and memory are flat at both ends${only}`,
    async () => {
      const conversations = 5_000;
      const result = await soak({ conversations, atOnce: 64, steps: 9, limitMs: LIMIT_MS });
      expect(result).toEqual({ served: conversations, done: conversations, growing: [] });
    },
    TEST_LIMIT_MS,
  );
});

describe('eight workers that echo on 400 connections', () => {
  onLinux(
    `close them all when they are terminated in the middle, and leave no descriptor and no thread${only}`,
    async () => {
      const { before, after, ended } = await workerEchoes(1, () => undefined);
      expect(ended).toBe(400);
      expect({ fds: after.fds, threads: after.threads }).toEqual({ fds: before.fds, threads: before.threads });
    },
    TEST_LIMIT_MS,
  );
});

describe('a connection that never has to wait', () => {
  test.each(FLOODS)(
    'in %s lets 50 others have their turn: some calls of it, and no more, come between a question and its answer',
    async (kind) => {
      const { answers, busyCalls, mostBetween } = await fairness(kind, 50, 50, LIMIT_MS);
      expect(answers).toBe(2500);
      expect(busyCalls).toBeGreaterThan(0);
      expect(mostBetween).toBeLessThanOrEqual(MOST_BETWEEN);
    },
    TEST_LIMIT_MS,
  );
});

import { beforeAll, describe, expect, test } from '@jest/globals';
import { ALL_FLAGS, type Flags } from '../../lib/doctor/kernel/observation.js';
import { differs, type Matrix, type MatrixRow } from '../../lib/reuse/matrix/matrix.js';
import { runMatrix } from '../../lib/reuse/matrix/run-matrix.js';
import { openSockets } from '../support/peers.js';
import { letters } from './matrices.js';

const isLinux = process.platform === 'linux';
const onLinux = isLinux ? test : test.skip;
const only = isLinux ? '' : ' (skipped: Linux only)';

// For an old socket with no flag, SO_REUSEADDR, SO_REUSEPORT and both: what a new one gets with each of the four.
const WHILE_IT_LISTENS = 'BBBB BBBB BB.. BB..';
const WHILE_IT_DOES_NOT = 'BBBB B.B. BB.. B...';
const NOTHING_IN_THE_WAY = '.... .... .... ....';

const STATES = [
  ['bound only', WHILE_IT_DOES_NOT],
  ['LISTEN', WHILE_IT_LISTENS],
  ['LISTEN with TIME_WAIT', WHILE_IT_LISTENS],
  ['ESTABLISHED, no listener', WHILE_IT_DOES_NOT],
  ['FIN_WAIT2', WHILE_IT_DOES_NOT],
  ['FIN_WAIT2 orphan', WHILE_IT_DOES_NOT],
  ['CLOSE_WAIT', WHILE_IT_DOES_NOT],
  ['TIME_WAIT', WHILE_IT_DOES_NOT],
  ['closed by the client first', NOTHING_IN_THE_WAY],
  ['reset', NOTHING_IN_THE_WAY],
] as const;

// Each address, and those that a listener there keeps a new one from.
const KEPT_FROM: readonly (readonly [string, ...string[]])[] = [
  ['0.0.0.0', '0.0.0.0', '127.0.0.1', '127.0.0.2', '::', '::ffff:127.0.0.1'],
  ['127.0.0.1', '0.0.0.0', '127.0.0.1', '::', '::ffff:127.0.0.1'],
  ['127.0.0.2', '0.0.0.0', '127.0.0.2', '::'],
  ['::', '0.0.0.0', '127.0.0.1', '127.0.0.2', '::', ':: V6ONLY', '::1', '::ffff:127.0.0.1'],
  [':: V6ONLY', '::', ':: V6ONLY', '::1'],
  ['::1', '::', ':: V6ONLY', '::1'],
  ['::ffff:127.0.0.1', '0.0.0.0', '127.0.0.1', '::', '::ffff:127.0.0.1'],
];

describe('the bind matrix', () => {
  let before: string[];
  let matrix: Matrix;
  const steps: [done: number, total: number][] = [];
  beforeAll(async () => {
    before = openSockets();
    matrix = await runMatrix({ onProgress: (done, total) => void steps.push([done, total]) });
  });

  const cellsOf = (wanted: Partial<MatrixRow>): MatrixRow[] =>
    matrix.rows.filter((row) => Object.entries(wanted).every(([key, value]) => row[key as keyof MatrixRow] === value));
  const byOldFlags = (wanted: Partial<MatrixRow>): string =>
    ALL_FLAGS.map((existingFlags) => letters(cellsOf({ ...wanted, existingFlags }))).join(' ');

  onLinux.each(STATES)(`says what bind does beside a socket in the state "%s"${only}`, (existing, expected) => {
    expect(byOldFlags({ group: 'states', existing })).toBe(expected);
  });

  onLinux(`has every state with all flags, and no other${only}`, () => {
    const states = cellsOf({ group: 'states', protocol: 'tcp', existingAddress: '127.0.0.1', newAddress: '127.0.0.1' });
    expect(new Set(states.map(({ existing }) => existing))).toEqual(new Set(STATES.map(([existing]) => existing)));
    expect(states).toHaveLength(STATES.length * 16);
  });

  onLinux.each(['none', 'reuseaddr'] as Flags[])(
    `says which addresses a listener keeps a new socket from, with the flags "%s" on both${only}`,
    (flags) => {
      const cells = cellsOf({ group: 'addresses', existingFlags: flags });
      const addresses = new Set(cells.map(({ existingAddress }) => existingAddress));
      expect(cells.length).toBe(addresses.size ** 2);
      const found = KEPT_FROM.map(([old]) => [
        old,
        ...cells
          .filter(
            ({ existingAddress, result, at }) => existingAddress === old && result === 'EADDRINUSE' && at === 'bind',
          )
          .map(({ newAddress }) => newAddress),
      ]);
      // Without IPv6 there are fewer; `missing` says so.
      const here = KEPT_FROM.map(([old, ...kept]) => [
        old,
        ...(addresses.has(old) ? kept.filter((name) => addresses.has(name)) : []),
      ]);
      expect(found).toEqual(here);
      expect(addresses.size + matrix.missing.length).toBe(KEPT_FROM.length);
    },
  );

  onLinux(`lets listeners with SO_REUSEPORT have a port together, whatever their addresses${only}`, () => {
    expect(letters(cellsOf({ group: 'addresses', existingFlags: 'reuseport' }))).toMatch(/^\.+$/);
  });

  onLinux.each([
    ['set on the accepted socket', 'none', 'B.B.'],
    ['cleared on the accepted socket', 'reuseaddr', 'BBBB'],
    ['set on the server after listen()', 'none', 'B.B.'],
  ] as const)(
    `finds that TIME_WAIT has the flag of the accepted socket: SO_REUSEADDR %s${only}`,
    (how, flags, expected) => {
      const existing = `TIME_WAIT, SO_REUSEADDR ${how}`;
      expect(letters(cellsOf({ group: 'accepted', existing, existingFlags: flags }))).toBe(expected);
    },
  );

  onLinux(`finds that of two sockets bound with SO_REUSEADDR the second fails to listen${only}`, () => {
    const existing = 'bound only, but it listens before the new one does';
    expect(letters(cellsOf({ existing, existingFlags: 'reuseaddr' }))).toBe('BLBL');
  });

  onLinux(
    `finds that UDP sockets share a port where both have the same flag, also one that was set late${only}`,
    () => {
      expect(byOldFlags({ protocol: 'udp', existing: 'UDP bound' })).toBe(WHILE_IT_DOES_NOT);
      expect(letters(cellsOf({ existing: 'UDP bound, SO_REUSEADDR set after bind()' }))).toBe('B.B.');
    },
  );

  onLinux(`agrees with the model in every cell, which has a reason for each${only}`, () => {
    expect(matrix.rows.filter(differs)).toEqual([]);
    expect(matrix.rows.filter(({ model }) => model === 'unknown')).toEqual([]);
    expect(matrix.rows.filter(({ because }) => !because.en.endsWith('.') || !because.zh.endsWith('。'))).toEqual([]);
  });

  onLinux(`gives each reason in Chinese too: the same places, states and flags, and no English${only}`, () => {
    const names = (text: string): string[] =>
      (text.match(/[\dA-Z_:.]*[\dA-Z]{2,}[\dA-Z_:.]*\d|[A-Z\d]+_[A-Z_\d]+/g) ?? []).sort();
    for (const { en, zh } of matrix.rows.map(({ because }) => because)) {
      expect(new Set(names(zh))).toEqual(new Set(names(en)));
      expect(zh.match(/[a-z]+/g)?.filter((word) => !/^(bind|listen|ffff)$/.test(word)) ?? []).toEqual([]);
    }
  });

  test('tells how far it is, from nothing to all', () => {
    const total = steps[0]?.[1];
    expect(steps[0]).toEqual([0, total]);
    expect(steps.at(-1)).toEqual([total, total]);
    expect(steps.map(([done]) => done)).toEqual(steps.map(([done]) => done).toSorted((a, b) => a - b));
  });

  test('leaves no socket open', () => {
    expect(openSockets()).toEqual(before);
  });

  test('stops when it is told to, and leaves no socket open', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const running = runMatrix({
      signal: controller.signal,
      onProgress: (done) => {
        if (done > 0) controller.abort(reason);
      },
    });
    await expect(running).rejects.toBe(reason);
    expect(openSockets()).toEqual(before);
  });
});

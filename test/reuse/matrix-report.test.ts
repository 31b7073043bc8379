import { describe, expect, test } from '@jest/globals';
import { ALL_FLAGS } from '../../lib/doctor/kernel/observation.js';
import type { InEach } from '../../lib/language.js';
import type { MatrixRow } from '../../lib/reuse/matrix/matrix.js';
import { matrixReport, matrixToJson } from '../../lib/reuse/matrix/matrix-report.js';
import { COLORED, PLAIN } from '../../lib/paint.js';
import { cell, matrix } from './matrices.js';

const ESCAPE = '\u001b';
const IN_USE = { result: 'EADDRINUSE', at: 'bind', model: 'EADDRINUSE' } as const;

/** TIME_WAIT with every flag: a flag on both helps. */
const STATES = ALL_FLAGS.flatMap((existingFlags) =>
  ALL_FLAGS.map((newFlags) => {
    const isShared = existingFlags !== 'none' && (existingFlags === newFlags || newFlags === 'both');
    return cell({ existingFlags, newFlags, ...(isShared ? {} : IN_USE) });
  }),
);
const ADDRESSES = ['0.0.0.0', '127.0.0.1', '127.0.0.2', '::', ':: V6ONLY', '::1', '::ffff:127.0.0.1'];
const PAIRS = ADDRESSES.flatMap((existingAddress) =>
  ADDRESSES.map((newAddress) =>
    cell({
      group: 'addresses',
      existing: 'LISTEN',
      existingAddress,
      newAddress,
      ...(newAddress.includes('.') ? IN_USE : {}),
    }),
  ),
);
const withFlags = (flags: MatrixRow['newFlags'], rows: readonly MatrixRow[]): MatrixRow[] =>
  rows.map((row) => ({ ...row, existingFlags: flags, newFlags: flags }));
const text = (rows: readonly MatrixRow[], missing: readonly string[] = []): string =>
  matrixReport(matrix(rows, missing.map(inBoth)), PLAIN).join('\n');
const inBoth = (en: string): InEach => ({ en, zh: `${en}。` });

describe('the report of the matrix', () => {
  test('has a line for each state: four marks for each of the four flags of the old socket', () => {
    expect(text(STATES)).toMatch(/^TIME_WAIT +✗ ✗ ✗ ✗ +✗ ✓ ✗ ✓ +✗ ✗ ✓ ✓ +✗ ✗ ✗ ✓$/m);
  });

  test('has an example that says what was measured', () => {
    const example = (rows: readonly MatrixRow[]): string => text(rows).replace(/\s+/g, ' ');
    expect(example(STATES)).toContain('had no flag, it fails with EADDRINUSE; where the first run had it too, it gets');
    const all = STATES.map((row) => ({ ...row, result: 'ok' }));
    expect(example(all)).toContain('had no flag, it gets the port; where the first run had it too, it gets');
  });

  test('has a table of addresses, and in a few words what a flag changes', () => {
    const all = withFlags('reuseport', PAIRS).map((row) => ({ ...row, result: 'ok', model: 'ok' }));
    const found = text([...PAIRS, ...withFlags('reuseaddr', PAIRS), ...all]);
    expect(found).toMatch(/^::ffff:127.0.0.1 +✗ +✗ +✗ +✓ +✓ +✓ +✗$/m);
    expect(found).toContain('With A on both sockets: the same.');
    expect(found).toContain('With P on both sockets: ✓ for all 49.');
  });

  test('has the whole table where a flag changes a part of it', () => {
    const changed = withFlags('reuseaddr', PAIRS).map((row, index) => (index === 0 ? { ...row, result: 'ok' } : row));
    expect(text([...PAIRS, ...changed]).match(/^::ffff:127.0.0.1 /gm)).toHaveLength(2);
  });

  test('has the special cases in words, with the flags that the old socket had', () => {
    const existing = 'TIME_WAIT, SO_REUSEADDR set on the accepted socket';
    const cases = ALL_FLAGS.map((newFlags) => cell({ group: 'accepted', existing, newFlags, ...IN_USE, at: 'listen' }));
    expect(text(cases)).toContain(`${existing}  -    L L L L`);
    expect(text(cases)).toContain('listen() failed');
  });

  test('says that all cells agree with the model', () => {
    expect(text(STATES)).toContain("All 16 cells are what our model of Linux's rule expects.");
    expect(text(STATES)).not.toContain('!');
  });

  test('marks a cell that the model does not expect, and says which it is', () => {
    const [first, ...others] = STATES as [MatrixRow, ...MatrixRow[]];
    const found = text([{ ...first, result: 'ok' }, ...others]);
    expect(found).toMatch(/^TIME_WAIT +✓!✗ ✗ ✗ /m);
    expect(found).toContain('15 of 16 cells');
    expect(found.replace(/\s+/g, ' ')).toContain(
      '! TIME_WAIT at 127.0.0.1 with no flag, new at 127.0.0.1 with no flag: here ok, expected EADDRINUSE. It is made up.',
    );
  });

  test('counts what the model does not know, and marks none of it', () => {
    const found = text(STATES.map((row, index) => (index < 3 ? { ...row, model: 'unknown' } : row)));
    expect(found).toContain('All 13 cells');
    expect(found).toMatch(/does not know what to\s+expect: 3\./);
    expect(found).not.toContain('!');
  });

  test('names other errors, and what could not be made', () => {
    const found = text([cell({ result: 'EACCES', model: 'unknown', at: 'bind' })], ['The address ::1 is left out.']);
    expect(found).toMatch(/^TIME_WAIT +E$/m);
    expect(found.replace(/\s+/g, ' ')).toContain('with no flag: bind() failed with EACCES.');
    expect(found).toContain('The address ::1 is left out.');
  });

  test('says of another system that the model is not of its rule', () => {
    const other = { ...matrix(STATES), platform: 'darwin' as const, system: 'Darwin' };
    expect(matrixReport(other, PLAIN).join(' ')).toContain("not of Darwin's");
  });

  test('fits 80 columns, and has the same text in colour', () => {
    const rows = [...STATES, ...PAIRS].map((row) => ({ ...row, model: 'ok' }));
    const lines = matrixReport(matrix(rows), PLAIN);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    const colourful = matrixReport(matrix(rows), COLORED).join('\n');
    expect(colourful).toContain(`${ESCAPE}[31m✗`);
    // eslint-disable-next-line no-control-regex -- that is what colours are
    expect(colourful.replace(/\u001b\[\d+m/g, '')).toBe(lines.join('\n'));
  });
});

describe('the JSON of the matrix', () => {
  test('has every cell as it is, and what is missing only where something is', () => {
    expect(JSON.parse(matrixToJson(matrix(STATES)))).toEqual({
      platform: 'linux',
      kernel: '6.18.0',
      rows: STATES.map((row) => ({ ...row, because: row.because.en })),
    });
    expect(JSON.parse(matrixToJson(matrix([], [inBoth('IPv6')])))).toHaveProperty('missing', ['IPv6']);
  });
});

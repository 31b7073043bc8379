import { expect, test } from '@jest/globals';
import { program } from '../../lib/cli/program.js';
import { bound, portOf } from '../doctor/situations.js';
import { MAIN, run } from '../support/programs.js';
import { onTerminal, terminal } from '../support/terminal.js';

const ESCAPE = '\u001b[';

/** The commands that have colours, and arguments with which they print some. */
const COLORFUL: Readonly<Record<string, () => string[]>> = {
  compare: () => [],
  matrix: () => [],
  why: () => [String(portOf(bound()))],
  free: () => [String(portOf(bound())), '--dry-run'],
};
/** Those that have none: two are C programs to the letter, one serves a page, one prints calls. */
const PLAIN = ['server', 'client', 'lab', 'record'];

/** What a command prints into a pipe, with this and nothing else about colours in its environment. */
async function printed(args: readonly string[], ...environment: string[]): Promise<string> {
  const plain = ['-u', 'NO_COLOR', '-u', 'FORCE_COLOR', 'TERM=xterm'];
  return (await run('/usr/bin/env', [...plain, ...environment, process.execPath, MAIN, ...args]).ended).stdout;
}

test('each command is tested here', async () => {
  const { commands } = await program([]);
  expect(commands.map((one) => one.name()).sort()).toEqual([...Object.keys(COLORFUL), ...PLAIN].sort());
});

test.each(Object.entries(COLORFUL))(
  '%s has colour in a pipe with FORCE_COLOR, and none with NO_COLOR',
  async (name, args) => {
    const [forced, forbidden] = await Promise.all(
      ['FORCE_COLOR=1', 'NO_COLOR=1'].map((word) => printed([name, ...args()], word)),
    );
    expect(forced).toContain(ESCAPE);
    expect(forbidden?.length).toBeGreaterThan(20);
    expect(forbidden).not.toContain(ESCAPE);
  },
);

terminal('on a terminal there is colour, but not with NO_COLOR, nor on one that knows none', async () => {
  const words = [['TERM=xterm'], ['TERM=xterm', 'NO_COLOR=1'], ['TERM=dumb'], ['TERM=dumb', 'FORCE_COLOR=1']];
  const texts = words.map(async (environment) => {
    const { stdout } = await onTerminal(['why', '1'], ['-u', 'NO_COLOR', '-u', 'FORCE_COLOR', ...environment]).ended;
    expect(stdout).toMatch(/^\S*Port 1 /);
    return stdout.includes(ESCAPE);
  });
  expect(await Promise.all(texts)).toEqual([true, false, false, true]);
});

test.each([
  ['FORCE_COLOR=3', true],
  ['FORCE_COLOR=true', true],
  ['FORCE_COLOR=0', false],
  ['FORCE_COLOR=false', false],
  ['FORCE_COLOR=', false],
  ['NO_COLOR=1 FORCE_COLOR=1', true],
  ['CI=1', false],
])('with %s in a pipe: is there colour? %p', async (environment, isThere) => {
  const text = await printed(['why', '--lang', 'en', String(portOf(bound()))], ...environment.split(' '));
  expect(text.includes(ESCAPE)).toBe(isThere);
});

test.each(PLAIN)('the help of %s is plain, whatever is said', async (name) => {
  expect(await printed([name, '--help'], 'FORCE_COLOR=1')).not.toContain(ESCAPE);
});

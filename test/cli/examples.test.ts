import { beforeAll, describe, expect, test } from '@jest/globals';
import { program } from '../../lib/cli/program.js';
import { command } from '../support/programs.js';

const { commands } = await program([]);
const NAMES = ['', ...commands.map((one) => one.name())];

/** The words of a line that a shell would give to bsd-sockets. */
function argumentsOf(line: string): string[] | undefined {
  const words = line.match(/'[^']*'|\S+/g)?.map((word) => word.replace(/^'(.*)'$/, '$1')) ?? [];
  const first = words[0] === 'bsd-sockets' ? 0 : words.indexOf('|') + 1;
  if (words[first] !== 'bsd-sockets') return undefined;
  const own = words.slice(first + 1);
  const end = own.findIndex((word) => ['&&', '>', '|'].includes(word));
  return end < 0 ? own : own.slice(0, end);
}

/** Reads the words as the command does, and does nothing: which command it was, and what it was given. */
async function parsed(words: readonly string[]): Promise<{ name: string; given: unknown[] }> {
  const top = await program(words);
  let found: { name: string; given: unknown[] } | undefined;
  for (const one of top.commands) {
    one.configureOutput({ writeErr: () => undefined });
    one.action((...given: unknown[]) => void (found = { name: one.name(), given: given.slice(0, -1) }));
  }
  await top.parseAsync([...words], { from: 'user' });
  if (found === undefined) throw new Error(`nothing is done by: ${words.join(' ')}`);
  return found;
}

describe.each(NAMES)('bsd-sockets %s --help', (name) => {
  let help = '';
  let examples: readonly string[] = [];
  beforeAll(async () => {
    help = (await command(...[name, '--help'].filter(Boolean)).ended).stdout;
    examples = /\n\nExamples:\n((?: {2}\S.*\n)+)$/.exec(help)?.[1]?.trimEnd().split('\n') ?? [];
  });

  test('ends with two examples or more', () => {
    expect(examples).toEqual(expect.arrayContaining([expect.anything(), expect.anything()]));
  });

  test('shows commands that are taken', async () => {
    for (const line of examples) {
      const words = argumentsOf(line.trim()) ?? [];
      const { name: parsedName } = await parsed(words);
      expect([line, parsedName]).toEqual([line, name === '' ? words[0] : name]);
    }
  });

  test('fits into 80 columns', () => {
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

test('a command that is not taken would be found', async () => {
  await expect(parsed(['why', '8080', '--never'])).rejects.toThrow('--never');
  await expect(parsed(['server', '--port', 'x'])).rejects.toThrow('port');
  await expect(parsed(['lab', 'extra'])).rejects.toThrow('too many');
});

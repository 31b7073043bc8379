import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { IPv4Address } from '../../lib/index.js';
import { program } from '../../lib/cli/program.js';
import { answerOf, command, MAIN, PACKAGE_ROOT, run, type Ended } from '../support/programs.js';
import { listener } from '../support/sockets.js';

const ALL = ['server', 'client', 'compare', 'matrix', 'lab', 'why', 'free', 'record'];

describe('bsd-sockets', () => {
  test.each([
    [[], ALL],
    [['--help'], ALL],
    [['help'], ALL],
    [['unknown'], ALL],
    [['constructor'], ALL],
    [['why', '80'], ['why']],
    [['help', 'why'], ['why']],
    [['--version'], []],
  ])('knows for the arguments %j the commands %j', async (args, names) => {
    const { commands } = await program(args);
    expect(commands.map((one) => one.name())).toEqual(names);
  });

  test.each([[['--help']], [['help']], [[]]])('names every command with %j', async (args) => {
    const { code, stdout } = await answerOf(...args);
    expect(code).toBe(0);
    for (const name of ALL) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  test('explains a command in both ways', async () => {
    const [long, short] = await Promise.all([answerOf('why', '--help'), answerOf('help', 'why')]);
    expect(long.stdout).toContain('bsd-sockets why');
    expect(short).toEqual(long);
  });

  test('says its version', async () => {
    const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string };
    expect((await answerOf('--version')).stdout).toBe(`${version}\n`);
  });

  test('refuses an unknown command, and names one that is like it: exit status 2', async () => {
    const { code, stdout, stderr } = await answerOf('wy');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('why');
  });
});

/** The files that a command of the package has loaded when it ends, by their names. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const hook = `import { createRequire } from 'node:module';
    import { basename } from 'node:path';
    const { cache } = createRequire('/');
    process.on('exit', () => console.error('loaded ' + JSON.stringify(Object.keys(cache).map((file) => basename(file)))));`;
  const { stderr } = await run(process.execPath, ['--import', `data:text/javascript,${hook}`, MAIN, ...args]).ended;
  const [, loaded = '[]'] = /^loaded (.*)$/m.exec(stderr) ?? [];
  return JSON.parse(loaded) as string[];
}

describe('a command loads only what it needs, since somebody waits for it', () => {
  const addon = 'bsd_sockets.node';

  test.each<[string[], string[]]>([
    [
      ['why', '1'],
      ['main.js', 'why-report.js', addon],
    ],
    [
      ['why', ':1'],
      ['main.js', 'program.js', 'commander.js', 'why.js', 'why-report.js', addon],
    ],
    [['--version'], ['main.js', 'program.js', 'commander.js']],
    [
      ['client', '--help'],
      ['main.js', 'program.js', 'commander.js', 'client.js', addon],
    ],
  ])('%j loads %j', async (args, files) => {
    expect((await loadedBy(...args)).sort()).toEqual(files.sort());
  });

  test.each(['0', '65536', '1e3', '-1'])('and the parser refuses the port %j', async (port) => {
    expect(await answerOf('why', port)).toMatchObject({ code: 2, stdout: '' });
  });

  test('the answer is one, however it is asked for', async () => {
    const port = String((listener().address as IPv4Address).port); // nothing of it goes by the clock, as a socket in TIME_WAIT does
    // One after the other: a process holds what its parent holds until it has become another program.
    const ask = async (...options: string[]): Promise<Ended> => {
      const ended = await command('why', ...options, port).ended;
      return { ...ended, stdout: ended.stdout.replace(/runs for [^,]+/, 'runs for a while') };
    };
    const quick = await ask();
    expect(quick.stdout).toContain(port);
    expect(quick).toEqual(await ask('--lang', 'en'));
  });

  test('the addon is loaded with the constants that why names: not with the table of all', async () => {
    const text = await readFile(join(dirname(MAIN), 'why-report.js'), 'utf8');
    expect(text.includes('"SO_REUSEADDR"')).toBe(true);
    expect(text.match(/"(?:IP_MULTICAST_TTL|TCP_CORK|SO_BINDTOIFINDEX|IPV6_RTHDR)"/g)).toBeNull();
  });
});

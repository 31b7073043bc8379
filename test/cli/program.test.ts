import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { program } from '../../lib/cli/program.js';
import { command, PACKAGE_ROOT } from '../support/programs.js';

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
    const { code, stdout } = await command(...args).ended;
    expect(code).toBe(0);
    for (const name of ALL) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  test('explains a command in both ways', async () => {
    const [long, short] = await Promise.all([command('why', '--help').ended, command('help', 'why').ended]);
    expect(long.stdout).toContain('bsd-sockets why');
    expect(short).toEqual(long);
  });

  test('says its version', async () => {
    const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string };
    expect((await command('--version').ended).stdout).toBe(`${version}\n`);
  });

  test('refuses an unknown command, and names one that is like it: exit status 2', async () => {
    const { code, stdout, stderr } = await command('wy').ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('why');
  });
});

/** The files that a compiled file imports when it is loaded, and those that they import. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) [^;]*?'(\.[^']+)';/gm)) {
    loadedBy(resolve(dirname(file), path), seen);
  }
  return seen;
}

test('the command why loads only what it needs, since somebody waits for it', () => {
  const lib = join(PACKAGE_ROOT, 'dist', 'lib');
  const files = [...loadedBy(join(lib, 'cli', 'why.js'))].map((file) => relative(lib, file));
  expect(files).toContain(join('doctor', 'kernel', 'netlink.js'));
  expect(files).toContain(join('syscalls', 'socket.js'));
  expect(files).not.toContain('index.js');
  expect(files).not.toContain('constants.js');
  expect(files.filter((file) => /^(reuse|promises|structs)/.test(file))).toEqual([]);
});

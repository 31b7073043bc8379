import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { columns } from '../../lib/language.js';
import { answerOf, command, MAIN, run, temporaryFolder } from '../support/programs.js';
import { onTerminal, terminal } from '../support/terminal.js';

const onLinux = process.platform === 'linux' ? test : test.skip;
const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';
const ESCAPE = '\u001b';
const FLAGS = /^(none|reuseaddr|reuseport|both)$/;

describe('bsd-sockets matrix', () => {
  test('prints its tables no longer than 80 columns, without colour or progress where it is piped', async () => {
    const { code, stdout, stderr } = await command('matrix').ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain(ESCAPE);
  });

  test('speaks Chinese with --lang zh, in 80 columns', async () => {
    const { code, stdout } = await command('matrix', '--lang', 'zh').ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^客户端先关闭 +✓/m);
    for (const line of stdout.split('\n')) expect(columns(line)).toBeLessThanOrEqual(80);
  });

  onLinux(`shows what both runs of a server need: the line TIME_WAIT${only}`, async () => {
    const { stdout } = await command('matrix').ended;
    expect(stdout).toMatch(/^TIME_WAIT +✗ ✗ ✗ ✗ +✗ ✓ ✗ ✓ +✗ ✗ ✓ ✓ +✗ ✓ ✓ ✓$/m);
  });

  test('prints with --json one document, of what happened in each cell', async () => {
    const { code, stdout, stderr } = await command('matrix', '--json').ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { platform, kernel, rows } = JSON.parse(stdout) as { platform: unknown; kernel: unknown; rows: object[] };
    expect({ platform, kernel }).toEqual({ platform: process.platform, kernel: expect.stringMatching(/^\d+\.\d+/) });
    expect(rows.length).toBeGreaterThan(200);
    for (const row of rows) {
      expect(row).toEqual({
        group: expect.stringMatching(/^(states|addresses|accepted)$/),
        existing: expect.any(String),
        existingFlags: expect.stringMatching(FLAGS),
        newFlags: expect.stringMatching(FLAGS),
        existingAddress: expect.any(String),
        newAddress: expect.any(String),
        protocol: expect.stringMatching(/^(tcp|udp)$/),
        result: expect.stringMatching(/^(ok|E[A-Z]+)$/),
        at: expect.stringMatching(/^(bind|listen)$/),
        model: expect.stringMatching(/^(ok|unknown|E[A-Z]+)$/),
        because: expect.any(String),
      });
    }
  });

  test('writes with --html a page too', async () => {
    const file = join(temporaryFolder(), 'matrix.html');
    const { code, stdout, stderr } = await command('matrix', '--html', file).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: `The page is in ${file}\n` });
    expect(stdout).toContain('Address already in use');
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>/i);
  });

  terminal('shows on a terminal how far it is, and then is in colour', async () => {
    const { code, stdout } = await onTerminal(['matrix'], ['-u', 'NO_COLOR', 'TERM=xterm']).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/binding sockets \[.*\] 0 of \d+/);
    expect(stdout).toContain(`${ESCAPE}[31m✗`);
  });

  terminal('is without colour on a terminal with NO_COLOR', async () => {
    const { stdout } = await onTerminal(['matrix'], ['NO_COLOR=1', 'TERM=xterm']).ended;
    expect(stdout).toContain('✗ ✗ ✗ ✗');
    expect(stdout).not.toContain(`${ESCAPE}[3`);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at %s in the midst of it: exit status %i, and nothing printed', async (signal, status) => {
    // The last listener that the command adds is that of SIGHUP: the next turn is in the midst.
    const script = `process.on('newListener', (name) => {
      if (name === 'SIGHUP') setImmediate(() => process.kill(process.pid, '${signal}'));
    })`;
    const preload = `data:text/javascript,${encodeURIComponent(script)}`;
    const program = run(process.execPath, ['--import', preload, MAIN, 'matrix', '--json']);
    expect(await program.ended).toEqual({
      code: status,
      signal: null,
      stdout: '',
      stderr: expect.stringMatching(/^Stopped/),
    });
  });

  test.each([['--no-such-option'], ['80']])('refuses %j: exit status 2', async (argument) => {
    const { code, stdout, stderr } = await answerOf('matrix', argument);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--help tells more');
  });
});

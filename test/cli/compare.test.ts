import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts, listeningPorts, processesWith, someoneListens } from '../reuse/leftovers.js';
import { columns } from '../../lib/language.js';
import { answerOf, command, MAIN, run, temporaryFolder, type Program } from '../support/programs.js';
import { listener, LOOPBACK } from '../support/sockets.js';
import { onTerminal, terminal } from '../support/terminal.js';

const onLinux = process.platform === 'linux' ? test : test.skip;
const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';
const ESCAPE = '\u001b';
const NOBODY = 65534;

/** Starts `bsd-sockets compare ARGS`; whatever it starts has `mark` in its environment. */
function marked(...args: string[]): { program: Program; mark: string } {
  const mark = `BSD_SOCKETS_TEST_MARK=${randomUUID()}`;
  return { program: run('/usr/bin/env', [mark, process.execPath, MAIN, 'compare', ...args]), mark };
}

describe('bsd-sockets compare', () => {
  test('prints a line for each pair of runs, no longer than 80 columns, without colour where it is piped', async () => {
    const { code, stdout, stderr } = await command('compare').ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines.filter((line) => /^(on|off) +(on|off) +(ok|EADDRINUSE) /.test(line))).toHaveLength(4);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain(ESCAPE);
    if (process.platform === 'linux') expect(stdout).toContain('both runs needed');
  });

  test('speaks Chinese with --lang zh and where LANG says so, in 80 columns, and writes its page in that language', async () => {
    const file = join(temporaryFolder(), 'page.html');
    const words = ['LC_ALL=zh_CN.UTF-8', process.execPath, MAIN, 'compare', '--html', file];
    const [asked, told] = await Promise.all([
      command('compare', '--lang', 'zh').ended,
      run('/usr/bin/env', words).ended,
    ]);
    expect(told.stderr).toBe(`网页写在 ${file}\n`);
    expect(readFileSync(file, 'utf8')).toContain('<html lang="zh">');
    for (const { code, stdout } of [asked, told]) {
      expect(code).toBe(0);
      expect(stdout.split('\n').filter((line) => /^[开关] +[开关] +(ok|EADDRINUSE) /.test(line))).toHaveLength(4);
      expect(stdout).toContain('SO_REUSEADDR');
      for (const line of stdout.split('\n')) expect(columns(line)).toBeLessThanOrEqual(80);
    }
  }, 60_000);

  test('refuses a language that it does not speak: exit status 2', async () => {
    const { code, stderr } = await answerOf('compare', '--lang', 'xx');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('en, zh') });
  });

  onLinux(`prints with --json one document, of what happened and why, the same in each language${only}`, async () => {
    const { code, stdout, stderr } = await command('compare', '--json', '--lang', 'zh').ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const evidence = [
      {
        state: 'TIME_WAIT',
        local: { address: '127.0.0.1', port: expect.any(Number) },
        remote: { address: '127.0.0.1', port: expect.any(Number) },
        expiresInMs: expect.any(Number),
      },
    ];
    expect(JSON.parse(stdout)).toEqual({
      platform: 'linux',
      kernel: expect.stringMatching(/^\d+\.\d+/),
      runs: [
        { first: 'off', second: 'off', result: 'EADDRINUSE', evidence },
        { first: 'off', second: 'on', result: 'EADDRINUSE', evidence },
        { first: 'on', second: 'off', result: 'EADDRINUSE', evidence },
        { first: 'on', second: 'on', result: 'ok', evidence },
      ],
    });
  });

  terminal('is in colour on a terminal', async () => {
    const { stdout } = await onTerminal(['compare'], ['-u', 'NO_COLOR', 'TERM=xterm']).ended;
    expect(stdout).toContain(`${ESCAPE}[31mEADDRINUSE`);
  });

  terminal('is without colour on a terminal with NO_COLOR', async () => {
    const { stdout } = await onTerminal(['compare'], ['NO_COLOR=1', 'TERM=xterm']).ended;
    expect(stdout).toContain('EADDRINUSE');
    expect(stdout).not.toContain(`${ESCAPE}[3`);
  });

  test.each([0, 3])('refuses a port that somebody holds, the first plus %i: exit status 1', async (offset) => {
    const first = freePorts();
    const held = first + offset;
    listener({ ...LOOPBACK, port: held });
    const { program, mark } = marked('--port', String(first), '--json');
    const { code, stdout, stderr } = await program.ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`Port ${String(held)} cannot be used: EADDRINUSE`);
    if (process.platform !== 'linux') return;
    expect(stderr).toContain(`127.0.0.1:${String(held)} LISTEN`);
    expect(processesWith(mark)).toEqual([]);
  });

  const noRight = whyPrivilegedPortsAreNone();
  const privileged = noRight === '' ? test : test.skip;
  privileged(
    `refuses a port that the user has no right to: exit status 1${noRight && ` (skipped: ${noRight})`}`,
    () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'compare', '--port', '1'], asNobody());
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toContain('Port 1 cannot be used: EACCES');
    },
  );

  test.each(['65533', '99999', '-1', 'http', ''])('refuses the port %j: exit status 2', async (port) => {
    const { code, stdout, stderr } = await answerOf('compare', '--port', port);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--port');
  });

  onLinux.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(`ends at %s in the midst of the runs: exit status %i, nothing left${only}`, async (signal, status) => {
    const port = freePorts();
    const { program, mark } = marked('--wait', '--json', '--port', String(port));
    await someoneListens(port);
    program.child.kill(signal);
    expect(await program.ended).toMatchObject({ code: status, stdout: '' });
    expect(processesWith(mark)).toEqual([]);
    expect(listeningPorts(port)).toEqual([]);
  });

  onLinux(`ends at SIGINT in the wait: exit status 130, nothing left${only}`, async () => {
    const { program, mark } = marked('--wait');
    await program.says(/attempt 1/);
    program.child.kill('SIGINT');
    expect((await program.ended).code).toBe(130);
    expect(processesWith(mark)).toEqual([]);
  });
});

/** Node's options for a process without rights. */
function asNobody(): { encoding: 'utf8'; timeout: number; uid?: number; gid?: number } {
  const options = { encoding: 'utf8', timeout: 15_000 } as const;
  return process.getuid?.() === 0 ? { ...options, uid: NOBODY, gid: NOBODY } : options;
}

/** Why port 1 cannot be tried without rights; '' where it can. */
function whyPrivilegedPortsAreNone(): string {
  if (process.platform !== 'linux') return 'Linux only';
  const start = readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8').trim();
  if (Number(start) <= 1) return `net.ipv4.ip_unprivileged_port_start is ${start}`;
  const { status } = spawnSync(process.execPath, [MAIN, '--version'], asNobody());
  return status === 0 ? '' : 'a user without rights cannot run node or read the package here';
}

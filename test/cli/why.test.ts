import { describe, expect, test } from '@jest/globals';
import { AF_UNIX, bind, listen, SOCK_STREAM, socket } from 'bsd-sockets';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { bound, boundUdp, listeningProgram, portInTimeWait, portOf } from '../doctor/situations.js';
import { freePorts } from '../reuse/leftovers.js';
import { columns } from '../../lib/language.js';
import { answerOf, command, MAIN, run, temporaryFolder, type Program } from '../support/programs.js';
import { closeNow, closing } from '../support/sockets.js';
import { onTerminal, terminal } from '../support/terminal.js';

const isLinux = process.platform === 'linux';
const onLinux = isLinux ? test : test.skip;
const only = isLinux ? '' : ' (skipped: Linux only)';
const ESCAPE = '\u001b';
const NO_BIND = { none: 'EADDRINUSE', reuseaddr: 'EADDRINUSE', reuseport: 'EADDRINUSE', both: 'EADDRINUSE' };
const ANY_BIND = { none: 'ok', reuseaddr: 'ok', reuseport: 'ok', both: 'ok' };

const why = (...args: string[]): Program => command('why', ...args);

describe('bsd-sockets why', () => {
  test('says that a free port is free: exit status 0', async () => {
    const port = String(freePorts());
    const { code, stdout, stderr } = await why(port).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Port ${port} is free on 0.0.0.0 and [::].`);
    expect(stdout).not.toContain(ESCAPE);
  });

  test('speaks Chinese with --lang zh, in 80 columns, and explains TIME_WAIT where it is the matter', async () => {
    const fd = bound();
    listen(fd);
    const [free, taken] = await Promise.all([
      why(String(freePorts()), '--lang', 'zh').ended,
      why(String(portOf(fd)), '--lang', 'zh').ended,
    ]);
    expect([free.code, free.stdout]).toEqual([0, expect.stringContaining('空闲')]);
    expect([taken.code, taken.stdout]).toEqual([1, expect.stringContaining('正在监听')]);
    expect(taken.stdout).not.toContain('什么是 TIME_WAIT');
    for (const line of `${free.stdout}${taken.stdout}`.split('\n')) expect(columns(line)).toBeLessThanOrEqual(80);
    const left = await why(String(portInTimeWait()), '--lang', 'zh').ended;
    expect([left.code, left.stdout]).toEqual([1, expect.stringMatching(isLinux ? '什么是 TIME_WAIT' : '')]);
  });

  test('says who has a port that is in use, in 80 columns: exit status 1', async () => {
    const fd = bound();
    listen(fd);
    const { code, stdout, stderr } = await why(String(portOf(fd)), '--host', 'localhost').ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain(`127.0.0.1:${String(portOf(fd))}`);
    expect(stdout).toContain('EADDRINUSE');
    if (isLinux) expect(stdout).toContain(`PID ${String(process.pid)}`);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('prints with --json one document, of the free port', async () => {
    const port = freePorts();
    const { code, stdout, stderr } = await why(String(port), '--json').ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ port, protocol: 'tcp', binds: ANY_BIND, holders: [], advice: [] });
  });

  onLinux(`prints with --json one document, of TIME_WAIT${only}`, async () => {
    const port = portInTimeWait();
    const { code, stdout } = await why(String(port), '--host', '127.0.0.1', '--json').ended;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      port,
      protocol: 'tcp',
      binds: NO_BIND,
      holders: [
        {
          state: 'TIME_WAIT',
          local: { address: '127.0.0.1', port },
          remote: { address: '127.0.0.1', port: expect.any(Number) },
          uid: 0,
          inode: 0,
          expiresInMs: expect.any(Number),
          reuseaddr: false,
          reuseport: false,
        },
      ],
      advice: expect.arrayContaining([{ kind: 'wait', do: expect.any(String), because: expect.any(String) }]),
    });
  });

  test('asks about UDP with --udp', async () => {
    const { code, stdout } = await why(String(portOf(boundUdp())), '--udp', '--json', '--host', '127.0.0.1').ended;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ protocol: 'udp', binds: NO_BIND });
  });

  test('asks about a unix path with --unix', async () => {
    const path = join(temporaryFolder(), 'socket');
    expect((await why('--unix', path).ended).code).toBe(0);
    const fd = closing(socket(AF_UNIX, SOCK_STREAM));
    bind(fd, { family: 'Unix', path });
    closeNow(fd);
    const { code, stdout } = await why('--unix', path).ended;
    expect(code).toBe(1);
    expect(stdout).toContain(`rm ${path}`);
  });

  onLinux(`asks about an abstract name with --unix @name${only}`, async () => {
    const name = `bsd-sockets-test-${randomUUID()}`;
    const fd = closing(socket(AF_UNIX, SOCK_STREAM));
    bind(fd, { family: 'Unix', path: `\0${name}` });
    const { code, stdout } = await why('--unix', `@${name}`).ended;
    expect(code).toBe(1);
    expect(stdout).toContain(`PID ${String(process.pid)}`);
  });

  test.each([
    [['--watch'], 'port'],
    [['--udp'], 'port'],
    [['0'], 'port'],
    [['http'], 'port'],
    [['65536'], 'port'],
    [['80', '81'], 'arguments'],
    [['80', '--unix', '/tmp/x'], '--unix'],
    [['--udp', '--unix', '/tmp/x'], '--unix'],
    [['--host', '127.0.0.1', '--unix', '/tmp/x'], '--unix'],
    [['--unix', ''], '--unix'],
    [['--unix', 'x'.repeat(200)], '--unix'],
    [['80', '--host', ''], '--host'],
    [['80', '--port', '1'], '--port'],
  ])('refuses %j: exit status 2', async (args, word) => {
    const { code, stdout, stderr } = await answerOf('why', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(word);
  });

  test('says that a host has no address: exit status 1', async () => {
    const { code, stdout, stderr } = await why('80', '--host', 'no..name').ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('host lookup failed');
  });
});

describe('bsd-sockets why --watch', () => {
  test('ends at once where the port is free: exit status 0', async () => {
    expect((await why(String(freePorts()), '--watch').ended).code).toBe(0);
  });

  test('waits until the program that has the port has ended: exit status 0', async () => {
    const { program, port } = await listeningProgram();
    const watching = why(String(port), '--watch', '--host', '127.0.0.1');
    await watching.says(/Waiting/);
    program.input('');
    const { code, stdout } = await watching.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/is free on 127\.0\.0\.1\.\n$/);
  });

  test('prints with --json one document when it is over', async () => {
    const { program, port } = await listeningProgram();
    const watching = why(String(port), '--watch', '--json', '--host', '127.0.0.1');
    await watching.says(/Waiting/);
    program.input('');
    const { code, stdout } = await watching.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ port, binds: ANY_BIND, holders: [] });
  });

  test('does not wait for what no waiting ends: exit status 1', async () => {
    const { code, stderr } = await why(String(freePorts()), '--watch', '--host', '203.0.113.1').ended;
    expect(code).toBe(1);
    expect(stderr).toContain('does not help');
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at %s: exit status %i', async (signal, status) => {
    const watching = why(String(portOf(bound())), '--watch', '--json');
    await watching.says(/Waiting/);
    watching.child.kill(signal);
    const { code, stdout, stderr } = await watching.ended;
    expect({ code, stdout }).toEqual({ code: status, stdout: '' });
    expect(stderr).not.toContain('    at ');
  });
});

describe('bsd-sockets why on a terminal', () => {
  terminal('is in colour', async () => {
    const { stdout } = await onTerminal(['why', String(portOf(bound()))], ['-u', 'NO_COLOR', 'TERM=xterm']).ended;
    expect(stdout).toContain(`${ESCAPE}[31mno: EADDRINUSE`);
  });

  terminal('is without colour with NO_COLOR', async () => {
    const { stdout } = await onTerminal(['why', String(portOf(bound()))], ['NO_COLOR=1', 'TERM=xterm']).ended;
    expect(stdout).toContain('no: EADDRINUSE');
    expect(stdout).not.toContain(ESCAPE);
  });

  terminal('writes the wait into one line, which goes in the end', async () => {
    const { program, port } = await listeningProgram();
    const watching = onTerminal(['why', String(port), '--watch', '--host', '127.0.0.1'], ['NO_COLOR=1', 'TERM=xterm']);
    await watching.says(/Waiting/);
    program.input('');
    const { code, stdout } = await watching.ended;
    expect(code).toBe(0);
    const [, afterwards = ''] = stdout.slice(stdout.lastIndexOf('Waiting')).split(`${ESCAPE}[2K`);
    expect(afterwards.trim()).toBe(`Port ${String(port)} is free on 127.0.0.1.`);
  });
});

describe('bsd-sockets why, without a place,', () => {
  onLinux(`lists every port in use: state, process, since when, flags${only}`, async () => {
    const { program, port } = await listeningProgram();
    const [fd, udp] = [bound({ reuseport: true }), boundUdp()];
    const { code, stdout, stderr } = await why().ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lineOf = (one: number): string =>
      stdout.split('\n').find((line) => line.includes(`127.0.0.1:${String(one)} `)) ?? '';
    expect(lineOf(port)).toMatch(/^tcp .* LISTEN +\d+ s +(addr +)?node \(PID \d+\) \S*node/);
    expect(lineOf(port)).toContain(String(program.child.pid));
    expect(lineOf(portOf(fd))).toMatch(/bound only .* port +node/);
    expect(lineOf(portOf(udp))).toMatch(/^udp .* none +node/);
    const all = JSON.parse((await why('--json').ended).stdout) as { ports: object[] };
    expect(all.ports).toContainEqual(
      expect.objectContaining({
        protocol: 'tcp',
        address: '127.0.0.1',
        port,
        state: 'LISTEN',
        sockets: 1,
        pid: program.child.pid,
      }),
    );
  });

  test('ends quietly where nobody reads on', async () => {
    const { code, stdout, stderr } = await run('sh', ['-c', `'${process.execPath}' '${MAIN}' why | head -1`]).ended;
    expect({ code, lines: stdout.split('\n').length, stderr }).toEqual({ code: 0, lines: 2, stderr: '' });
    const help = await run('sh', ['-c', `'${process.execPath}' '${MAIN}' why --help | true`]).ended;
    expect(help).toMatchObject({ code: 0, stderr: '' });
  });
});

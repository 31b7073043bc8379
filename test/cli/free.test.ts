/** `bsd-sockets free`: what it shows, asks, does and leaves alone. */
import { describe, expect, test } from '@jest/globals';
import { IPPROTO_TCP, listen, setsockopt, TCP_LINGER2 } from 'bsd-sockets';
import { why } from 'bsd-sockets/doctor';
import { spawnSync, type SpawnOptionsWithoutStdio } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bound, boundUdp, connected, listeningProgram, portOf } from '../doctor/situations.js';
import { freePorts } from '../reuse/leftovers.js';
import { whyNoDescriptorsOfOthers } from '../support/other-process.js';
import { answerOf, command, MAIN, run, temporaryFolder, type Program } from '../support/programs.js';
import { runScript } from '../support/scripts.js';
import { closeNow } from '../support/sockets.js';
import { noScript, onTerminal } from '../support/terminal.js';
import { until } from '../support/until.js';

const whyNot = process.platform === 'linux' ? whyNoDescriptorsOfOthers() : 'Linux only';
const isRoot = process.geteuid?.() === 0;
const ESCAPE = '\u001b';
const NOBODY = { uid: 65534, gid: 65534 };
const nobodyCan = isRoot && spawnSync(process.execPath, [MAIN, '--version'], NOBODY).status === 0;
const noNobody = nobodyCan ? '' : isRoot ? 'nobody may not read this folder' : 'it takes root to be another user';
/** Waiting is for those who are not root: root ends what is over. */
const unprivileged: SpawnOptionsWithoutStdio = isRoot ? NOBODY : {};
const noWait = isRoot ? noNobody : '';

const suite = whyNot === '' ? describe : describe.skip;
const at = (port: number): string[] => [String(port), '--host', '127.0.0.1'];
/** What does not end after SIGTERM need not be waited for for five seconds. */
const BRIEF = ['--grace', '0.3'];
const isHeld = (port: number): boolean => why({ port, address: '127.0.0.1' }).verdict === 'listening';
const lastLine = (text: string): string | undefined => text.trim().split('\n').at(-1);

function unless(reason: string, sentence: string, body: () => Promise<void>): void {
  (reason === '' ? test : test.skip)(`${sentence}${reason && ` (skipped: ${reason})`}`, body);
}

/** Runs the command on a terminal, without colours. */
function asked(args: readonly string[], options: SpawnOptionsWithoutStdio = {}): Program {
  return onTerminal(['free', ...args], ['NO_COLOR=1', 'TERM=xterm'], options);
}

/** A server with a handler of SIGTERM that does not end it. */
async function stubborn(): Promise<{ program: Program; port: number }> {
  const program = runScript(`
    import { createServer } from 'node:net';
    process.on('SIGTERM', () => console.log('no'));
    const server = createServer().listen(0, '127.0.0.1', () => console.log('port', server.address().port));`);
  return { program, port: Number((await program.says(/port (\d+)\n/))[1]) };
}

/** A port that the kernel keeps for a second or two after its server: FIN_WAIT2; the client's end stays open. */
function portInFinWait2(): number {
  const { listening, server } = connected();
  const port = portOf(listening);
  setsockopt(server, IPPROTO_TCP, TCP_LINGER2, 1);
  for (const fd of [server, listening]) closeNow(fd);
  return port;
}

suite(`bsd-sockets free${whyNot && ` (skipped: ${whyNot})`}`, () => {
  test('of a free port: nothing is done, exit status 0', async () => {
    const { code, stdout } = await command('free', ...at(freePorts()), '--yes').ended;
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Port \d+ is free on 127\.0\.0\.1\.\n$/),
    });
  });

  test('--dry-run says what it would do, and does nothing: exit status 1', async () => {
    const { port } = await listeningProgram();
    const { code, stdout } = await command('free', ...at(port), '--dry-run').ended;
    expect({ code, would: /It would:\n {2}- (.+)/.exec(stdout)?.[1] }).toEqual({
      code: 1,
      would: expect.stringMatching(/^End node \(PID \d+\) with SIGTERM\.$/),
    });
    expect(isHeld(port)).toBe(true);
  });

  test('--yes does it without a question, in 80 columns, and ends with the bind that proves it: 0', async () => {
    const { program, port } = await listeningProgram();
    const { code, stdout, stderr } = await command('free', ...at(port), '--yes').ended;
    expect({ code, stderr, last: lastLine(stdout) }).toEqual({
      code: 0,
      stderr: '',
      last: `Port ${String(port)} is free on 127.0.0.1.`,
    });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    await program.ended;
  });

  test('does nothing where there is nobody to ask, and says so: 1', async () => {
    const { port } = await listeningProgram();
    const unasked = command('free', ...at(port));
    unasked.input('y\n'); // not from a terminal
    expect(await unasked.ended).toMatchObject({ code: 1, stderr: expect.stringContaining('--yes does it') });
    expect(isHeld(port)).toBe(true);
  });

  unless(noScript, 'on a terminal it asks; after yes it is done', async () => {
    const { program, port } = await listeningProgram();
    const asking = asked(at(port));
    await asking.says(/Do that\? \[y\/N\] /);
    expect(isHeld(port)).toBe(true);
    asking.child.stdin?.write('y\r');
    const { code, stdout } = await asking.ended;
    expect({ code, last: lastLine(stdout) }).toEqual({ code: 0, last: `Port ${String(port)} is free on 127.0.0.1.` });
    await program.ended;
  });

  unless(noScript, 'after anything else, or nothing, it is not', async () => {
    const { port } = await listeningProgram();
    for (const answer of ['\r', 'n\r', 'yellow\r']) {
      const asking = asked(at(port));
      await asking.says(/Do that\? \[y\/N\] /);
      asking.child.stdin?.write(answer);
      expect((await asking.ended).code).toBe(1);
      expect(isHeld(port)).toBe(true);
    }
  });

  unless(noScript, 'Ctrl-C at the question ends it as SIGINT would, and nothing is done', async () => {
    const { port } = await listeningProgram();
    const asking = asked(at(port));
    await asking.says(/Do that\? \[y\/N\] /);
    asking.child.stdin?.write('\u0003');
    expect((await asking.ended).code).toBe(130);
    expect(isHeld(port)).toBe(true);
  });

  test('a stopped process goes on, and ends', async () => {
    const { program, port } = await listeningProgram();
    program.child.kill('SIGSTOP');
    await until(() => why({ port, address: '127.0.0.1' }).holders[0]?.stopped === true);
    const { code, stdout } = await command('free', ...at(port), '--yes').ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('it is stopped') });
    expect((await program.ended).signal).toBe('SIGTERM');
  });

  test('what does not end after SIGTERM is left, and it says that --force would kill it: 1; --force does: 0', async () => {
    const { program, port } = await stubborn();
    const kept = await command('free', ...at(port), '--yes', ...BRIEF).ended;
    expect(kept).toMatchObject({ code: 1, stdout: expect.stringContaining('it has not ended after SIGTERM') });
    expect(kept.stdout).toContain('--force');
    expect(isHeld(port)).toBe(true);
    expect(await command('free', ...at(port), '--yes', '--force', ...BRIEF).ended).toMatchObject({ code: 0 });
    expect((await program.ended).signal).toBe('SIGKILL');
  });

  test('what ignores SIGTERM gets none without --force, which is named', async () => {
    const program = runScript(`
      import { spawn } from 'node:child_process';
      import { createServer } from 'node:net';
      const server = createServer().listen(0, '127.0.0.1', () => {
        const sleeper = spawn('/bin/sh', ['-c', 'trap "" TERM; echo ready; exec sleep 60'], {
          stdio: ['ignore', 'pipe', 'ignore', server._handle],
        });
        sleeper.stdout.once('data', () => { console.log('port', server.address().port); process.exit(); });
      });`);
    const port = Number((await program.says(/port (\d+)\n/))[1]);
    await program.ended;
    const { code, stdout } = await command('free', ...at(port), '--yes', ...BRIEF).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining('--force') });
    expect(isHeld(port)).toBe(true);
    expect((await command('free', ...at(port), '--yes', '--force', ...BRIEF).ended).code).toBe(0);
  });

  unless(noNobody, "another user's process is not touched: 1", async () => {
    const { program, port } = await listeningProgram();
    const { code, stdout } = await run(process.execPath, [MAIN, 'free', ...at(port), '--yes'], NOBODY).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining('only by root') });
    expect(program.child.exitCode).toBeNull();
    expect(isHeld(port)).toBe(true);
  });

  test('what it was started by is not touched, not even with --force: 1', async () => {
    const fd = bound();
    listen(fd);
    const { code, stdout } = await command('free', ...at(portOf(fd)), '--yes', '--force').ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining('is above this very process') });
  });

  test('--rescue sets the flag on the sockets of a running server, and says on how many', async () => {
    const program = runScript(`
      import * as s from 'bsd-sockets';
      const server = s.socket(s.AF_INET, s.SOCK_STREAM);
      s.bind(server, { family: 'IPv4', address: '127.0.0.1', port: 0 });
      s.listen(server, 1);
      console.log('port', s.getsockname(server).port);
      process.stdin.once('data', () => console.log('flag', s.getsockopt(server, s.SOL_SOCKET, s.SO_REUSEADDR) !== 0));`);
    await program.says(/port (\d+)\n/);
    const pid = String(program.child.pid);
    expect(await command('free', '--rescue', pid).ended).toMatchObject({
      code: 0,
      stdout: `PID ${pid} has 1 TCP socket: SO_REUSEADDR was switched on for 1.\n`,
    });
    const again = await command('free', '--rescue', pid, '--json').ended;
    expect(JSON.parse(again.stdout)).toEqual({ pid: Number(pid), sockets: 1, changed: 0 });
    program.child.stdin?.write('?');
    expect((await program.says(/flag (\w+)\n/))[1]).toBe('true');
  });

  test('--rescue of a process that is not there: 1', async () => {
    const { child, ended } = runScript('');
    await ended;
    expect(await command('free', '--rescue', String(child.pid)).ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ESRCH'),
    });
  });

  unless(noWait, 'what the kernel still keeps is waited for, until it has dropped it', async () => {
    const port = portInFinWait2();
    const { code, stdout, stderr } = await run(process.execPath, [MAIN, 'free', ...at(port), '--yes'], unprivileged)
      .ended;
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/- Wait [\d.]+ s, until the kernel drops what is over: ok\.\n/),
      stderr: 'Waiting for the kernel.\n',
    });
  });

  unless(noScript || noWait, 'with a bar on a terminal, which goes in the end', async () => {
    const port = portInFinWait2();
    const { code, stdout } = await asked([...at(port), '--yes'], unprivileged).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/Waiting █+░* \d+ s more\. Ctrl-C ends it\./);
    expect(lastLine(stdout)?.split(`${ESCAPE}[2K`).at(-1)).toBe(`Port ${String(port)} is free on 127.0.0.1.`);
  });

  unless(noWait, 'SIGINT ends the wait, as it would without a handler', async () => {
    const { listening, server } = connected();
    const port = portOf(listening);
    for (const fd of [server, listening]) closeNow(fd); // FIN_WAIT2 for a minute
    const waiting = run(process.execPath, [MAIN, 'free', ...at(port), '--yes'], unprivileged);
    await waiting.says('Waiting');
    waiting.child.kill('SIGINT');
    expect(await waiting.ended).toMatchObject({ code: 130 });
  });

  test('--json prints one document: what was done, and how it stands', async () => {
    const { program, port } = await listeningProgram();
    const would = await command('free', ...at(port), '--json', '--dry-run').ended;
    expect(would.code).toBe(1);
    expect(JSON.parse(would.stdout)).toMatchObject({ freed: false, steps: [{ do: expect.any(String) }] });
    const { code, stdout } = await command('free', ...at(port), '--json', '--yes').ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      freed: true,
      steps: [{ do: expect.stringContaining('SIGTERM'), result: 'ok' }],
      diagnosis: { verdict: 'free', port, binds: { none: 'ok' } },
    });
    await program.ended;
  });

  test('a path that was left behind is removed; a file on the path is not', async () => {
    const folder = temporaryFolder();
    const [left, file] = [join(folder, 'left'), join(folder, 'file')];
    await runScript(
      `import * as s from 'bsd-sockets';
       s.bind(s.socket(s.AF_UNIX, s.SOCK_STREAM), { family: 'Unix', path: ${JSON.stringify(left)} });`,
    ).ended;
    writeFileSync(file, 'text');
    expect((await command('free', '--unix', left, '--yes').ended).code).toBe(0);
    expect(await command('free', '--unix', file, '--yes', '--force').ended).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('Nothing can be done here'),
    });
  });

  test('of UDP with --udp', async () => {
    const port = portOf(boundUdp());
    const { code, stdout } = await command('free', ...at(port), '--udp', '--dry-run').ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining('UDP socket on it') });
  });

  test.each([
    [[]],
    [['0']],
    [['80', '81']],
    [['80', '--json']],
    [['80', '--rescue', '5']],
    [['--rescue', 'x']],
    [['80', '--grace', '-1']],
  ])('refuses %j: exit status 2', async (args) => {
    expect(await answerOf('free', ...args)).toMatchObject({ code: 2, stdout: '' });
  });
});

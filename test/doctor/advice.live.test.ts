/** Each kind of advice: the situation is made, the advised command is run to the letter, and then a bind works. */
import { describe, expect, test } from '@jest/globals';
import { AF_INET, bind, close, SOCK_STREAM, socket } from 'bsd-sockets';
import { why, waitUntilFree, type Diagnosis } from 'bsd-sockets/doctor';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runScript } from '../support/scripts.js';
import type { Program } from '../support/programs.js';
import { portInTimeWait } from './situations.js';

const suite = process.platform === 'linux' ? describe : describe.skip;
const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';
const at = (port: number): { port: number; address: string } => ({ port, address: '127.0.0.1' });

/** The command of the first advice: what follows the colon. */
const commandOf = ({ advice }: Diagnosis, index = 0): string => (advice[index]?.do ?? '').replace(/^[^:]*: /, '');
const inShell = (command: string): string => execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' });

/** Resolves when a bind works, and has made one. */
async function binds(port: number): Promise<void> {
  await waitUntilFree(at(port), { signal: AbortSignal.timeout(10_000) });
  const fd = socket(AF_INET, SOCK_STREAM);
  bind(fd, { family: 'IPv4', ...at(port) });
  close(fd);
}

/** A program that listens on 127.0.0.1, after some lines of its own. */
async function server(before = '', after = ''): Promise<{ program: Program; port: number; pid: number }> {
  const program = runScript(`
    import { createServer } from 'node:net';
    ${before}
    const server = createServer().listen(0, '127.0.0.1', () => {
      ${after}
      console.log('port', server.address().port);
    });`);
  const port = Number((await program.says(/port (\d+)\n/))[1]);
  return { program, port, pid: program.child.pid ?? 0 };
}

const stateOf = (pid: number): string =>
  readFileSync(`/proc/${String(pid)}/stat`, 'utf8').replace(/^.*\) /s, '')[0] ?? '';

/** A script in a folder of its own whose name is that of a program of others. */
function fake(name: string, text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'bsd-sockets-')), name);
  writeFileSync(file, text);
  return file;
}

suite(`the advice, followed to the letter, frees the port${only}`, () => {
  test('of a server: kill', async () => {
    const { port } = await server();
    expect(commandOf(why(at(port)))).toMatch(/^kill \d+$/);
    inShell(commandOf(why(at(port))));
    await binds(port);
  });

  test('of a server that was stopped by Ctrl-Z: kill -CONT first', async () => {
    const { port, pid } = await server();
    process.kill(pid, 'SIGSTOP');
    while (stateOf(pid) !== 'T') await new Promise((go) => setImmediate(go));
    const found = why(at(port));
    expect(found.holders).toMatchObject([{ pid, stopped: true }]);
    expect(commandOf(found)).toBe(`kill -CONT ${String(pid)}; kill ${String(pid)}`);
    inShell(commandOf(found));
    await binds(port);
  });

  test('of a server that ignores SIGTERM: kill -9', async () => {
    const program = runScript(`
      import { spawn } from 'node:child_process';
      import { createServer } from 'node:net';
      const server = createServer().listen(0, '127.0.0.1', () => {
        const sleeper = spawn('/bin/sh', ['-c', 'trap "" TERM; echo ready; exec sleep 60'], {
          stdio: ['ignore', 'pipe', 'ignore', server._handle],
        });
        sleeper.stdout.once('data', () => {
          console.log('port', server.address().port, sleeper.pid);
          process.exit();
        });
      });`);
    const [, port, pid] = (await program.says(/port (\d+) (\d+)\n/)).map(Number) as [number, number, number];
    await program.ended;
    const found = why(at(port));
    expect(found.holders).toMatchObject([{ pid, ignoresTerm: true, inheritable: true }]);
    expect(found.notes.join()).toContain('inherited from the program that started it');
    expect(commandOf(found)).toBe(`kill -9 ${String(pid)}`);
    inShell(commandOf(found));
    await binds(port);
  });

  test('of a server that a watcher starts again: its watcher is stopped', async () => {
    const watcher = fake(
      'nodemon.cjs',
      `const { spawn } = require('node:child_process');
      let port = 0, child;
      process.on('SIGTERM', () => { child.removeAllListeners('exit'); child.on('exit', () => process.exit()); child.kill(); });
      (function start() {
        child = spawn(process.execPath, ['-e', 'const s = require("net").createServer().listen(+process.argv[1], "127.0.0.1", () => console.log("port", s.address().port))', String(port)]);
        child.stdout.on('data', (text) => { port = Number(/port (\\d+)/.exec(text)?.[1] ?? port); process.stdout.write(text); });
        child.on('exit', start);
      })();`,
    );
    const program = runScript(`
      import { spawn } from 'node:child_process';
      const watcher = spawn(process.execPath, [${JSON.stringify(watcher)}], { argv0: 'nodemon', stdio: ['ignore', 'inherit', 'inherit'] });
      watcher.on('exit', () => process.exit());
      process.on('exit', () => watcher.kill('SIGKILL'));`);
    const port = Number((await program.says(/port (\d+)\n/))[1]);
    const found = why(at(port));
    expect(found.holders).toMatchObject([{ manager: { kind: 'watcher', name: 'nodemon' } }]);
    expect(found.advice[0]?.because).toContain('may start it again');
    inShell(commandOf(found));
    await program.ended;
    await binds(port);
  });

  test('of a socket that two processes have: kill both', async () => {
    const { port, program } = await server(
      "import { spawn } from 'node:child_process';",
      "spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', server._handle] });",
    );
    const found = why(at(port));
    expect(found.holders).toHaveLength(2);
    inShell(commandOf(found));
    await program.ended;
    await binds(port);
  });

  test('of a port in TIME_WAIT: the command that waits is there, and says how long', () => {
    const found = why(at(portInTimeWait()));
    const command = commandOf(found);
    expect(command).toMatch(/ why \d+ --host 127\.0\.0\.1 --watch$/);
    const asked = inShell(`${command.replace(/ --watch$/, ' --json')} || true`);
    expect(JSON.parse(asked)).toMatchObject({ verdict: 'expiring', freeInMs: expect.any(Number) });
  });
});

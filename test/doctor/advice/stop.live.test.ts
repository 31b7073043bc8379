/** How what has a port is ended. */
import { expect } from '@jest/globals';
import { bind, close, listen } from 'bsd-sockets';
import { why } from 'bsd-sockets/doctor';
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { runScript } from '../../support/scripts.js';
import type { Program } from '../../support/programs.js';
import { tcp } from '../../support/sockets.js';
import { until } from '../../support/until.js';
import { bound, portOf } from '../situations.js';
import { advised, binds, commandOf, inShell, noNamespace, scene } from './advised.js';

const at = (port: number): { port: number; address: string } => ({ port, address: '127.0.0.1' });

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

advised('kill', 'a server ends by it', '', async (take) => {
  const { port } = await server();
  const command = commandOf(take(why(at(port))));
  expect(command).toMatch(/^kill \d+$/);
  inShell(command);
  await binds(port);
});

advised('kill', 'it names every process that has the socket', '', async (take) => {
  const { port, program } = await server(
    "import { spawn } from 'node:child_process';",
    "spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', server._handle] });",
  );
  const found = why(at(port));
  expect(found.holders).toHaveLength(2);
  inShell(commandOf(take(found)));
  await program.ended;
  await binds(port);
});

advised('kill', 'a child that inherited the socket of a parent that has ended', '', async (take) => {
  const program = runScript(`
    import { spawn } from 'node:child_process';
    import { createServer } from 'node:net';
    const server = createServer().listen(0, '127.0.0.1', () => {
      const heir = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', server._handle] });
      console.log('port', server.address().port, heir.pid);
      process.exit();
    });`);
  const [, port = '', pid = ''] = await program.says(/port (\d+) (\d+)\n/);
  await program.ended;
  const found = why(at(Number(port)));
  expect(found.notes.join()).toContain('inherited from the program that started it');
  expect(commandOf(take(found))).toBe(`kill ${pid}`);
  inShell(commandOf(take(found)));
  await binds(Number(port));
});

advised('continue', 'a server that was stopped by Ctrl-Z goes on first', '', async (take) => {
  const { port, pid } = await server();
  process.kill(pid, 'SIGSTOP');
  await until(() => stateOf(pid) === 'T');
  const found = why(at(port));
  expect(found.holders).toMatchObject([{ pid, stopped: true }]);
  const command = commandOf(take(found));
  expect(command).toBe(`kill -CONT ${String(pid)}; kill ${String(pid)}`);
  inShell(command);
  await binds(port);
});

advised('kill-hard', 'SIGTERM would be ignored', '', async (take) => {
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
  expect(commandOf(take(found))).toBe(`kill -9 ${String(pid)}`);
  inShell(commandOf(take(found)));
  await binds(port);
});

advised('close', 'it is this very process', '', (take) => {
  const fd = bound();
  listen(fd);
  const port = portOf(fd);
  runInNewContext(commandOf(take(why(at(port)))), { close, fd });
  bind(tcp(), { family: 'IPv4', ...at(port) });
});

advised('stop-parent', 'a parent that starts it again is stopped before it', '', async (take) => {
  const program = runScript(`
    import { spawn } from 'node:child_process';
    const code = 'const s = require("net").createServer().listen(+process.argv[1], "127.0.0.1", ' +
      '() => console.log("port", s.address().port, process.pid))';
    let port = '0';
    (function start() {
      const child = spawn(process.execPath, ['-e', code, port], { stdio: ['ignore', 'pipe', 'ignore'] });
      child.stdout.on('data', (text) => { port = String(text).split(' ')[1]; console.log(String(text)); });
      child.on('exit', start);
    })();`);
  const [, port = '', first = ''] = await program.says(/port (\d+) (\d+)\n/);
  const found = why(at(Number(port)));
  process.kill(Number(first), 'SIGKILL');
  const [, again = ''] = await program.says(new RegExp(`port ${port} (?!${first}\\b)(\\d+)\n`)); // it came back
  expect(again).not.toBe(first);
  inShell(commandOf(take(found)));
  await once(program);
  inShell(`kill ${again}`);
  await binds(Number(port));
});

const once = async ({ child }: Program): Promise<void> => {
  await until(() => child.exitCode !== null || child.signalCode !== null);
};

advised('ask-root', 'root sees which process of another user it is, and how it is ended', noNamespace, async () => {
  const said = await scene(`
    const server = start('require("net").createServer().listen(4000, "127.0.0.1", () => console.log(1))');
    await once(server.stdout, 'data');
    const answer = sh(commandOf(take(asNobody(() => why(at(4000))), 'ask-root')) + ' || true');
    sh(/kill \\d+/.exec(answer)[0]);
    await once(server, 'exit');
    bindAt(4000);`);
  expect(said).toBe('done\n');
});

/**
 * Signals that the program does not listen to do not show in a blocking call: real terminals, children, profilers.
 * Whatever waits does so in a process of its own, and what it waited for comes by SO_RCVTIMEO or from a child.
 */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { spawn, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, temporaryFolder } from './support/programs.js';
import { PACKAGE_ROOT, runScript } from './support/scripts.js';

const SETUP = `
  import * as s from 'bsd-sockets';
  import { exec, spawn } from 'node:child_process';
  import { fd, limit, said, waiting } from './dist/test/support/waiting.js';
  const timed = (call) => { const start = Date.now(); return said(call) + (Date.now() - start >= 390 ? '' : ' early') };
`;

const python = spawnSync('python3', ['-c', 'import pty']).status === 0;
const withTerminal = python ? test : test.skip;
const lacking = python ? '' : ': skipped, there is no python3 with its pty module';

/** Runs a script with a terminal for its standard streams: what it prints to fd 3 comes to our standard output. */
const IN_TERMINAL = `
import os, pty, sys, fcntl, select, termios, struct
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
def resize(rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', rows, 80, 0, 0))
seen, rows, sent = b'', 30, set()
while True:
    if not select.select([terminal], [], [], 0.3)[0]:
        # it may have been too early, before the call: as in C, such a Ctrl-C does not end it
        if b'\\ninterrupt;' in seen and b'interrupted' not in seen:
            os.write(terminal, bytes([3]))
        continue
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    seen += chunk
    os.write(1, chunk)
    while seen.count(b'resize;') > rows - 30:
        rows += 1
        resize(rows)
    if b'> ' in seen and len(sys.argv) == 3 and 'r' not in sent:
        sent.add('r')
        os.write(terminal, b"const s = require('bsd-sockets'); console.log('inter' + 'rupt;'); s.poll([], -1)\\r")
    if b'interrupted' in seen and 'e' not in sent:
        sent.add('e')
        os.write(terminal, b'.exit\\r')
_, status = os.waitpid(pid, 0)
print('status', status)
`;

const commandInTerminal = (...command: string[]): ReturnType<typeof run> =>
  run('python3', ['-c', IN_TERMINAL, ...command], { cwd: PACKAGE_ROOT });
const inTerminal = (...args: string[]): ReturnType<typeof run> => commandInTerminal(process.execPath, ...args);

const script = (code: string): string[] => ['--input-type=module', '-e', `${SETUP}${code}`];

describe('a signal without a listener of the program does not end a call', () => {
  test.each(['accept', 'poll'])('of a child that ends, in %s, which keeps its time', async (call) => {
    const program = runScript(`${SETUP}
      limit(fd, 400);
      for (let i = 0; i < 3; i++) spawn('sleep', ['0.1']);
      console.log(timed(() => ${call === 'poll' ? 's.poll([{ fd, events: s.POLLIN }], 400)' : 's.accept(fd)'}));`);
    expect((await program.ended).stdout).toBe(call === 'poll' ? '0\n' : 'EAGAIN\n');
  });

  test('of a child that ends, where there is no time limit: the call waits for its connection', async () => {
    const program = runScript(`${SETUP}
      const { port } = s.getsockname(fd);
      exec('sleep 0.1');
      exec(\`exec 3<>/dev/tcp/127.0.0.1/\${port}\`, { shell: '/bin/bash' });
      console.log(said(() => s.accept(fd).address.address));`);
    expect((await program.ended).stdout).toBe('127.0.0.1\n');
  });

  test.each(['accept', 'recv', 'poll', 'send', 'connect'])(
    'of the profiler, in %s, which keeps its time',
    async (name) => {
      const program = runScript(
        `${SETUP}
      limit(fd, 400);
      const [a] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
      limit(a, 400);
      s.setsockopt(a, s.SOL_SOCKET, s.SO_SNDTIMEO, s.timeval.encode(400));
      const address = { family: 'Unix', path: '\\0bsd-sockets-profiled-' + process.pid };
      const full = s.socket(s.AF_UNIX, s.SOCK_STREAM), last = s.socket(s.AF_UNIX, s.SOCK_STREAM);
      s.bind(full, address);
      s.listen(full, 0);
      s.connect(s.socket(s.AF_UNIX, s.SOCK_STREAM), address);
      s.setsockopt(last, s.SOL_SOCKET, s.SO_SNDTIMEO, s.timeval.encode(400));
      if ('${name}' === 'send') said(() => { for (;;) s.send(a, Buffer.alloc(65536), s.MSG_DONTWAIT) });
      const calls = {
        accept: () => s.accept(fd),
        recv: () => s.recv(a, Buffer.alloc(1)),
        poll: () => s.poll([{ fd, events: s.POLLIN }], 400),
        send: () => s.send(a, Buffer.alloc(65536)),
        connect: () => s.connect(last, address),
      };
      console.log(timed(calls.${name}));`,
        {},
        ['--cpu-prof', `--cpu-prof-dir=${temporaryFolder()}`],
      );
      const { stdout } = await program.ended;
      expect(stdout).toBe(name === 'poll' ? '0\n' : 'EAGAIN\n');
    },
  );

  test('of a profiler that the program starts itself, in recv and poll', async () => {
    const program = runScript(`${SETUP}
      import { Session } from 'node:inspector/promises';
      const session = new Session();
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: 100 });
      await session.post('Profiler.start');
      const [a] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
      limit(a, 400);
      console.log(timed(() => s.recv(a, Buffer.alloc(1))), timed(() => s.poll([{ fd: a, events: s.POLLIN }], 400)));`);
    expect((await program.ended).stdout).toBe('EAGAIN 0\n');
  });

  test('of a child that ends, in jest itself', () => {
    const [a, b] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
    s.setsockopt(a, s.SOL_SOCKET, s.SO_RCVTIMEO, s.timeval.encode(400));
    const child = spawn('sleep', ['0.1']);
    const start = Date.now();
    expect(() => s.recv(a, Buffer.alloc(1))).toThrow('EAGAIN');
    expect(Date.now() - start).toBeGreaterThanOrEqual(390);
    child.kill();
    s.close(a);
    s.close(b);
  });

  test('of the profiler, in a worker', async () => {
    const program = runScript(
      `import { once } from 'node:events';
      import { Worker } from 'node:worker_threads';
      const worker = new Worker('./dist/test/support/waiting.js', { workerData: { wait: 'accept', timeoutMs: 400 }, execArgv: process.execArgv.slice(0, 2) });
      await once(worker, 'message');
      const start = Date.now();
      const [message] = await once(worker, 'message');
      console.log(message, Date.now() - start >= 390);
      await worker.terminate();`,
      {},
      ['--cpu-prof', `--cpu-prof-dir=${temporaryFolder()}`],
    );
    expect((await program.ended).stdout).toBe('EAGAIN true\n');
  });

  test('that starts the debugger', async () => {
    const program = runScript(
      `${SETUP} limit(fd, 400); console.log('ready'); console.log(timed(() => s.accept(fd)));`,
      {},
      ['--inspect-port=0'],
    );
    await program.says('ready');
    program.child.kill('SIGUSR1');
    expect((await program.ended).stdout).toBe('ready\nEAGAIN\n');
  });

  withTerminal(`of a terminal that is resized${lacking}`, async () => {
    const program = inTerminal(
      ...script(`limit(fd, 400); console.log('resize;resize;'); console.log(timed(() => s.accept(fd)));`),
    );
    expect((await program.ended).stdout).toBe('resize;resize;\r\nEAGAIN\r\nstatus 0\n');
  });

  withTerminal.each([
    ['npm exec', (file: string): string[] => ['npm', 'exec', '-c', `"${process.execPath}" "${file}"`]],
    ['tsx', (file: string): string[] => [process.execPath, 'node_modules/tsx/dist/cli.mjs', file]],
  ] as const)(`of a terminal that is resized, under %s${lacking}`, async (name, command) => {
    const code = `${SETUP} limit(fd, 400); console.log('resize;resize;'); console.log(timed(() => s.accept(fd)));`;
    const file = join(PACKAGE_ROOT, 'build', `resized-${String(process.pid)}-${name.replace(' ', '-')}.mjs`);
    writeFileSync(file, code.replaceAll("'./dist/", "'../dist/"));
    const { stdout } = await commandInTerminal(...command(file)).ended;
    rmSync(file);
    expect(stdout).toMatch(/resize;resize;\r\nEAGAIN\r\n[^]*status 0\n$/);
  });
});

describe('a signal with a listener of the program ends a call', () => {
  withTerminal(`of a terminal that is resized, and the listener runs${lacking}`, async () => {
    const program = inTerminal(
      ...script(`
        process.on('SIGWINCH', () => console.log('listener'));
        console.log('resize;');
        console.log(said(() => s.accept(fd)));`),
    );
    expect((await program.ended).stdout).toBe('resize;\r\nEINTR\r\nlistener\r\nstatus 0\n');
  });

  test('of a child that ends, and the listener runs', async () => {
    const program = runScript(`${SETUP}
      process.on('SIGCHLD', () => console.log('listener'));
      exec('true');
      console.log(said(() => s.poll([], -1)));`);
    expect((await program.ended).stdout).toBe('EINTR\nlistener\n');
  });

  test('again, in a call that the listener itself makes', async () => {
    const program = runScript(`${SETUP}
      process.once('SIGUSR2', () => {
        process.on('SIGUSR2', () => undefined);
        console.log('listener');
        console.log(said(() => s.accept(fd)));
      });
      console.log('ready');
      console.log(said(() => s.accept(fd)));`);
    await program.says('ready');
    program.child.kill('SIGUSR2');
    await program.says('listener');
    program.child.kill('SIGUSR2');
    expect((await program.ended).stdout).toBe('ready\nEINTR\nlistener\nEINTR\n');
  });

  withTerminal(`that Ctrl-C sends to the REPL while it evaluates${lacking}`, async () => {
    const program = inTerminal('-i');
    await program.says('interrupted');
    expect((await program.ended).stdout).toContain('status 0');
  });
});

test('sending to a peer that has gone is EPIPE, never SIGPIPE, also after a listener of SIGPIPE was taken away', async () => {
  const program = runScript(`${SETUP}
    const listener = () => undefined;
    process.on('SIGPIPE', listener);
    process.off('SIGPIPE', listener);
    const bytes = Buffer.from('x');
    for (const name of ['send', 'sendto', 'sendmsg', 'sendmmsg']) {
      const [a, b] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
      s.close(b);
      const calls = {
        send: () => s.send(a, bytes),
        sendto: () => s.sendto(a, bytes, 0, { family: 'Unix', path: '' }),
        sendmsg: () => s.sendmsg(a, { buffers: [bytes] }),
        sendmmsg: () => s.sendmmsg(a, [{ buffers: [bytes] }]),
      };
      console.log(name, said(calls[name]));
    }`);
  expect(await program.ended).toMatchObject({
    signal: null,
    stdout: expect.stringMatching(/^send EPIPE\nsendto \w+\nsendmsg EPIPE\nsendmmsg \w+\n$/),
  });
});

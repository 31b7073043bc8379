/** What keeps a process alive and how it ends, as with node:net. Each in a process of its own. */
import { describe, expect, test } from '@jest/globals';
import { runScript, type Ended } from '../support/scripts.js';

const START = `
  import * as s from 'bsd-sockets';
  import { connect, listen, Socket } from 'bsd-sockets/promises';
  const LOOPBACK = { family: 'IPv4', address: '127.0.0.1', port: 0 };
  const pair = () => Socket.pair(s.AF_UNIX, s.SOCK_STREAM);
  const say = (words) => process.stdout.write(words + '\\n');
`;

/** Runs a script that has to end by itself: it is killed after 15 seconds. */
const ended = (code: string, nodeOptions: readonly string[] = []): Promise<Ended> =>
  runScript(START + code, {}, nodeOptions).ended;

const quiet = (stdout: string, code = 0): Ended => ({ code, signal: null, stdout, stderr: '' });

describe('a call that waits', () => {
  test('keeps the process alive until it ends', async () => {
    const said = await ended(`
      const [socket, peer] = pair();
      setTimeout(() => s.send(peer.fd, Buffer.from('x')), 50).unref();
      say(String(await socket.recv(Buffer.alloc(9))));`);
    expect(said).toEqual(quiet('1\n'));
  });

  test("unref'd does not keep the process alive: the await is never settled, and the exit status says so", async () => {
    const said = await ended(`
      const [socket] = pair();
      socket.unref();
      await socket.recv(Buffer.alloc(9));`);
    expect(said).toMatchObject({ code: 13, stdout: '' }); // an unsettled top-level await
  });

  test.each(['listener.unref(); void listener.accept()', 'void listener.accept(); listener.unref()'])(
    'is let go by unref, before it and after it: %s',
    async (code) => {
      expect(await ended(`globalThis.listener = listen(LOOPBACK); ${code}; say('made');`)).toEqual(quiet('made\n'));
    },
  );

  test('keeps the process alive again after ref', async () => {
    const said = await ended(`
      const [socket, peer] = pair();
      const waiting = socket.unref().recv(Buffer.alloc(9));
      socket.ref();
      setTimeout(() => s.send(peer.fd, Buffer.from('x')), 50).unref();
      say(String(await waiting));`);
    expect(said).toEqual(quiet('1\n'));
  });

  test("unref'd is settled where something else keeps the process alive", async () => {
    const said = await ended(`
      const [socket, peer] = pair();
      const waiting = socket.unref().recv(Buffer.alloc(9));
      const alive = setInterval(() => {}, 1000);
      setImmediate(() => s.send(peer.fd, Buffer.from('x')));
      say(String(await waiting));
      clearInterval(alive);`);
    expect(said).toEqual(quiet('1\n'));
  });

  test.each(['close()', 'detach()', 'unref().ref().unref()'])('does not keep it alive after %s', async (how) => {
    const said = await ended(`
      const sockets = Array.from({ length: 10 }, pair).flat();
      for (const socket of sockets) {
        socket.recv(Buffer.alloc(1)).catch(() => undefined);
        socket.recv(Buffer.alloc(1)).catch(() => undefined);
      }
      await new Promise(setImmediate);
      for (const socket of sockets) socket.${how};
      say('end');`);
    expect(said).toEqual(quiet('end\n'));
  });

  test('that is aborted does not keep it alive', async () => {
    const said = await ended(`
      const [socket] = pair();
      const controller = new AbortController();
      const all = [1, 2, 3].map(() => socket.recv(Buffer.alloc(1), { signal: controller.signal }));
      setTimeout(() => controller.abort('enough'), 1);
      say((await Promise.allSettled(all)).map(({ reason }) => reason).join(' '));`);
    expect(said).toEqual(quiet('enough enough enough\n'));
  });

  test('lets go when it has ended, a thousand times over', async () => {
    const said = await ended(`
      const [socket, peer] = pair();
      for (let i = 0; i < 1000; i++) {
        const waiting = [socket.recv(Buffer.alloc(1)), socket.recv(Buffer.alloc(1))];
        if (i % 2) socket.unref();
        s.send(peer.fd, Buffer.from('ab'));
        await Promise.all(waiting);
        socket.ref();
      }
      say('end');`);
    expect(said).toEqual(quiet('end\n'));
  });

  test('a socket on which nothing waits does not keep it alive', async () => {
    expect(await ended(`globalThis.kept = [listen(LOOPBACK), ...pair()]; say('end');`)).toEqual(quiet('end\n'));
  });
});

describe('beforeExit', () => {
  test('comes once nothing waits, and what it begins is waited for', async () => {
    const said = await ended(`
      const [socket, peer] = pair();
      let rounds = 0;
      process.on('beforeExit', () => {
        say('beforeExit');
        if (++rounds > 2) return;
        void socket.recv(Buffer.alloc(1)).then((length) => say('received ' + length));
        setTimeout(() => s.send(peer.fd, Buffer.from('x')), 1).unref();
      });`);
    expect(said).toEqual(quiet('beforeExit\nreceived 1\nbeforeExit\nreceived 1\nbeforeExit\n'));
  });
});

describe('process.exit', () => {
  test('while calls wait ends the process with its status', async () => {
    const said = await ended(
      `globalThis.sockets = Array.from({ length: 100 }, pair).flat();
       for (const socket of sockets) void socket.recv(Buffer.alloc(9)).finally(() => say('settled'));
       void listen(LOOPBACK).accept();
       setImmediate(() => { gc(); process.exit(3) });`,
      ['--expose-gc'],
    );
    expect(said).toEqual(quiet('', 3));
  });

  test('from within what a call has settled ends it too', async () => {
    const said = await ended(`
      const pairs = Array.from({ length: 100 }, pair);
      for (const [socket] of pairs) void socket.recv(Buffer.alloc(9)).then(() => { say('one'); process.exit(4) });
      setImmediate(() => { for (const [, peer] of pairs) s.send(peer.fd, Buffer.from('x')) });`);
    expect(said).toEqual(quiet('one\n', 4));
  });
});

describe('an error that nobody catches', () => {
  test('after a call that was settled by the poller ends the process, and names the call', async () => {
    const said = await ended(`
      const [socket] = pair();
      setTimeout(() => socket.close(), 1);
      async function serve() { await socket.recv(Buffer.alloc(9)) }
      void serve();
      setTimeout(() => say('too late'), 5000);`);
    expect(said).toMatchObject({ code: 1, stdout: '' });
    expect(said.stderr).toContain('ECANCELED');
    expect(said.stderr).toContain('serve');
  });

  test('is told to the listeners of uncaughtException, and the others are served', async () => {
    const said = await ended(`
      process.on('uncaughtException', ({ message }) => say('caught ' + message));
      const pairs = [pair(), pair(), pair()];
      const all = pairs.map(async ([socket], index) => {
        await socket.recv(Buffer.alloc(9));
        if (index === 0) throw new Error('mine');
        say('served');
      });
      setImmediate(() => { for (const [, peer] of pairs) s.send(peer.fd, Buffer.from('x')) });`);
    expect({ ...said, stdout: said.stdout.split('\n').sort().join(' ') }).toEqual(quiet(' caught mine served served'));
  });

  test('thrown in a callback between is no trouble either', async () => {
    const said = await ended(`
      process.on('uncaughtException', ({ message }) => say('caught ' + message));
      const [socket, peer] = pair();
      const first = socket.recv(Buffer.alloc(9));
      void first.then(() => process.nextTick(() => { throw new Error('tick') }));
      await new Promise(setImmediate);
      s.send(peer.fd, Buffer.from('x'));
      await first;
      const second = socket.recv(Buffer.alloc(9));
      await new Promise(setImmediate);
      s.send(peer.fd, Buffer.from('y'));
      say(String(await second));`);
    expect(said.stderr).toBe('');
    expect(said.stdout.split('\n').sort()).toEqual(['', '1', 'caught tick']);
  });
});

const isLinux = process.platform === 'linux';
const only = isLinux ? '' : ' (skipped: it needs /proc)';

describe('a child process', () => {
  (isLinux ? test : test.skip)(
    `does not inherit the sockets, and does not disturb calls that wait${only}`,
    async () => {
      const said = await ended(`
      import { execFileSync } from 'node:child_process';
      import { readlinkSync } from 'node:fs';
      const [socket, peer] = pair();
      const waiting = socket.recv(Buffer.alloc(9));
      await new Promise(setImmediate);
      const shown = execFileSync('ls', ['-l', '/proc/self/fd']).toString();
      say(String([socket, peer].some(({ fd }) => shown.includes(readlinkSync('/proc/self/fd/' + fd)))));
      await peer.send(Buffer.from('x'));
      say(String(await waiting));`);
      expect(said).toEqual(quiet('false\n1\n'));
    },
  );
});

/** A Socket that nobody holds and nobody closed. Each in a process of its own, which can collect garbage at will. */
import { describe, expect, test } from '@jest/globals';
import { runScript, type Ended } from '../support/scripts.js';

// eslint-disable-next-line no-restricted-syntax -- it collects again and again until what it waits for is so
const START = `
  import * as s from 'bsd-sockets';
  import { Socket } from 'bsd-sockets/promises';
  const warnings = [];
  process.on('warning', (warning) => warnings.push(warning));
  const isOpen = (fd) => { try { s.fcntl(fd, s.F_GETFD); return true } catch { return false } };
  const collect = async (until) => {
    for (let i = 0; i < 200 && !until(); i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 5)) }
  };
  function makeHere() { return new Socket(s.AF_INET, s.SOCK_DGRAM).fd }
`;
const ended = (code: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  runScript(START + code, { env: { ...process.env, ...env } }, ['--expose-gc', '--no-warnings']).ended;

describe('a socket that is dropped', () => {
  test('is closed, and a warning says so', async () => {
    const { stdout, stderr } = await ended(`
      const fd = makeHere();
      await collect(() => !isOpen(fd));
      console.log(JSON.stringify([isOpen(fd), warnings.map(({ code }) => code), warnings[0].message.includes('BSD_SOCKETS_TRACE')]));`);
    expect([stderr, stdout]).toEqual(['', '[false,["BSD_SOCKETS_DROPPED"],true]\n']);
  });

  test('with BSD_SOCKETS_TRACE=1: the warning says where it was made', async () => {
    const { stdout, stderr } = await ended(
      `const fd = makeHere();
       await collect(() => !isOpen(fd));
       const [warning] = warnings;
       console.log(JSON.stringify([warning.code, /makeHere/.test(warning.message + warning.detail + warning.stack)]));`,
      { BSD_SOCKETS_TRACE: '1' },
    );
    expect([stderr, stdout]).toEqual(['', '["BSD_SOCKETS_DROPPED",true]\n']);
  });

  test('after it was closed or detached says nothing, and touches nobody who has its number', async () => {
    const { stdout } = await ended(`
      const [a, b] = (() => {
        const closed = new Socket(s.AF_INET, s.SOCK_DGRAM);
        const number = closed.fd;
        closed.close();
        const detached = new Socket(s.AF_INET, s.SOCK_DGRAM);
        return [number, detached.detach()];
      })();
      for (let i = 0; i < 20; i++) { gc(); await new Promise(setImmediate) }
      console.log(a === b, isOpen(b), warnings.length);`);
    expect(stdout).toBe('true true 0\n');
  });

  test('whose number a new Socket has by now leaves that one open', async () => {
    const { stdout } = await ended(`
      const fd = makeHere();
      s.close(fd);
      const [next, other] = Socket.pair(s.AF_UNIX, s.SOCK_STREAM);
      for (let i = 0; i < 20; i++) { gc(); await new Promise(setImmediate) }
      await other.send(Buffer.from('x'));
      console.log(next.fd === fd, await next.recv(Buffer.alloc(9)), warnings.length);`);
    expect(stdout).toBe('true 1 0\n');
  });

  test("leaves a stranger's descriptor open that has its number: closed by the raw API, or by node:fs once it was waited for", async () => {
    // eslint-disable-next-line no-restricted-syntax -- nothing tells that dropped sockets are watched over: that begins after a while
    const { stdout } = await ended(`
      import * as fs from 'node:fs';
      const fds = await (async () => {
        const raw = makeHere();
        s.close(raw);
        const [stranger] = [fs.openSync('/dev/null')];
        let [socket, peer] = Socket.pair(s.AF_UNIX, s.SOCK_STREAM);
        const { fd } = socket;
        const waited = socket.recv(Buffer.alloc(9));
        await peer.send(Buffer.from('x'));
        await waited;
        fs.closeSync(fd);
        const other = fs.openSync('/dev/null');
        peer.close();
        return [stranger === raw, other === fd, stranger, other];
      })();
      await new Promise((resolve) => setTimeout(resolve, 60)); // until dropped sockets are watched over
      for (let i = 0; i < 20; i++) { gc(); await new Promise(setImmediate) }
      console.log(fds[0], fds[1], isOpen(fds[2]), isOpen(fds[3]), warnings.length);`);
    expect(stdout).toBe('true true true true 0\n');
  });

  test('while a call waits is held by the call', async () => {
    const { stdout } = await ended(`
      let told;
      const received = new Promise((resolve) => { told = resolve });
      const peer = (() => {
        const [socket, peer] = Socket.pair(s.AF_UNIX, s.SOCK_STREAM);
        void socket.recv(Buffer.alloc(9)).then((length) => told(length));
        return peer;
      })();
      for (let i = 0; i < 20; i++) { gc(); await new Promise(setImmediate) }
      await peer.send(Buffer.from('x'));
      console.log('received ' + await received);
      console.log(warnings.length);
      peer.close();`);
    expect(stdout).toMatch(/^received 1\n[01]\n$/); // once it has received, it is dropped
  });

  test('lets its peer see the end', async () => {
    const { stdout } = await ended(`
      const peer = (() => Socket.pair(s.AF_UNIX, s.SOCK_STREAM)[1])();
      const end = peer.recv(Buffer.alloc(9));
      void collect(() => warnings.length > 0);
      console.log(await end);`);
    expect(stdout).toBe('0\n');
  });

  test('a thousand of them are all closed', async () => {
    const { stdout } = await ended(`
      import { readdirSync } from 'node:fs';
      const open = () => readdirSync('/dev/fd').length;
      makeHere();
      const before = open();
      for (let i = 0; i < 1000; i++) makeHere();
      await collect(() => warnings.length > 1000);
      console.log(open() <= before, warnings.length);`);
    expect(stdout).toBe('true 1001\n');
  });
});

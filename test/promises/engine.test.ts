/** What the engine withstands: code of the user's that runs in the middle of it, and others who hold the descriptor. */
import { describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import * as s from 'bsd-sockets';
import { connect, Socket } from 'bsd-sockets/promises';
import { crowd, name, sayToAll } from '../support/crowd.js';
import { listening, outcome, owned, pair, say, stillWaits, tcpPair, text, turns, udp } from '../support/owned.js';
import { runScript } from '../support/scripts.js';

const onLinux = process.platform === 'linux' ? test : test.skip;
const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';

test('a getter of a buffer that would send and read fd is never run in the middle of a turn', async () => {
  const all = await crowd(() => pair(), 8);
  const [sender, senderPeer] = pair();
  let runs = 0;
  class Sly extends Uint8Array {
    override get length(): number {
      runs++;
      void sender.send(Buffer.from('s'));
      return sender.fd > 0 ? super.length : 0;
    }
  }
  const views = all.map((_, i): Uint8Array => (i === 3 ? new Sly(64) : new Uint8Array(64).fill(0x58)));
  const receives = all.map(([socket], i) => socket.recv(views[i] as Uint8Array));
  await turns();
  sayToAll(all);
  expect(await Promise.all(receives)).toEqual(all.map((_, i) => name(i).length));
  for (const [, peer] of all) {
    expect(() => s.recv(peer.fd, Buffer.alloc(64), s.MSG_DONTWAIT)).toThrow('EAGAIN');
  }
  expect(runs).toBe(0);
  expect(() => s.recv(senderPeer.fd, Buffer.alloc(64), s.MSG_DONTWAIT)).toThrow('EAGAIN');
});

test('a send of a buffer that claims another length sends the bytes that it has', async () => {
  const [socket, peer] = pair();
  const buffer = Buffer.from('twelve bytes');
  Object.defineProperty(buffer, 'length', { value: 3 });
  expect(await socket.sendAll(buffer)).toBe(12);
  expect(await socket.send(buffer)).toBe(12);
  expect(await text(peer)).toBe('twelve bytestwelve bytes');
});

test('a thenable getter that closes and sends while a crowd is settled finds every socket in order', async () => {
  const all = await crowd(tcpPair, 12);
  const [sender, senderPeer] = pair();
  let runs = 0;
  const chunks = all.map(([socket]) => socket.chunks()[Symbol.asyncIterator]().next());
  await turns();
  Object.defineProperty(Object.prototype, 'then', {
    configurable: true,
    get(this: { value?: unknown }) {
      if (Buffer.isBuffer(this.value) && runs++ === 0) {
        all[11]?.[0].close();
        void sender.send(Buffer.from('x'));
      }
      return undefined;
    },
  });
  try {
    sayToAll(all);
    const results = await Promise.all(chunks.map(async (one) => outcome(one)));
    expect(new Set(results)).toEqual(new Set(['ok']));
  } finally {
    Reflect.deleteProperty(Object.prototype, 'then');
  }
  expect(runs).toBeGreaterThan(0);
  expect(await text(senderPeer)).toBe('x');
});

describe('a descriptor that became blocking', () => {
  test('never blocks accept, connect or close', async () => {
    const script = runScript(
      `import * as s from 'bsd-sockets';
       import { listen, Socket } from 'bsd-sockets/promises';
       const blocking = (socket) => s.fcntl(socket.fd, s.F_SETFL, s.fcntl(socket.fd, s.F_GETFL) & ~s.O_NONBLOCK);
       const server = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 });
       const client = new Socket(s.AF_INET, s.SOCK_STREAM);
       blocking(server);
       blocking(client);
       const accepting = server.accept();
       await new Promise(setImmediate);
       console.log('the loop turns');
       await client.connect(server.getsockname());
       const { socket } = await accepting;
       s.setsockopt(socket.fd, s.SOL_SOCKET, s.SO_SNDBUF, 4096);
       s.setsockopt(socket.fd, s.SOL_SOCKET, s.SO_LINGER, s.linger.encode({ onoff: true, linger: 60 }));
       try { for (;;) s.send(socket.fd, Buffer.alloc(65536), s.MSG_DONTWAIT); } catch {}
       const before = Date.now();
       socket.close();
       console.log('closed at once:', Date.now() - before < 5000);
       process.exit();`,
    );
    expect(await script.ended).toMatchObject({ code: 0, stdout: 'the loop turns\nclosed at once: true\n' });
  });
});

describe('the three queues of a socket', () => {
  onLinux(`let urgent data be received while recv waits, and poll tells of it${only}`, async () => {
    const [socket, peer] = await tcpPair();
    const plain = socket.recv(Buffer.alloc(8));
    const told = socket.poll(s.POLLPRI);
    await turns();
    s.send(peer.fd, Buffer.from('!'), s.MSG_OOB);
    expect((await told) & s.POLLPRI).toBe(s.POLLPRI);
    const urgent = Buffer.alloc(1);
    expect(await socket.recv(urgent, { flags: s.MSG_OOB })).toBe(1);
    expect(String(urgent)).toBe('!');
    expect(await stillWaits(plain)).toBe(true);
    await say(peer, 'plain');
    expect(await plain).toBe(5);
  });

  onLinux(`let the error queue be read while recv waits, and be waited for${only}`, async () => {
    const socket = udp();
    socket.setsockopt(s.IPPROTO_IP, s.IP_RECVERR, true);
    const gone = udp();
    const address = gone.getsockname();
    gone.close();
    const errors = socket.recvmsg([Buffer.alloc(64)], { flags: s.MSG_ERRQUEUE, controlLength: 512 });
    const told = socket.poll(s.POLLERR);
    await turns();
    await socket.sendto(Buffer.from('x'), address);
    expect(((await errors).flags & s.MSG_ERRQUEUE) !== 0).toBe(true);
    expect((await told) & s.POLLERR).toBe(s.POLLERR);
  });
});

test('datagrams go on after a refusal that onError is told of, and end with it otherwise', async () => {
  const [socket, gone] = [udp(), udp()];
  const address = gone.getsockname();
  gone.close();
  await socket.connect(address);
  const codes: string[] = [];
  const next = socket.datagrams({ onError: (error) => codes.push(error.code) }).next();
  await turns();
  await socket.send(Buffer.from('x'));
  expect(await stillWaits(next)).toBe(true);
  expect(codes).toEqual(['ECONNREFUSED']);
  socket.close();
  expect(await next).toEqual({ done: true, value: undefined });
});

onLinux(`sendto with MSG_FASTOPEN connects and sends, with a cookie or without${only}`, async () => {
  const listener = listening();
  for (let round = 0; round < 2; round++) {
    const client = owned(new Socket(s.AF_INET, s.SOCK_STREAM));
    expect(await client.sendto(Buffer.from('fast'), listener.getsockname(), { flags: s.MSG_FASTOPEN })).toBe(4);
    const { socket } = await listener.accept();
    expect(await text(owned(socket))).toBe('fast');
  }
});

test("close does nothing to a stranger's descriptor that has the number of one closed by the raw API", () => {
  const [socket, peer] = pair();
  const { fd } = socket;
  s.close(fd);
  const [first, second] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
  expect([first, second]).toContain(fd);
  socket.close();
  expect(s.send(first, Buffer.from('x'))).toBe(1);
  expect(s.recv(second, Buffer.alloc(1))).toBe(1);
  s.close(first);
  s.close(second);
  peer.close();
});

test('console.log shows the descriptor, the family, the type, the state and the addresses, and sends nothing', async () => {
  const listener = listening();
  const client = owned(await connect(listener.getsockname()));
  expect(inspect(listener)).toMatch(
    /^Socket \{\s+fd: \d+,\s+family: 'AF_INET',\s+type: 'SOCK_STREAM',\s+state: 'listening'/,
  );
  expect(inspect(client)).toContain("state: 'connected'");
  client.close();
  expect(inspect(client)).toBe("Socket { fd: -1, state: 'closed' }");
});

test('a socket has no member that is not documented', () => {
  const [socket] = pair();
  expect(Object.keys(socket)).toEqual([]);
  expect(Object.getPrototypeOf(Socket.prototype)).toBe(Object.prototype);
});

describe('a worker that is terminated', () => {
  test('while a lingering close is under way, with its peer in the same worker, harms nobody', async () => {
    const script = runScript(
      `import { Worker } from 'node:worker_threads';
       const code = \`
         const s = require('bsd-sockets');
         const { listen, connect } = require('bsd-sockets/promises');
         const { parentPort } = require('node:worker_threads');
         (async () => {
         const server = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 });
         globalThis.client = await connect(server.getsockname());
         const { socket } = await server.accept();
         socket.setsockopt(s.SOL_SOCKET, s.SO_LINGER, s.linger.encode({ onoff: true, linger: 1 }));
         try { for (;;) s.send(socket.fd, Buffer.alloc(65536), s.MSG_DONTWAIT); } catch {}
         socket.close();
         parentPort.postMessage('closing');
         })();\`;
       for (let i = 0; i < 5; i++) {
         const worker = new Worker(code, { eval: true, execArgv: [] });
         await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
         await worker.terminate();
       }
       console.log('alive');`,
    );
    expect(await script.ended).toMatchObject({ code: 0, stdout: 'alive\n', stderr: '' });
  });

  test.each([
    ['the raw API', 's.close(fd)'],
    ['node:fs, after it was waited for', 'socket.recv(Buffer.alloc(1)).catch(() => 0); fs.closeSync(fd)'],
  ])("leaves a stranger's descriptor open that has the number of a Socket closed by %s", async (_name, closing) => {
    const script = runScript(
      `import * as fs from 'node:fs';
       import { Worker } from 'node:worker_threads';
       const code = \`
         const fs = require('node:fs');
         const s = require('bsd-sockets');
         const { Socket } = require('bsd-sockets/promises');
         const [socket, peer] = Socket.pair(s.AF_UNIX, s.SOCK_STREAM);
         const { fd } = socket;
         ${closing};
         require('node:worker_threads').parentPort.postMessage(fd);
         setInterval(() => [socket, peer], 1000);\`;
       // Node warns of what node:fs closes and has not opened; that is not what this asks.
       const worker = new Worker(code, { eval: true, execArgv: [], trackUnmanagedFds: false });
       const fd = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
       const opened = [];
       while (opened.at(-1) !== fd) opened.push(fs.openSync('/dev/null'));
       await worker.terminate();
       console.log(fs.fstatSync(fd).isCharacterDevice());`,
    );
    expect(await script.ended).toMatchObject({ code: 0, stdout: 'true\n', stderr: '' });
  });

  test('while it makes sockets leaves none open', async () => {
    const script = runScript(
      `import { readdirSync } from 'node:fs';
       import { Worker } from 'node:worker_threads';
       const count = () => readdirSync(process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd').length;
       const code = \`
         const s = require('bsd-sockets');
         const { Socket } = require('bsd-sockets/promises');
         require('node:worker_threads').parentPort.postMessage(0);
         for (let i = 0; i < 200; i++) Socket.pair(s.AF_UNIX, s.SOCK_STREAM);
         for (;;) { const [a, b] = Socket.pair(s.AF_UNIX, s.SOCK_STREAM); a.close(); b.close(); }\`;
       const round = async () => {
         const worker = new Worker(code, { eval: true, execArgv: [] });
         await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
         await worker.terminate();
       };
       await round();
       const before = count();
       for (let i = 0; i < 20; i++) await round();
       console.log(count() - before);`,
    );
    expect(await script.ended).toMatchObject({ code: 0, stdout: '0\n', stderr: '' });
  });
});

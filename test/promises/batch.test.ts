/** Many sockets that are ready at once: their receives are one crossing, and so are their sends. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { native } from '../../lib/native.js';
import { drain, fill, outcome, pair, stillWaits, tcpPair, text, turns } from '../support/owned.js';
import { runScript } from '../support/scripts.js';

const SIZE = 200;
type Pair = [Socket, Socket];

const KINDS: Record<string, () => Pair | Promise<Pair>> = {
  TCP: tcpPair,
  'unix streams': () => pair(),
  datagrams: () => pair(s.SOCK_DGRAM),
};

function crowd(make: () => Pair | Promise<Pair>, size = SIZE): Promise<Pair[]> {
  return Promise.all(Array.from({ length: size }, async () => make()));
}

const name = (i: number): string => `socket ${String(i)}`;

/** Sends to all at once, so that all are ready in the same turn. */
function sayToAll(crowd: readonly Pair[], message: (i: number) => string = name): void {
  crowd.forEach(([, peer], i) => s.send(peer.fd, Buffer.from(message(i))));
}

/** How often native code is entered for a batch while `work` runs. */
async function crossings(work: () => Promise<unknown>): Promise<{ receives: number; sends: number }> {
  const own = { ...native };
  const seen = { receives: 0, sends: 0 };
  native.recvMany = (...batch) => (seen.receives++, own.recvMany(...batch));
  native.sendMany = (...batch) => (seen.sends++, own.sendMany(...batch));
  try {
    await work();
  } finally {
    Object.assign(native, own);
  }
  return seen;
}

/** All receive, and are told that at once; then each does `work`. */
async function inOneRound<Result>(
  crowd: readonly Pair[],
  work: (socket: Socket, i: number) => Result | Promise<Result>,
): Promise<Result[]> {
  const all = crowd.map(async ([socket], i) => {
    await socket.recv(Buffer.alloc(64));
    return work(socket, i);
  });
  sayToAll(crowd);
  return Promise.all(all);
}

describe.each(Object.entries(KINDS))('a crowd of %s', (_, make) => {
  test('receives and sends in few crossings, each its own bytes', async () => {
    const all = await crowd(make);
    const seen = await crossings(async () => {
      const buffers = all.map(() => Buffer.alloc(64));
      const receives = all.map(([socket], i) => socket.recv(buffers[i] as Buffer));
      sayToAll(all);
      const lengths = await Promise.all(receives);
      expect(buffers.map((buffer, i) => buffer.toString('latin1', 0, lengths[i]))).toEqual(all.map((_, i) => name(i)));
      const sent = await inOneRound(all, (socket, i) => socket.send(Buffer.from(`${name(i)} again`)));
      expect(sent).toEqual(all.map((_, i) => name(i).length + 6));
    });
    expect(await Promise.all(all.map(([, peer]) => text(peer)))).toEqual(all.map((_, i) => `${name(i)} again`));
    expect(seen.receives).toBeGreaterThan(0);
    expect(seen.receives).toBeLessThan(SIZE / 8);
    expect(seen.sends).toBeGreaterThan(0);
    expect(seen.sends).toBeLessThan(SIZE / 8);
  });

  test('goes on for many rounds, and loses nothing', async () => {
    const all = await crowd(make, 50);
    const rounds = 40;
    const echoes = all.map(async ([socket]) => {
      const buffer = Buffer.alloc(64);
      for (let i = 0; i < rounds; i++) {
        const length = await socket.recv(buffer);
        await socket.send(buffer.subarray(0, length));
      }
    });
    for (let round = 0; round < rounds; round++) {
      sayToAll(all, (i) => `${name(i)}, round ${String(round)}`);
      const answers = await Promise.all(all.map(([, peer]) => text(peer)));
      expect(answers).toEqual(all.map((_, i) => `${name(i)}, round ${String(round)}`));
    }
    await Promise.all(echoes);
  });
});

test('each of a crowd has its own outcome: bytes, the end, a reset, an error, an abort', async () => {
  const all = await crowd(tcpPair, 12);
  const views = all.map(() => new Uint8Array(32));
  const controller = new AbortController();
  const waiting = all.map(([socket], i) =>
    socket.recv(views[i] as Uint8Array, i === 5 ? { signal: controller.signal } : undefined),
  );
  await turns();
  structuredClone(views[1]?.buffer, { transfer: [views[1]?.buffer as ArrayBuffer] });
  all.forEach(([, peer], i) => {
    if (i === 2) peer.close();
    else if (i === 3) {
      peer.setsockopt(s.SOL_SOCKET, s.SO_LINGER, s.linger.encode({ onoff: true, linger: 0 }));
      peer.close();
    } else if (i !== 4) s.send(peer.fd, Buffer.from(name(i)));
  });
  controller.abort(new Error('enough'));
  all[6]?.[0].close();
  const outcomes = await Promise.all(waiting.map(async (one, i) => (i === 4 ? 'waits' : outcome(one))));
  const special = ['ok', 'ERR_INVALID_ARG_VALUE', 'ok', 'ECONNRESET', 'waits', 'Error: enough', 'ECANCELED'];
  expect(outcomes).toEqual(all.map((_, i) => special[i] ?? 'ok'));
  expect(await waiting[2]).toBe(0);
  expect(await text(all[1]?.[0] as Socket)).toBe(name(1)); // no byte is lost
  expect(await text(all[5]?.[0] as Socket)).toBe(name(5));
  expect(await stillWaits(waiting[4] as Promise<number>)).toBe(true);
});

describe('what a crowd sends', () => {
  test('is sent before the socket is closed in the same turn', async () => {
    const all = await crowd(tcpPair);
    await inOneRound(all, (socket, i) => {
      void socket.send(Buffer.from(name(i)));
      socket.close();
    });
    for (const [i, [, peer]] of all.entries()) {
      expect(await text(peer)).toBe(name(i));
      expect(await peer.recv(Buffer.alloc(1))).toBe(0);
    }
  });

  test.each<[string, (socket: Socket) => unknown, string]>([
    ['another send', (socket) => socket.send(Buffer.from('b')), 'ab'],
    ['a send with options', (socket) => socket.send(Buffer.from('b'), { flags: 0 }), 'ab'],
    ['sendAll', (socket) => socket.sendAll(Buffer.from('b')), 'ab'],
    ['sendmsg', (socket) => socket.sendmsg({ buffers: [Buffer.from('b')] }), 'ab'],
    ['send of the raw API', (socket) => s.send(socket.fd, Buffer.from('b')), 'ab'],
    ['shutdown', (socket) => socket.shutdown(s.SHUT_WR), 'a'],
    ['detach', (socket) => s.close(socket.detach()), 'a'],
  ])('goes before %s', async (_, then, expected) => {
    const all = await crowd(() => pair(), 20);
    const first = await inOneRound(all, (socket) => {
      const sent = socket.send(Buffer.from('a'));
      void then(socket);
      return sent;
    });
    expect(first).toEqual(all.map(() => 1));
    await turns();
    expect(await Promise.all(all.map(([, peer]) => text(peer)))).toEqual(all.map(() => expected));
  });

  test('waits where there is no room, and the others do not', async () => {
    const all = await crowd(() => pair(), 20);
    const [full, reader] = all[7] as Pair;
    fill(full);
    const sends: Promise<number>[] = [];
    await inOneRound(all, (socket, i) => {
      sends[i] = socket.send(Buffer.from(name(i)));
    });
    const others = sends.filter((_, i) => i !== 7);
    expect(await Promise.all(others)).toEqual(others.map((_, i) => name(i < 7 ? i : i + 1).length));
    expect(await stillWaits(sends[7] as Promise<number>)).toBe(true);
    drain(reader);
    expect(await sends[7]).toBe(name(7).length);
  });

  test('fails where the peer has gone, and only there', async () => {
    const all = await crowd(() => pair(), 20);
    const results = await inOneRound(all, (socket, i) => {
      if (i === 3) all[3]?.[1].close();
      return outcome(socket.send(Buffer.from('x')));
    });
    expect(results).toEqual(all.map((_, i) => (i === 3 ? 'EPIPE' : 'ok')));
  });

  test('is an error where the buffer is transferred before, and nothing is sent', async () => {
    const all = await crowd(() => pair(), 20);
    const results = await inOneRound(all, (socket) => {
      const bytes = new Uint8Array([1, 2, 3]);
      const sent = outcome(socket.send(bytes));
      structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
      return sent;
    });
    expect(results).toEqual(all.map(() => 'ERR_INVALID_ARG_VALUE'));
    for (const [, peer] of all) expect(() => s.recv(peer.fd, Buffer.alloc(1))).toThrow('EAGAIN');
  });

  test('never goes to another socket that has got the number of one that was closed', async () => {
    const all = await crowd(() => pair(), 20);
    const strangers: Pair[] = [];
    await inOneRound(all, (socket) => {
      void socket.send(Buffer.from('mine'));
      socket.close();
      strangers.push(pair());
    });
    await turns();
    expect(await Promise.all(all.map(([, peer]) => text(peer)))).toEqual(all.map(() => 'mine'));
    for (const stranger of strangers.flat()) {
      expect(() => s.recv(stranger.fd, Buffer.alloc(1))).toThrow('EAGAIN');
    }
  });

  test('may be long: nothing is cut', async () => {
    const all = await crowd(() => pair(), 8);
    const long = Buffer.alloc(20_000, 'long');
    const sent = await inOneRound(all, (socket) => socket.send(long));
    expect(sent).toEqual(all.map(() => long.length));
    for (const [, peer] of all) {
      const buffer = Buffer.alloc(long.length);
      await peer.recv(buffer, { flags: s.MSG_WAITALL });
      expect(buffer.equals(long)).toBe(true);
    }
  });

  test('keeps the asynchronous context of each', async () => {
    const storage = new AsyncLocalStorage<number>();
    const all = await crowd(() => pair());
    const contexts = await Promise.all(
      all.map(([socket, peer], i) =>
        storage.run(i, async () => {
          const receive = socket.recv(Buffer.alloc(8));
          s.send(peer.fd, Buffer.from('x'));
          await receive;
          await socket.send(Buffer.from('y'));
          return storage.getStore();
        }),
      ),
    );
    expect(contexts).toEqual(all.map((_, i) => i));
  });

  test('names the functions that await it in the stack of an error', async () => {
    const all = await crowd(() => pair(), 20);
    all.forEach(([socket]) => socket.shutdown(s.SHUT_WR));
    async function answering(socket: Socket): Promise<string> {
      try {
        await socket.send(Buffer.from('x'));
        return 'sent';
      } catch (error) {
        return (error as Error).stack ?? '';
      }
    }
    for (const stack of await inOneRound(all, answering)) expect(stack).toMatch(/send EPIPE[^]*at (async )?answering/);
  });

  test('leaves also when the process ends in the same turn', async () => {
    const { stdout } = await runScript(`
      import * as s from 'bsd-sockets';
      import { Socket } from 'bsd-sockets/promises';
      const pairs = Array.from({ length: 20 }, () => Socket.pair(s.AF_UNIX, s.SOCK_STREAM));
      let left = pairs.length;
      for (const [socket, peer] of pairs) {
        socket.recv(Buffer.alloc(8)).then(() => {
          void socket.send(Buffer.from('x'));
          if (--left === 0) process.exit();
        });
        s.send(peer.fd, Buffer.from('go'));
      }
      process.on('exit', () => {
        const came = pairs.map(([, peer]) => s.recv(peer.fd, Buffer.alloc(8), s.MSG_DONTWAIT));
        console.log(came.reduce((sum, length) => sum + length));
      });
    `).ended;
    expect(stdout.trim()).toBe('20');
  });
});

test('a socket that nobody closes is closed all the same after it was one of a crowd', async () => {
  const { stdout, stderr } = await runScript(
    `
      import * as s from 'bsd-sockets';
      import { Socket } from 'bsd-sockets/promises';
      const peers = [];
      await (async () => {
        const pairs = Array.from({ length: 20 }, () => Socket.pair(s.AF_UNIX, s.SOCK_STREAM));
        const all = pairs.map(async ([socket]) => {
          await socket.recv(Buffer.alloc(8));
          await socket.send(Buffer.from('x'));
        });
        for (const [, peer] of pairs) s.send(peer.fd, Buffer.from('go'));
        await Promise.all(all);
        peers.push(...pairs.map(([, peer]) => peer));
      })();
      let closed = 0;
      process.on('warning', () => closed++);
      while (closed < 20) {
        globalThis.gc();
        await new Promise((resolve) => setImmediate(resolve));
      }
      console.log(peers.map((peer) => s.recv(peer.fd, Buffer.alloc(8)) + s.recv(peer.fd, Buffer.alloc(8))).join(''));
    `,
    {},
    ['--expose-gc'],
  ).ended;
  expect(stdout.trim()).toBe('1'.repeat(20));
  expect(stderr).toContain('close() was not called');
});

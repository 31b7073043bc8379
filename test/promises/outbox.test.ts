/** What many sockets send in one turn is sent together, and yet nothing overtakes it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import type { Socket } from 'bsd-sockets/promises';
import { crowd, inOneRound, name, type Pair } from '../support/crowd.js';
import { drain, fill, outcome, pair, stillWaits, tcpPair, text, turns } from '../support/owned.js';
import { runScript } from '../support/scripts.js';

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

  test('sendAll sends the rest later where there was room for a part', async () => {
    const all = await crowd(() => pair(), 20);
    for (const [socket] of all) {
      socket.setsockopt(s.SOL_SOCKET, s.SO_SNDBUF, 1); // the least that the system allows: less than twice 4096 bytes
      s.send(socket.fd, Buffer.from('1'));
    }
    const bytes = Buffer.alloc(4096, 'rest');
    const sends: Promise<number>[] = [];
    await inOneRound(all, (socket, i) => {
      sends[i] = socket.sendAll(bytes);
    });
    if (process.platform === 'linux') expect(await stillWaits(sends[0] as Promise<number>)).toBe(true);
    for (const [i, [, peer]] of all.entries()) {
      const came = Buffer.alloc(1 + bytes.length);
      await peer.recv(came, { flags: s.MSG_WAITALL });
      expect(came.toString('latin1')).toBe(`1${bytes.toString('latin1')}`);
      expect(await sends[i]).toBe(bytes.length);
    }
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

/** Many sockets that are ready at once: their receives are one crossing, and so are their sends. */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import type { Socket } from 'bsd-sockets/promises';
import { crossings, crowd, inOneRound, name, sayToAll, SIZE, type Pair } from '../support/crowd.js';
import { outcome, pair, stillWaits, tcpPair, text, turns } from '../support/owned.js';
import { runScript } from '../support/scripts.js';

const KINDS: Record<string, () => Pair | Promise<Pair>> = {
  TCP: tcpPair,
  'unix streams': () => pair(),
  datagrams: () => pair(s.SOCK_DGRAM),
};

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

test('chunks and sendAll lose nothing in a crowd, whatever the lengths', async () => {
  const lengths = [1, 100, 4095, 4096, 4097, 10_000, 70_000];
  const all = await crowd(tcpPair, lengths.length * 3);
  const messages = all.map((_, i) => Buffer.alloc(lengths[i % lengths.length] as number, name(i)));
  const seen = await crossings(async () => {
    const echoes = all.map(async ([socket]) => {
      for await (const chunk of socket.chunks()) await socket.sendAll(chunk);
      socket.close();
    });
    await turns();
    const answers = all.map(async ([, peer], i) => {
      const answer = Buffer.alloc(messages[i]?.length ?? 0);
      for (let round = 0; round < 3; round++) {
        const [length] = await Promise.all([
          peer.recv(answer, { flags: s.MSG_WAITALL }),
          peer.sendAll(messages[i] as Buffer),
        ]);
        expect(answer.subarray(0, length).equals(messages[i] as Buffer)).toBe(true);
        answer.fill(0);
      }
      peer.shutdown(s.SHUT_WR);
    });
    await Promise.all([...answers, ...echoes]);
  });
  expect(seen.receives).toBeGreaterThan(0);
  expect(seen.sends).toBeGreaterThan(0);
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

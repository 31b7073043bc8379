import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import type { Socket } from 'bsd-sockets/promises';
import { drain, fill, outcome, pair, say, stillWaits, text, turns } from '../support/owned.js';
import { runScript } from '../support/scripts.js';

type Resizable = ArrayBuffer & { resize(length: number): void };
const resizable = (length: number, maxByteLength: number): Resizable =>
  Reflect.construct(ArrayBuffer, [length, { maxByteLength }]) as Resizable;

/** Takes the bytes of a view away, as `postMessage` with a transfer list does. */
function transfer(view: ArrayBufferView): ArrayBufferLike {
  return structuredClone(view.buffer, { transfer: [view.buffer as ArrayBuffer] });
}

const receives: Record<string, (socket: Socket, view: Uint8Array) => Promise<unknown>> = {
  recv: (socket, view) => socket.recv(view),
  'recv with options': (socket, view) => socket.recv(view, { flags: 0 }),
  recvfrom: (socket, view) => socket.recvfrom(view),
  recvmsg: (socket, view) => socket.recvmsg([Buffer.alloc(0), view]),
};

describe.each(Object.entries(receives))('a buffer into which %s receives', (_, receive) => {
  test('and which is transferred while it waits is an error; the bytes are there for the next call', async () => {
    const [socket, peer] = pair();
    const view = new Uint8Array(8);
    const waiting = receive(socket, view);
    await turns();
    const taken = new Uint8Array(transfer(view));
    const fresh = Array.from({ length: 100 }, () => new Uint8Array(8));
    await say(peer, 'data');
    expect(await outcome(waiting)).toBe('ERR_INVALID_ARG_VALUE');
    expect([taken, ...fresh].every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
    expect(await text(socket)).toBe('data');
  });

  test('and which was transferred before is an error at once', async () => {
    const [socket, peer] = pair();
    const view = new Uint8Array(8);
    transfer(view);
    await say(peer, 'data');
    expect(await outcome(receive(socket, view))).toBe('ERR_INVALID_ARG_VALUE');
    expect(await text(socket)).toBe('data');
  });

  test('and which shrinks to less than it began with is an error, or takes what has room; no byte is lost', async () => {
    const [socket, peer] = pair();
    const buffer = resizable(16, 64);
    const fixed = new Uint8Array(buffer, 4, 8);
    const waiting = receive(socket, fixed);
    await turns();
    buffer.resize(6);
    await say(peer, 'fixed');
    expect(await outcome(waiting)).toBe('ERR_INVALID_ARG_VALUE');
    expect(await text(socket)).toBe('fixed');
    expect([...new Uint8Array(buffer)]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('and which follows the length of a buffer that shrinks takes no more than fits', async () => {
    const [socket, peer] = pair();
    const buffer = resizable(16, 64);
    const waiting = outcome(receive(socket, new Uint8Array(buffer)));
    await turns();
    buffer.resize(3);
    await say(peer, 'abcdef');
    const said = await waiting;
    const left = await text(socket);
    buffer.resize(16);
    const took = Buffer.from(buffer).toString('latin1').replace(/\0+$/, '');
    expect(said === 'ok' ? took + left : left).toBe('abcdef');
    expect(took.length).toBeLessThanOrEqual(3);
  });

  test('and which grows meanwhile is written within the view that was given', async () => {
    const [socket, peer] = pair();
    const buffer = resizable(8, 64);
    const waiting = outcome(receive(socket, new Uint8Array(buffer, 2, 4)));
    await turns();
    buffer.resize(64);
    await say(peer, 'abcdefgh');
    expect(await waiting).toBe('ok');
    expect(Buffer.from(buffer).toString('latin1')).toBe(`\0\0abcd${'\0'.repeat(58)}`);
    expect(await text(socket)).toBe('efgh');
  });

  test('and which is a part of a larger one leaves the rest as it is', async () => {
    const [socket, peer] = pair();
    const whole = Buffer.alloc(12, '.');
    const waiting = receive(socket, whole.subarray(4, 8));
    await say(peer, 'abcdefgh');
    await waiting;
    expect(whole.toString()).toBe('....abcd....');
  });

  test('and which is shared memory is filled', async () => {
    const [socket, peer] = pair();
    const view = new Uint8Array(new SharedArrayBuffer(4));
    const waiting = receive(socket, view);
    await say(peer, 'data');
    await waiting;
    expect(String.fromCharCode(...view)).toBe('data');
  });
});

const sends: Record<string, (socket: Socket, view: Uint8Array) => Promise<unknown>> = {
  send: (socket, view) => socket.send(view),
  sendAll: (socket, view) => socket.sendAll(view),
  sendmsg: (socket, view) => socket.sendmsg({ buffers: [view] }),
};

describe.each(Object.entries(sends))('a buffer that %s sends', (_, send) => {
  test('and which is transferred while it waits is an error, and none of it is sent', async () => {
    const [socket, peer] = pair();
    fill(socket);
    const view = new Uint8Array(8).fill(1);
    const waiting = outcome(send(socket, view));
    await turns();
    transfer(view);
    drain(peer);
    expect(await waiting).toBe('ERR_INVALID_ARG_VALUE');
    await say(socket, 'next');
    expect(await text(peer)).toBe('next');
  });

  test('and which shrinks while it waits is never read past its end', async () => {
    const [socket, peer] = pair();
    fill(socket);
    const buffer = resizable(16, 64);
    new Uint8Array(buffer).fill(1);
    const waiting = outcome(send(socket, new Uint8Array(buffer, 0, 16)));
    await turns();
    buffer.resize(4);
    drain(peer);
    expect(await waiting).toBe('ERR_INVALID_ARG_VALUE');
    await say(socket, 'next');
    expect(await text(peer)).toBe('next');
  });
});

describe('the list of buffers of recvmsg', () => {
  test('is read once: what the caller does with it afterwards changes nothing', async () => {
    const [socket, peer] = pair();
    const [first, second] = [Buffer.alloc(2), Buffer.alloc(2)];
    const buffers = [first, second];
    const waiting = socket.recvmsg(buffers);
    await turns();
    buffers.length = 0;
    await say(peer, 'abcd');
    expect((await waiting).bytesRead).toBe(4);
    expect(first.toString() + second.toString()).toBe('abcd');
  });

  test('is checked at once, whether the call waits or not', async () => {
    const [socket] = pair();
    await outcome(socket.recv(Buffer.alloc(1), { signal: AbortSignal.abort() }));
    const waiting = outcome(socket.recv(Buffer.alloc(1))); // from now on others wait behind it
    await turns();
    expect(await outcome(socket.recvmsg(7 as never))).toBe('ERR_INVALID_ARG_TYPE');
    expect(await outcome(socket.recvmsg([7 as never]))).toBe('ERR_INVALID_ARG_TYPE');
    expect(await outcome(socket.recvmsg([Buffer.alloc(1)], { controlLength: -1 }))).toBe('ERR_OUT_OF_RANGE');
    expect(await outcome(socket.sendmsg({ buffers: [7 as never] }))).toBe('ERR_INVALID_ARG_TYPE');
    socket.close();
    await waiting;
  });
});

describe('an empty buffer', () => {
  test('sends nothing, at once', async () => {
    const [socket, peer] = pair();
    const empty = Buffer.alloc(0);
    expect(await Promise.all([socket.send(empty), socket.sendAll(empty)])).toEqual([0, 0]);
    await say(socket, 'x');
    expect(await text(peer)).toBe('x');
  });

  test('is a datagram of no bytes', async () => {
    const [socket, peer] = pair(s.SOCK_DGRAM);
    await socket.send(Buffer.alloc(0));
    await say(socket, 'x');
    expect([await text(peer), await text(peer)]).toEqual(['', 'x']);
  });

  test('takes nothing', async () => {
    const [socket, peer] = pair();
    await say(peer, 'x');
    expect(await socket.recv(Buffer.alloc(0))).toBe(0);
    expect(await text(socket)).toBe('x');
    expect(await stillWaits(text(socket))).toBe(true);
  });
});

test('a buffer that nobody else holds stays until its call has ended', async () => {
  const script = runScript(
    `import { AF_UNIX, SOCK_STREAM } from 'bsd-sockets';
     import { Socket } from 'bsd-sockets/promises';
     const pairs = Array.from({ length: 20 }, () => Socket.pair(AF_UNIX, SOCK_STREAM));
     const all = pairs.map(([socket]) => socket.recv(new Uint8Array(5000)));
     const garbage = [];
     for (let i = 0; i < 10; i++) {
       gc();
       garbage.push(Array.from({ length: 100 }, () => new Uint8Array(5000)));
       await new Promise(setImmediate);
     }
     for (const [, peer] of pairs) await peer.send(Buffer.alloc(3000, 1));
     console.log(JSON.stringify([...new Set(await Promise.all(all))]), garbage.flat().every((b) => b.every((x) => x === 0)));
     for (const socket of pairs.flat()) socket.close();`,
    {},
    ['--expose-gc'],
  );
  expect(await script.ended).toMatchObject({ code: 0, stdout: '[3000] true\n', stderr: '' });
});

import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { EventEmitter, getEventListeners } from 'node:events';
import {
  fill,
  listening,
  outcome,
  owned,
  pair,
  rejection,
  say,
  stillWaits,
  tcpPair,
  text,
  turns,
} from '../support/owned.js';
import { runScript } from '../support/scripts.js';
import { LOOP_NAMES, loopOf, WAIT_NAMES, waitOf } from './waits.js';

/** The code of an AbortError. */
const ABORTED = String(DOMException.ABORT_ERR);

describe('aborting a call', () => {
  test.each(WAIT_NAMES)('that waits rejects it with the reason of the signal: %s', async (name) => {
    const { socket, call } = await waitOf(name);
    const controller = new AbortController();
    const waiting = call({ signal: controller.signal });
    expect(await stillWaits(waiting)).toBe(true);
    const reason = { not: 'even an Error' };
    controller.abort(reason);
    expect(await rejection(waiting)).toBe(reason);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(socket.fd).not.toBe(-1); // it stays open
  });

  test.each(WAIT_NAMES)('before it is made rejects it, and makes no system call: %s', async (name) => {
    const { call } = await waitOf(name);
    const signal = AbortSignal.abort();
    expect(await rejection(call({ signal }))).toBe(signal.reason);
  });

  test.each(WAIT_NAMES)('that has ended does nothing: %s', async (name) => {
    const { call, happens } = await waitOf(name);
    if (happens === undefined) return;
    const controller = new AbortController();
    const waiting = call({ signal: controller.signal });
    await turns();
    await happens();
    await waiting;
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    controller.abort();
    expect(await outcome(waiting)).toBe('ok');
  });

  test.each(WAIT_NAMES)('lets the next call do what it would have done: %s', async (name) => {
    const { call, happens } = await waitOf(name);
    if (happens === undefined || name.startsWith('connect')) return; // a connect is not begun twice
    const controller = new AbortController();
    const aborted = outcome(call({ signal: controller.signal }));
    await turns();
    controller.abort();
    const next = call();
    await happens();
    expect([await aborted, await outcome(next)]).toEqual([ABORTED, 'ok']);
  });

  test('a reason that is no Error, an Error, none: each comes as it is', async () => {
    const [socket] = pair();
    for (const reason of ['text', 0, null, new RangeError('mine')]) {
      const controller = new AbortController();
      const waiting = socket.recv(Buffer.alloc(1), { signal: controller.signal });
      controller.abort(reason);
      expect(await rejection(waiting)).toBe(reason);
    }
    const controller = new AbortController();
    const waiting = socket.recv(Buffer.alloc(1), { signal: controller.signal });
    controller.abort();
    expect(await rejection(waiting)).toMatchObject({ name: 'AbortError' });
  });

  test('AbortSignal.timeout ends a wait', async () => {
    const [socket] = pair();
    const waiting = socket.recv(Buffer.alloc(1), { signal: AbortSignal.timeout(1) });
    expect(await rejection(waiting)).toMatchObject({ name: 'TimeoutError' });
  });
});

describe('an aborted call consumes nothing', () => {
  test('data that come in the same turn are there for the next call', async () => {
    const [socket, peer] = await tcpPair();
    const controller = new AbortController();
    const buffer = Buffer.alloc(4);
    const waiting = outcome(socket.recv(buffer, { signal: controller.signal }));
    await turns();
    s.send(peer.fd, Buffer.from('data'));
    controller.abort(Object.assign(new Error('enough'), { code: 'ENOUGH' }));
    expect([await waiting, buffer.toString('latin1')]).toEqual(['ENOUGH', '\0\0\0\0']);
    expect(await text(socket)).toBe('data');
  });

  test('data that are there already are not taken by a call that is aborted before', async () => {
    const [socket, peer] = pair(s.SOCK_DGRAM);
    await say(peer, 'datagram');
    await outcome(socket.recv(Buffer.alloc(99), { signal: AbortSignal.abort() }));
    await outcome(socket.recvfrom(Buffer.alloc(99), { signal: AbortSignal.abort() }));
    await outcome(socket.recvmsg([Buffer.alloc(99)], { signal: AbortSignal.abort() }));
    expect(await text(socket)).toBe('datagram');
  });

  test('a connection is accepted by the next call', async () => {
    const listener = listening();
    const controller = new AbortController();
    const waiting = outcome(listener.accept({ signal: controller.signal }));
    await turns();
    const client = owned(new Socket(s.AF_INET, s.SOCK_STREAM));
    const connecting = client.connect(listener.getsockname());
    controller.abort();
    const { socket, address } = await listener.accept();
    owned(socket);
    await connecting;
    expect(address).toEqual(client.getsockname());
    await waiting;
  });

  test('nothing of an aborted send is sent', async () => {
    const [socket, peer] = pair();
    const filled = fill(socket);
    const controller = new AbortController();
    const waiting = outcome(socket.send(Buffer.from('never'), { signal: controller.signal }));
    await turns();
    controller.abort();
    await waiting;
    const buffer = Buffer.alloc(filled + 1);
    let received = 0;
    while (received < filled) received += await peer.recv(buffer.subarray(received));
    await say(socket, 'end');
    expect([received, await text(peer)]).toEqual([filled, 'end']);
  });

  test('the middle one of three that wait: the others get what comes, in their order', async () => {
    const [socket, peer] = pair(s.SOCK_SEQPACKET);
    const controller = new AbortController();
    const first = text(socket);
    const middle = outcome(socket.recv(Buffer.alloc(9), { signal: controller.signal }));
    const last = text(socket);
    await turns();
    controller.abort();
    await say(peer, 'one');
    await say(peer, 'two');
    expect([await first, await middle, await last]).toEqual(['one', ABORTED, 'two']);
  });

  test.each([0, 1, 2, 3, 4])('any of five that wait: number %i', async (index) => {
    const [socket, peer] = pair(s.SOCK_SEQPACKET);
    const controller = new AbortController();
    const all = Array.from({ length: 5 }, async (_, i) => {
      const buffer = Buffer.alloc(1);
      try {
        await socket.recv(buffer, i === index ? { signal: controller.signal } : {});
        return buffer.toString();
      } catch {
        return 'aborted';
      }
    });
    await turns();
    controller.abort();
    for (const word of ['a', 'b', 'c', 'd']) await say(peer, word);
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd'].toSpliced(index, 0, 'aborted'));
  });
});

describe('a call that waits for something rare', () => {
  const suite = process.platform === 'linux' ? test : test.skip;
  const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';

  suite(`does not hide the data from the calls behind it${only}`, async () => {
    const [socket, peer] = await tcpPair();
    const controller = new AbortController();
    const options = { flags: s.MSG_ERRQUEUE, signal: controller.signal };
    const first = outcome(socket.recv(Buffer.alloc(9), options));
    const second = text(socket);
    await turns();
    await say(peer, 'data');
    expect(await second).toBe('data'); // the error queue is another one
    controller.abort();
    expect(await first).toBe(String(DOMException.ABORT_ERR));
  });

  suite(`does not hide the data from a later call${only}`, async () => {
    const [socket, peer] = await tcpPair();
    const controller = new AbortController();
    const first = outcome(socket.recv(Buffer.alloc(9), { flags: s.MSG_ERRQUEUE, signal: controller.signal }));
    await turns();
    await say(peer, 'data');
    await turns();
    controller.abort();
    await first;
    expect(await text(socket)).toBe('data');
  });
});

describe('one signal', () => {
  test('ends many calls of many sockets, without a warning', async () => {
    const script = runScript(
      `import { AF_UNIX, SOCK_STREAM } from 'bsd-sockets';
       import { Socket } from 'bsd-sockets/promises';
       const controller = new AbortController();
       const sockets = Array.from({ length: 50 }, () => Socket.pair(AF_UNIX, SOCK_STREAM)).flat();
       const all = sockets.map((socket) => socket.recv(Buffer.alloc(1), { signal: controller.signal }));
       setImmediate(() => controller.abort('enough'));
       const ended = await Promise.allSettled(all);
       console.log(ended.filter(({ reason }) => reason === 'enough').length);
       for (const socket of sockets) socket.close();`,
    );
    expect(await script.ended).toMatchObject({ code: 0, stdout: '100\n', stderr: '' });
  });

  test('that outlives thousands of calls keeps nothing of them', async () => {
    const [socket, peer] = pair();
    const { signal } = new AbortController();
    for (let i = 0; i < 2000; i++) {
      const waiting = socket.recv(Buffer.alloc(1), { signal });
      s.send(peer.fd, Buffer.alloc(1));
      await waiting;
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test.each(LOOP_NAMES)('ends a loop by its reason: %s', async (name) => {
    const { socket, loop } = loopOf(name);
    const controller = new AbortController();
    const next = loop({ signal: controller.signal }).next();
    await turns();
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await rejection(next)).toBe(reason);
    expect(await stillWaits(loop().next())).toBe(true); // the socket can be used on
    expect(socket.fd).not.toBe(-1);
  });

  test('must be an AbortSignal', async () => {
    const [socket] = pair();
    const wrong: unknown[] = [null, 7, 'abort', {}, { aborted: false }, new EventEmitter(), new AbortController()];
    for (const signal of wrong) {
      const options = { signal } as never;
      expect(await outcome(socket.recv(Buffer.alloc(1), options))).toBe('ERR_INVALID_ARG_TYPE');
      expect(await outcome(socket.send(Buffer.alloc(1), options))).toBe('ERR_INVALID_ARG_TYPE');
    }
  });
});

import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { outcome, owned, pair, rejection, say, stillWaits, text, turns } from '../support/owned.js';
import { openSockets, reset } from '../support/peers.js';
import { LOOP_NAMES, loopOf, syscallOf, WAIT_NAMES, waitOf } from './waits.js';

describe('closing a socket', () => {
  test.each(WAIT_NAMES)('ends the call that waits, with ECANCELED: %s', async (name) => {
    const { socket, call } = await waitOf(name);
    const waiting = call();
    expect(await stillWaits(waiting)).toBe(true);
    socket.close();
    expect(await rejection(waiting)).toMatchObject({ code: 'ECANCELED', syscall: syscallOf(name) });
  });

  test.each(WAIT_NAMES)('makes each later call fail with EBADF: %s', async (name) => {
    const { socket, call } = await waitOf(name);
    socket.close();
    expect(await rejection(call())).toMatchObject({ code: 'EBADF', syscall: syscallOf(name) });
  });

  test.each(WAIT_NAMES)('in the same turn in which what it waits for happens ends the call: %s', async (name) => {
    const { socket, call, happens } = await waitOf(name);
    const waiting = outcome(call());
    await turns();
    const happening = Promise.resolve(happens?.()).catch(() => undefined);
    socket.close();
    expect(await waiting).toBe('ECANCELED');
    await Promise.race([happening, turns()]);
  });

  test('ends all that wait, in both directions, in their order', async () => {
    const { socket, call } = await waitOf('sendAll');
    const order: string[] = [];
    const all = [call(), socket.recv(Buffer.alloc(1)), call(), socket.recv(Buffer.alloc(1))].map((promise, index) =>
      promise.catch((error: unknown) => order.push(`${String(index)} ${(error as NodeJS.ErrnoException).code ?? ''}`)),
    );
    await turns();
    socket.close();
    await Promise.all(all);
    expect(order).toEqual([0, 1, 2, 3].map((index) => `${String(index)} ECANCELED`));
  });

  test('twice is harmless, also when the number is somebody else’s by then', async () => {
    const [socket] = pair();
    const { fd } = socket;
    socket.close();
    expect(socket.fd).toBe(-1);
    const others = pair(); // they take the number
    expect(others.map((other) => other.fd)).toContain(fd);
    socket.close();
    socket[Symbol.dispose]();
    await say(others[0], 'there');
    expect(await text(others[1])).toBe('there');
  });

  test('makes the calls that do not wait throw EBADF', () => {
    const [socket] = pair();
    socket.close();
    const calls: Record<string, () => unknown> = {
      bind: () => socket.bind({ family: 'Unix', path: '' }),
      listen: () => socket.listen(),
      shutdown: () => socket.shutdown(s.SHUT_WR),
      getsockname: () => socket.getsockname(),
      getpeername: () => socket.getpeername(),
      getsockopt: () => socket.getsockopt(s.SOL_SOCKET, s.SO_TYPE),
      setsockopt: () => socket.setsockopt(s.SOL_SOCKET, s.SO_RCVBUF, 4096),
      detach: () => socket.detach(),
    };
    for (const [syscall, call] of Object.entries(calls)) {
      expect(call).toThrow(expect.objectContaining({ code: 'EBADF', syscall }));
    }
  });

  test.each(LOOP_NAMES)('ends a loop that waits, and one that begins: %s', async (name) => {
    const { socket, loop } = loopOf(name);
    const next = loop().next();
    expect(await stillWaits(next)).toBe(true);
    socket.close();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await loop().next()).toEqual({ done: true, value: undefined });
  });

  test('leaves nothing open', async () => {
    const before = openSockets();
    for (const name of WAIT_NAMES) {
      const { socket, call } = await waitOf(name);
      const waiting = outcome(call());
      const own = openSockets();
      socket.close();
      await waiting;
      expect(openSockets().length).toBe(own.length - (own.length > 0 ? 1 : 0));
    }
    expect(openSockets().length).toBeGreaterThanOrEqual(before.length);
  });

  test('from within what a settled call does ends the others', async () => {
    const [socket, peer] = pair();
    const first = socket.recv(Buffer.alloc(1)).then(() => socket.close());
    const others = [socket.recv(Buffer.alloc(1)), socket.recv(Buffer.alloc(1))].map(outcome);
    await say(peer, 'x');
    await first;
    expect(await Promise.all(others)).toEqual(['ECANCELED', 'ECANCELED']);
  });
});

describe('the end of a block', () => {
  test('closes a socket that was declared with `using`', async () => {
    const [first, second] = pair();
    {
      using socket = first;
      await say(socket, 'bye');
    }
    expect(first.fd).toBe(-1);
    expect([await text(second), await text(second)]).toEqual(['bye', '']);
  });

  test('closes it also where an error leaves the block', async () => {
    const [first] = pair();
    const fails = (): Promise<void> => {
      using socket = first;
      throw new Error(`descriptor ${String(socket.fd)}`);
    };
    expect(fails).toThrow('descriptor');
    expect(first.fd).toBe(-1);
    await Promise.resolve();
  });
});

describe('SO_LINGER', () => {
  const linger = s.linger.encode({ onoff: true, linger: 30 }); // longer than the time limit of a test

  test('does not make close wait on this thread for what is unsent', async () => {
    const listener = s.socket(s.AF_INET, s.SOCK_STREAM);
    s.bind(listener, { family: 'IPv4', address: '127.0.0.1', port: 0 });
    s.listen(listener);
    const socket = owned(new Socket(s.AF_INET, s.SOCK_STREAM));
    await socket.connect(s.getsockname(listener));
    const peer = s.accept(listener).fd;
    socket.setsockopt(s.SOL_SOCKET, s.SO_LINGER, linger);
    const unsent = outcome(socket.sendAll(Buffer.alloc(20_000_000)));
    await turns();
    socket.close();
    expect(await unsent).toBe('ECANCELED');
    reset(peer); // or the other thread would wait on
    s.close(listener);
  });

  test('of no seconds resets the connection', async () => {
    const [socket, peer] = pair();
    socket.setsockopt(s.SOL_SOCKET, s.SO_LINGER, s.linger.encode({ onoff: true, linger: 0 }));
    socket.close();
    expect(await text(peer)).toBe(''); // a unix socket knows no reset
  });
});

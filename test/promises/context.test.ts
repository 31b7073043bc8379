/** Where a call was made is still known after it has waited: async contexts, hooks, stacks. */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { connect, Socket } from 'bsd-sockets/promises';
import { AsyncLocalStorage, createHook, executionAsyncId } from 'node:async_hooks';
import { deserted } from '../conformance/fixtures.js';
import { listening, owned, pair, say, tcpPair, text, turns } from '../support/owned.js';
import { LOOP_NAMES, loopOf, WAIT_NAMES, waitOf } from './waits.js';

describe('an AsyncLocalStorage', () => {
  const storage = new AsyncLocalStorage<string>();

  test.each(WAIT_NAMES.filter((name) => name !== 'connect of TCP'))(
    'has its value after the wait: %s',
    async (name) => {
      const { call, happens } = await waitOf(name);
      const seen = storage.run(name, async () => {
        await call();
        const after = storage.getStore();
        await turns(1);
        return [after, storage.getStore()];
      });
      await turns();
      await storage.run('whoever makes it happen', async () => {
        await happens?.();
      });
      expect(await seen).toEqual([name, name]);
    },
  );

  test.each(WAIT_NAMES)('has its value after an error: %s', async (name) => {
    const { socket, call } = await waitOf(name);
    const seen = storage.run(name, async () => {
      try {
        await call();
        return 'no error';
      } catch {
        return storage.getStore();
      }
    });
    await turns();
    storage.run('whoever closes', () => socket.close());
    expect(await seen).toBe(name);
  });

  test('has its value after an abort', async () => {
    const [socket] = pair();
    const controller = new AbortController();
    const seen = storage.run('mine', async () => {
      await socket.recv(Buffer.alloc(1), { signal: controller.signal }).catch(() => undefined);
      return storage.getStore();
    });
    await turns();
    storage.run('whoever aborts', () => controller.abort());
    expect(await seen).toBe('mine');
  });

  test.each(LOOP_NAMES)('has its value in the loop: %s', async (name) => {
    const { socket, loop } = loopOf(name);
    const seen = storage.run(name, async () => {
      for await (const item of loop()) return [typeof item, storage.getStore()];
      return ['closed', storage.getStore()];
    });
    await turns();
    storage.run('whoever closes', () => socket.close());
    expect(await seen).toEqual(['closed', name]);
  });

  test('of a hundred calls that are served in one turn has the value of each', async () => {
    const pairs = Array.from({ length: 100 }, () => pair());
    const seen = pairs.map(([socket], index) =>
      storage.run(String(index), async () => {
        await text(socket);
        return storage.getStore();
      }),
    );
    await turns();
    for (const [, peer] of pairs) s.send(peer.fd, Buffer.from('x'));
    expect(await Promise.all(seen)).toEqual(pairs.map((_, index) => String(index)));
  });

  test('has its value in the reactions of a call that succeeded at once', async () => {
    const [socket, peer] = pair();
    const seen = await storage.run('mine', async () => {
      await say(socket, 'x');
      await text(peer);
      return storage.getStore();
    });
    expect(seen).toBe('mine');
  });
});

describe('async_hooks', () => {
  test('see the continuation of a wait in an asynchronous context of its own', async () => {
    const [socket, peer] = pair();
    const events: string[] = [];
    const hook = createHook({
      before: () => void events.push('before'),
      after: () => void events.push('after'),
    }).enable();
    const id = text(socket).then(() => executionAsyncId());
    await turns();
    await say(peer, 'x');
    expect(await id).toBeGreaterThan(0);
    hook.disable();
    expect(events).toContain('before');
  });
});

describe('the stack of an error', () => {
  async function serve(call: () => Promise<unknown>): Promise<string> {
    try {
      await call();
      return 'no error';
    } catch (error) {
      return (error as Error).stack ?? '';
    }
  }

  test.each(WAIT_NAMES)('names the function that awaits the call which was ended: %s', async (name) => {
    const { socket, call } = await waitOf(name);
    const stack = serve(() => call());
    await turns();
    socket.close();
    expect(await stack).toMatch(/ECANCELED[^]*serve/);
  });

  test.each(WAIT_NAMES)('names the function that awaits the call which failed at once: %s', async (name) => {
    const { socket, call } = await waitOf(name);
    socket.close();
    expect(await serve(() => call())).toMatch(/EBADF[^]*serve/);
  });

  test('names it for an error of the kernel, early and late', async () => {
    expect(await serve(() => connect(deserted()))).toMatch(/ECONNREFUSED[^]*serve/);
    const [socket, peer] = await tcpPair();
    const late = serve(() => socket.recv(Buffer.alloc(1)));
    await turns();
    peer.setsockopt(s.SOL_SOCKET, s.SO_LINGER, s.linger.encode({ onoff: true, linger: 0 }));
    peer.close();
    expect(await late).toMatch(/ECONNRESET[^]*serve/);
    expect(await serve(() => listening().recv(Buffer.alloc(1)))).toMatch(/ENOTCONN[^]*serve/);
    expect(await serve(() => owned(new Socket(s.AF_INET, s.SOCK_STREAM)).accept())).toMatch(/EINVAL[^]*serve/);
  });

  test('names it for a mistake in an argument', async () => {
    const [socket] = pair();
    expect(await serve(() => socket.recv('text' as never))).toMatch(/ERR_INVALID_ARG_TYPE[^]*serve/);
    expect(await serve(() => socket.sendto(Buffer.alloc(1), {} as never))).toMatch(/ERR_[A-Z_]+[^]*serve/);
  });
});

import { describe, expect, test } from '@jest/globals';
import { connect, type Socket } from 'bsd-sockets/promises';
import { listenGroup, steeringFilter, type Group } from 'bsd-sockets/restart';
import { outcome, owned, text } from '../support/owned.js';
import { LOOPBACK, thrownBy } from '../support/sockets.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

async function clients(group: Group, count: number): Promise<Socket[]> {
  return Promise.all(Array.from({ length: count }, async () => owned(await connect(group.address))));
}

/** Says its number to everybody who comes. */
function serve(listener: Socket, number: number): void {
  void (async () => {
    for await (const { socket } of listener.incoming()) {
      await socket.sendAll(Buffer.from(String(number)));
      socket.close();
    }
  })();
}

async function answers(sockets: readonly Socket[]): Promise<string[]> {
  return Promise.all(
    sockets.map((socket) => text(socket).catch((error: unknown) => (error as NodeJS.ErrnoException).code ?? '')),
  );
}

onLinux('a group of listeners (SO_ATTACH_REUSEPORT_CBPF, of Linux)', () => {
  test('new connections go where they are steered', async () => {
    const group = listenGroup(LOOPBACK, 3);
    for (const number of [0, 1, 2]) serve(owned(group.listener(number)), number);
    expect(new Set(await answers(await clients(group, 60)))).toEqual(new Set(['0', '1', '2']));
    group.steer([2]);
    expect(new Set(await answers(await clients(group, 20)))).toEqual(new Set(['2']));
    group.close();
  });

  test('closing a listener resets the connections in its queue; withdrawing it resets none', async () => {
    const plain = listenGroup(LOOPBACK, 2);
    plain.steer([0]);
    const waiting = await clients(plain, 20);
    plain.close(); // nobody has it any more
    expect(await answers(waiting)).toEqual(Array.from({ length: 20 }, () => 'ECONNRESET'));

    const group = listenGroup(LOOPBACK, 3);
    const listeners = [0, 1, 2].map((number) => owned(group.listener(number)));
    const queued = await clients(group, 40);
    for (const [number, listener] of listeners.entries()) serve(listener, number);
    await group.withdraw(0, () => listeners[0]?.close(), 20);
    expect((await answers(queued)).filter((answer) => answer === 'ECONNRESET')).toEqual([]);
    // The kernel has given its place to the last: the numbers are still right.
    for (const number of [1, 2]) {
      group.steer([number]);
      expect(new Set(await answers(await clients(group, 10)))).toEqual(new Set([String(number)]));
    }
    group.close();
  });

  test('where a worker dies, its queue waits for the next one', async () => {
    const group = listenGroup(LOOPBACK, 2);
    owned(group.listener(0)).close();
    const waiting = await clients(group, 10);
    for (const number of [0, 1]) serve(owned(group.listener(number)), number);
    expect((await answers(waiting)).every((answer) => answer === '0' || answer === '1')).toBe(true);
    group.close();
  });

  test('by CPU, too; and the kernel takes the largest group', () => {
    const group = listenGroup(LOOPBACK, 128, { by: 'cpu', backlog: 1 });
    group.steer([127]);
    group.close();
    expect(thrownBy(() => group.listener(0)).code).toBe('ERR_INVALID_ARG_VALUE');
  });

  test('what makes no sense is refused: ERR_*', async () => {
    const group = listenGroup(LOOPBACK, 1);
    for (const call of [
      () => listenGroup(LOOPBACK, 0),
      () => listenGroup(LOOPBACK, 129),
      () => listenGroup(LOOPBACK, 1, { by: 'luck' as never }),
      () => listenGroup(null as never, 1),
      () => steeringFilter([]),
      () => steeringFilter([-1]),
      () => steeringFilter('0' as never),
      () => group.steer([1]),
      () => group.listener(NaN),
    ]) {
      expect(thrownBy(call).code).toMatch(/^ERR_/);
    }
    expect(await outcome(group.withdraw(0, () => undefined))).toBe('ERR_INVALID_ARG_VALUE'); // nobody would be left
    group.close();
  });
});

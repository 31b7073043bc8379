import { describe, expect, test } from '@jest/globals';
import { listen } from 'bsd-sockets';
import { waitUntilFree, why } from 'bsd-sockets/doctor';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Flags, Target } from '../../lib/doctor/kernel/observation.js';
import { waitForBind, type World } from '../../lib/doctor/wait-until-free.js';
import { freePorts } from '../reuse/leftovers.js';
import { openSockets } from '../support/peers.js';
import { bound, listeningProgram, portInTimeWait, portOf } from './situations.js';

const onLinux = process.platform === 'linux' ? test : test.skip;
const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';
const TARGET: Target = { protocol: 'tcp', address: { family: 'IPv4', address: '127.0.0.1', port: 8080 } };

/** A world whose clock runs only while somebody sleeps. */
function world(freeAtMs: number, expiries: (nowMs: number) => (number | undefined)[]): World & { slept: number[] } {
  let nowMs = 0;
  const slept: number[] = [];
  return {
    slept,
    tryBind: () => (nowMs >= freeAtMs ? 'ok' : 'EADDRINUSE'),
    expiries: () => expiries(nowMs),
    sleep: (ms) => {
      slept.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
  };
}

async function pauses(made: ReturnType<typeof world>, flags: Flags = 'none'): Promise<number[]> {
  await waitForBind(made, TARGET, flags);
  return made.slept;
}

/** What the kernel says of a socket that it drops at `endMs`. */
const until =
  (...endsMs: number[]) =>
  (nowMs: number): number[] =>
    endsMs.map((endMs) => Math.max(endMs - nowMs, 0));

describe('the wait', () => {
  test('does not sleep where the bind works at once', async () => {
    expect(await pauses(world(0, () => []))).toEqual([]);
  });

  test("sleeps to the kernel's own expiry in one go", async () => {
    expect(await pauses(world(59_980, until(59_980)))).toEqual([59_980]);
  });

  test('sleeps to the last of several expiries', async () => {
    expect(await pauses(world(50_000, until(20_000, 50_000, 30_000)))).toEqual([50_000]);
  });

  test('with a flag tries at each expiry, for any of them may be the one in the way', async () => {
    expect(await pauses(world(30_000, until(20_000, 50_000, 30_000)), 'reuseaddr')).toEqual([20_000, 10_000]);
  });

  test('after the expiry tries soon and then later, for the kernel is late by a second or two', async () => {
    const slept = await pauses(world(62_000, until(60_000)));
    expect(slept.slice(0, 3)).toEqual([60_000, 20, 30]);
    expect(Math.max(...slept.slice(1))).toBe(250);
    expect(slept.length).toBeLessThan(20);
  });

  test('tries gently where a program has the port: after 100 ms, in the end once a second', async () => {
    const slept = await pauses(world(20_000, () => [undefined]));
    expect(slept[0]).toBe(100);
    expect(slept.at(-1)).toBe(1000);
    expect(slept.length).toBeLessThan(30);
  });

  test('goes by the kernel again when the program has gone and left TIME_WAIT', async () => {
    const slept = await pauses(world(60_500, (nowMs) => (nowMs < 500 ? [undefined] : until(60_500)(nowMs))));
    const program = slept.slice(0, -1);
    expect(program.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(500);
    expect(slept.at(-1)).toBeGreaterThan(55_000);
  });

  test('works where no list can be read', async () => {
    expect((await pauses(world(3000, () => [])))[0]).toBe(100);
  });

  test('ends where bind fails for another reason, which no waiting ends', async () => {
    const refused = { ...world(1000, until(1000)), tryBind: () => 'EACCES' };
    await expect(waitForBind(refused, TARGET, 'none')).rejects.toMatchObject({
      code: 'EACCES',
      syscall: 'bind',
      address: '127.0.0.1',
      port: 8080,
    });
  });
});

describe('waitUntilFree', () => {
  test('resolves at once where the port is free, and leaves nothing open', async () => {
    const before = openSockets();
    await expect(waitUntilFree(freePorts())).resolves.toBeUndefined();
    expect(openSockets()).toEqual(before);
  });

  test('resolves when the program that has the port ends', async () => {
    const { program, port } = await listeningProgram();
    const address = { port, address: '127.0.0.1' };
    const free = waitUntilFree(address);
    expect(why(address).binds.none).toBe('EADDRINUSE');
    program.input('');
    await free;
    expect(why(address).binds.none).toBe('ok');
  });

  onLinux(`resolves at once with the flag that lets the bind pass${only}`, async () => {
    const address = { port: portInTimeWait({ reuseaddr: true }), address: '127.0.0.1' };
    await waitUntilFree(address, { reuseAddress: true });
    expect(why(address).binds.none).toBe('EADDRINUSE');
    await waitUntilFree({ port: portInTimeWait({ reuseport: true }), address: '127.0.0.1' }, { reusePort: true });
  });

  test('rejects with the reason of its signal, and leaves nothing open', async () => {
    const fd = bound();
    listen(fd);
    const before = openSockets();
    const controller = new AbortController();
    const free = waitUntilFree({ port: portOf(fd), address: '127.0.0.1' }, { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(free).rejects.toBe(reason);
    await expect(waitUntilFree(portOf(fd), { signal: controller.signal })).rejects.toBe(reason);
    expect(openSockets()).toEqual(before);
  });

  test("rejects where the address is not this host's: EADDRNOTAVAIL", async () => {
    const address = { port: freePorts(), address: '203.0.113.1' };
    await expect(waitUntilFree(address)).rejects.toMatchObject({ code: 'EADDRNOTAVAIL', syscall: 'bind', ...address });
  });

  test.each([
    [-1, {}, 'ERR_SOCKET_BAD_PORT'],
    [0, {}, 'ERR_OUT_OF_RANGE'],
    [{ port: 1, address: 'x' }, {}, 'ERR_INVALID_IP_ADDRESS'],
    [80, { reuseAddress: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [80, { reusePort: 'yes' }, 'ERR_INVALID_ARG_TYPE'],
    [80, { signal: {} }, 'ERR_INVALID_ARG_TYPE'],
    [80, { protocol: 'unix' }, 'ERR_INVALID_ARG_VALUE'],
  ])('rejects a mistake in its arguments: %j, %j: %s', async (place, options, code) => {
    await expect(waitUntilFree(place as never, options as never)).rejects.toMatchObject({ code });
  });
});

onLinux(
  `a port without an address is waited for as Node's listen(port) takes it: a server on ::1 is in the way${only}`,
  async () => {
    const { server, port } = await onOnlyIPv6();
    let isFree = false;
    const waiting = waitUntilFree({ port }).then(() => (isFree = true));
    await waitUntilFree({ port, address: '0.0.0.0' });
    expect(isFree).toBe(false);
    server.close();
    await waiting;
    const other = createServer().listen(port);
    await once(other, 'listening');
    other.close();
  },
);

/** A server on ::1 whose port nobody has on IPv4: not another test's connection either. */
async function onOnlyIPv6(): Promise<{ server: Server; port: number }> {
  for (;;) {
    const server = createServer().listen(0, '::1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    if (why({ port, address: '0.0.0.0' }).binds.none === 'ok') return { server, port };
    server.close();
  }
}

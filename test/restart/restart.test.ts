import { afterEach, describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { unshift } from 'bsd-sockets/node';
import { connect, type Socket } from 'bsd-sockets/promises';
import { restartable, type Given, type Restartable, type RestartOptions, type Service } from 'bsd-sockets/restart';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { abstractName, outcome, owned, say, text } from '../support/owned.js';
import { run, temporaryFolder, type Program } from '../support/programs.js';
import { LOOPBACK } from '../support/sockets.js';
import { usage } from '../support/usage.js';
import { load } from './restart-load.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;
const SERVER = join(import.meta.dirname, 'server.js');

/** Starts the server; what it says when it serves. */
function server(control: string, die?: string): Program {
  return run(process.execPath, [SERVER, control], {
    env: { ...process.env, ...(die === undefined ? {} : { DIE: die }) },
  });
}

async function serving(program: Program): Promise<{ port: number; pid: string }> {
  const [, port, pid = ''] = await program.says(/"port":(\d+)\} (\d+)/);
  return { port: Number(port), pid };
}

async function ask(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${String(port)}/`, { headers: { connection: 'close' } })).text();
}

const running: Restartable[] = [];
afterEach(async () => {
  for (const service of running.splice(0)) await service.close();
});

/** A service in this process that echoes, and hands its connections over with what it has read of them. */
function echo(path: string, more: Partial<RestartOptions> = {}): Promise<Restartable> {
  const serve = ({ listeners: { echo: listener }, connections }: Given): Service => {
    const open = new Set<Socket>(connections.map(({ socket }) => socket));
    if (listener === undefined) throw new Error('no listener');
    void (async () => {
      for await (const { socket } of listener.incoming()) open.add(owned(socket));
    })();
    return {
      stop: () => {
        listener.close();
        return Promise.resolve();
      },
      handOver: async () => {
        const given = [];
        for (const socket of open) {
          const buffer = Buffer.alloc(100);
          const length = await socket.recv(buffer);
          unshift(socket, buffer.subarray(0, length));
          given.push({ socket, data: { length } });
        }
        open.clear();
        return given;
      },
    };
  };
  return restartable({ path, listeners: { echo: LOOPBACK }, serve, ...more }).then((service) => {
    running.push(service);
    return service;
  });
}

onLinux('restartable (descriptors and credentials as Linux has them)', () => {
  test('the next process takes over the port, and the one before ends', async () => {
    const control = (abstractName() as { path: string }).path.replace('\0', '@');
    const first = server(control);
    const before = await serving(first);
    expect(await ask(before.port)).toBe(before.pid);
    const second = server(control);
    const after = await serving(second);
    expect(after.port).toBe(before.port);
    expect((await first.ended).stdout).toContain(`ended ${before.pid}`);
    expect(await ask(after.port)).toBe(after.pid);
  });

  test('startNext starts the same program again: it serves, or what became of it is told', async () => {
    const first = server((abstractName() as { path: string }).path.replace('\0', '@'));
    const { port, pid } = await serving(first);
    first.child.kill('SIGHUP');
    await first.says('the next one serves');
    const next = await ask(port);
    expect(next).not.toBe(pid);
    process.kill(Number(next), 'SIGKILL'); // it has the pipes of the first
    expect((await first.ended).stdout).toContain(`ended ${pid}`);
  });

  test.each([
    ['is killed', 'serve'],
    ['throws', 'throw'],
  ])('where the next process %s before it serves, the one before serves on', async (_how, die) => {
    const control = (abstractName() as { path: string }).path.replace('\0', '@');
    const first = server(control);
    const { port, pid } = await serving(first);
    await server(control, die).ended;
    await first.says('serves on');
    expect(await ask(port)).toBe(pid);
  });

  test('under load: restarts, some of whose processes are killed in the middle, fail no request', async () => {
    const { failed, ...result } = await load(2000, 4);
    expect(failed).toEqual([]);
    expect(result).toMatchObject({ restarts: 4, killed: 1, processes: 5 });
    expect(result.requests).toBeGreaterThanOrEqual(2000);
  }, 60_000);

  test('connections go over with what was received and not read, and with their data', async () => {
    const { path } = abstractName() as { path: string };
    const before = usage().fds;
    let got: Given | undefined;
    const first = await echo(path, { onError: () => undefined }); // addressOf() asks, and goes
    const address = await addressOf(path);
    const client = owned(await connect(address));
    await say(client, 'received before');
    await new Promise(setImmediate);
    const second = await echo(path, {
      serve: (given) => {
        got = given;
        return { stop: () => Promise.resolve() };
      },
    });
    await first.ended;
    expect([first.tookOver, second.tookOver]).toEqual([false, true]);
    const [connection] = got?.connections ?? [];
    expect(connection?.data).toEqual({ length: 15 });
    const socket = owned(connection?.socket as Socket);
    expect(await text(socket)).toBe('received before');
    await say(socket, 'answered after');
    expect(await text(client)).toBe('answered after');
    socket.close();
    client.close();
    got?.listeners['echo']?.close();
    await second.close();
    expect(usage().fds).toBeLessThanOrEqual(before + 2); // the thread's poller
  });

  test("a path that a dead process has left is taken; it is this user's only, and goes with close()", async () => {
    const path = join(temporaryFolder(), 'restart.sock');
    const dead = s.socket(s.AF_UNIX, s.SOCK_SEQPACKET);
    s.bind(dead, { family: 'Unix', path });
    s.close(dead);
    expect(existsSync(path)).toBe(true);
    const service = await echo(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await service.close();
    expect(existsSync(path)).toBe(false);
  });

  test('a stranger who says nothing, or nonsense, does not disturb the service', async () => {
    const { path } = abstractName() as { path: string };
    const errors: unknown[] = [];
    const first = await echo(path, { timeoutMs: 200, onError: (error) => errors.push(error) });
    const silent = owned(await connect({ family: 'Unix', path }, { type: s.SOCK_SEQPACKET }));
    const mad = owned(await connect({ family: 'Unix', path }, { type: s.SOCK_SEQPACKET }));
    await say(mad, 'no note');
    const second = await echo(path, { timeoutMs: 5000 });
    expect(second.tookOver).toBe(true);
    await first.ended;
    expect(errors).toHaveLength(2);
    silent.close();
  });

  test('a next process that takes longer than the one before waits for gives up: never do both serve', async () => {
    const { path } = abstractName() as { path: string };
    const errors: unknown[] = [];
    let stopped = 0;
    let go = (): void => undefined;
    const told = new Promise<void>((resolve) => (go = resolve));
    const first = await echo(path, {
      timeoutMs: 200,
      onError: (error) => {
        errors.push(error);
        go();
      },
    });
    const late = echo(path, {
      serve: async ({ listeners }) => {
        await told; // the first has given up
        listeners['echo']?.close();
        return {
          stop: () => {
            stopped += 1;
            return Promise.resolve();
          },
        };
      },
    });
    await expect(late).rejects.toThrow('that one serves on');
    expect([errors.length, stopped]).toEqual([1, 1]);
    const next = await echo(path);
    expect(next.tookOver).toBe(true);
    await first.ended;
  });

  test('what makes no sense is refused: ERR_*', async () => {
    const good = { path: '\0x', listeners: {}, serve: () => ({ stop: () => Promise.resolve() }) };
    for (const bad of [
      null,
      {},
      { ...good, path: 5 },
      { ...good, path: 'a\0b' },
      { ...good, listeners: 1 },
      { ...good, serve: 1 },
      { ...good, timeoutMs: NaN },
    ]) {
      expect(await outcome(restartable(bad as never))).toMatch(/^ERR_/);
    }
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(await outcome(restartable({ ...good, path: join(file, 'x') }))).toBe('ENOTDIR');
  });
});

/** Asks the service itself for its listener, and lets it serve on. */
async function addressOf(path: string): Promise<s.SocketAddress> {
  const asking = owned(await connect({ family: 'Unix', path }, { type: s.SOCK_SEQPACKET }));
  const { control } = await asking.recvmsg([Buffer.alloc(1000)], { controlLength: 100 });
  const [fd = -1] = control.flatMap((message) => message.fds ?? []);
  const address = s.getsockname(fd);
  s.close(fd);
  asking.close();
  return address;
}

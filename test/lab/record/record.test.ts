import { describe, expect, test } from '@jest/globals';
import { constants } from 'node:os';
import type { CalledEvent, LabEvent, Recording, ReturnedEvent } from '../../../lib/lab/protocol.js';
import { MAIN, PACKAGE_ROOT, run, type Program } from '../../support/programs.js';

const onLinux = process.platform === 'linux' ? test : test.skip;
const only = process.platform === 'linux' ? '' : ' (skipped: only Linux has sock_diag)';

/** Records the ES module `code`. */
function record(code: string, ...options: string[]): Program {
  const words = [MAIN, 'record', ...options, '--', '--input-type=module', '-e', code];
  return run(process.execPath, words, { cwd: PACKAGE_ROOT });
}

async function recordingOf(code: string): Promise<Recording> {
  const { stdout, stderr, code: status } = await record(code, '--json').ended;
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Recording;
}

/** Each call of an actor, with its result or the name of its error. */
function callsOf({ events }: Recording, actor = 'main'): string[] {
  const returned = new Map(events.flatMap((event) => (event.kind === 'returned' ? [[event.call, event]] : [])));
  const outcome = ({ call }: CalledEvent): string => {
    const found = returned.get(call);
    return found === undefined ? 'never' : (found.error?.code ?? String(found.result));
  };
  return events.flatMap((event) =>
    event.kind === 'called' && event.actor === actor ? [`${event.c} = ${outcome(event)}`] : [],
  );
}

/** Descriptors and ports differ from run to run. */
const general = (calls: readonly string[]): string[] =>
  calls.map((call) => call.replace(/:\d{4,}/g, ':PORT').replace(/(?<=\(|= )\d{2,}/g, 'FD'));

const IMPORTS = `import { accept, bind, close, connect, getsockname, listen, recv, send, setsockopt, socket, AF_INET,
  SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR } from 'bsd-sockets';
const LOOPBACK = { family: 'IPv4', address: '127.0.0.1', port: 0 };`;
const LISTENS = `const server = socket(AF_INET, SOCK_STREAM); bind(server, LOOPBACK); listen(server, 5);`;

describe('a recording', () => {
  test('has the blocking calls of a script, with their results and errors', async () => {
    const recording = await recordingOf(`${IMPORTS}
      const server = socket(AF_INET, SOCK_STREAM);
      setsockopt(server, SOL_SOCKET, SO_REUSEADDR, true);
      bind(server, LOOPBACK);
      listen(server, 5);
      const client = socket(AF_INET, SOCK_STREAM);
      connect(client, getsockname(server));
      const { fd } = accept(server);
      send(client, Buffer.from('hello'));
      recv(fd, Buffer.alloc(64));
      try { bind(socket(AF_INET, SOCK_STREAM), getsockname(server)); } catch {}
      close(fd);`);
    expect(general(callsOf(recording))).toEqual([
      'socket(AF_INET, SOCK_STREAM, 0) = FD',
      'setsockopt(FD, SOL_SOCKET, SO_REUSEADDR, 1) = 0',
      'bind(FD, 127.0.0.1:0) = 0',
      'listen(FD, 5) = 0',
      'socket(AF_INET, SOCK_STREAM, 0) = FD',
      'connect(FD, 127.0.0.1:PORT) = 0',
      'accept(FD) = FD',
      'send(FD, 5 bytes) = 5',
      'recv(FD, 64 bytes) = 5',
      'socket(AF_INET, SOCK_STREAM, 0) = FD',
      'bind(FD, 127.0.0.1:PORT) = EADDRINUSE',
      'close(FD) = 0',
    ]);
  });

  test('has a wait of a promise as one call, from its beginning to its end', async () => {
    const recording = await recordingOf(`import { listen, connect } from 'bsd-sockets/promises';
      const server = listen({ family: 'IPv4', port: 0, address: '127.0.0.1' });
      const accepting = server.accept();
      const client = await connect(server.getsockname());
      const { socket } = await accepting;
      const receiving = socket.recv(Buffer.alloc(64));
      await new Promise((resolve) => setImmediate(resolve));
      await client.send(Buffer.from('hello'));
      await receiving;
      socket.close(); client.close(); server.close();`);
    const calls = callsOf(recording);
    const only = (name: string): string[] => general(calls.filter((call) => call.startsWith(name)));
    expect(only('accept')).toEqual(['accept(FD) = FD']);
    expect(only('connect')).toEqual(['connect(FD, 127.0.0.1:PORT) = 0']);
    expect(only('recv')).toEqual(['recv(FD, 64 bytes) = 5']);
    const position = (kind: LabEvent['kind'], name: string): number => {
      const call = recording.events.find((one) => one.kind === 'called' && one.c.startsWith(name)) as CalledEvent;
      return recording.events.findIndex((one) => one.kind === kind && (one as ReturnedEvent).call === call.call);
    };
    expect(position('called', 'recv')).toBeLessThan(position('called', 'send'));
    expect(position('returned', 'recv')).toBeGreaterThan(position('called', 'send'));
  });

  test('has each transfer of a crowd that is made in one batch', async () => {
    const recording = await recordingOf(`import { Socket } from 'bsd-sockets/promises';
      import { AF_UNIX, SOCK_STREAM } from 'bsd-sockets';
      const pairs = Array.from({ length: 8 }, () => Socket.pair(AF_UNIX, SOCK_STREAM));
      const received = pairs.map(([, theirs]) => theirs.recv(Buffer.alloc(32)));
      for (const [ours] of pairs) await ours.send(Buffer.from('hello'));
      await Promise.all(received);
      for (const socket of pairs.flat()) socket.close();`);
    const received = callsOf(recording).filter((call) => call.startsWith('recv('));
    expect(general(received)).toEqual(Array(8).fill('recv(FD, 32 bytes) = 5'));
  });

  test('tells a refused connect of a promise by its error', async () => {
    const recording = await recordingOf(`import { connect, listen } from 'bsd-sockets/promises';
      const server = listen({ family: 'IPv4', port: 0, address: '127.0.0.1' });
      const address = server.getsockname();
      server.close();
      await connect(address).catch(() => undefined);`);
    expect(general(callsOf(recording))).toContain('connect(FD, 127.0.0.1:PORT) = ECONNREFUSED');
  });

  test('has the calls of a worker as those of another actor', async () => {
    const recording = await recordingOf(`${IMPORTS}
      import { Worker, isMainThread } from 'node:worker_threads';
      const code = "import('bsd-sockets').then((s) => s.close(s.socket(s.AF_INET, s.SOCK_STREAM)))";
      new Worker(code, { eval: true });`);
    expect(general(callsOf(recording, 'worker 1'))).toEqual(['socket(AF_INET, SOCK_STREAM, 0) = FD', 'close(FD) = 0']);
  });

  onLinux(`has the states that the kernel lists, with whose the socket is${only}`, async () => {
    // eslint-disable-next-line no-restricted-syntax -- the recorder looks every 10 ms: it is given half a second of looks
    const LOOKS = `const until = performance.now() + 500;
      while (performance.now() < until) { why({ port, address: '127.0.0.1' }); await new Promise((r) => setTimeout(r, 20)); }`;
    // It waits for the kernel's list to say so: by then the recorder, which looks as often, has seen it most likely.
    const recording = await recordingOf(`${IMPORTS}
      import { why } from 'bsd-sockets/doctor';
      ${LISTENS}
      const { port } = getsockname(server);
      ${LOOKS}`);
    const states = recording.events.flatMap((event) => (event.kind === 'sockets' ? event.sockets : []));
    expect(states).toContainEqual(
      expect.objectContaining({ state: 'LISTEN', actor: 'main', name: expect.stringMatching(/^fd \d+$/) }),
    );
  });

  test('leaves a child of the script alone', async () => {
    const recording = await recordingOf(`import { execFileSync } from 'node:child_process';
      const code = "require('bsd-sockets').socket(2, 1)";
      execFileSync(process.execPath, [...process.execArgv.slice(0, 2), '-e', code]);`);
    expect(callsOf(recording)).toEqual([]);
  });
});

describe('record', () => {
  test('prints each call in a line, and a call that never returned as such', async () => {
    const { stdout } = await record(`${IMPORTS} ${LISTENS} setTimeout(() => process.exit(), 0); `).ended;
    expect(stdout).toMatch(/^ +\d+\.\d {2}listen\(\d+, 5\) = 0$/m);
    const program = record(`${IMPORTS} ${LISTENS} console.log('waits'); accept(server);`);
    await program.says('waits');
    program.child.kill('SIGINT');
    await program.says('Ctrl-C again');
    program.child.kill('SIGINT');
    expect((await program.ended).stdout).toMatch(/accept\(\d+\) … never returned$/m);
  });

  test("has the script's exit status, and its recording also where it fails", async () => {
    const { code, stdout } = await record(`${IMPORTS} socket(AF_INET, SOCK_STREAM); process.exit(7);`).ended;
    expect([code, stdout]).toEqual([7, expect.stringContaining('socket(AF_INET, SOCK_STREAM, 0) = ')]);
    const killed = await record(
      `process.kill(process.pid, 'SIGKILL'); await new Promise(() => setInterval(() => {}, 9));`,
    ).ended;
    expect(killed.code).toBe(128 + constants.signals.SIGKILL);
  });

  test("keeps the script's output out of the JSON document", async () => {
    const { stdout, stderr } = await record(`console.log('hello')`, '--json').ended;
    expect([JSON.parse(stdout), stderr]).toEqual([expect.objectContaining({ events: expect.any(Array) }), 'hello\n']);
  });

  test('refuses to run nothing', async () => {
    const { code, stderr } = await run(process.execPath, [MAIN, 'record']).ended;
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringContaining('missing required argument')]);
    expect(code).not.toBe(0);
  });
});

/** System calls that fail as they hardly ever do: a library that is preloaded lets them. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { constants } from 'node:os';
import { join } from 'node:path';
import { compileFile } from '../support/compiler.js';
import { PACKAGE_ROOT, temporaryFolder } from '../support/programs.js';
import { runScript } from '../support/scripts.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;
const why = process.platform === 'linux' ? '' : ' (skipped: LD_PRELOAD is of Linux)';

const library = join(temporaryFolder(), 'failing-calls.so');
beforeAll(() => {
  if (process.platform !== 'linux') return;
  compileFile([join(PACKAGE_ROOT, 'test/c/failing_calls.c'), '-shared', '-fPIC', '-ldl'], library);
});

/** What a script prints, as JSON. */
async function told(script: string, env: Record<string, string>): Promise<unknown> {
  const { stdout, stderr, code } = await runScript(script, { env: { ...process.env, LD_PRELOAD: library, ...env } })
    .ended;
  expect([stderr, code]).toEqual(['', 0]);
  return JSON.parse(stdout);
}

const ACCEPT = `
  import { connect, listen } from 'bsd-sockets/promises';
  const listener = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 });
  const client = await connect(listener.getsockname());
  const codes = [];
  const [cpu, started] = [process.cpuUsage(), performance.now()];
  for await (const { socket } of listener.incoming({ onError: ({ code }) => codes.push(code) })) {
    socket.close();
    break;
  }
  const { user, system } = process.cpuUsage(cpu);
  const ms = performance.now() - started;
  client.close();
  listener.close();
  console.log(JSON.stringify({ codes, backedOff: ms >= 200, spun: (user + system) / 1000 > ms / 2 }));`;

const ECHO = `
  import { AF_UNIX, SOCK_STREAM } from 'bsd-sockets';
  import { backend, Socket } from 'bsd-sockets/promises';
  const ROUNDS = 50;
  const pairs = Array.from({ length: 8 }, () => Socket.pair(AF_UNIX, SOCK_STREAM));
  const echo = async (socket) => {
    for await (const chunk of socket.chunks()) await socket.sendAll(chunk);
    socket.close();
  };
  const ask = async (socket) => {
    let echoed = '';
    for (let round = 0; round < ROUNDS; round++) {
      await socket.send(Buffer.from('x' + round));
      const buffer = Buffer.alloc(8);
      echoed += buffer.toString('latin1', 0, await socket.recv(buffer));
    }
    socket.close();
    return echoed;
  };
  const served = pairs.map(([socket]) => echo(socket));
  const echoed = await Promise.all(pairs.map(([, socket]) => ask(socket)));
  await Promise.all(served);
  console.log(JSON.stringify([...new Set(echoed)]));`;

onLinux('a system call that fails', () => {
  test.each(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EPERM'] as const)(
    `accept with %s, five times: told once, tried again after a while, without spinning${why}`,
    async (code) => {
      const env = { FAIL_ACCEPT: `${String(constants.errno[code])}:5` };
      expect(await told(ACCEPT, env)).toEqual({ codes: [code], backedOff: true, spun: false });
    },
  );

  test.each<[string, Record<string, string>]>([
    ['epoll', { BSD_SOCKETS_BACKEND: 'epoll' }],
    ['what there is', {}],
  ])(`EINTR of every other receive, send and wait loses nothing: backend %s${why}`, async (_name, env) => {
    const all = Array.from({ length: 50 }, (_, round) => `x${String(round)}`).join('');
    expect(await told(ECHO, { FAIL_EINTR: '1', ...env })).toEqual([all]);
  });
});

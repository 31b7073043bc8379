/** The calls that wait without blocking: what went wrong in other addons, and must not in this one. */
import * as s from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { drain, fill, listening, outcome as settled, owned, pair, text, turns } from '../support/owned.js';
import { openSockets } from '../support/peers.js';
import { run as start } from '../support/programs.js';
import { PACKAGE_ROOT, runScript } from '../support/scripts.js';
import { closing, connection } from '../support/sockets.js';
import type { Case } from './case.js';

const IMPORTS = `
  import * as s from 'bsd-sockets';
  import { connect, listen, Socket } from 'bsd-sockets/promises';
  const pair = () => Socket.pair(s.AF_UNIX, s.SOCK_STREAM);
`;

/** A worker's code, in a script's. */
const WORKER = `
  import { Worker } from 'node:worker_threads';
  import { once } from 'node:events';
  const worker = (code) => new Worker(new URL('data:text/javascript,' + encodeURIComponent(code)));
`;

/** The module's address: what a worker that is made of text imports. */
const SPECIFIERS = `
  const specifiers = [import.meta.resolve('bsd-sockets'), import.meta.resolve('bsd-sockets/promises')];
  const WORKER_IMPORTS = 'import * as s from "' + specifiers[0] + '"; import { Socket } from "' + specifiers[1] + '";' +
    'import { parentPort } from "node:worker_threads";';
`;

async function ended(code: string, nodeOptions: readonly string[] = []): Promise<unknown[]> {
  const { code: status, stdout, stderr } = await runScript(IMPORTS + code, {}, nodeOptions).ended;
  return [status, stdout.trim(), stderr];
}

async function terminated(): Promise<unknown> {
  return ended(`${WORKER}${SPECIFIERS}
    const waiting = worker(WORKER_IMPORTS +
      'const [a] = Socket.pair(s.AF_UNIX, s.SOCK_STREAM); void a.recv(Buffer.alloc(1));' +
      'setImmediate(() => parentPort.postMessage("waits"))');
    await once(waiting, 'message');
    await waiting.terminate();
    console.log('terminated');`);
}

async function workersThatExit(): Promise<unknown> {
  return ended(`${WORKER}${SPECIFIERS}
    import { readdirSync } from 'node:fs';
    const open = () => readdirSync('/proc/self/fd').length;
    const [kept] = pair();
    void kept.unref().recv(Buffer.alloc(1));
    const code = WORKER_IMPORTS + 'const sockets = Array.from({ length: 5 }, () => Socket.pair(s.AF_UNIX, s.SOCK_STREAM)).flat();' +
      'for (const socket of sockets) void socket.recv(Buffer.alloc(1)); setImmediate(() => process.exit(0))';
    const round = () => Promise.all(Array.from({ length: 4 }, () => once(worker(code), 'exit')));
    await round();
    const before = open();
    for (let i = 0; i < 5; i++) await round();
    console.log(open() <= before);`);
}

async function collected(): Promise<unknown> {
  return ended(
    `const [socket, peer] = pair();
     const waiting = socket.recv(Buffer.alloc(9));
     for (let i = 0; i < 10; i++) { gc(); await new Promise(setImmediate) }
     await peer.send(Buffer.from('data'));
     console.log(await waiting);
     socket.close();
     peer.close();`,
    ['--expose-gc'],
  );
}

async function transferred(): Promise<unknown> {
  const [socket, peer] = pair();
  const view = new Uint8Array(64);
  const waiting = settled(socket.recv(view));
  await turns();
  structuredClone(view, { transfer: [view.buffer] });
  const fresh = new Uint8Array(64);
  await peer.send(Buffer.alloc(64, 1));
  return [await waiting, fresh.every((byte) => byte === 0), await socket.recv(Buffer.alloc(99))];
}

async function numberTaken(): Promise<unknown> {
  const [old] = pair();
  const { fd } = old;
  const waiting = settled(old.recv(Buffer.alloc(9)));
  await turns();
  old.close();
  const ends = pair();
  const taken = ends.findIndex((socket) => socket.fd === fd);
  await (ends[1 - taken] as Socket).send(Buffer.from('new'));
  return [taken >= 0, await waiting, await text(ends[taken] as Socket)];
}

async function bothWays(): Promise<unknown> {
  const [socket, peer] = pair();
  fill(socket);
  const all = [socket.recv(Buffer.alloc(1)), socket.send(Buffer.alloc(1)), socket.recv(Buffer.alloc(2))].map(settled);
  await turns();
  s.send(peer.fd, Buffer.from('abc'));
  drain(peer);
  return Promise.all(all);
}

async function withoutDescriptors(): Promise<unknown> {
  // eslint-disable-next-line no-restricted-syntax -- a second without descriptors, to measure the processor time that it costs
  const code = `${IMPORTS}
    import { closeSync, openSync } from 'node:fs';
    const listener = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 });
    globalThis.clients = [await connect(listener.getsockname())];
    const ballast = [];
    try { for (;;) ballast.push(openSync('/dev/null')) } catch {}
    const first = await listener.accept().catch((error) => error.code);
    const second = listener.accept();
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { user, system } = process.cpuUsage(before);
    closeSync(ballast.pop());
    const { socket } = await second;
    console.log(JSON.stringify([first, user + system < 500_000, socket.fd > 2]));
    process.exit();`;
  const script = start('sh', ['-c', 'ulimit -n 64; exec "$0" --input-type=module -e "$1"', process.execPath, code], {
    cwd: PACKAGE_ROOT,
  });
  const { stdout, stderr } = await script.ended;
  return [JSON.parse(stdout || 'null'), stderr];
}

async function passed(): Promise<unknown> {
  const [socket, peer] = Socket.pair(s.AF_UNIX, s.SOCK_STREAM);
  const before = openSockets().length;
  const control = [{ level: s.SOL_SOCKET, type: s.SCM_RIGHTS, fds: [peer.fd, peer.fd, peer.fd] }];
  const counts: number[] = [];
  for (const room of [3, 1]) {
    await peer.sendmsg({ buffers: [Buffer.from('x')], control });
    const message = await socket.recvmsg([Buffer.alloc(1)], { controlLength: s.controlSpace(0) + 4 * room });
    const fds = message.control.flatMap((each) => each.fds ?? []);
    counts.push(fds.length, openSockets().length - before - fds.length);
    for (const fd of fds) s.close(fd);
  }
  socket.close();
  peer.close();
  return counts;
}

/** A synchronous recv of a process that handles signals with JavaScript. */
async function interrupted(): Promise<unknown> {
  const script = runScript(`${IMPORTS}
    const [socket, peer] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
    process.on('SIGUSR1', () => undefined);
    s.setsockopt(socket, s.SOL_SOCKET, s.SO_RCVTIMEO, s.timeval.encode(10_000));
    console.log('ready');
    try { s.recv(socket, Buffer.alloc(9)) } catch (error) { console.log(error.code) }`);
  await script.says('ready');
  const signals = setInterval(() => script.child.kill('SIGUSR1'), 20); // the first may come before the call
  try {
    return (await script.ended).stdout.split('\n').slice(1, 2);
  } finally {
    clearInterval(signals);
  }
}

async function slowReader(): Promise<unknown> {
  const { client, server } = connection();
  const [sender, reader] = [client, server].map((fd) => owned(Socket.fromFd(s.fcntl(fd, s.F_DUPFD_CLOEXEC)))) as [
    Socket,
    Socket,
  ];
  const bytes = new Uint32Array(8 * 2 ** 20).map((_, index) => index); // 32 MiB
  const before = process.memoryUsage.rss();
  const sending = sender.sendAll(bytes);
  const part = new Uint32Array(16_384);
  let [next, inOrder, most] = [0, true, 0];
  while (next < bytes.length) {
    let filled = 0;
    while (filled === 0 || filled % 4 !== 0) {
      filled += await reader.recv(new Uint8Array(part.buffer, filled, part.byteLength - filled));
    }
    for (let i = 0; i < filled / 4; i++) inOrder &&= part[i] === next++;
    most = Math.max(most, process.memoryUsage.rss() - before);
  }
  const sent = await sending;
  const short = await sender.send(bytes);
  return [sent, inOrder, most < 24 * 2 ** 20, short < bytes.byteLength];
}

async function flagAfter(): Promise<unknown> {
  const fd = s.socket(s.AF_INET, s.SOCK_STREAM);
  const socket = owned(Socket.fromFd(fd));
  await socket.connect(listening().getsockname());
  const flags = s.fcntl(closing(socket.detach()), s.F_GETFL);
  return (flags & s.O_NONBLOCK) !== 0;
}

const LINUX = process.platform === 'linux' ? undefined : 'Linux only';

export const promiseCases: Case[] = [
  {
    id: 'ASYNC-01',
    what: 'a worker that is terminated while it receives ends, and so does the process',
    run: terminated,
    expected: [0, 'terminated', ''],
  },
  {
    id: 'ASYNC-02',
    what: 'workers that exit while they receive, 5 rounds of 4, leave no descriptor open',
    run: workersThatExit,
    expected: [0, 'true', ''],
    skip: LINUX,
  },
  {
    id: 'ASYNC-03',
    what: 'process.exit while a call waits ends the process with its status',
    run: () =>
      ended(`void pair()[0].recv(Buffer.alloc(1)).finally(() => console.log('settled')); process.exit(3)`, [
        '--expose-gc',
      ]),
    expected: [3, '', ''],
  },
  {
    id: 'ASYNC-04',
    what: 'a buffer that only the call holds is not collected',
    run: collected,
    expected: [0, '4', ''],
  },
  {
    id: 'ASYNC-05',
    what: 'a buffer that is transferred while the call waits is refused, and nothing is written or lost',
    run: transferred,
    expected: ['ERR_INVALID_ARG_VALUE', true, 64],
  },
  {
    id: 'ASYNC-06',
    what: 'a call that waits on a closed descriptor never sees the data of the next one with its number',
    run: numberTaken,
    expected: [true, 'ECANCELED', 'new'],
  },
  {
    id: 'ASYNC-07',
    what: 'a send and two receives wait on one descriptor at the same time, and all end',
    run: bothWays,
    expected: ['ok', 'ok', 'ok'],
  },
  {
    id: 'ASYNC-08',
    what: 'accept without descriptors says EMFILE once, rests, and goes on',
    run: withoutDescriptors,
    expected: [['EMFILE', true, true], ''],
  },
  {
    id: 'ASYNC-09',
    what: 'passed descriptors are in the result, each once; those without room are closed',
    run: passed,
    expected: [3, 0, 1, 0],
    skip: LINUX,
  },
  {
    id: 'ASYNC-10',
    what: 'a signal interrupts a synchronous recv of a process that listens to it',
    run: interrupted,
    expected: ['EINTR'],
    skip: LINUX,
  },
  {
    id: 'ASYNC-11',
    what: 'sendAll of 32 MiB to a slow reader arrives in order, without a second copy; send sends a part',
    run: slowReader,
    expected: [32 * 2 ** 20, true, true, true],
  },
  {
    id: 'ASYNC-12',
    what: 'a descriptor that was taken over stays non-blocking',
    run: flagAfter,
    expected: true,
    differs: 'documented: the promise layer needs it so, for every holder',
  },
];

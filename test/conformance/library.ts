/** What is the library's and Node's own, not the kernel's: arguments, what owns a descriptor, handing it over. */
import * as s from 'bsd-sockets';
import { Socket as OwnedSocket } from 'bsd-sockets/promises';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, Socket, connect as netConnect, type Server } from 'node:net';
import { outcome as outcomeOf, owned } from '../support/owned.js';
import { closeNow, closing, connection, tcp } from '../support/sockets.js';
import { answer, outcome, type Case } from './case.js';
import { listening, v4 } from './endpoints.js';
import { pair, sendText, udp } from './fixtures.js';

type Loose = (...args: unknown[]) => unknown;
const loose = s as unknown as Record<'recv' | 'recvfrom' | 'recvmsg' | 'sendto' | 'sendmsg' | 'getsockopt', Loose>;

function negativeLengths(): unknown {
  const fd = udp();
  return [
    () => loose.recv(fd, -1),
    () => loose.recvfrom(fd, -1),
    () => loose.recvmsg(fd, -1),
    () => s.recvmsg(fd, [Buffer.alloc(9)], { controlLength: -1 }),
  ].map(outcome);
}

function wrongTypes(): unknown {
  const fd = udp();
  return [
    () => loose.sendto(fd, 'text', 0, s.getsockname(fd)),
    () => loose.sendto(fd, Buffer.alloc(1), 0, null),
    () => loose.sendmsg(fd, { buffers: Buffer.from('text') }),
  ].map(outcome);
}

function smallBuffers(): unknown {
  const [a, b] = pair(s.SOCK_DGRAM);
  sendText(a, 'longer than eight');
  const buffer = Buffer.alloc(8);
  const flags = s.MSG_TRUNC;
  const { bytesRead } = s.recvfrom(b, buffer, flags);
  sendText(a, 'x');
  return [bytesRead, buffer.toString(), outcome(() => s.recv(b, Buffer.alloc(0)))];
}

/** The FD_CLOEXEC of everything that makes a descriptor. */
function closeOnExec(): unknown {
  const listener = listening(v4());
  const client = tcp();
  s.connect(client, s.getsockname(listener));
  const fds = [listener, closing(s.accept(listener).fd), ...pair()];
  return fds.map((fd) => s.fcntl(fd, s.F_GETFD) & s.FD_CLOEXEC);
}

/** What came of `server.listen(options)`: 'ok', or the error. */
async function listens(server: Server, options: object): Promise<NodeJS.ErrnoException | 'ok'> {
  const failed = once(server, 'error') as Promise<[NodeJS.ErrnoException]>;
  server.listen(options);
  const said = await Promise.race([
    failed.then(([error]) => error),
    once(server, 'listening').then(() => 'ok' as const),
  ]);
  failed.catch(() => undefined);
  return said;
}

async function listenOnFile(): Promise<unknown> {
  const fd = openSync('/proc/self/exe', 'r');
  try {
    const said = await listens(createServer(), { fd });
    return said === 'ok' ? said : said.code;
  } finally {
    closeSync(fd);
  }
}

async function handedOver(): Promise<unknown> {
  const fd = s.socket(s.AF_INET, s.SOCK_STREAM);
  s.bind(fd, v4());
  const address = s.getsockname(fd) as { port: number };
  const server = createServer((socket) => socket.end('hi'));
  try {
    if ((await listens(server, { fd })) !== 'ok') s.close(fd);
    const same = (server.address() as { port: number }).port === address.port;
    const client = netConnect(address.port, '127.0.0.1');
    const [data] = (await once(client, 'data')) as [Buffer];
    client.destroy();
    return [same, data.toString()];
  } finally {
    server.close();
  }
}

async function adoptedTwice(): Promise<unknown> {
  const { client } = connection();
  const fd = s.fcntl(client, s.F_DUPFD_CLOEXEC); // which Node closes
  const first = new Socket({ fd });
  try {
    return answer(() => new Socket({ fd }).destroy());
  } finally {
    first.destroy();
    await once(first, 'close');
  }
}

async function nonBlocking(): Promise<unknown> {
  const { client } = connection();
  const before = s.fcntl(client, s.F_GETFL) & s.O_NONBLOCK;
  const socket = new Socket({ fd: s.fcntl(client, s.F_DUPFD_CLOEXEC) });
  const after = s.fcntl(client, s.F_GETFL) & s.O_NONBLOCK;
  socket.destroy();
  await once(socket, 'close');
  return [before, after !== 0];
}

async function portTaken(): Promise<unknown> {
  const { port } = s.getsockname(listening(v4())) as { port: number };
  const said = await listens(createServer(), { host: '127.0.0.1', port });
  return said === 'ok' ? said : [said.code, said.syscall];
}

async function detached(): Promise<unknown> {
  const { client } = connection();
  const socket = owned(OwnedSocket.fromFd(s.fcntl(client, s.F_DUPFD_CLOEXEC)));
  const { fd } = socket;
  const given = closing(socket.detach());
  socket.close();
  const later = await outcomeOf(socket.recv(Buffer.alloc(1)));
  return [given === fd, later, s.getsockopt(fd, s.SOL_SOCKET, s.SO_TYPE)];
}

/** Is SIGPIPE ignored, by the /proc/PID/status in `text`? */
function ignoresPipe(text: string): boolean {
  const [, mask = ''] = /SigIgn:\s*(\w+)/.exec(text) ?? [];
  return ((BigInt(`0x${mask}`) >> 12n) & 1n) === 1n;
}

export const libraryCases: Case[] = [
  {
    id: 'LIB-01',
    what: 'a negative length is refused: recv, recvfrom, recvmsg, its control data',
    run: negativeLengths,
    expected: ['ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_TYPE', 'ERR_OUT_OF_RANGE'],
  },
  {
    id: 'LIB-03',
    what: 'text for bytes, null for an address, one buffer for many are refused',
    run: wrongTypes,
    expected: ['ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_TYPE'],
  },
  {
    id: 'LIB-05',
    what: 'closing a number twice is an error: it may be a stranger by then',
    run() {
      const fd = tcp();
      closeNow(fd);
      return outcome(() => s.close(fd));
    },
    expected: 'EBADF',
    differs: 'an object that owns a descriptor can be closed twice; this is the number',
  },
  {
    id: 'LIB-06',
    what: 'detaching gives the descriptor back: the object owns it no more',
    run: detached,
    expected: [true, 'EBADF', s.SOCK_STREAM],
  },
  {
    id: 'LIB-09',
    what: 'no more can be asked for than the buffer holds; into an empty buffer nothing comes',
    run: smallBuffers,
    expected: [17, 'longer t', 'ok'],
    differs: 'there is no length beside the buffer that could be too long',
  },
  {
    id: 'LIB-12',
    what: 'made, accepted and paired sockets are close-on-exec',
    run: closeOnExec,
    expected: [1, 1, 1, 1],
    differs: "as CPython's and Node's; C's are not",
  },
  {
    id: 'LIB-14',
    what: 'no option is on that was not asked for: SO_REUSEADDR of a listener',
    run: () => s.getsockopt(listening(v4()), s.SOL_SOCKET, s.SO_REUSEADDR),
    expected: 0,
    differs: "CPython's create_server sets it; here are only the calls themselves",
  },
  { id: 'NODE-01', what: 'net.Server does not listen on a file', run: listenOnFile, expected: 'EINVAL' },
  {
    id: 'NODE-02',
    what: 'net.Server listens on a socket that was bound here',
    run: handedOver,
    expected: [true, 'hi'],
  },
  { id: 'NODE-04', what: 'Node does not adopt a descriptor twice', run: adoptedTwice, expected: 'EEXIST' },
  {
    id: 'NODE-05',
    what: 'SIGPIPE is ignored in Node, and not in its children',
    run: () => [
      ignoresPipe(readFileSync('/proc/self/status', 'latin1')),
      ignoresPipe(spawnSync('cat', ['/proc/self/status'], { encoding: 'latin1' }).stdout),
    ],
    expected: [true, false],
  },
  {
    id: 'NODE-06',
    what: 'net.Socket makes the open file non-blocking for every holder',
    run: nonBlocking,
    expected: [0, true],
  },
  { id: 'NODE-07', what: 'Node says what holds its port', run: portTaken, expected: ['EADDRINUSE', 'listen'] },
  {
    id: 'IOCTL-01',
    what: 'ioctl SIOCATMARK',
    run: () => undefined,
    expected: undefined,
    skip: 'the API has no ioctl: its third argument is a pointer. POLLPRI and MSG_OOB tell of urgent data',
  },
];

/** Descriptors and credentials that travel with a message: unix(7) */
import * as s from 'bsd-sockets';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { join } from 'node:path';
import { openSockets } from '../support/peers.js';
import { PACKAGE_ROOT } from '../support/scripts.js';
import { answer, NEEDS_ROOT, received, type Case } from './case.js';
import { pair, sendText } from './fixtures.js';
import { FEW_DESCRIPTORS, lines } from './processes.js';
import { passed, rights } from './sendmsg.js';

const BYTE = Buffer.from('x');
const ROOM = { controlLength: s.controlSpace(4) };

/** Sends the first socket of a pair to the second, `count` times in one message. */
function sentRights(count = 1, type?: number): [number, number] {
  const [a, b] = pair(type);
  s.sendmsg(a, { buffers: [BYTE], control: [rights(...new Array<number>(count).fill(a))] });
  return [a, b];
}

/** How many sockets more are open after `call` than before. */
function newSockets(call: () => unknown): number {
  const before = openSockets().length;
  call();
  return openSockets().length - before;
}

function truncated(controlLength: number): unknown {
  const [, b] = sentRights();
  let message: s.ReceivedMessage | undefined;
  const fds = newSockets(() => {
    message = s.recvmsg(b, [Buffer.alloc(1)], { controlLength });
  });
  return [((message?.flags ?? 0) & s.MSG_CTRUNC) !== 0, message?.control, fds];
}

function twoInto(controlLength: number): unknown[] {
  const message = s.recvmsg(sentRights(2)[1], [Buffer.alloc(1)], { controlLength });
  return [passed(message).length, (message.flags & s.MSG_CTRUNC) !== 0];
}

function plainRecv(): unknown {
  const [, b] = sentRights();
  let text = '';
  const fds = newSockets(() => (text = received(b)));
  return [text, fds, answer(() => s.recvmsg(b, [Buffer.alloc(1)], { ...ROOM, flags: s.MSG_DONTWAIT }))];
}

function closeOnExec(flags: number): number {
  const [, b] = sentRights();
  const [fd = -1] = passed(s.recvmsg(b, [Buffer.alloc(1)], { ...ROOM, flags }));
  return s.fcntl(fd, s.F_GETFD) & s.FD_CLOEXEC;
}

function peeked(): unknown {
  const [, b] = sentRights();
  let [first, second]: [number[], number[]] = [[], []];
  const fds = newSockets(() => {
    first = passed(s.recvmsg(b, [Buffer.alloc(1)], { ...ROOM, flags: s.MSG_PEEK }));
    second = passed(s.recvmsg(b, [Buffer.alloc(1)], ROOM));
  });
  return [first.length, second.length, first[0] !== second[0], fds];
}

function withoutData(type: number): unknown[] {
  const [a, b] = pair(type);
  const sent = s.sendmsg(a, { buffers: [Buffer.alloc(0)], control: [rights(a)] });
  if (type === s.SOCK_STREAM) sendText(a, 'x');
  const buffer = Buffer.alloc(4);
  const message = s.recvmsg(b, [buffer], ROOM);
  return [sent, buffer.toString('latin1', 0, message.bytesRead), passed(message).length];
}

async function longMessage(): Promise<unknown> {
  const [a, b] = pair();
  const worker = new Worker(
    `const { workerData: { url, fd }, parentPort } = require('node:worker_threads');
     import(url).then(({ send, sendmsg, SOL_SOCKET, SCM_RIGHTS }) => {
       const bytes = Buffer.alloc(2 ** 20);
       const control = [{ level: SOL_SOCKET, type: SCM_RIGHTS, fds: [fd] }];
       parentPort.postMessage('ready');
       // A thread whose loop has something to do may be interrupted: then less was sent.
       for (let sent = sendmsg(fd, { buffers: [bytes], control }); sent < bytes.length;) {
         sent += send(fd, bytes.subarray(sent));
       }
     });`,
    { eval: true, execArgv: [], workerData: { url: join(PACKAGE_ROOT, 'dist', 'api', 'index.js'), fd: a } },
  );
  await once(worker, 'message');
  const fds: number[] = [];
  let bytes = 0;
  while (bytes < 2 ** 20) {
    const message = s.recvmsg(b, [Buffer.alloc(65_536)], ROOM);
    bytes += message.bytesRead;
    fds.push(passed(message).length);
  }
  await once(worker, 'exit');
  return [fds[0], fds.slice(1).reduce((sum, count) => sum + count, 0), bytes];
}

const FULL = `
  const [a, b] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
  s.sendmsg(a, { buffers: [Buffer.from('x')], control: [{ level: s.SOL_SOCKET, type: s.SCM_RIGHTS, fds: [a] }] });
  const fds = [];
  try { for (;;) fds.push(s.fcntl(a, s.F_DUPFD_CLOEXEC)) } catch {}
  const { bytesRead, flags, control } = s.recvmsg(b, [Buffer.alloc(1)], { controlLength: s.controlSpace(4) });
  for (const fd of fds) s.close(fd);
  console.log(JSON.stringify([bytesRead, (flags & s.MSG_CTRUNC) !== 0, control]));
`;

function credentialsOf({ control }: s.ReceivedMessage): s.Ucred | undefined {
  return control.find(({ credentials }) => credentials !== undefined)?.credentials;
}

function senders(): unknown {
  const [a, b] = pair();
  const room = { controlLength: s.controlSpace(s.ucred.size) };
  sendText(a, 'x');
  s.setsockopt(b, s.SOL_SOCKET, s.SO_PASSCRED, true);
  const before = credentialsOf(s.recvmsg(b, [Buffer.alloc(1)], room));
  sendText(a, 'x');
  const after = credentialsOf(s.recvmsg(b, [Buffer.alloc(1)], room));
  return [after?.pid === process.pid && after.uid === process.getuid?.() && after.gid === process.getgid?.(), before];
}

function differentSenders(): unknown {
  const [a, b] = pair();
  s.setsockopt(b, s.SOL_SOCKET, s.SO_PASSCRED, true);
  for (const [text, uid] of [
    ['1', 0],
    ['2', 1],
  ] as const) {
    const credentials = { pid: process.pid, uid, gid: 0 };
    const control = [{ level: s.SOL_SOCKET, type: s.SCM_CREDENTIALS, credentials }];
    s.sendmsg(a, { buffers: [Buffer.from(text)], control });
  }
  return [received(b), received(b)];
}

export const rightsCases: Case[] = [
  {
    id: 'RIGHTS-02',
    what: 'one descriptor and too little room for it: MSG_CTRUNC, no control message, and nothing is opened',
    run: () => [0, 1, 8, 15, s.controlSpace(0), 17].map(truncated),
    expected: new Array(6).fill([true, [], 0]),
  },
  {
    id: 'RIGHTS-04',
    what: 'two descriptors fit into the padded room for one, and one into the bare room',
    run: () => [...twoInto(s.controlSpace(4)), ...twoInto(s.controlSpace(0) + 4)],
    expected: [2, false, 1, true],
  },
  {
    id: 'RIGHTS-06',
    what: 'recv of a message with a descriptor closes it',
    run: plainRecv,
    expected: ['x', 0, 'EAGAIN'],
  },
  {
    id: 'RIGHTS-07',
    what: 'a received descriptor is close-on-exec, without and with MSG_CMSG_CLOEXEC',
    run: () => [closeOnExec(0), closeOnExec(s.MSG_CMSG_CLOEXEC)],
    expected: [1, 1],
    differs: 'every descriptor is close-on-exec; in C one that is received is not, unless asked for',
  },
  {
    id: 'RIGHTS-08',
    what: 'MSG_PEEK gives a descriptor of its own',
    run: peeked,
    expected: [1, 1, true, 2],
  },
  {
    id: 'RIGHTS-11',
    what: 'a descriptor without data is lost on a stream, and arrives in a datagram',
    run: () => [...withoutData(s.SOCK_STREAM), ...withoutData(s.SOCK_DGRAM)],
    expected: [0, 'x', 0, 0, '', 1],
  },
  {
    id: 'RIGHTS-12',
    what: 'a megabyte with a descriptor: only the first part has it',
    run: longMessage,
    expected: [1, 0, 1_048_576],
  },
  {
    id: 'RIGHTS-13',
    what: 'a descriptor for a process that can open no more: the data, MSG_CTRUNC, no descriptor',
    run: async () => (await lines(FULL, FEW_DESCRIPTORS)).map((line) => JSON.parse(line) as unknown),
    expected: [[1, true, []]],
  },
  {
    id: 'RIGHTS-15',
    what: 'two control messages with a descriptor each arrive as one',
    run() {
      const [a, b] = pair();
      s.sendmsg(a, { buffers: [BYTE], control: [rights(a), rights(b)] });
      const message = s.recvmsg(b, [Buffer.alloc(1)], { controlLength: s.controlSpace(8) });
      return [message.control.length, passed(message).length];
    },
    expected: [1, 2],
  },
  {
    id: 'RIGHTS-16',
    what: 'three bytes are no descriptor, and are passed over',
    run() {
      const [a, b] = pair();
      const control = [{ level: s.SOL_SOCKET, type: s.SCM_RIGHTS, data: Buffer.alloc(3) }];
      return [s.sendmsg(a, { buffers: [BYTE], control }), passed(s.recvmsg(b, [Buffer.alloc(1)], ROOM)).length];
    },
    expected: [1, 0],
  },
  {
    id: 'CRED-01',
    what: 'SO_PASSCRED tells the sender of what is sent after it; of what was sent before, nobody',
    run: senders,
    expected: [true, { pid: 0, uid: 65_534, gid: 65_534 }],
  },
  {
    id: 'CRED-03',
    what: 'one read of a stream does not mix what different users sent',
    run: differentSenders,
    expected: ['1', '2'],
    skip: NEEDS_ROOT,
  },
];

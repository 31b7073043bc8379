/** sendmsg(2) */
import * as s from 'bsd-sockets';
import { closing, connection, tcp } from '../support/sockets.js';
import { answer, NEEDS_ROOT, outcome, type Case } from './case.js';
import { needsLinux, pair, udp } from './fixtures.js';

const BYTE = Buffer.from('x');

/** A control message that passes descriptors. */
export function rights(...fds: number[]): s.ControlMessageToSend {
  return { level: s.SOL_SOCKET, type: s.SCM_RIGHTS, fds };
}

/** The descriptors that came with a message; they are closed after the test. */
export function passed({ control }: s.ReceivedMessage): number[] {
  return control.flatMap((message) => message.fds ?? []).map(closing);
}

function refusals(): unknown {
  const fresh = outcome(() => s.sendmsg(tcp(), { buffers: [BYTE], flags: s.MSG_NOSIGNAL }));
  const { client } = connection();
  s.shutdown(client, s.SHUT_WR);
  const ended = outcome(() => s.sendmsg(client, { buffers: [BYTE], flags: s.MSG_NOSIGNAL }));
  const fd = udp();
  const address = s.getsockname(fd);
  const long = outcome(() => s.sendmsg(fd, { buffers: [Buffer.alloc(131_072)], address }));
  const urgent = outcome(() => s.sendmsg(fd, { buffers: [BYTE], address, flags: s.MSG_OOB }));
  return [fresh, ended, long, urgent];
}

function manyBuffers(count: number): unknown {
  const fd = udp();
  const address = s.getsockname(fd);
  return answer(() => s.sendmsg(fd, { buffers: new Array<Buffer>(count).fill(BYTE), address }));
}

function gatherAndScatter(): unknown {
  const fd = udp();
  const address = s.getsockname(fd);
  const sent = s.sendmsg(fd, { buffers: [Buffer.from('ab'), Buffer.alloc(0), Buffer.from('cd')], address });
  const [first, second] = [Buffer.alloc(1), Buffer.alloc(9)];
  const { bytesRead } = s.recvmsg(fd, [first, second]);
  return [sent, first.toString(), second.toString('latin1', 0, bytesRead - 1)];
}

function manyRights(count: number): unknown {
  const [a] = pair();
  return answer(() => s.sendmsg(a, { buffers: [BYTE], control: [rights(...new Array<number>(count).fill(a))] }));
}

function closedPid(): unknown {
  const [a] = pair();
  const credentials = { pid: 4_194_303, uid: 0, gid: 0 };
  const control = [{ level: s.SOL_SOCKET, type: s.SCM_CREDENTIALS, credentials }];
  return outcome(() => s.sendmsg(a, { buffers: [BYTE], control }));
}

function onUdp(type: number): unknown {
  const fd = udp();
  const address = s.getsockname(fd);
  const control = [{ level: s.SOL_SOCKET, type, data: Buffer.from(new Int32Array([fd]).buffer) }];
  return answer(() => s.sendmsg(fd, { buffers: [BYTE], address, control }));
}

function transmitTime(): unknown {
  const fd = udp();
  const monotonic = Buffer.from(new Int32Array([1, 0]).buffer);
  const set = outcome(() => s.setsockopt(fd, s.SOL_SOCKET, s.SO_TXTIME, monotonic));
  const same = s.getsockopt(fd, s.SOL_SOCKET, s.SO_TXTIME, 8).equals(monotonic);
  const unknown = Buffer.from(new Int32Array([1, 0x80]).buffer);
  return [set, same, outcome(() => s.setsockopt(fd, s.SOL_SOCKET, s.SO_TXTIME, unknown))];
}

export const sendmsgCases: Case[] = [
  {
    id: 'SENDMSG-04',
    what: 'on TCP before connect, on TCP whose sending half has ended, 128 KiB on UDP, urgent data on UDP',
    run: refusals,
    expected: ['EPIPE', 'EPIPE', 'EMSGSIZE', 'EOPNOTSUPP'],
  },
  {
    id: 'SENDMSG-05',
    what: 'passes a descriptor',
    run() {
      const [a, b] = pair();
      const sent = s.sendmsg(a, { buffers: [BYTE], control: [rights(a)] });
      return [sent, passed(s.recvmsg(b, [Buffer.alloc(1)], { controlLength: s.controlSpace(4) })).length];
    },
    expected: [1, 1],
    differs: 'control data are always padded: C may leave out the last padding',
  },
  {
    id: 'SENDMSG-07',
    what: 'gathers 1024 buffers, and no more',
    run: () => [manyBuffers(1024), manyBuffers(1025)],
    expected: [1024, 'EMSGSIZE'],
  },
  {
    id: 'SENDMSG-08',
    what: 'gathers three buffers, one of them empty, into one datagram, which recvmsg scatters',
    run: gatherAndScatter,
    expected: [4, 'a', 'bcd'],
  },
  {
    id: 'SENDMSG-09',
    what: 'of descriptor -1',
    run() {
      const [a] = pair();
      return outcome(() => s.sendmsg(a, { buffers: [BYTE], control: [rights(-1)] }));
    },
    expected: 'EBADF',
  },
  {
    id: 'SENDMSG-10',
    what: 'with a length of 1 in the header of a control message; with credentials of no bytes',
    run() {
      const [a] = pair();
      const empty = { level: s.SOL_SOCKET, type: s.SCM_CREDENTIALS, data: Buffer.alloc(0) };
      const short = { level: s.SOL_SOCKET, type: s.SCM_RIGHTS, length: 1 } as unknown as s.ControlMessageToSend;
      return [short, empty].map((message) => outcome(() => s.sendmsg(a, { buffers: [BYTE], control: [message] })));
    },
    expected: ['ERR_INVALID_ARG_VALUE', 'EINVAL'],
    differs: 'the header is ours to write: no argument carries its length, and a message without data is refused',
  },
  {
    id: 'SENDMSG-11',
    what: 'passes 253 descriptors at once, and no more',
    run: () => [manyRights(253), manyRights(254)],
    expected: [1, 'EINVAL'],
  },
  {
    id: 'SENDMSG-12',
    what: 'with the credentials of a process that there is not',
    run: closedPid,
    expected: 'ESRCH',
    skip: NEEDS_ROOT,
  },
  {
    id: 'SENDMSG-14',
    what: 'of a descriptor to a socket that takes none',
    run() {
      const [a, b] = pair();
      s.setsockopt(b, s.SOL_SOCKET, s.SO_PASSRIGHTS, false);
      return outcome(() => s.sendmsg(a, { buffers: [BYTE], control: [rights(a)] }));
    },
    expected: 'EPERM',
    skip: needsLinux(6, 16),
  },
  {
    id: 'SENDMSG-15',
    what: 'on UDP passes over a descriptor, and refuses an unknown type',
    run: () => [onUdp(s.SCM_RIGHTS), onUdp(0x7f)],
    expected: [1, 'EINVAL'],
  },
  {
    id: 'SENDMSG-18',
    what: 'SO_TXTIME is set and read back; an unknown flag in it is refused',
    run: transmitTime,
    expected: ['ok', true, 'EINVAL'],
  },
];

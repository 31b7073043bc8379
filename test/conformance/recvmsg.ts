/** recvmsg(2) */
import * as s from 'bsd-sockets';
import { openSync } from 'node:fs';
import { closeNow, closing, connection } from '../support/sockets.js';
import { answer, outcome, received, type Case } from './case.js';
import { bound, NONE, v6 } from './endpoints.js';
import { deserted, made, NEEDS_IPV6, needsLinux, pair, pendingError, sendText, udp, udpPair } from './fixtures.js';

const BYTE = Buffer.from('x');
const ROOM = { controlLength: s.controlSpace(64) };

function noSocket(): unknown {
  const file = closing(openSync('/dev/null', 'r'));
  const closed = made(s.AF_UNIX, s.SOCK_STREAM);
  closeNow(closed);
  return [closed, file].map((fd) => outcome(() => s.recvmsg(fd, [Buffer.alloc(1)])));
}

function unusual(): unknown {
  const { client, server } = connection();
  const urgent = outcome(() => s.recvmsg(server, [BYTE], { flags: s.MSG_OOB }));
  const queue = outcome(() => s.recvmsg(server, [BYTE], { flags: s.MSG_ERRQUEUE }));
  sendText(client, 'ab');
  return [urgent, queue, s.recvmsg(server, [Buffer.alloc(8)], { controlLength: 131_072 }).bytesRead];
}

function peekedTooLong(): unknown {
  const fd = bound(v6(), NONE, s.SOCK_DGRAM);
  s.sendto(made(s.AF_INET6, s.SOCK_DGRAM), Buffer.alloc(27), 0, s.getsockname(fd));
  const { bytesRead, flags } = s.recvmsg(fd, [Buffer.alloc(25)], { flags: s.MSG_PEEK });
  return [bytesRead, (flags & s.MSG_TRUNC) !== 0];
}

function flagsOfSuccess(): unknown {
  const [a, b] = pair();
  const buffer = Buffer.alloc(20);
  const empty = outcome(() => s.recvmsg(b, [buffer], { flags: s.MSG_DONTWAIT }));
  sendText(a, 'x');
  return [empty, s.recvmsg(b, [buffer]).flags, buffer.length];
}

function errorQueue(): unknown {
  const fd = udp();
  s.setsockopt(fd, s.IPPROTO_IP, s.IP_RECVERR, true);
  const address = deserted(s.SOCK_DGRAM);
  s.connect(fd, address);
  sendText(fd, 'ping');
  s.poll([{ fd, events: 0 }], 5000);
  const buffer = Buffer.alloc(16);
  const message = s.recvmsg(fd, [buffer], { ...ROOM, flags: s.MSG_ERRQUEUE });
  const [{ level, type, error } = { level: -1, type: -1 }] = message.control;
  return {
    payload: buffer.toString('latin1', 0, message.bytesRead),
    flagged: (message.flags & s.MSG_ERRQUEUE) !== 0,
    destination: JSON.stringify(message.address) === JSON.stringify(address),
    kind: [level, type],
    error,
    left: pendingError(fd),
  };
}

function unconnectedError(): unknown {
  const fd = udp();
  s.setsockopt(fd, s.IPPROTO_IP, s.IP_RECVERR, true);
  const address = deserted(s.SOCK_DGRAM);
  const first = s.sendto(fd, BYTE, 0, address);
  s.poll([{ fd, events: 0 }], 5000);
  return [first, outcome(() => s.sendto(fd, BYTE, 0, address))];
}

function hopLimits(): unknown {
  const fd = bound(v6(), NONE, s.SOCK_DGRAM);
  s.setsockopt(fd, s.IPPROTO_IPV6, s.IPV6_RECVHOPLIMIT, true);
  const [sender, address] = [made(s.AF_INET6, s.SOCK_DGRAM), s.getsockname(fd)];
  const hops = (): number => s.recvmsg(fd, [Buffer.alloc(1)], ROOM).control[0]?.ttl ?? -1;
  s.sendmsg(sender, { buffers: [BYTE], address });
  const usual = hops();
  s.sendmsg(sender, { buffers: [BYTE], address, control: [{ level: s.IPPROTO_IPV6, type: s.IPV6_HOPLIMIT, ttl: 37 }] });
  return [usual > 0, hops()];
}

/** What is left in a queue, as the control message says it: level, type and bytes. */
function left({ control }: s.ReceivedMessage): unknown[] {
  return control.map(({ level, type, data }) => [level, type, new Int32Array(new Uint8Array(data).buffer)[0]]);
}

function tcpQueue(): unknown {
  const { client, server } = connection();
  s.setsockopt(server, s.IPPROTO_TCP, s.TCP_INQ, true);
  s.send(client, Buffer.alloc(8192));
  s.recv(server, Buffer.alloc(8192), s.MSG_PEEK | s.MSG_WAITALL);
  const message = s.recvmsg(server, [Buffer.alloc(4096)], ROOM);
  return [message.bytesRead, left(message)];
}

function unixQueue(): unknown {
  const refused = [s.SOCK_DGRAM, s.SOCK_SEQPACKET].map((type) =>
    outcome(() => s.setsockopt(pair(type)[0], s.SOL_SOCKET, s.SO_INQ, true)),
  );
  const [a, b] = pair();
  s.setsockopt(b, s.SOL_SOCKET, s.SO_INQ, true);
  s.send(a, Buffer.alloc(768));
  return [left(s.recvmsg(b, [Buffer.alloc(256)], ROOM)), ...refused];
}

function peekOffset(type: number): string[] {
  const [a, b] = pair(type);
  s.setsockopt(b, s.SOL_SOCKET, s.SO_PEEK_OFF, 0);
  sendText(a, 'aaaa');
  sendText(a, 'bbbb');
  const peek = (length: number): string => received(b, length, s.MSG_PEEK | s.MSG_DONTWAIT);
  return [peek(2), peek(4), peek(8)];
}

function timestamp(): unknown {
  const [a, b] = udpPair();
  s.setsockopt(b, s.SOL_SOCKET, s.SO_TIMESTAMP, true);
  const before = Math.trunc(Date.now() / 1000) - 1;
  sendText(a, 'x');
  const [message] = s.recvmsg(b, [Buffer.alloc(1)], ROOM).control;
  const { sec = 0, usec = -1 } = message?.timestamp ?? {};
  const plausible = sec >= before && sec <= Date.now() / 1000 && usec >= 0 && usec < 1_000_000;
  return [message?.level, message?.type, message?.data.length, plausible];
}

export const recvmsgCases: Case[] = [
  {
    id: 'RECVMSG-01',
    what: 'of a closed descriptor, and of one that is no socket',
    run: noSocket,
    expected: ['EBADF', 'ENOTSOCK'],
  },
  {
    id: 'RECVMSG-03',
    what: 'of urgent data where there are none, of an empty error queue, with 128 KiB of room for control data',
    run: unusual,
    expected: ['EINVAL', 'EAGAIN', 2],
  },
  {
    id: 'RECVMSG-04',
    what: 'peeks at a datagram that is longer than the buffer: the length of the buffer, and MSG_TRUNC',
    run: peekedTooLong,
    expected: [25, true],
    skip: NEEDS_IPV6,
  },
  {
    id: 'RECVMSG-06',
    what: 'says nothing but the error where it fails, and has no flags where it succeeds',
    run: flagsOfSuccess,
    expected: ['EAGAIN', 0, 20],
    differs: 'the flags are part of the result, which a failed call has not',
  },
  {
    id: 'RECVMSG-08',
    what: 'of the error queue gives what was sent, to where, and what became of it; the socket has no error then',
    run: errorQueue,
    expected: {
      payload: 'ping',
      flagged: true,
      destination: true,
      kind: [0, 11],
      error: {
        errno: 111,
        origin: 2,
        type: 3,
        code: 3,
        info: 0,
        data: 0,
        offender: { family: 'IPv4', address: '127.0.0.1', port: 0 },
      },
      left: 0,
    },
  },
  {
    id: 'RECVMSG-09',
    what: 'with IP_RECVERR an unconnected UDP socket, too, hears that nobody is there',
    run: unconnectedError,
    expected: [1, 'ECONNREFUSED'],
  },
  {
    id: 'RECVMSG-10',
    what: 'IPV6_RECVERR is not for IPv4 sockets: set, and read',
    run() {
      const fd = udp();
      const set = outcome(() => s.setsockopt(fd, s.IPPROTO_IPV6, s.IPV6_RECVERR, true));
      return [set, answer(() => s.getsockopt(fd, s.IPPROTO_IPV6, s.IPV6_RECVERR))];
    },
    expected: ['ENOPROTOOPT', 'EOPNOTSUPP'],
  },
  {
    id: 'RECVMSG-12',
    what: 'gives the hop limit, which the sender can set for one datagram',
    run: hopLimits,
    expected: [true, 37],
    skip: NEEDS_IPV6,
  },
  {
    id: 'RECVMSG-14',
    what: 'with TCP_INQ says how much is left',
    run: tcpQueue,
    expected: [4096, [[6, 36, 4096]]],
  },
  {
    id: 'RECVMSG-15',
    what: 'with SO_INQ says how much is left in a unix stream; datagrams and packets have no such option',
    run: unixQueue,
    expected: [[[1, 84, 512]], 'ENOPROTOOPT', 'ENOPROTOOPT'],
    skip: needsLinux(6, 17),
  },
  {
    id: 'RECVMSG-17',
    what: 'SO_PEEK_OFF peeks on across the chunks of a stream, and in one datagram after the other',
    run: () => [peekOffset(s.SOCK_STREAM), peekOffset(s.SOCK_DGRAM)],
    expected: [
      ['aa', 'aabb', 'bb'],
      ['aa', 'aa', 'bbbb'],
    ],
  },
  {
    id: 'RECVMSG-18',
    what: 'with SO_TIMESTAMP says when the datagram came',
    run: timestamp,
    expected: [1, 29, 16, true],
  },
];

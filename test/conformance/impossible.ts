/**
 * What only C can get wrong: pointers to nowhere, and lengths that do not fit. The argument that would carry it is
 * refused before the kernel sees it, or there is none: then what is given all the same is passed over, and nothing
 * is lost. An address of the wrong length can be given as bytes: the kernel answers as it answers C.
 */
import { expect } from '@jest/globals';
import * as s from 'bsd-sockets';
import { closing, connection, tcp } from '../support/sockets.js';
import { answer, outcome, received, type Case } from './case.js';
import { listening, v4, v6 } from './endpoints.js';
import { made, NEEDS_IPV6, pair, sendText, udp, udpPair } from './fixtures.js';

/** A call as JavaScript can make it, with arguments of any type and number. */
type Loose = (...args: unknown[]) => unknown;
const loose = Object.fromEntries(Object.entries(s).filter(([, value]) => typeof value === 'function')) as unknown as {
  [Name in keyof typeof s]: Loose;
};

/** What a C program could mistake for a pointer. */
const POINTERS = [null, undefined, -1, 3, 7n, {}, [], 'text', new ArrayBuffer(8)];

/** What a call says of each bad pointer, without repetitions. */
function ofPointers(call: (pointer: unknown) => unknown): string[] {
  return [...new Set(POINTERS.map((pointer) => outcome(() => call(pointer))))];
}

function raw(address: s.SocketAddress, length: number): s.SocketAddress {
  const sockaddr = Buffer.alloc(length);
  const family = new Map<string, number>([
    ['IPv4', s.AF_INET],
    ['IPv6', s.AF_INET6],
  ]).get(address.family);
  Buffer.from(new Uint16Array([family ?? s.AF_UNIX]).buffer).copy(sockaddr); // as much of it as there is room for
  if (address.family === 'IPv6') sockaddr[23] = 1; // ::1
  return { family: 'raw', sockaddr };
}

const TYPE = ['ERR_INVALID_ARG_TYPE'];

function bindLengths(): unknown {
  return [24, 23].map((length) => outcome(() => s.bind(made(s.AF_INET6, s.SOCK_STREAM), raw(v6(), length))));
}

function longUnixNames(): unknown {
  const name = (first: number): s.SocketAddress => {
    const sockaddr = Buffer.alloc(111, 'x');
    Buffer.from(new Uint16Array([s.AF_UNIX]).buffer).copy(sockaddr);
    sockaddr[2] = first;
    return { family: 'raw', sockaddr };
  };
  return [0x2f, 0].map((first) => outcome(() => s.bind(made(s.AF_UNIX, s.SOCK_STREAM), name(first))));
}

function acceptedWhole(...more: unknown[]): unknown {
  const listener = listening(v4());
  const client = tcp();
  s.connect(client, s.getsockname(listener));
  const { fd, address } = loose.accept(listener, 0, ...more) as s.Accepted;
  sendText(closing(fd), 'hi');
  return [JSON.stringify(address) === JSON.stringify(s.getsockname(client)), received(client, 8, 0)];
}

function keptData(call: (fd: number) => unknown): unknown {
  const { client, server } = connection();
  sendText(client, 'hoser');
  s.recv(server, Buffer.alloc(5), s.MSG_PEEK | s.MSG_WAITALL);
  return [call(server), received(server)];
}

function senderWhole(): unknown {
  const [a, b] = udpPair();
  sendText(a, 'x');
  const { bytesRead, address } = loose.recvfrom(b, Buffer.alloc(4), 0, Buffer.alloc(4), 4) as s.Received;
  return [bytesRead, JSON.stringify(address) === JSON.stringify(s.getsockname(a))];
}

function messageParts(fd: number): unknown {
  return [
    ofPointers((pointer) => loose.sendmsg(fd, pointer)),
    ofPointers((pointer) => loose.sendmsg(fd, { buffers: [pointer] })),
    outcome(() => loose.sendmsg(fd, { buffers: null })),
    outcome(() => loose.sendmsg(fd, { buffers: new Array(1) })),
    outcome(() => loose.sendmsg(fd, { buffers: [], control: 3 })),
    outcome(() => loose.sendmsg(fd, { buffers: [], control: [{ level: 1, type: 1, data: 3 }] })),
  ];
}

function receivedParts(): unknown {
  const [a, b] = pair();
  sendText(a, 'x');
  const refused = [
    ofPointers((pointer) => loose.recvmsg(b, [pointer])),
    outcome(() => loose.recvmsg(b, null)),
    outcome(() => loose.recvmsg(b, { length: -1 })),
    outcome(() => loose.recvmsg(b, new Array(1))),
    outcome(() => loose.recvmsg(b, [Buffer.alloc(1)], { controlLength: -1 })),
  ];
  return [...refused, received(b)];
}

function name(call: Loose, fd: number): unknown {
  const expected = JSON.stringify(call(fd));
  const given = [null, 1, -1, Buffer.alloc(4)].map((extra) => JSON.stringify(call(fd, extra, extra)));
  return given.every((text) => text === expected);
}

export const impossibleCases: Case[] = [
  {
    id: 'SPAIR-10',
    what: 'socketpair has no array to fill: it returns one',
    run: () => (loose.socketpair(s.AF_UNIX, s.SOCK_STREAM, 0, 7) as number[]).map(closing).length,
    expected: 2,
  },
  {
    id: 'BIND-01',
    what: 'bind to three bytes of an address',
    run: () => outcome(() => s.bind(tcp(), raw(v4(), 3))),
    expected: 'EINVAL',
  },
  {
    id: 'BIND-24',
    what: 'bind to an IPv6 address without its scope id, and to one byte less',
    run: bindLengths,
    expected: ['ok', 'EINVAL'],
    skip: NEEDS_IPV6,
  },
  {
    id: 'UADDR-04',
    what: 'bind to a unix name longer than sun_path, of either kind',
    run: longUnixNames,
    expected: ['EINVAL', 'EINVAL'],
  },
  {
    id: 'ACCEPT-04',
    what: 'accept has no address to fill: a socket that does not listen is told so',
    run: () => [outcome(() => loose.accept(tcp(), 0, 3)), outcome(() => loose.accept(tcp(), 0, Buffer.alloc(16), 1))],
    expected: ['EINVAL', 'EINVAL'],
  },
  {
    id: 'ACCEPT-11',
    what: 'accept has no length that could lose a connection',
    run: () => acceptedWhole(Buffer.alloc(16), -1),
    expected: [true, 'hi'],
  },
  {
    id: 'ACCEPT-13',
    what: 'accept has no length that could cut the address',
    run: () => acceptedWhole(Buffer.alloc(4), 4),
    expected: [true, 'hi'],
  },
  {
    id: 'CONNECT-02',
    what: 'connect to no address',
    run: () => ofPointers((pointer) => loose.connect(tcp(), pointer)),
    expected: ['ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_VALUE'],
  },
  {
    id: 'CONNECT-03',
    what: 'connect to three bytes of an address',
    run: () => outcome(() => s.connect(tcp(), raw(v4(), 3))),
    expected: 'EINVAL',
  },
  {
    id: 'SEND-03',
    what: 'send of no bytes that there are',
    run: () => ofPointers((pointer) => loose.send(connection().client, pointer, 0)),
    expected: TYPE,
  },
  {
    id: 'SENDTO-02',
    what: 'sendto of no bytes that there are; to no address',
    run() {
      const fd = udp();
      const bytes = ofPointers((pointer) => loose.sendto(fd, pointer, 0, s.getsockname(fd)));
      return [bytes, ofPointers((pointer) => loose.sendto(fd, Buffer.alloc(1), 0, pointer))];
    },
    expected: [TYPE, ['ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_VALUE']],
  },
  {
    id: 'SENDTO-04',
    what: 'sendto has no length beside the address; one of 129 bytes is longer than any',
    run() {
      const [fd, address] = [udp(), { family: 'raw', sockaddr: Buffer.alloc(129) }];
      return [
        loose.sendto(fd, Buffer.alloc(1), 0, s.getsockname(fd), -1),
        outcome(() => loose.sendto(fd, Buffer.alloc(1), 0, address)),
      ];
    },
    expected: [1, 'ERR_INVALID_ARG_VALUE'],
  },
  {
    id: 'SENDMSG-02',
    what: 'sendmsg of no message, of no buffers, of a buffer and control data that are none',
    run: () => messageParts(udp()),
    expected: [TYPE, TYPE, ...TYPE, ...TYPE, ...TYPE, ...TYPE],
  },
  {
    id: 'SENDMSG-03',
    what: 'sendmsg to one byte of an address',
    run: () => outcome(() => s.sendmsg(udp(), { buffers: [Buffer.alloc(1)], address: raw(v4(), 1) })),
    expected: 'EINVAL',
  },
  {
    id: 'RECV-02',
    what: 'recv into no buffer: the data stay',
    run: () => keptData((fd) => ofPointers((pointer) => loose.recv(fd, pointer))),
    expected: [TYPE, 'hoser'],
  },
  {
    id: 'RECV-07',
    what: 'recvfrom has no address to fill: TCP names no sender',
    run: () => keptData((fd) => loose.recvfrom(fd, Buffer.alloc(2), 0, -1)),
    expected: [{ bytesRead: 2, address: null }, 'ser'],
  },
  {
    id: 'RECV-08',
    what: 'recvfrom has no length that could lose the data',
    run: () => keptData((fd) => loose.recvfrom(fd, Buffer.alloc(2), s.MSG_PEEK, Buffer.alloc(16), -1)),
    expected: [{ bytesRead: 2, address: null }, 'hoser'],
  },
  {
    id: 'RECV-10',
    what: 'recvfrom has no length that could cut the address',
    run: senderWhole,
    expected: [1, true],
  },
  {
    id: 'RECVMSG-02',
    what: 'recvmsg into no buffer, no buffers, a negative number of them, with a negative length: the data stay',
    run: receivedParts,
    expected: [TYPE, ...TYPE, ...TYPE, ...TYPE, 'ERR_OUT_OF_RANGE', 'x'],
  },
  {
    id: 'RIGHTS-05',
    what: 'recvmsg has no control buffer beside its length: it makes one',
    run: () => {
      const [a, b] = pair();
      s.sendmsg(a, { buffers: [Buffer.alloc(1)], control: [{ level: s.SOL_SOCKET, type: s.SCM_RIGHTS, fds: [a] }] });
      const options = { controlLength: s.controlSpace(4), control: null };
      const { bytesRead, control, flags } = s.recvmsg(b, [Buffer.alloc(1)], options);
      return [bytesRead, control.flatMap(({ fds = [] }) => fds).map(closing).length, flags & s.MSG_CTRUNC];
    },
    expected: [1, 1, 0],
  },
  {
    id: 'GSN-02',
    what: 'getsockname has no address and no length to fill',
    run: () => name(loose.getsockname, udp()),
    expected: true,
  },
  {
    id: 'GSN-03',
    what: 'getsockname has no length that could cut the address',
    run: () => s.getsockname(udp()),
    expected: { family: 'IPv4', address: '127.0.0.1', port: expect.any(Number) },
  },
  {
    id: 'GPN-02',
    what: 'getpeername has no address and no length to fill',
    run: () => name(loose.getpeername, pair()[0]),
    expected: true,
  },
  {
    id: 'SSO-02',
    what: 'setsockopt to no value; to one of no bytes',
    run() {
      const fd = tcp();
      const pointers = [null, undefined, 7n, {}, [], 'text', new ArrayBuffer(8)];
      const set = (value: unknown): string => outcome(() => loose.setsockopt(fd, s.SOL_SOCKET, s.SO_OOBINLINE, value));
      return [[...new Set(pointers.map(set))], set(Buffer.alloc(0))];
    },
    expected: [TYPE, 'EINVAL'],
  },
  {
    id: 'GSO-02',
    what: 'getsockopt has no buffer to fill, and refuses a length that is none',
    run() {
      const fd = tcp();
      const get = (length: unknown): unknown =>
        answer(() => loose.getsockopt(fd, s.SOL_SOCKET, s.SO_OOBINLINE, length));
      return [get(undefined), get(null), get(Buffer.alloc(4)), get(-1), get(1.5), get(2 ** 31)];
    },
    expected: [0, ...TYPE, ...TYPE, 'ERR_OUT_OF_RANGE', 'ERR_OUT_OF_RANGE', 'ERR_OUT_OF_RANGE'],
  },
  {
    id: 'POLL-01',
    what: 'poll of no array; an array has no negative length, and a hole in it is no descriptor',
    run: () => [null, -1, { length: -1 }, new Array(1), [null]].map((fds) => outcome(() => loose.poll(fds, 0))),
    expected: [...TYPE, ...TYPE, ...TYPE, ...TYPE, ...TYPE],
  },
];

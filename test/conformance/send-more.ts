/** send(2) and sendto(2): what else a sender can run into. */
import * as s from 'bsd-sockets';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/programs.js';
import { connection, tcp } from '../support/sockets.js';
import { answer, received, type Case } from './case.js';
import { bound, portOf, sysctl, v4 } from './endpoints.js';
import {
  accepted,
  awaited,
  deserted,
  listens,
  made,
  needsLinux,
  pair,
  pendingError,
  polled,
  sendText,
  udp,
  udpPair,
  unix,
} from './fixtures.js';

const sending = (fd: number, text: string, flags = 0): unknown => answer(() => sendText(fd, text, flags));

const sendingTo = (fd: number, address: s.SocketAddress, flags = 0): unknown =>
  answer(() => s.sendto(fd, Buffer.from('x'), flags, address));

/** What the error queue tells: the error's fields, the address and the bytes. */
function queuedError(fd: number): unknown {
  const buffer = Buffer.alloc(16);
  const { bytesRead, address, control, flags } = s.recvmsg(fd, [buffer], { controlLength: 512, flags: s.MSG_ERRQUEUE });
  const errors = control.flatMap(({ error }) => (error === undefined ? [] : [error]));
  return { text: buffer.toString('latin1', 0, bytesRead), address, errors, isError: (flags & s.MSG_ERRQUEUE) !== 0 };
}

export const sendMoreCases: Case[] = [
  {
    id: 'SEND-X01',
    what: 'MSG_FASTOPEN connects a TCP socket and sends, in one call',
    run: () => {
      const [listener, client] = [listens(bound(v4())), tcp()];
      const sent = answer(() => s.sendto(client, Buffer.from('hi'), s.MSG_FASTOPEN, s.getsockname(listener)));
      return [sent, awaited(accepted(listener))];
    },
    expected: [2, 'hi'],
    skip: ((sysctl('net.ipv4.tcp_fastopen') ?? 0) & 1) === 1 ? undefined : 'TCP Fast Open is off',
  },
  {
    id: 'SEND-X02',
    what: 'MSG_MORE and UDP_CORK make one datagram of several sends',
    run: () => {
      const [from, to] = udpPair();
      for (const [text, flags] of [
        ['a', s.MSG_MORE],
        ['b', s.MSG_MORE],
        ['c', 0],
      ] as const)
        sendText(from, text, flags);
      s.setsockopt(from, s.IPPROTO_UDP, s.UDP_CORK, 1);
      for (const text of ['d', 'e']) sendText(from, text);
      const seen = [awaited(to), received(to)];
      s.setsockopt(from, s.IPPROTO_UDP, s.UDP_CORK, 0);
      return [...seen, awaited(to)];
    },
    expected: ['abc', 'EAGAIN', 'de'],
  },
  {
    id: 'SEND-X03',
    what: 'MSG_ZEROCOPY with SO_ZEROCOPY: the error queue tells when the buffer is free again',
    run: () => {
      const { client } = connection();
      s.setsockopt(client, s.SOL_SOCKET, s.SO_ZEROCOPY, 1);
      const sent = sending(client, 'x'.repeat(100), s.MSG_ZEROCOPY);
      return [sent, polled(client, 0, 5000), queuedError(client)];
    },
    expected: [
      100,
      'ERR',
      {
        text: '',
        address: null,
        errors: [{ errno: 0, origin: 5, type: 0, code: 1, info: 0, data: 0, offender: null }],
        isError: true,
      },
    ],
  },
  {
    id: 'SEND-X04',
    what: 'port 0, a broadcast address without SO_BROADCAST, and AF_UNSPEC, which stands for IPv4',
    run: () => {
      const to = udp();
      const unspecified = Buffer.from([0, 0, portOf(to) >> 8, portOf(to) & 255, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
      return [
        sendingTo(udp(), v4(0)),
        sendingTo(udp(v4(0, '0.0.0.0')), v4(9, '255.255.255.255')),
        sendingTo(udp(), { family: 'raw', sockaddr: unspecified }),
        awaited(to),
      ];
    },
    expected: ['EINVAL', 'EACCES', 1, 'x'],
  },
  {
    id: 'SEND-X05',
    what: 'addresses that are too short, of another family, and of no bytes',
    run: () => [
      sendingTo(udp(), { family: 'raw', sockaddr: Uint8Array.of(s.AF_INET, 0, 0, 9) }),
      sendingTo(udp(), { family: 'IPv6', address: '::1', port: 9 }),
      sendingTo(udp(), { family: 'raw', sockaddr: new Uint8Array(0) }),
      sendingTo(made(s.AF_UNIX, s.SOCK_DGRAM), v4(9)),
    ],
    expected: ['EINVAL', 'EAFNOSUPPORT', 'EINVAL', 'EINVAL'],
  },
  {
    id: 'SEND-X06',
    what: 'unix datagrams to a path that is not there, to a file, to a stream listener, and to a socket that has gone',
    run: () => {
      const folder = temporaryFolder();
      const path = (name: string): s.SocketAddress => ({ family: 'Unix', path: join(folder, name) });
      writeFileSync(join(folder, 'file'), '');
      listens(unix(s.SOCK_STREAM, path('stream')));
      const gone = s.socket(s.AF_UNIX, s.SOCK_DGRAM);
      s.bind(gone, path('gone'));
      s.close(gone);
      return ['missing', 'file', 'stream', 'gone'].map((name) => sendingTo(made(s.AF_UNIX, s.SOCK_DGRAM), path(name)));
    },
    expected: ['ENOENT', 'ECONNREFUSED', 'EPROTOTYPE', 'ECONNREFUSED'],
  },
  {
    id: 'SEND-X07',
    what: 'IP_RECVERR: a UDP port where nobody is comes back with the datagram, to an unconnected socket too',
    run: () => {
      const [fd, to] = [udp(), deserted(s.SOCK_DGRAM)];
      s.setsockopt(fd, s.IPPROTO_IP, s.IP_RECVERR, 1);
      sendingTo(fd, to);
      const events = polled(fd, 0, 5000);
      const { text, address, isError } = queuedError(fd) as Record<string, unknown>;
      return [events, text, JSON.stringify(address) === JSON.stringify(to), isError, pendingError(fd)];
    },
    expected: ['ERR', 'x', true, true, 0],
  },
  {
    id: 'SEND-X08',
    what: 'UDP_SEGMENT cuts what is sent into datagrams of that length',
    run: () => {
      const [from, to] = udpPair();
      s.setsockopt(from, s.IPPROTO_UDP, s.UDP_SEGMENT, 4);
      return [sending(from, 'aaaabbbbcc'), awaited(to), awaited(to), awaited(to), received(to)];
    },
    expected: [10, 'aaaa', 'bbbb', 'cc', 'EAGAIN'],
    skip: needsLinux(4, 18),
  },
  {
    id: 'SEND-X09',
    what: 'exactly the bytes of the view are sent: of a part of a buffer, of ints, of a DataView, of shared memory',
    run: () => {
      const shared = new Uint8Array(new SharedArrayBuffer(4));
      shared.set([0x61, 0x62, 0x63, 0x64]);
      const buffer = Buffer.from('abcdef');
      return [
        buffer.subarray(1, 3),
        Uint16Array.of(0x6161, 0x6262),
        new DataView(buffer.buffer, buffer.byteOffset + 4, 2),
        shared.subarray(2),
      ].map((view) => {
        const [from, to] = pair();
        return [s.send(from, view), received(to)];
      });
    },
    expected: [
      [2, 'bc'],
      [4, 'aabb'],
      [2, 'ef'],
      [2, 'cd'],
    ],
  },
  {
    id: 'SEND-X10',
    what: 'a listener, TCP and unix',
    run: () => [listens(bound(v4())), listens(unix())].map((fd) => sending(fd, 'x')),
    expected: ['EPIPE', 'ENOTCONN'],
  },
  {
    id: 'SEND-X11',
    what: 'the datagram to a port where nobody is fails the next send of a connected UDP socket, once',
    run: () => {
      const fd = udp();
      s.connect(fd, deserted(s.SOCK_DGRAM));
      const first = sending(fd, 'x');
      polled(fd, 0, 5000);
      return [first, sending(fd, 'x'), sending(fd, 'x')];
    },
    expected: [1, 'ECONNREFUSED', 1],
  },
  {
    id: 'SEND-X12',
    what: 'flags that change nothing on the loopback: MSG_DONTROUTE, MSG_CONFIRM, MSG_EOR',
    run: () => {
      const [from, to] = udpPair();
      return [s.MSG_DONTROUTE, s.MSG_CONFIRM, s.MSG_EOR].map((flag) => [sending(from, 'x', flag), awaited(to)]);
    },
    expected: [
      [1, 'x'],
      [1, 'x'],
      [1, 'x'],
    ],
  },
  {
    id: 'SEND-X13',
    what: 'MSG_OOB over unix datagrams and seqpacket',
    run: () => [s.SOCK_DGRAM, s.SOCK_SEQPACKET].map((type) => sending(pair(type)[0], 'x', s.MSG_OOB)),
    expected: ['EOPNOTSUPP', 'EOPNOTSUPP'],
  },
];

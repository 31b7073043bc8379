/** send(2). */
import * as s from 'bsd-sockets';
import { reset } from '../support/peers.js';
import { closeNow, connection, tcp, timed } from '../support/sockets.js';
import { answer, received, type Case } from './case.js';
import { bound, closedFd, sysctl, v4 } from './endpoints.js';
import {
  deserted,
  interruptedCalls,
  listens,
  made,
  NEEDS_IPV6,
  nonBlocking,
  noSockets,
  pair,
  pendingError,
  polled,
  sendText,
  udp,
  udpPair,
  unix,
} from './fixtures.js';
import { whileAsleep } from './thread.js';

const MEBIBYTE = 2 ** 20;

/** What send says of this many bytes. */
const sending = (fd: number, length: number, flags = 0): unknown =>
  answer(() => s.send(fd, Buffer.alloc(length), flags));

/** Is it a part of `length` bytes, and neither none nor all? */
const isShort = (sent: unknown, length: number): boolean => typeof sent === 'number' && sent > 0 && sent < length;

/** Fills the socket's buffer; what send says at last. */
function filled(fd: number, flags: number): unknown {
  for (;;) {
    const sent = sending(fd, MEBIBYTE, flags);
    if (typeof sent !== 'number') return sent;
  }
}

/** Is the first send short, and what says the last one? */
function pouring(fd: number, flags: number): [boolean, unknown] {
  const length = 3 * s.getsockopt(fd, s.SOL_SOCKET, s.SO_SNDBUF) + 8 * MEBIBYTE;
  return [isShort(sending(fd, length, flags), length), filled(fd, flags)];
}

export const sendCases: Case[] = [
  { id: 'SEND-01', what: 'a descriptor that is not open', run: () => sending(closedFd(), 1024), expected: 'EBADF' },
  {
    id: 'SEND-02',
    what: 'a descriptor that is no socket',
    run: () => noSockets((fd) => s.send(fd, Buffer.alloc(1024)))[1],
    expected: 'ENOTSOCK',
  },
  { id: 'SEND-04', what: 'a UDP datagram of 128 KiB', run: () => sending(udpPair()[0], 131072), expected: 'EMSGSIZE' },
  {
    id: 'SEND-05',
    what: 'TCP after SHUT_WR',
    run: () => {
      const { client } = connection();
      s.shutdown(client, s.SHUT_WR);
      return sending(client, 1, s.MSG_NOSIGNAL);
    },
    expected: 'EPIPE',
  },
  {
    id: 'SEND-06',
    what: 'an urgent byte over UDP',
    run: () => sending(udpPair()[0], 1, s.MSG_OOB),
    expected: 'EOPNOTSUPP',
  },
  {
    id: 'SEND-07',
    what: 'a TCP socket that was never connected, without an address and with one',
    run: () => [sending(tcp(), 1), answer(() => s.sendto(tcp(), Buffer.alloc(1), 0, v4(9)))],
    expected: ['EPIPE', 'EPIPE'],
  },
  {
    id: 'SEND-08',
    what: 'a UDP socket without a peer: send and sendmsg',
    run: () => [sending(udp(), 1), answer(() => s.sendmsg(udp(), { buffers: [Buffer.alloc(1)] }))],
    expected: ['EDESTADDRREQ', 'EDESTADDRREQ'],
  },
  {
    id: 'SEND-09',
    what: 'unix sockets without a peer: stream, datagram, seqpacket',
    run: () => [s.SOCK_STREAM, s.SOCK_DGRAM, s.SOCK_SEQPACKET].map((type) => sending(made(s.AF_UNIX, type), 1)),
    expected: ['ENOTCONN', 'ENOTCONN', 'ENOTCONN'],
  },
  {
    id: 'SEND-10',
    what: 'no bytes over TCP: nothing comes',
    run: () => {
      const { client, server } = connection();
      return [sending(client, 0), received(server)];
    },
    expected: [0, 'EAGAIN'],
  },
  {
    id: 'SEND-12',
    what: 'the longest UDP datagram over IPv4 and IPv6, and one byte more',
    run: () => {
      const six = made(s.AF_INET6, s.SOCK_DGRAM);
      s.bind(six, { family: 'IPv6', address: '::1', port: 0 });
      s.connect(six, s.getsockname(six));
      const [four] = udpPair();
      return [sending(four, 65507), sending(four, 65508), sending(six, 65527), sending(six, 65528)];
    },
    expected: [65507, 'EMSGSIZE', 65527, 'EMSGSIZE'],
    skip: NEEDS_IPV6,
  },
  {
    id: 'SEND-13',
    what: 'a unix datagram and a seqpacket message of three times SO_SNDBUF',
    run: () =>
      [s.SOCK_DGRAM, s.SOCK_SEQPACKET].map((type) => {
        const [fd] = pair(type);
        return sending(fd, 3 * s.getsockopt(fd, s.SOL_SOCKET, s.SO_SNDBUF));
      }),
    expected: ['EMSGSIZE', 'EMSGSIZE'],
  },
  {
    id: 'SEND-14',
    what: 'more than TCP can hold, non-blocking and with MSG_DONTWAIT: a part is sent, and nothing at last',
    run: () => [pouring(nonBlocking(connection().client), 0), pouring(connection().client, s.MSG_DONTWAIT)],
    expected: [
      [true, 'EAGAIN'],
      [true, 'EAGAIN'],
    ],
  },
  {
    id: 'SEND-15',
    what: 'more than a unix stream can hold, until SO_SNDTIMEO: a part is sent, and nothing after it',
    run: () => {
      const fd = timed(pair()[0], 50);
      return [isShort(sending(fd, 4 * MEBIBYTE), 4 * MEBIBYTE), sending(fd, MEBIBYTE)];
    },
    expected: [true, 'EAGAIN'],
  },
  {
    id: 'SEND-16',
    what: 'the peer closes while send waits: a part was sent, the next send fails',
    run: async () => {
      const [client, listener] = [tcp(), listens(bound(v4()))];
      s.connect(client, s.getsockname(listener));
      const server = s.accept(listener).fd;
      const pouringOut = (): unknown => sending(client, 64 * MEBIBYTE);
      const { answer: sent } = await whileAsleep(pouringOut, client, 'close', server);
      return [isShort(sent, 64 * MEBIBYTE), ['EPIPE', 'ECONNRESET'].includes(String(sending(client, 1)))];
    },
    expected: [true, true],
  },
  {
    id: 'SEND-17',
    what: 'a signal with a listener ends a waiting send: with a short count, or with EINTR where nothing was sent',
    run: async () => {
      const [sent, next] = await interruptedCalls(`
        const [fd] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
        interrupted(() => s.send(fd, Buffer.alloc(${String(4 * MEBIBYTE)})));
        interrupted(() => s.send(fd, Buffer.alloc(${String(4 * MEBIBYTE)})));`);
      return [isShort(sent, 4 * MEBIBYTE), next];
    },
    expected: [true, 'EINTR'],
  },
  {
    id: 'SEND-19',
    what: 'the TCP peer has closed: the first send goes out, its answer is a reset, the second fails',
    run: () => {
      const { client, server } = connection();
      closeNow(server);
      const first = sending(client, 4);
      polled(client, 0, 5000);
      return [first, sending(client, 4), received(client), received(client)];
    },
    expected: [4, 'EPIPE', '', ''],
  },
  {
    id: 'SEND-20',
    what: 'the TCP peer has reset: send tells it once',
    run: () => {
      const { client, server } = connection();
      reset(server);
      polled(client, 0, 5000);
      return [sending(client, 1), sending(client, 1), received(client)];
    },
    expected: ['ECONNRESET', 'EPIPE', ''],
  },
  {
    id: 'SEND-23',
    what: 'the other end of a unix pair is closed: datagram, stream, seqpacket',
    run: () =>
      [s.SOCK_DGRAM, s.SOCK_STREAM, s.SOCK_SEQPACKET].map((type) => {
        const [fd, other] = pair(type);
        closeNow(other);
        return sending(fd, 1);
      }),
    expected: ['ECONNREFUSED', 'EPIPE', 'EPIPE'],
  },
  {
    id: 'SEND-24',
    what: 'unix datagrams that nobody reads: one more than max_dgram_qlen',
    run: () => {
      const [fd, receiver] = [made(s.AF_UNIX, s.SOCK_DGRAM), unix(s.SOCK_DGRAM)];
      s.connect(fd, s.getsockname(receiver));
      let count = 0;
      while (sending(fd, 1, s.MSG_DONTWAIT) === 1) count++;
      return [count - Number(sysctl('net.unix.max_dgram_qlen')), sending(fd, 1, s.MSG_DONTWAIT)];
    },
    expected: [1, 'EAGAIN'],
  },
  {
    id: 'SEND-29',
    what: 'a UDP port where nobody is: poll tells of an error, and SO_ERROR which, once',
    run: () => {
      const fd = udp();
      s.connect(fd, deserted(s.SOCK_DGRAM));
      sendText(fd, 'x');
      return [polled(fd, 0, 5000), pendingError(fd), pendingError(fd)];
    },
    expected: ['ERR', 'ECONNREFUSED', 0],
  },
  {
    id: 'SEND-30',
    what: 'MSG_ZEROCOPY without SO_ZEROCOPY: sent, and nothing is told of it',
    run: () => {
      const { client } = connection();
      return [sending(client, 100, s.MSG_ZEROCOPY), received(client, 64, s.MSG_ERRQUEUE)];
    },
    expected: [100, 'EAGAIN'],
  },
];

/** getsockopt(2). */
import * as s from 'bsd-sockets';
import { connection, tcp } from '../support/sockets.js';
import { answer, type Case } from './case.js';
import { bound, v4 } from './endpoints.js';
import { listens, made, NEEDS_IPV6, noSockets, pair, polled, sendText, udp } from './fixtures.js';
import { getting, setting } from './options.js';

const { SOL_SOCKET, IPPROTO_IP, IPPROTO_TCP, IPPROTO_UDP } = s;

const TCP_DEFAULTS = {
  TCP_KEEPIDLE: 7200,
  TCP_KEEPINTVL: 75,
  TCP_KEEPCNT: 9,
  TCP_NODELAY: 0,
  TCP_CORK: 0,
  TCP_USER_TIMEOUT: 0,
  TCP_SYNCNT: 6,
  TCP_LINGER2: 60,
  TCP_DEFER_ACCEPT: 0,
} as const;

/** Sets a buffer's size; what it is after that. */
function resized(option: number, bytes: number): number {
  const fd = tcp();
  s.setsockopt(fd, SOL_SOCKET, option, bytes);
  return s.getsockopt(fd, SOL_SOCKET, option);
}

export const getsockoptCases: Case[] = [
  {
    id: 'GSO-03',
    what: 'a TCP socket: a level that there is not, the level of UDP, options that there are not',
    run: () => {
      const fd = tcp();
      const levels = [500, IPPROTO_UDP].map((level) => getting(fd, level, 1));
      return [...levels, getting(fd, IPPROTO_IP, -1), getting(fd, IPPROTO_TCP, -1)];
    },
    expected: ['EOPNOTSUPP', 'EOPNOTSUPP', 'ENOPROTOOPT', 'ENOPROTOOPT'],
  },
  {
    id: 'GSO-05',
    what: 'IP_TTL into one byte and into four',
    run: () => [1, 4].map((length) => s.getsockopt(tcp(), IPPROTO_IP, s.IP_TTL, length)),
    expected: [Buffer.from([64]), Buffer.from(Int32Array.of(64).buffer)],
  },
  {
    id: 'GSO-06',
    what: 'a new TCP socket: the defaults of Linux',
    run: () => {
      const fd = tcp();
      const names = Object.keys(TCP_DEFAULTS) as (keyof typeof TCP_DEFAULTS)[];
      return {
        ...Object.fromEntries(names.map((name) => [name, getting(fd, IPPROTO_TCP, s[name])])),
        SO_KEEPALIVE: getting(fd, SOL_SOCKET, s.SO_KEEPALIVE),
        SO_LINGER: s.linger.decode(s.getsockopt(fd, SOL_SOCKET, s.SO_LINGER, s.linger.size)),
      };
    },
    expected: { ...TCP_DEFAULTS, SO_KEEPALIVE: 0, SO_LINGER: { onoff: false, linger: 0 } },
  },
  {
    id: 'GSO-08',
    what: 'TCP_CONGESTION into more bytes than it has, and into fewer',
    run: () => {
      const fd = tcp();
      s.setsockopt(fd, IPPROTO_TCP, s.TCP_CONGESTION, Buffer.from('reno'));
      return [32, 2].map((length) => s.getsockopt(fd, IPPROTO_TCP, s.TCP_CONGESTION, length).toString());
    },
    expected: ['reno'.padEnd(16, '\0'), 're'],
  },
  {
    id: 'GSO-10',
    what: 'SO_RCVLOWAT is 1, can be 100, and rules what poll calls readable; SO_SNDLOWAT cannot be set',
    run: () => {
      const { client: from, server: to } = connection();
      const before = getting(to, SOL_SOCKET, s.SO_RCVLOWAT);
      s.setsockopt(to, SOL_SOCKET, s.SO_RCVLOWAT, 100);
      const events = [50, 5000].map((timeoutMs) => {
        sendText(from, 'x'.repeat(50));
        return polled(to, s.POLLIN, timeoutMs);
      });
      return [before, getting(to, SOL_SOCKET, s.SO_RCVLOWAT), ...events, setting(to, SOL_SOCKET, s.SO_SNDLOWAT)];
    },
    expected: [1, 100, '0', 'IN', 'ENOPROTOOPT'],
  },
  {
    id: 'GSO-11',
    what: 'SO_LINGER on, and off again: the seconds stay',
    run: () => {
      const fd = tcp();
      return [
        { onoff: true, linger: 5 },
        { onoff: false, linger: 5 },
      ].map((value) => {
        s.setsockopt(fd, SOL_SOCKET, s.SO_LINGER, s.linger.encode(value));
        return s.linger.decode(s.getsockopt(fd, SOL_SOCKET, s.SO_LINGER, s.linger.size));
      });
    },
    expected: [
      { onoff: true, linger: 5 },
      { onoff: false, linger: 5 },
    ],
  },
  {
    id: 'GSO-13',
    what: 'a new IPv6 socket takes IPv4 connections too',
    run: () => getting(tcp(s.AF_INET6), s.IPPROTO_IPV6, s.IPV6_V6ONLY),
    expected: 0,
    skip: NEEDS_IPV6,
  },
  {
    id: 'SSO-13',
    what: 'SO_SNDTIMEO of a new socket, and after 89.044 seconds were set',
    run: () => {
      const fd = s.socket(s.AF_UNIX, s.SOCK_STREAM);
      try {
        const before = s.timeval.decode(s.getsockopt(fd, SOL_SOCKET, s.SO_SNDTIMEO, s.timeval.size));
        s.setsockopt(fd, SOL_SOCKET, s.SO_SNDTIMEO, s.timeval.encode({ sec: 89, usec: 44_000 }));
        return [before, s.timeval.decode(s.getsockopt(fd, SOL_SOCKET, s.SO_SNDTIMEO, s.timeval.size))];
      } finally {
        s.close(fd);
      }
    },
    expected: [
      { sec: 0, usec: 0 },
      { sec: 89, usec: 44_000 },
    ],
  },
  {
    id: 'SSO-14',
    what: 'SO_RCVBUF and SO_SNDBUF: the least there is, and the double of what was asked for',
    run: () => [s.SO_RCVBUF, s.SO_SNDBUF].flatMap((option) => [0, 10_000].map((bytes) => resized(option, bytes))),
    expected: [2304, 20_000, 4608, 20_000],
  },
  {
    id: 'GSO-X01',
    what: 'a descriptor that is not open, and one that is no socket',
    run: () => noSockets((fd) => s.getsockopt(fd, SOL_SOCKET, s.SO_TYPE)),
    expected: ['EBADF', 'ENOTSOCK'],
  },
  {
    id: 'GSO-X02',
    what: 'what a socket is: domain, type, protocol, and whether it listens',
    run: () =>
      [tcp(), listens(bound(v4())), udp(), made(s.AF_UNIX, s.SOCK_SEQPACKET)].map((fd) =>
        [s.SO_DOMAIN, s.SO_TYPE, s.SO_PROTOCOL, s.SO_ACCEPTCONN].map((option) => getting(fd, SOL_SOCKET, option)),
      ),
    expected: [
      [2, 1, 6, 0],
      [2, 1, 6, 1],
      [2, 2, 17, 0],
      [1, 5, 0, 0],
    ],
  },
  {
    id: 'GSO-X03',
    what: 'an int into no bytes, into two, and into more than it has',
    run: () => [0, 2, 16].map((length) => s.getsockopt(tcp(), SOL_SOCKET, s.SO_TYPE, length)),
    expected: [Buffer.alloc(0), Buffer.from([1, 0]), Buffer.from(Int32Array.of(1).buffer)],
  },
  {
    id: 'GSO-X04',
    what: 'TCP_INFO as far as there is room, and of UDP none',
    run: () => [
      s.getsockopt(tcp(), IPPROTO_TCP, s.TCP_INFO, 8).length,
      s.getsockopt(listens(bound(v4())), IPPROTO_TCP, s.TCP_INFO, 8)[0],
      answer(() => s.getsockopt(udp(), IPPROTO_TCP, s.TCP_INFO, 8)),
    ],
    expected: [8, 10, 'EOPNOTSUPP'],
  },
  {
    id: 'GSO-X05',
    what: 'SO_COOKIE, the eight bytes that name a socket: the same each time, and of no other',
    run: () => {
      const [first, second] = [tcp(), tcp()];
      const cookie = (fd: number): string => s.getsockopt(fd, SOL_SOCKET, s.SO_COOKIE, 8).toString('hex');
      return [
        cookie(first) === cookie(first),
        cookie(first) === cookie(second),
        getting(first, SOL_SOCKET, s.SO_COOKIE),
      ];
    },
    expected: [true, false, 'EINVAL'],
  },
  {
    id: 'GSO-X06',
    what: 'SO_PEERCRED of a unix pair is this process',
    run: () => s.ucred.decode(s.getsockopt(pair()[0], SOL_SOCKET, s.SO_PEERCRED, s.ucred.size)).pid === process.pid,
    expected: true,
  },
  {
    id: 'GSO-X07',
    what: 'SO_BINDTODEVICE of a socket on no device, and on the loopback, with room and with too little',
    run: () => {
      const fd = tcp();
      const read = (length: number): unknown =>
        answer(() => s.getsockopt(fd, SOL_SOCKET, s.SO_BINDTODEVICE, length).toString());
      const before = read(16);
      s.setsockopt(fd, SOL_SOCKET, s.SO_BINDTODEVICE, Buffer.from('lo'));
      return [before, read(16), read(2)];
    },
    expected: ['', 'lo\0', 'EINVAL'],
  },
];

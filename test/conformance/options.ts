/** setsockopt(2). */
import * as s from 'bsd-sockets';
import { connection, tcp } from '../support/sockets.js';
import { answer, outcome, type Case } from './case.js';
import { bound, v4 } from './endpoints.js';
import { made, NEEDS_IPV6, needsLinux, noSockets, pair, udp } from './fixtures.js';
import { AS_NOBODY, lines } from './processes.js';

type Value = number | boolean | NodeJS.ArrayBufferView;
const { SOL_SOCKET, IPPROTO_IP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_IPV6 } = s;

/** What setsockopt says. */
export const setting = (fd: number, level: number, option: number, value: Value = 1): string =>
  outcome(() => s.setsockopt(fd, level, option, value));

/** What getsockopt says. */
export const getting = (fd: number, level: number, option: number): unknown =>
  answer(() => s.getsockopt(fd, level, option));

/** What the option is after each value was set; where one was refused, why. */
const setThenGot = (fd: number, level: number, option: number, values: readonly Value[]): unknown[] =>
  values.map((value) => {
    const said = setting(fd, level, option, value);
    return said === 'ok' ? getting(fd, level, option) : said;
  });

const ofLength = (...lengths: number[]): Buffer[] => lengths.map((length) => Buffer.alloc(length));

export const setsockoptCases: Case[] = [
  {
    id: 'SSO-01',
    what: 'a descriptor that is not open, and one that is no socket',
    run: () => noSockets((fd) => s.setsockopt(fd, SOL_SOCKET, s.SO_OOBINLINE, 1)),
    expected: ['EBADF', 'ENOTSOCK'],
  },
  {
    id: 'SSO-03',
    what: 'a TCP socket: a level that there is not, the level of UDP, options that there are not',
    run: () => {
      const fd = tcp();
      const levels = [500, IPPROTO_UDP].map((level) => setting(fd, level, 1));
      return [...levels, setting(fd, IPPROTO_IP, -1), setting(fd, IPPROTO_TCP, -1)];
    },
    expected: ['ENOPROTOOPT', 'ENOPROTOOPT', 'ENOPROTOOPT', 'ENOPROTOOPT'],
  },
  {
    id: 'SSO-04',
    what: 'a unix socket: the level of packets, set and read, and an option that there is not',
    run: () => {
      const [fd] = pair();
      return [setting(fd, s.SOL_PACKET, 1), getting(fd, s.SOL_PACKET, 1), getting(fd, SOL_SOCKET, -1)];
    },
    expected: ['EOPNOTSUPP', 'EOPNOTSUPP', 'ENOPROTOOPT'],
  },
  {
    id: 'SSO-05',
    what: 'a yes or no in 1, 2, 3 and 8 bytes',
    run: () => ofLength(1, 2, 3, 8).map((value) => setting(tcp(), SOL_SOCKET, s.SO_REUSEADDR, value)),
    expected: ['EINVAL', 'EINVAL', 'EINVAL', 'ok'],
  },
  {
    id: 'SSO-06',
    what: 'SO_REUSEADDR reads back as 1 or 0, whatever was set',
    run: () => setThenGot(tcp(), SOL_SOCKET, s.SO_REUSEADDR, [5, -1, 0, true, false]),
    expected: [1, 1, 0, 1, 0],
  },
  {
    id: 'SSO-07',
    what: 'TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT: none, too much, the most, less than none',
    run: () => {
      const fd = tcp();
      const seconds = [0, 32768, 32767];
      return [
        ...seconds.map((value) => setting(fd, IPPROTO_TCP, s.TCP_KEEPIDLE, value)),
        ...seconds.map((value) => setting(fd, IPPROTO_TCP, s.TCP_KEEPINTVL, value)),
        ...[0, 128, 127, -1].map((value) => setting(fd, IPPROTO_TCP, s.TCP_KEEPCNT, value)),
      ];
    },
    expected: ['EINVAL', 'EINVAL', 'ok', 'EINVAL', 'EINVAL', 'ok', 'EINVAL', 'EINVAL', 'ok', 'EINVAL'],
  },
  {
    id: 'SSO-08',
    what: 'values that TCP refuses: a time-out, tries, segment sizes, a congestion control',
    run: () => {
      const fd = tcp();
      return [
        setting(fd, IPPROTO_TCP, s.TCP_USER_TIMEOUT, -1),
        ...[0, -1, 256].map((value) => setting(fd, IPPROTO_TCP, s.TCP_SYNCNT, value)),
        ...[10, 70000].map((value) => setting(fd, IPPROTO_TCP, s.TCP_MAXSEG, value)),
        setting(fd, IPPROTO_TCP, s.TCP_CONGESTION, Buffer.from('invalid_ca')),
      ];
    },
    expected: ['EINVAL', 'EINVAL', 'EINVAL', 'EINVAL', 'EINVAL', 'EINVAL', 'ENOENT'],
  },
  {
    id: 'SSO-09',
    what: 'IP_TTL: 0, 256 and -2 are refused, 64 is not, and -1 is the default again',
    run: () => setThenGot(tcp(), IPPROTO_IP, s.IP_TTL, [0, 256, -2, 65, -1]),
    expected: ['EINVAL', 'EINVAL', 'EINVAL', 65, 64],
  },
  {
    id: 'SSO-10',
    what: 'IP_MULTICAST_TTL: -2 and 256 are refused, -1 means 1, and one byte is enough',
    run: () => setThenGot(udp(), IPPROTO_IP, s.IP_MULTICAST_TTL, [-2, 256, -1, Uint8Array.of(200)]),
    expected: ['EINVAL', 'EINVAL', 1, 200],
  },
  {
    id: 'SSO-11',
    what: 'membership of no group',
    run: () => setting(udp(), IPPROTO_IP, s.IP_ADD_MEMBERSHIP, Buffer.alloc(12)),
    expected: 'EINVAL',
  },
  {
    id: 'SSO-12',
    what: 'structs that are too short, right and too long: SO_LINGER and SO_RCVTIMEO',
    run: () => [
      ...ofLength(4, 8, 16).map((value) => setting(tcp(), SOL_SOCKET, s.SO_LINGER, value)),
      ...ofLength(8, 16, 24).map((value) => setting(tcp(), SOL_SOCKET, s.SO_RCVTIMEO, value)),
    ],
    expected: ['EINVAL', 'ok', 'ok', 'EINVAL', 'ok', 'ok'],
  },
  {
    id: 'SSO-15',
    what: 'what an ordinary user may not: more buffer than the limit, a mark, a priority above 6',
    run: () =>
      lines(`
        const fd = tcp();
        ${AS_NOBODY}
        for (const [option, value] of [['SO_RCVBUFFORCE', 1], ['SO_MARK', 1], ['SO_PRIORITY', 7], ['SO_PRIORITY', 6]])
          say(() => s.setsockopt(fd, s.SOL_SOCKET, s[option], value));`),
    expected: ['EPERM', 'EPERM', 'EPERM', 'ok'],
  },
  {
    id: 'SSO-17',
    what: 'options that can only be read: SO_TYPE, SO_ERROR, SO_DOMAIN, SO_PROTOCOL, SO_ACCEPTCONN',
    run: () =>
      [s.SO_TYPE, s.SO_ERROR, s.SO_DOMAIN, s.SO_PROTOCOL, s.SO_ACCEPTCONN].map((option) =>
        setting(tcp(), SOL_SOCKET, option),
      ),
    expected: ['ENOPROTOOPT', 'ENOPROTOOPT', 'ENOPROTOOPT', 'ENOPROTOOPT', 'ENOPROTOOPT'],
  },
  {
    id: 'SSO-18',
    what: 'SO_BINDTODEVICE: the loopback, and a device that there is not',
    run: () => ['lo', 'nodev0'].map((name) => setting(tcp(), SOL_SOCKET, s.SO_BINDTODEVICE, Buffer.from(name))),
    expected: ['ok', 'ENODEV'],
    skip: needsLinux(5, 7),
  },
  {
    id: 'SSO-19',
    what: 'SO_PASSCRED of TCP and UDP: neither read nor set',
    run: () =>
      [tcp(), udp()].flatMap((fd) => [getting(fd, SOL_SOCKET, s.SO_PASSCRED), setting(fd, SOL_SOCKET, s.SO_PASSCRED)]),
    expected: ['EOPNOTSUPP', 'EOPNOTSUPP', 'EOPNOTSUPP', 'EOPNOTSUPP'],
    skip: needsLinux(6, 16),
  },
  {
    id: 'SSO-21',
    what: 'SO_DETACH_FILTER where there is no filter, and read',
    run: () => [setting(tcp(), SOL_SOCKET, s.SO_DETACH_FILTER, 0), getting(tcp(), SOL_SOCKET, s.SO_DETACH_FILTER)],
    expected: ['ENOENT', 'ENOPROTOOPT'],
  },
  {
    id: 'SSO-22',
    what: 'IP_LOCAL_PORT_RANGE: two bytes, the wrong way round, eight bytes, unset, and set',
    run: () => {
      const fd = tcp();
      const range = (low: number, high: number): Uint8Array => new Uint8Array(Uint16Array.of(low, high).buffer);
      const wrong = [Buffer.alloc(2), range(2, 1), Buffer.alloc(8)];
      return [
        ...wrong.map((value) => setting(fd, IPPROTO_IP, s.IP_LOCAL_PORT_RANGE, value)),
        getting(fd, IPPROTO_IP, s.IP_LOCAL_PORT_RANGE),
        setting(fd, IPPROTO_IP, s.IP_LOCAL_PORT_RANGE, range(54201, 54321)),
        s.getsockopt(fd, IPPROTO_IP, s.IP_LOCAL_PORT_RANGE, 4),
      ];
    },
    expected: ['EINVAL', 'EINVAL', 'EINVAL', 0, 'ok', Buffer.from(Uint16Array.of(54201, 54321).buffer)],
    skip: needsLinux(6, 3),
  },
  {
    id: 'SSO-X01',
    what: 'IPV6_V6ONLY can be changed until the socket is bound',
    run: () => {
      const fd = tcp(s.AF_INET6);
      const before = setThenGot(fd, IPPROTO_IPV6, s.IPV6_V6ONLY, [1, 0, 7]);
      s.bind(fd, { family: 'IPv6', address: '::1', port: 0 });
      return [...before, setting(fd, IPPROTO_IPV6, s.IPV6_V6ONLY, 0)];
    },
    expected: [1, 0, 1, 'EINVAL'],
    skip: NEEDS_IPV6,
  },
  {
    id: 'SSO-X02',
    what: 'an option of TCP with no bytes, and one of SOL_SOCKET',
    run: () => [IPPROTO_TCP, SOL_SOCKET].map((level) => setting(tcp(), level, 1, Buffer.alloc(0))),
    expected: ['EINVAL', 'EINVAL'],
  },
  {
    id: 'SSO-X03',
    what: 'yes-or-no options set, read and unset: SO_KEEPALIVE, SO_BROADCAST, SO_OOBINLINE, SO_DONTROUTE, SO_REUSEPORT',
    run: () =>
      [s.SO_KEEPALIVE, s.SO_BROADCAST, s.SO_OOBINLINE, s.SO_DONTROUTE, s.SO_REUSEPORT].map((option) => [
        getting(udp(), SOL_SOCKET, option),
        ...setThenGot(udp(), SOL_SOCKET, option, [true, false]),
      ]),
    expected: Array.from({ length: 5 }, () => [0, 1, 0]),
  },
  {
    id: 'SSO-X04',
    what: 'SO_REUSEPORT of a unix socket',
    run: () => setting(made(s.AF_UNIX, s.SOCK_STREAM), SOL_SOCKET, s.SO_REUSEPORT),
    expected: 'EOPNOTSUPP',
    skip: needsLinux(6, 13),
  },
  {
    id: 'SSO-X05',
    what: 'TCP_NODELAY, TCP_CORK and TCP_QUICKACK of a connection, and TCP_DEFER_ACCEPT in steps of its retries',
    run: () => {
      const { client } = connection();
      return [
        ...[s.TCP_NODELAY, s.TCP_CORK, s.TCP_QUICKACK].flatMap((option) =>
          setThenGot(client, IPPROTO_TCP, option, [1, 0]),
        ),
        ...setThenGot(bound(v4()), IPPROTO_TCP, s.TCP_DEFER_ACCEPT, [5, 0]),
      ];
    },
    expected: [1, 0, 1, 0, 1, 0, 7, 0],
  },
  {
    id: 'SSO-X06',
    what: 'a protocol on top of TCP that there is not, and a yes or no that is neither',
    run: () => [
      setting(tcp(), IPPROTO_TCP, s.TCP_ULP, Buffer.from('no-such-ulp')),
      setting(tcp(), IPPROTO_TCP, s.TCP_FASTOPEN_CONNECT, 2),
    ],
    expected: ['ENOENT', 'EINVAL'],
  },
];

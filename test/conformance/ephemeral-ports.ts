/** bind(2) to port 0, and connect(2) from it, where the kernel has one port left to choose from. */
import * as s from 'bsd-sockets';
import { release } from 'node:os';
import { tcp } from '../support/sockets.js';
import { outcome, type Case } from './case.js';
import { ADDR, freePort, has, joined, listening, open, PORT, portOf, sysctl, v4 } from './endpoints.js';
import { lines, LOOPBACK_UP, NEEDS_OWN_NETWORK, NEEDS_OWN_SETTINGS, OWN_NETWORK } from './processes.js';

const { SOCK_DGRAM, SOCK_STREAM } = s;

type Address = s.SocketAddress;

/** The ports that the kernel may choose for the socket. */
function limitPorts(fd: number, low: number, high: number): void {
  s.setsockopt(fd, s.IPPROTO_IP, has(s.IP_LOCAL_PORT_RANGE), (high << 16) | low);
}

/** Two sockets bind port 0, and the kernel has one port to choose from. */
function lastPort(type: number, first: readonly number[], second: readonly number[]): string {
  const port = freePort();
  const bindOne = (options: readonly number[]): string => {
    const fd = open(v4(), options, type);
    limitPorts(fd, port, port);
    return outcome(() => s.bind(fd, v4()));
  };
  const result = bindOne(first);
  return result === 'ok' ? bindOne(second) : `the first one: ${result}`;
}

/** The sixteen ways to have SO_REUSEADDR and SO_REUSEPORT on two sockets. */
const SIXTEEN = Array.from({ length: 16 }, (_, row) => {
  const [address1, address2, port1, port2] = [8, 4, 2, 1].map((bit) => (row & bit) !== 0);
  const options = (address?: boolean, port?: boolean): number[] => [...(address ? ADDR : []), ...(port ? PORT : [])];
  return [options(address1, port1), options(address2, port2)] as const;
});

const rangeOption = outcome(() => {
  const fd = s.socket(s.AF_INET, SOCK_STREAM);
  try {
    s.setsockopt(fd, s.IPPROTO_IP, has(s.IP_LOCAL_PORT_RANGE), 0);
  } finally {
    s.close(fd);
  }
});
/** Is the kernel older than this version? */
function isOlderThan(major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = release().split('.').map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

const NEEDS_RANGE = rangeOption === 'ok' ? undefined : 'this kernel has no IP_LOCAL_PORT_RANGE';

const TWO_USERS = `
  ${LOOPBACK_UP}
  const { writeFileSync } = await import('node:fs');
  writeFileSync('/proc/sys/net/ipv4/ip_autobind_reuse', '1');
  const asUser = (uid, make) => { process.seteuid(uid); const fd = make(); process.seteuid(0); return fd };
  for (const [port1, port2] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
    const make = (port) => () => {
      const fd = tcp(s.SO_REUSEADDR, ...(port ? [s.SO_REUSEPORT] : []));
      range(fd, 40000 + 2 * port1 + port2);
      return fd;
    };
    const first = asUser(10, make(port1));
    const second = asUser(20, make(port2));
    s.bind(first, v4(0));
    const row = [() => s.bind(second, v4(0)), () => s.listen(first), () => s.listen(second)].map((call) => said(call) ?? 'ok');
    console.log(row.join(' '));
    s.close(first);
    s.close(second);
  }
`;

const SHARED_PORT = `
  ${LOOPBACK_UP}
  const listener = tcp();
  s.bind(listener, v4(5000, '0.0.0.0'));
  s.listen(listener);
  const client = (address) => {
    const fd = tcp();
    s.setsockopt(fd, s.IPPROTO_IP, s.IP_BIND_ADDRESS_NO_PORT, 1);
    range(fd, 40000);
    s.bind(fd, v4(0, address));
    return fd;
  };
  const target = v4(5000);
  const c1 = client('127.1.1.1');
  say(() => s.connect(c1, target));
  const pb = tcp(s.SO_REUSEADDR);
  say(() => s.bind(pb, v4(40000, '127.3.3.3')));
  const c2 = client('127.2.2.2');
  say(() => s.connect(c2, target));
  s.close(pb);
  say(() => s.connect(c2, target));
`;

export const ephemeralPortCases: Case[] = [
  {
    id: 'REUSE-32',
    what: 'port 0 never gives a port that another has, with any options',
    run: () => SIXTEEN.map(([first, second]) => lastPort(SOCK_STREAM, first, second)),
    expected: Array(16).fill('EADDRINUSE'),
    skip: NEEDS_RANGE ?? (sysctl('net.ipv4.ip_autobind_reuse') === 1 ? 'net.ipv4.ip_autobind_reuse is on' : undefined),
  },
  {
    id: 'REUSE-33',
    what: 'with ip_autobind_reuse port 0 may be shared by two users with SO_REUSEADDR, but one of them can listen',
    run: () => lines(TWO_USERS, OWN_NETWORK),
    expected: Array(4).fill('ok ok EADDRINUSE'),
    skip: NEEDS_RANGE ?? NEEDS_OWN_SETTINGS,
  },
  {
    id: 'REUSE-35',
    what: 'a connected port, bound by another at a third address, is free for a second connection when that closes',
    run: () => lines(SHARED_PORT, OWN_NETWORK),
    expected: ['ok', 'ok', 'EADDRNOTAVAIL', 'ok'],
    skip: NEEDS_RANGE ?? NEEDS_OWN_NETWORK ?? (isOlderThan(6, 18) ? 'kernels before 6.18 differ' : undefined),
  },
  {
    id: 'REUSE-37',
    what: 'UDP with SO_REUSEADDR: port 0 gives a port that another has',
    run: () => lastPort(SOCK_DGRAM, ADDR, ADDR),
    expected: 'ok',
    skip: NEEDS_RANGE,
  },
  {
    id: 'REUSE-X01',
    what: 'IP_LOCAL_PORT_RANGE reads back; a range from high to low is none',
    run: () => {
      const fd = tcp();
      const set = (low: number, high: number): string => outcome(() => limitPorts(fd, low, high));
      return [set(40_000, 40_010), s.getsockopt(fd, s.IPPROTO_IP, has(s.IP_LOCAL_PORT_RANGE)) >>> 0, set(2000, 1000)];
    },
    expected: ['ok', 40_010 * 65_536 + 40_000, 'EINVAL'],
    skip: NEEDS_RANGE,
  },
  {
    id: 'REUSE-X02',
    what: 'connect without a port left for the destination, and for another one',
    run: () => {
      const [here, there] = [listening(v4()), listening(v4())].map((fd) => s.getsockname(fd)) as [Address, Address];
      const port = freePort();
      return [here, here, there].map((address) => {
        const fd = tcp();
        limitPorts(fd, port, port);
        return outcome(() => s.connect(fd, address));
      });
    },
    expected: ['ok', 'EADDRNOTAVAIL', 'ok'],
    skip: NEEDS_RANGE,
  },
  {
    id: 'REUSE-X03',
    what: 'IP_BIND_ADDRESS_NO_PORT leaves the port to connect',
    run: () => {
      const client = tcp();
      s.setsockopt(client, s.IPPROTO_IP, has(s.IP_BIND_ADDRESS_NO_PORT), 1);
      s.bind(client, v4());
      const before = portOf(client);
      joined(listening(v4()), client);
      return [before, portOf(client) > 0];
    },
    expected: [0, true],
  },
];

/** bind(2). */
import * as s from 'bsd-sockets';
import { closeSync, existsSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tcp } from '../support/sockets.js';
import { temporaryFolder } from '../support/programs.js';
import { NEEDS_ROOT, outcome, type Case } from './case.js';
import { ANY4, binding, bound, joined, listening, NONE, open, portOf, sysctl, v4, v6 } from './endpoints.js';
import { abstractName, NEEDS_IPV6 } from './fixtures.js';
import { AS_NOBODY, lines } from './processes.js';

const O_PATH = 0o10000000;
const PRIVILEGED = 463;
const unprivilegedFrom = sysctl('net.ipv4.ip_unprivileged_port_start') ?? 1024;

const rebinding = (fd: number, address: s.SocketAddress): string => outcome(() => s.bind(fd, address));

/** The bytes of a sockaddr_in: 127.0.0.1, port 0. */
function sockaddrIn(): Buffer {
  const bytes = Buffer.alloc(16);
  new Uint16Array(bytes.buffer, bytes.byteOffset, 1)[0] = s.AF_INET;
  bytes.set([127, 0, 0, 1], 4);
  return bytes;
}

/** What every call that needs a socket says to this descriptor: one code, or all of them. */
function refusals(path: string, flags: string | number = 'r'): string {
  const fd = openSync(path, flags);
  try {
    const calls = [
      () => s.bind(fd, v4()),
      () => s.listen(fd),
      () => s.accept(fd),
      () => s.getsockname(fd),
      () => s.getpeername(fd),
    ];
    return [...new Set(calls.map(outcome))].join(' ');
  } finally {
    closeSync(fd);
  }
}

export const bindCases: Case[] = [
  {
    id: 'BIND-03',
    what: 'port 0 of any address gets a port',
    run: () => portOf(bound(v4(0, ANY4))) > 0,
    expected: true,
  },
  {
    id: 'BIND-05',
    what: 'an address of another host',
    run: () => binding(v4(0, '10.255.254.253')),
    expected: 'EADDRNOTAVAIL',
  },
  {
    id: 'BIND-06',
    what: 'descriptor -1',
    run: () => rebinding(-1, v4()),
    expected: 'ERR_OUT_OF_RANGE',
    differs: 'no descriptor is negative: it never reaches the kernel, which would say EBADF',
  },
  {
    id: 'BIND-08',
    what: 'a privileged port, for an ordinary user',
    run: () => lines(`${AS_NOBODY} say(() => s.bind(tcp(), v4(${String(PRIVILEGED)}, '0.0.0.0')));`),
    expected: ['EACCES'],
    skip: unprivilegedFrom > PRIVILEGED ? undefined : 'net.ipv4.ip_unprivileged_port_start leaves no privileged port',
  },
  {
    id: 'BIND-09',
    what: 'a bound unix socket to a second path, which is not made',
    run: () => {
      const folder = temporaryFolder();
      const [first, second] = [join(folder, 'first'), join(folder, 'second')] as const;
      const fd = bound({ family: 'Unix', path: first });
      return [rebinding(fd, { family: 'Unix', path: second }), existsSync(second)];
    },
    expected: ['EINVAL', false],
  },
  {
    id: 'BIND-10',
    what: 'a second unix socket to a path',
    run: () => {
      const address = { family: 'Unix', path: join(temporaryFolder(), 'socket') } as const;
      bound(address);
      return binding(address);
    },
    expected: 'EADDRINUSE',
  },
  { id: 'BIND-13', what: 'a bound TCP socket again', run: () => rebinding(bound(v4()), v4()), expected: 'EINVAL' },
  {
    id: 'BIND-14',
    what: "the loopback's broadcast address, for TCP",
    run: () => binding(v4(0, '127.255.255.255')),
    expected: 'ok',
  },
  {
    id: 'BIND-15',
    what: 'public addresses of others',
    run: () => [binding(v4(0, '4.4.4.4')), binding(v6(0, '4:4:4:4:4:4:4:4'))],
    expected: ['EADDRNOTAVAIL', 'EADDRNOTAVAIL'],
    skip: NEEDS_IPV6,
  },
  {
    id: 'BIND-18',
    what: 'an IPv4 address for an IPv6 socket, as an object and as bytes',
    run: () => [rebinding(open(v6()), v4()), rebinding(open(v6()), { family: 'raw', sockaddr: sockaddrIn() })],
    expected: ['EINVAL', 'EINVAL'],
    skip: NEEDS_IPV6,
  },
  {
    id: 'BIND-19',
    what: 'an IPv4-mapped address reads back as such',
    run: () => {
      const fd = bound(v6(0, '::ffff:127.0.0.1'));
      return { ...s.getsockname(fd), port: portOf(fd) > 0 };
    },
    expected: { family: 'IPv6', address: '::ffff:127.0.0.1', port: true },
    skip: NEEDS_IPV6,
  },
  {
    id: 'BIND-20',
    what: 'IPV6_V6ONLY is no option of an IPv4 socket',
    run: () => outcome(() => s.setsockopt(tcp(), s.IPPROTO_IPV6, s.IPV6_V6ONLY, 1)),
    expected: 'ENOPROTOOPT',
  },
  {
    id: 'BIND-21',
    what: 'IPV6_V6ONLY comes too late after bind',
    run: () => outcome(() => s.setsockopt(bound(v6()), s.IPPROTO_IPV6, s.IPV6_V6ONLY, 1)),
    expected: 'EINVAL',
    skip: NEEDS_IPV6,
  },
  {
    id: 'BIND-22',
    what: 'a link-local address without an interface, and with one that does not exist',
    run: () => [binding(v6(0, 'fe80::1')), binding({ family: 'IPv6', address: 'fe80::1', port: 0, scopeid: 9999 })],
    expected: ['EINVAL', 'ENODEV'],
    skip: NEEDS_IPV6,
  },
  {
    id: 'BIND-23',
    what: 'the scope of an address that has none is dropped',
    run: () => {
      const fd = bound({ family: 'IPv6', address: '::1', port: 0, scopeid: 1 });
      return { ...s.getsockname(fd), port: portOf(fd) > 0 };
    },
    expected: { family: 'IPv6', address: '::1', port: true },
    skip: NEEDS_IPV6,
  },
  {
    id: 'BIND-X01',
    what: 'a sockaddr that is cut short, one of family 0 for any address, and one of family 0 for another',
    run: () => {
      const unspecified = sockaddrIn().fill(0, 0, 2);
      return [sockaddrIn().subarray(0, 15), Buffer.alloc(16), unspecified].map((sockaddr) =>
        rebinding(tcp(), { family: 'raw', sockaddr }),
      );
    },
    expected: ['EINVAL', 'ok', 'EAFNOSUPPORT'],
  },
  {
    id: 'BIND-X02',
    what: 'a sockaddr longer than its family needs',
    run: () => rebinding(tcp(), { family: 'raw', sockaddr: Buffer.concat([sockaddrIn(), Buffer.alloc(112)]) }),
    expected: 'ok',
  },
  {
    id: 'BIND-X03',
    what: 'a broadcast and a multicast address, for UDP and for TCP',
    run: () =>
      ['255.255.255.255', '224.0.0.1'].flatMap((address) => [
        binding(v4(0, address)),
        binding(v4(0, address), NONE, s.SOCK_DGRAM),
      ]),
    expected: ['ok', 'ok', 'ok', 'ok'],
  },
  {
    id: 'BIND-X04',
    what: 'a socket that is connected has an address already',
    run: () => [rebinding(joined(listening(v4())).client, v4()), rebinding(joined(listening(v4())).server, v4())],
    expected: ['EINVAL', 'EINVAL'],
  },
  {
    id: 'BIND-X05',
    what: 'ports are counted for TCP and UDP apart',
    run: () => binding(v4(portOf(bound(v4()))), NONE, s.SOCK_DGRAM),
    expected: 'ok',
  },
  {
    id: 'BIND-X06',
    what: 'unix paths through a file, into a folder that is not there, a folder itself, and one too long for a name',
    run: () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'file'), '');
      symlinkSync('nowhere', join(folder, 'dangling'));
      symlinkSync('loop', join(folder, 'loop'));
      return [
        join(folder, 'file', 'socket'),
        join(folder, 'none', 'socket'),
        folder,
        join(folder, 'dangling'),
        join(folder, 'loop', 'socket'),
      ].map((path) => binding({ family: 'Unix', path }));
    },
    expected: ['ENOTDIR', 'ENOENT', 'EADDRINUSE', 'EADDRINUSE', 'ELOOP'],
  },
  {
    id: 'BIND-X07',
    what: 'the second address of the loopback, and the same port on both',
    run: () => {
      const first = bound(v4());
      return binding(v4(portOf(first), '127.0.0.2'));
    },
    expected: 'ok',
  },
  {
    id: 'BIND-X08',
    what: "a unix socket's address for an IPv4 socket, and an IPv4 address for a unix socket",
    run: () => [rebinding(tcp(), abstractName()), rebinding(open(abstractName()), v4())],
    expected: ['EAFNOSUPPORT', 'EINVAL'],
  },
  {
    id: 'BIND-X09',
    what: 'a folder that an ordinary user may not write to',
    run: () =>
      lines(`${AS_NOBODY}
        say(() => s.bind(s.socket(s.AF_UNIX, s.SOCK_STREAM), { family: 'Unix', path: ${JSON.stringify(join(temporaryFolder(), 'socket'))} }));`),
    expected: ['EACCES'],
    skip: NEEDS_ROOT,
  },
  {
    id: 'BIND-X10',
    what: 'IP_FREEBIND lets a socket have an address of another host',
    run: () => {
      const fd = tcp();
      s.setsockopt(fd, s.IPPROTO_IP, s.IP_FREEBIND, 1);
      return rebinding(fd, v4(0, '10.255.254.253'));
    },
    expected: 'ok',
  },
  {
    id: 'BIND-X11',
    what: 'IPv6 groups: without an interface, with one by number and by name, and for TCP',
    run: () => [
      binding(v6(0, 'ff02::1'), NONE, s.SOCK_DGRAM),
      binding({ family: 'IPv6', address: 'ff02::1', port: 0, scopeid: 1 }, NONE, s.SOCK_DGRAM),
      binding(v6(0, 'ff02::1%lo'), NONE, s.SOCK_DGRAM),
      binding(v6(0, 'ff02::1%lo')),
    ],
    expected: ['EINVAL', 'ok', 'ok', 'EINVAL'],
    skip: NEEDS_IPV6,
  },
  {
    id: 'BIND-X12',
    what: 'an IPv4-mapped address where IPV6_V6ONLY is on',
    run: () => {
      const fd = open(v6());
      s.setsockopt(fd, s.IPPROTO_IPV6, s.IPV6_V6ONLY, 1);
      return rebinding(fd, v6(0, '::ffff:127.0.0.1'));
    },
    expected: 'EINVAL',
    skip: NEEDS_IPV6,
  },
  {
    id: 'BIND-X13',
    what: 'a socket that was refused an address can have another one',
    run: () => {
      const fd = tcp();
      const taken = s.getsockname(bound(v4()));
      return [rebinding(fd, taken), rebinding(fd, v4())];
    },
    expected: ['EADDRINUSE', 'ok'],
  },
  {
    id: 'BIND-X14',
    what: 'descriptors that are no sockets, for five calls: a file, a folder, a device, and one opened with O_PATH',
    run: () =>
      [['/etc/passwd'], ['/'], ['/dev/zero'], ['/', O_PATH] as const].map(([path, flags]) => refusals(path, flags)),
    expected: ['ENOTSOCK', 'ENOTSOCK', 'ENOTSOCK', 'EBADF'],
  },
  {
    id: 'BIND-X15',
    what: 'netlink: a port id that another has, and a second one for the same socket',
    run: () => {
      const address = { family: 'Netlink', pid: process.pid ^ 0x40000000, groups: 0 } as const;
      const first = open(address, NONE, s.SOCK_RAW);
      return [first, open(address, NONE, s.SOCK_RAW), first].map((fd, index) =>
        rebinding(fd, { ...address, pid: address.pid + (index === 2 ? 1 : 0) }),
      );
    },
    expected: ['ok', 'EADDRINUSE', 'EINVAL'],
  },
];

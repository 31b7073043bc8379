/** bind(2). */
import * as s from 'bsd-sockets';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { closing, tcp } from '../support/sockets.js';
import { temporaryFolder } from '../support/programs.js';
import { outcome, type Case } from './case.js';
import { ANY4, binding, bound, open, portOf, sysctl, v4, v6 } from './endpoints.js';
import { AS_NOBODY, lines } from './processes.js';

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
  },
  {
    id: 'BIND-18',
    what: 'an IPv4 address for an IPv6 socket, as an object and as bytes',
    run: () => [rebinding(open(v6()), v4()), rebinding(open(v6()), { family: 'raw', sockaddr: sockaddrIn() })],
    expected: ['EINVAL', 'EINVAL'],
  },
  {
    id: 'BIND-19',
    what: 'an IPv4-mapped address reads back as such',
    run: () => {
      const fd = bound(v6(0, '::ffff:127.0.0.1'));
      return s.getsockname(fd);
    },
    expected: { family: 'IPv6', address: '::ffff:127.0.0.1', port: expect_port() },
  },
];

import { describe, expect, test } from '@jest/globals';
import {
  accept,
  AF_INET,
  AF_INET6,
  AF_UNIX,
  bind,
  connect,
  getsockname,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  listen,
  setsockopt,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  socket,
} from 'bsd-sockets';
import { randomUUID } from 'node:crypto';
import { fstatSync, statSync, unlinkSync } from 'node:fs';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import {
  decodeInetSocket,
  encodeBothFamilies,
  encodeInetRequest,
  type InetSocket,
} from '../../lib/doctor/kernel/inet-diag.js';
import { freePort } from '../../lib/lab/free-port.js';
import { ask, type Part } from '../../lib/doctor/kernel/netlink.js';
import { listTcpSockets, listUdpSockets, listUnixSockets } from '../../lib/doctor/kernel/observe.js';
import { temporaryFolder } from '../support/programs.js';
import { runScript } from '../support/scripts.js';
import { closeNow, closing, connection, listener, LOOPBACK, tcp, thrownBy } from '../support/sockets.js';

/** The number of a socket in the kernel's lists. */
function inodeOf(fd: number): number {
  return fstatSync(fd).ino;
}

/** Is the kernel this one, or a later one? */
function isAtLeast(major: number, minor: number): boolean {
  const [first = 0, second = 0] = release().split('.').map(Number);
  return first > major || (first === major && second >= minor);
}

const onLinux = process.platform === 'linux' ? describe : describe.skip;
const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';

function portOf(fd: number): number {
  const address = getsockname(fd);
  if (!('port' in address)) throw new Error('no port');
  return address.port;
}

onLinux(`the list of TCP sockets${only}`, () => {
  test('shows a listener: whose it is, and its inode', () => {
    const { fd } = listener();
    expect(listTcpSockets({ port: portOf(fd) })).toEqual([
      {
        protocol: 'tcp',
        family: 'IPv4',
        state: 'LISTEN',
        local: { address: '127.0.0.1', port: portOf(fd) },
        remote: { address: '0.0.0.0', port: 0 },
        uid: process.getuid?.(),
        inode: inodeOf(fd),
        interfaceIndex: 0,
      },
    ]);
  });

  test('shows both ends of a connection, each under its own port', () => {
    const { client, server } = connection();
    const ends = [client, server].map((fd) =>
      listTcpSockets({ port: portOf(fd) }).filter((found) => found.state === 'ESTABLISHED'),
    );
    expect(ends.map((found) => found.length)).toEqual([1, 1]);
    expect(ends[0]?.[0]?.remote).toEqual(ends[1]?.[0]?.local);
  });

  test('shows TIME_WAIT at the side that closed first, owned by nobody, with the time that is left', () => {
    const { client, server } = connection();
    const [first, second] = [portOf(server), portOf(client)];
    closeNow(server);
    closeNow(client);
    const [found] = listTcpSockets({ port: first }).filter(({ state }) => state === 'TIME_WAIT');
    expect(found).toMatchObject({ remote: { address: '127.0.0.1', port: second }, inode: 0 });
    expect(found?.expiresInMs).toBeGreaterThan(0);
    // A port that connect() chose may have been another connection's a moment ago.
    const otherEnd = listTcpSockets({ port: second }).filter(({ remote }) => remote.port === first);
    expect(otherEnd).toEqual([]);
  });

  test('shows a socket that is bound and no more (skipped before Linux 6.8)', () => {
    const fd = tcp();
    bind(fd, LOOPBACK);
    const [found] = listTcpSockets({ port: portOf(fd) });
    if (found === undefined && !isAtLeast(6, 8)) return;
    expect(found).toMatchObject({ state: 'CLOSE', inode: inodeOf(fd), local: { port: portOf(fd) } });
  });

  test.each([false, true])('shows an IPv6 listener, with IPV6_V6ONLY %s', (v6only) => {
    const fd = tcp(AF_INET6);
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
    bind(fd, { family: 'IPv6', address: '::', port: 0 });
    listen(fd);
    const found = listTcpSockets({ port: portOf(fd) }).find(({ inode }) => inode === inodeOf(fd));
    expect(found).toMatchObject({ family: 'IPv6', state: 'LISTEN', local: { address: '::' }, v6only });
  });

  test('has of both families at once what it has of each', () => {
    const ends = [AF_INET, AF_INET6].map((family) => tcp(family));
    for (const fd of ends) {
      const port = freePort(new Set()); // nothing is in TIME_WAIT there: it would come after the listeners of both families
      bind(fd, fd === ends[0] ? { ...LOOPBACK, port } : { family: 'IPv6', address: '::1', port });
    }
    for (const fd of ends) {
      listen(fd);
      const port = portOf(fd);
      const decode = (body: Part): InetSocket | undefined => decodeInetSocket('tcp', body);
      const each = [AF_INET, AF_INET6].flatMap((family) => ask(encodeInetRequest('tcp', family, port), decode));
      expect(ask(encodeBothFamilies(port), decode)).toEqual(each);
      expect(listTcpSockets({ port })).toEqual(each);
      expect(each.filter(({ inode }) => inode === inodeOf(fd))).toMatchObject([{ state: 'LISTEN' }]);
    }
  });

  test('without a port shows all that it shows with one', () => {
    const ports = [listener(), listener()].map(({ fd }) => portOf(fd));
    const all = listTcpSockets();
    for (const port of ports) {
      expect(all.filter(({ local }) => local.port === port)).toEqual(listTcpSockets({ port }));
    }
  });

  test('of a port that nobody uses is empty', () => {
    const fd = tcp();
    bind(fd, LOOPBACK);
    const port = portOf(fd);
    closeNow(fd);
    expect(listTcpSockets({ port })).toEqual([]);
  });

  test('leaves no descriptor open', () => {
    const before = tcp();
    closeNow(before);
    listTcpSockets();
    listUdpSockets();
    listUnixSockets();
    const after = tcp();
    expect(after).toBe(before);
  });
});

onLinux(`the list of UDP sockets${only}`, () => {
  const udp = (domain = AF_INET): number => closing(socket(domain, SOCK_DGRAM));

  test('shows a socket that is bound: CLOSE', () => {
    const fd = udp();
    bind(fd, LOOPBACK);
    expect(listUdpSockets({ port: portOf(fd) })).toEqual([
      {
        protocol: 'udp',
        family: 'IPv4',
        state: 'CLOSE',
        local: { address: '127.0.0.1', port: portOf(fd) },
        remote: { address: '0.0.0.0', port: 0 },
        uid: process.getuid?.(),
        inode: inodeOf(fd),
        interfaceIndex: 0,
      },
    ]);
    expect(listTcpSockets({ port: portOf(fd) }).filter(({ inode }) => inode === inodeOf(fd))).toEqual([]);
  });

  test('shows a socket that is connected, with its peer: ESTABLISHED', () => {
    const [a, b] = [udp(), udp()];
    bind(a, LOOPBACK);
    connect(b, getsockname(a));
    expect(listUdpSockets({ port: portOf(b) })).toMatchObject([
      { state: 'ESTABLISHED', inode: inodeOf(b), remote: { address: '127.0.0.1', port: portOf(a) } },
    ]);
  });

  test.each([false, true])('shows an IPv6 socket, with IPV6_V6ONLY %s', (v6only) => {
    const fd = udp(AF_INET6);
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
    bind(fd, { family: 'IPv6', address: '::', port: 0 });
    const found = listUdpSockets({ port: portOf(fd) }).find(({ inode }) => inode === inodeOf(fd));
    expect(found).toMatchObject({ family: 'IPv6', local: { address: '::' }, v6only });
  });

  test('without a port shows all that it shows with one', () => {
    const fd = udp();
    bind(fd, LOOPBACK);
    expect(listUdpSockets()).toEqual(expect.arrayContaining(listUdpSockets({ port: portOf(fd) })));
  });
});

onLinux(`the list of unix sockets${only}`, () => {
  const unix = (type = SOCK_STREAM): number => closing(socket(AF_UNIX, type));
  const aPath = (): string => join(temporaryFolder(), 'socket');
  const atPath = (path: string): { family: 'Unix'; path: string } => ({ family: 'Unix', path });

  test('shows a listener and its accepted connection by the path, and not the client, which has none', () => {
    const [path, fd, client] = [aPath(), unix(), unix()];
    bind(fd, atPath(path));
    listen(fd);
    connect(client, atPath(path));
    const accepted = closing(accept(fd).fd);
    const { dev, ino } = statSync(path);
    const shared = { path, type: 'stream', uid: process.getuid?.(), file: { dev, ino } };
    const found = listUnixSockets(path);
    expect(found).toHaveLength(2);
    expect(found).toContainEqual({ ...shared, state: 'LISTEN', inode: inodeOf(fd) });
    expect(found).toContainEqual({ ...shared, state: 'ESTABLISHED', inode: inodeOf(accepted) });
    expect(listUnixSockets().find(({ inode }) => inode === inodeOf(client))).toMatchObject({ path: '' });
  });

  test.each([
    ['dgram', SOCK_DGRAM],
    ['seqpacket', SOCK_SEQPACKET],
  ])('shows a %s socket by an abstract name', (type, number) => {
    const path = `\0bsd-sockets-test-${randomUUID()}\0x`;
    const fd = unix(number);
    bind(fd, atPath(path));
    const found = { path, type, state: 'CLOSE', inode: inodeOf(fd), uid: process.getuid?.() };
    expect(listUnixSockets(path)).toEqual([found]);
    expect(listUnixSockets(path.slice(0, -2))).toEqual([]);
  });

  test('shows by the path who was bound to a relative name of the same file', async () => {
    const path = aPath();
    const script = runScript(`
      import * as s from 'bsd-sockets';
      process.chdir(${JSON.stringify(dirname(path))});
      s.bind(s.socket(s.AF_UNIX, s.SOCK_DGRAM), { family: 'Unix', path: 'socket' });
      console.log('bound');
      setInterval(() => undefined, 1000);
    `);
    await script.says('bound');
    expect(listUnixSockets(path)).toMatchObject([{ path: 'socket', type: 'dgram' }]);
  });

  test('shows by the path who was bound to it and had the file taken away', () => {
    const [path, first, second] = [aPath(), unix(SOCK_DGRAM), unix(SOCK_DGRAM)];
    bind(first, atPath(path));
    unlinkSync(path);
    expect(listUnixSockets(path)).toMatchObject([{ path, inode: inodeOf(first) }]);
    bind(second, atPath(path));
    const [one, other] = [first, second].map((fd) => listUnixSockets(path).find(({ inode }) => inode === inodeOf(fd)));
    expect(other?.file?.ino).toBe(statSync(path).ino);
    expect(one?.file).not.toEqual(other?.file);
  });

  test('shows none by a path that nobody was bound to, that is no socket or that cannot be', () => {
    for (const path of [aPath(), process.execPath, '/dev/null/none', 'x'.repeat(5000)]) {
      expect(listUnixSockets(path)).toEqual([]);
    }
  });
});

test('a system without the lists says so: EAFNOSUPPORT', () => {
  if (process.platform === 'linux') return; // Linux has them: above
  for (const list of [listTcpSockets, listUdpSockets, () => listUnixSockets()]) {
    expect(thrownBy(() => list()).code).toBe('EAFNOSUPPORT');
  }
});

import { describe, expect, test } from '@jest/globals';
import { AF_INET6, bind, getsockname, IPPROTO_IPV6, IPV6_V6ONLY, setsockopt } from 'bsd-sockets';
import { readlinkSync } from 'node:fs';
import { listTcpSockets } from '../../lib/doctor/observe.js';
import { closeNow, connection, listener, LOOPBACK, tcp, thrownBy } from '../support/sockets.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;
const whereItIs =
  process.platform === 'linux' ? 'the list of TCP sockets' : 'the list of TCP sockets (skipped: Linux only)';

function portOf(fd: number): number {
  const address = getsockname(fd);
  if (!('port' in address)) throw new Error('no port');
  return address.port;
}

onLinux(whereItIs, () => {
  test('shows a listener: whose it is, and its inode', () => {
    const { fd } = listener();
    const [, inode] = /\[(\d+)\]/.exec(readlinkSync(`/proc/self/fd/${String(fd)}`)) ?? [];
    expect(listTcpSockets({ port: portOf(fd) })).toEqual([
      {
        family: 'IPv4',
        state: 'LISTEN',
        local: { address: '127.0.0.1', port: portOf(fd) },
        remote: { address: '0.0.0.0', port: 0 },
        uid: process.getuid?.(),
        inode: Number(inode),
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
    expect(listTcpSockets({ port: second })).toEqual([]);
  });

  test('shows IPv6 sockets', () => {
    const fd = tcp(AF_INET6);
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, true);
    const { fd: listening } = listener({ family: 'IPv6', address: '::1', port: 0 }, AF_INET6);
    expect(listTcpSockets({ port: portOf(listening) })).toMatchObject([{ family: 'IPv6', local: { address: '::1' } }]);
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
    const after = tcp();
    expect(after).toBe(before);
  });
});

test('a system without the list says so: EAFNOSUPPORT', () => {
  if (process.platform === 'linux') return; // Linux has it: above
  expect(thrownBy(() => listTcpSockets()).code).toBe('EAFNOSUPPORT');
});

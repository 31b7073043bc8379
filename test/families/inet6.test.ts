import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { networkInterfaces } from 'node:os';
import { bound, NONE, v4, v6 } from '../conformance/endpoints.js';
import { made, NEEDS_IPV6, sendText } from '../conformance/fixtures.js';
import { outcome, received } from '../conformance/case.js';
import { closing, tcp, thrownBy } from '../support/sockets.js';

const suite = NEEDS_IPV6 === undefined ? describe : describe.skip;
const why = NEEDS_IPV6 === undefined ? '' : ` (skipped: ${NEEDS_IPV6})`;

/** A link-local address of this machine, and the interface that it is on. */
const linkLocal = Object.entries(networkInterfaces())
  .flatMap(([name, list = []]) => list.map(({ address }) => ({ name, address })))
  .find(({ address }) => address.startsWith('fe80:'));
const onLink = linkLocal === undefined ? test.skip : test;
const { name = '', address: local = '' } = linkLocal ?? {};
const whyNoLink = linkLocal === undefined ? ' (skipped: no interface has a link-local address)' : '';

function datagram(): number {
  return made(s.AF_INET6, s.SOCK_DGRAM);
}

suite(`IPv6 scope ids${why}`, () => {
  const lo = s.if_nametoindex('lo');

  test('bind to a link-local address without one: EINVAL; with one that there is not: ENODEV', () => {
    expect(thrownBy(() => s.bind(datagram(), v6(0, 'fe80::1'))).code).toBe('EINVAL');
    const unknown = { family: 'IPv6', address: 'fe80::1', port: 0, scopeid: 2 ** 31 - 1 } as const;
    expect(thrownBy(() => s.bind(datagram(), unknown)).code).toBe('ENODEV');
  });

  test('as a number, as the name of the interface and as its index in the zone are the same', () => {
    const addresses: s.SocketAddress[] = [
      { family: 'IPv6', address: 'fe80::1', port: 0, scopeid: lo },
      v6(0, 'fe80::1%lo'),
      v6(0, `fe80::1%${String(lo)}`),
    ];
    for (const address of addresses) {
      const fd = datagram();
      expect(thrownBy(() => s.bind(fd, address)).code).toBe('EADDRNOTAVAIL'); // it is nobody's address
      s.setsockopt(fd, s.IPPROTO_IPV6, s.IPV6_FREEBIND, true);
      s.bind(fd, address);
      expect(s.getsockname(fd)).toMatchObject({ family: 'IPv6', address: 'fe80::1', scopeid: lo });
    }
  });

  test('of an interface that there is not: ENODEV, before anything is done', () => {
    expect(thrownBy(() => s.bind(datagram(), v6(0, 'fe80::1%nosuch'))).syscall).toBe('if_nametoindex');
  });

  onLink(`tell who sent, and take the answer back${whyNoLink}`, () => {
    const [a, b] = [datagram(), datagram()];
    s.bind(a, v6(0, `${local}%${name}`));
    s.bind(b, v6(0, `${local}%${name}`));
    s.sendto(a, Buffer.from('x'), 0, s.getsockname(b));
    const { address } = s.recvfrom(b, Buffer.alloc(8));
    expect(address).toEqual(s.getsockname(a));
    expect(address).toMatchObject({ scopeid: s.if_nametoindex(name) });
    if (address !== null) s.sendto(b, Buffer.from('answer'), 0, address);
    expect(received(a, 8, 0)).toBe('answer');
  });
});

suite(`IPv6 flow labels${why}`, () => {
  test('travel with a datagram, and are told by IPV6_FLOWINFO', () => {
    const receiver = bound(v6(), NONE, s.SOCK_DGRAM);
    s.setsockopt(receiver, s.IPPROTO_IPV6, s.IPV6_FLOWINFO, true);
    const sender = datagram();
    s.setsockopt(sender, s.IPPROTO_IPV6, s.IPV6_FLOWINFO_SEND, true);
    const { port } = s.getsockname(receiver) as { port: number };
    s.sendto(sender, Buffer.from('x'), 0, { family: 'IPv6', address: '::1', port, flowlabel: 0xabcde });
    const { control } = s.recvmsg(receiver, [Buffer.alloc(8)], { controlLength: 64 });
    const info = control.find(({ type }) => type === s.IPV6_FLOWINFO);
    expect(info?.data.readUInt32BE()).toBe(0xabcde);
  });

  test('of a connection are told by getpeername', () => {
    const fd = datagram();
    s.setsockopt(fd, s.IPPROTO_IPV6, s.IPV6_FLOWINFO_SEND, true);
    const peer = { family: 'IPv6', address: '::1', port: 9, flowlabel: 0xfffff } as const;
    s.connect(fd, peer);
    expect(s.getpeername(fd)).toEqual(peer);
  });
});

suite(`One IPv6 socket for both${why}`, () => {
  test('takes IPv4 connections, whose addresses are mapped', () => {
    const fd = tcp(s.AF_INET6);
    s.setsockopt(fd, s.IPPROTO_IPV6, s.IPV6_V6ONLY, false);
    s.bind(fd, v6(0, '::'));
    s.listen(fd);
    const { port } = s.getsockname(fd) as { port: number };
    const client = tcp();
    s.connect(client, v4(port));
    const { fd: server, address } = s.accept(fd);
    closing(server);
    expect(address).toEqual({ ...s.getsockname(client), family: 'IPv6', address: '::ffff:127.0.0.1' });
    expect(s.getsockname(server)).toMatchObject({ address: '::ffff:127.0.0.1', port });
  });

  test('with IPV6_V6ONLY refuses them', () => {
    const fd = tcp(s.AF_INET6);
    s.setsockopt(fd, s.IPPROTO_IPV6, s.IPV6_V6ONLY, true);
    s.bind(fd, v6(0, '::'));
    s.listen(fd);
    const { port } = s.getsockname(fd) as { port: number };
    expect(outcome(() => s.connect(tcp(), v4(port)))).toBe('ECONNREFUSED');
  });

  test('sends to IPv4 by a mapped address', () => {
    const receiver = bound(v4(), NONE, s.SOCK_DGRAM);
    const { port } = s.getsockname(receiver) as { port: number };
    const fd = datagram();
    s.setsockopt(fd, s.IPPROTO_IPV6, s.IPV6_V6ONLY, false);
    s.connect(fd, v6(port, '::ffff:127.0.0.1'));
    sendText(fd, 'mapped');
    expect(received(receiver, 8, 0)).toBe('mapped');
  });
});

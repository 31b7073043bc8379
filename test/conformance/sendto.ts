/** sendto(2). */
import * as s from 'bsd-sockets';
import { connection } from '../support/sockets.js';
import { answer, received, type Case } from './case.js';
import { portOf, v4, v6 } from './endpoints.js';
import { abstractName, awaited, listens, made, NEEDS_IPV6, noSockets, pair, udp, udpPair, unix } from './fixtures.js';

/** What sendto says. */
const sending = (fd: number, address: s.SocketAddress, length = 1, flags = 0): unknown =>
  answer(() => s.sendto(fd, Buffer.alloc(length, 'x'), flags, address));

const MAPPED = '::ffff:127.0.0.1';

/** A UDP socket of IPv6, at this address or at none. */
function udp6(address?: string): number {
  const fd = made(s.AF_INET6, s.SOCK_DGRAM);
  if (address !== undefined) s.bind(fd, v6(0, address));
  return fd;
}

export const sendtoCases: Case[] = [
  {
    id: 'SENDTO-01',
    what: 'a descriptor that is not open, and one that is no socket',
    run: () => noSockets((fd) => s.sendto(fd, Buffer.alloc(1), 0, v4(9))),
    expected: ['EBADF', 'ENOTSOCK'],
  },
  {
    id: 'SENDTO-03',
    what: 'a TCP connection, and another address: the peer gets it',
    run: () => {
      const { client, server } = connection();
      return [sending(client, v4(9, '127.0.0.2'), 1024), awaited(server, 2048).length];
    },
    expected: [1024, 1024],
  },
  {
    id: 'SENDTO-05',
    what: 'a UDP datagram of 128 KiB',
    run: () => sending(udp(), v4(9), 131072),
    expected: 'EMSGSIZE',
  },
  {
    id: 'SENDTO-06',
    what: 'an urgent byte over UDP',
    run: () => sending(udp(), v4(9), 1, s.MSG_OOB),
    expected: 'EOPNOTSUPP',
  },
  {
    id: 'SENDTO-08',
    what: 'unix stream and seqpacket sockets without a peer, to a listener and to nobody',
    run: () =>
      [s.SOCK_STREAM, s.SOCK_SEQPACKET].flatMap((type) =>
        [s.getsockname(listens(unix(type))), abstractName()].map((to) => sending(made(s.AF_UNIX, type), to)),
      ),
    expected: ['EOPNOTSUPP', 'EOPNOTSUPP', 'ENOTCONN', 'ENOTCONN'],
  },
  {
    id: 'SENDTO-09',
    what: 'connected unix stream and seqpacket sockets with an address',
    run: () => [s.SOCK_STREAM, s.SOCK_SEQPACKET].map((type) => sending(pair(type)[0], abstractName(), 3)),
    expected: ['EISCONN', 3],
  },
  {
    id: 'SENDTO-11',
    what: 'a unix datagram to a socket that has another peer',
    run: () => {
      const [receiver, peer] = [unix(s.SOCK_DGRAM), unix(s.SOCK_DGRAM)];
      s.connect(receiver, s.getsockname(peer));
      return sending(unix(s.SOCK_DGRAM), s.getsockname(receiver));
    },
    expected: 'EPERM',
  },
  {
    id: 'SENDTO-12',
    what: 'a connected UDP socket to another address: it goes there',
    run: () => {
      const [fd, peer] = udpPair();
      const other = udp();
      return [sending(fd, s.getsockname(other)), awaited(other), received(peer)];
    },
    expected: [1, 'x', 'EAGAIN'],
  },
  {
    id: 'SENDTO-13',
    what: 'IPv6 UDP sockets: mapped to mapped, ::1 to ::1, unbound to mapped, ::1 to mapped, mapped to ::1',
    run: () => {
      const [mapped, six] = [udp6(MAPPED), udp6('::1')].map((fd) => s.getsockname(fd)) as [
        s.SocketAddress,
        s.SocketAddress,
      ];
      return [
        sending(udp6(MAPPED), mapped),
        sending(udp6('::1'), six),
        sending(udp6(), mapped),
        sending(udp6('::1'), mapped),
        ['EINVAL', 'EAFNOSUPPORT'].includes(String(sending(udp6(MAPPED), six))), // older and newer kernels
      ];
    },
    expected: [1, 1, 1, 'ENETUNREACH', true],
    skip: NEEDS_IPV6,
  },
  {
    id: 'SENDTO-14',
    what: 'an IPv6 UDP socket to an IPv4 address, and the same with IPV6_V6ONLY',
    run: () => {
      const [dual, only] = [udp6(), udp6()];
      s.setsockopt(only, s.IPPROTO_IPV6, s.IPV6_V6ONLY, 1);
      return [dual, only].map((fd) => sending(fd, s.getsockname(udp())));
    },
    expected: [1, 'ENETUNREACH'],
    skip: NEEDS_IPV6,
  },
  {
    id: 'SENDTO-17',
    what: 'an unbound UDP socket has a port after it sent',
    run: () => {
      const fd = made(s.AF_INET, s.SOCK_DGRAM);
      const before = portOf(fd);
      sending(fd, s.getsockname(udp()));
      const name = s.getsockname(fd);
      return [before, 'address' in name && name.address, portOf(fd) > 0];
    },
    expected: [0, '0.0.0.0', true],
  },
];

/** connect(2) of datagram sockets, which have a peer but no connection. */
import { expect } from '@jest/globals';
import * as s from 'bsd-sockets';
import { tcp } from '../support/sockets.js';
import { answer, outcome, received, type Case } from './case.js';
import { bound, portOf, v4, v6 } from './endpoints.js';
import {
  abstractName,
  awaited,
  deserted,
  listens,
  made,
  NEEDS_IPV6,
  sendText,
  udp,
  udpPair,
  unix,
  UNSPEC,
} from './fixtures.js';

/** What connect says. */
const connecting = (fd: number, address: s.SocketAddress): string => outcome(() => s.connect(fd, address));

const hasPeer = (fd: number): unknown => answer(() => s.getpeername(fd).family);

export const connectDatagramCases: Case[] = [
  {
    id: 'CONNECT-27',
    what: 'a UDP socket gets a second peer in place of the first, and cannot be bound any more',
    run: () => {
      const [fd, first, second] = [made(s.AF_INET, s.SOCK_DGRAM), udp(), udp()];
      const connected = [first, second].map((peer) => connecting(fd, s.getsockname(peer)));
      const isSecond = JSON.stringify(s.getpeername(fd)) === JSON.stringify(s.getsockname(second));
      return [...connected, isSecond, outcome(() => s.bind(fd, v4()))];
    },
    expected: ['ok', 'ok', true, 'EINVAL'],
  },
  {
    id: 'CONNECT-28',
    what: 'AF_UNSPEC on a connected UDP socket: a port that bind named stays, one that the kernel chose goes',
    run: () => {
      const named = deserted(s.SOCK_DGRAM);
      const [explicit, chosen] = [udp(named), udp()];
      for (const fd of [explicit, chosen]) s.connect(fd, s.getsockname(udp()));
      const short = { family: 'raw', sockaddr: new Uint8Array(2) } as const;
      const first = connecting(explicit, short);
      const isKept = JSON.stringify(s.getsockname(explicit)) === JSON.stringify(named);
      return [first, isKept, hasPeer(explicit), connecting(chosen, short), portOf(chosen)];
    },
    expected: ['ok', true, 'ENOTCONN', 'ok', 0],
  },
  {
    id: 'CONNECT-30',
    what: 'a UDP socket to 0.0.0.0 port 0 has no peer after it; an address of two bytes is refused',
    run: () => {
      const fd = made(s.AF_INET, s.SOCK_DGRAM);
      const first = connecting(fd, v4(0, '0.0.0.0'));
      const short = { family: 'raw', sockaddr: new Uint8Array(new Uint16Array([s.AF_INET]).buffer) } as const;
      return [first, hasPeer(fd), connecting(fd, short)];
    },
    expected: ['ok', 'ENOTCONN', 'EINVAL'],
  },
  {
    id: 'CONNECT-31',
    what: 'a UDP socket at the wildcard address gets the address of the route to its peer',
    run: () => {
      const fd = udp(v4(0, '0.0.0.0'));
      s.connect(fd, s.getsockname(udp()));
      return s.getsockname(fd);
    },
    expected: expect.objectContaining({ family: 'IPv4', address: '127.0.0.1' }),
  },
  {
    id: 'CONNECT-33',
    what: 'an IPv4 address is taken by an IPv6 UDP socket, and not by an IPv6 TCP socket',
    run: () => [
      connecting(made(s.AF_INET6, s.SOCK_DGRAM), s.getsockname(udp())),
      connecting(tcp(s.AF_INET6), s.getsockname(listens(bound(v4())))),
    ],
    expected: ['ok', 'EINVAL'],
    skip: NEEDS_IPV6,
  },
  {
    id: 'CONNECT-37',
    what: 'a broadcast address, without SO_BROADCAST and with it',
    run: () => {
      const fd = made(s.AF_INET, s.SOCK_DGRAM);
      const without = connecting(fd, v4(9, '127.255.255.255'));
      s.setsockopt(fd, s.SOL_SOCKET, s.SO_BROADCAST, 1);
      return [without, connecting(fd, v4(9, '127.255.255.255'))];
    },
    expected: ['EACCES', 'ok'],
  },
  {
    id: 'CONNECT-X21',
    what: 'a UDP socket gets nothing from others than its peer, and from everybody after AF_UNSPEC',
    run: () => {
      const [fd, peer] = udpPair();
      const stranger = udp();
      const to = s.getsockname(fd);
      s.sendto(stranger, Buffer.from('a'), 0, to);
      sendText(peer, 'b');
      const first = awaited(fd);
      s.connect(fd, UNSPEC);
      s.bind(fd, to);
      s.sendto(stranger, Buffer.from('c'), 0, to);
      return [first, awaited(fd), received(fd)];
    },
    expected: ['b', 'c', 'EAGAIN'],
  },
  {
    id: 'CONNECT-X22',
    what: 'a UDP socket to port 0 of the loopback has no peer name; send goes into nothing, and sendto is refused',
    run: () => {
      const fd = made(s.AF_INET, s.SOCK_DGRAM);
      const connected = [connecting(fd, v4(0)), hasPeer(fd), answer(() => sendText(fd, 'x'))];
      return [...connected, answer(() => s.sendto(fd, Buffer.from('x'), 0, v4(0)))];
    },
    expected: ['ok', 'ENOTCONN', 1, 'EINVAL'],
  },
  {
    id: 'CONNECT-X23',
    what: 'a unix datagram socket changes its peer, and AF_UNSPEC takes it away',
    run: () => {
      const fd = made(s.AF_UNIX, s.SOCK_DGRAM);
      const [first, second] = [unix(s.SOCK_DGRAM), unix(s.SOCK_DGRAM)];
      s.connect(fd, s.getsockname(first));
      s.connect(fd, s.getsockname(second));
      sendText(fd, 'x');
      const got = [received(first), received(second)];
      return [...got, connecting(fd, UNSPEC), answer(() => sendText(fd, 'x')), hasPeer(fd)];
    },
    expected: ['EAGAIN', 'x', 'ok', 'ENOTCONN', 'ENOTCONN'],
  },
  {
    id: 'CONNECT-X24',
    what: 'a unix datagram socket to itself gets what it sends',
    run: () => {
      const fd = unix(s.SOCK_DGRAM);
      const first = connecting(fd, s.getsockname(fd));
      sendText(fd, 'x');
      return [first, received(fd)];
    },
    expected: ['ok', 'x'],
  },
  {
    id: 'CONNECT-X25',
    what: 'a unix datagram socket to one that has another peer',
    run: () => {
      const taken = unix(s.SOCK_DGRAM);
      s.connect(taken, s.getsockname(unix(s.SOCK_DGRAM)));
      return connecting(unix(s.SOCK_DGRAM, abstractName()), s.getsockname(taken));
    },
    expected: 'EPERM',
  },
  {
    id: 'CONNECT-X26',
    what: 'an IPv6 UDP socket to an IPv4-mapped address gets a mapped name itself, and none with IPV6_V6ONLY',
    run: () => {
      const to = v6(portOf(udp()), '::ffff:127.0.0.1');
      const [dual, only] = [made(s.AF_INET6, s.SOCK_DGRAM), made(s.AF_INET6, s.SOCK_DGRAM)];
      s.setsockopt(only, s.IPPROTO_IPV6, s.IPV6_V6ONLY, 1);
      return [connecting(dual, to), s.getsockname(dual), connecting(only, to)];
    },
    expected: ['ok', expect.objectContaining({ family: 'IPv6', address: '::ffff:127.0.0.1' }), 'ENETUNREACH'],
    skip: NEEDS_IPV6,
  },
];

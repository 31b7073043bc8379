/** getsockname(2) and getpeername(2). */
import * as s from 'bsd-sockets';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { reset } from '../support/peers.js';
import { temporaryFolder } from '../support/programs.js';
import { closeNow, closing, tcp } from '../support/sockets.js';
import { answer, outcome, type Case } from './case.js';
import {
  ANY4,
  apart,
  awaitEnd,
  bound,
  closedFd,
  joined,
  listening,
  NONE,
  open,
  portOf,
  soon,
  v4,
  v6,
  withDevNull,
} from './endpoints.js';
import { abstractName, polled, NEEDS_IPV6 } from './fixtures.js';

const ownName = (fd: number): string => outcome(() => s.getsockname(fd));
const peerName = (fd: number): string => outcome(() => s.getpeername(fd));

/** The address of a name, without its port. */
const addressOf = (name: s.SocketAddress): string | undefined =>
  name.family === 'IPv4' || name.family === 'IPv6' ? name.address : undefined;

export const getsocknameCases: Case[] = [
  {
    id: 'GSN-01',
    what: 'a descriptor that is not open, and one that is no socket',
    run: () => [ownName(closedFd()), withDevNull(ownName)],
    expected: ['EBADF', 'ENOTSOCK'],
  },
  {
    id: 'GSN-04',
    what: 'sockets that are not bound',
    run: () => [v4(), v6(), abstractName()].map((address) => s.getsockname(open(address))),
    expected: [
      { family: 'IPv4', address: '0.0.0.0', port: 0 },
      { family: 'IPv6', address: '::', port: 0 },
      { family: 'Unix', path: '' },
    ],
    skip: NEEDS_IPV6,
  },
  {
    id: 'GSN-05',
    what: "each end's own name is the other end's peer",
    run: () => {
      const { client, server } = joined(listening(v4()));
      return [
        isDeepStrictEqual(s.getsockname(client), s.getpeername(server)),
        isDeepStrictEqual(s.getsockname(server), s.getpeername(client)),
      ];
    },
    expected: [true, true],
  },
  {
    id: 'GSN-06',
    what: 'a listener at every address, and its connection, which has one',
    run: () => {
      const listener = listening(v4(0, ANY4));
      const client = tcp();
      s.connect(client, v4(portOf(listener)));
      return [listener, closing(s.accept(listener).fd)].map((fd) => addressOf(s.getsockname(fd)));
    },
    expected: ['0.0.0.0', '127.0.0.1'],
  },
  {
    id: 'GSN-07',
    what: 'the IPv4 client of an IPv6 listener has an IPv4-mapped address',
    run: () => {
      const listener = listening(v6(0, '::'));
      const client = tcp();
      s.connect(client, v4(portOf(listener)));
      const peer = s.getpeername(closing(s.accept(listener).fd));
      return { ...peer, port: 'port' in peer && peer.port === portOf(client) };
    },
    expected: { family: 'IPv6', address: '::ffff:127.0.0.1', port: true },
    skip: NEEDS_IPV6,
  },
  {
    id: 'GSN-X01',
    what: 'a UDP socket gets its address when it connects, keeps the port when it disconnects and loses the address',
    run: () => {
      const receiver = bound(v4(), NONE, s.SOCK_DGRAM);
      const fd = open(v4(), NONE, s.SOCK_DGRAM);
      const before = addressOf(s.getsockname(fd));
      s.connect(fd, s.getsockname(receiver));
      const during = addressOf(s.getsockname(fd));
      s.connect(fd, { family: 'raw', sockaddr: new Uint8Array(16) }); // AF_UNSPEC
      return [before, during, s.getsockname(fd), peerName(fd)];
    },
    expected: ['0.0.0.0', '127.0.0.1', { family: 'IPv4', address: '0.0.0.0', port: 0 }, 'ENOTCONN'],
  },
  {
    id: 'GSN-X02',
    what: 'a netlink socket gets a port id by bind, and says its groups',
    run: () => {
      const fd = closing(s.socket(s.AF_NETLINK, s.SOCK_RAW, s.NETLINK_ROUTE));
      const before = s.getsockname(fd);
      s.bind(fd, { family: 'Netlink', pid: 0, groups: 1 });
      const { pid, ...rest } = s.getsockname(fd) as { pid: number };
      return [before, pid > 0, rest];
    },
    expected: [{ family: 'Netlink', pid: 0, groups: 0 }, true, { family: 'Netlink', groups: 1 }],
  },
];

export const getpeernameCases: Case[] = [
  {
    id: 'GPN-01',
    what: 'a descriptor that is not open, one that is no socket, and a socket without a peer',
    run: () => [peerName(closedFd()), withDevNull(peerName), peerName(bound(v4()))],
    expected: ['EBADF', 'ENOTSOCK', 'ENOTCONN'],
  },
  {
    id: 'GPN-03',
    what: 'a connection that was reset, one that the peer has closed, and one that both have finished',
    run: async () => {
      const first = apart();
      reset(first.client);
      polled(first.server, s.POLLIN, 5000);
      const second = apart();
      closeNow(second.client);
      awaitEnd(second.server);
      const halfClosed = peerName(second.server);
      s.shutdown(second.server, s.SHUT_WR);
      return [peerName(first.server), halfClosed, await soon('ENOTCONN', () => peerName(second.server))];
    },
    expected: ['ENOTCONN', 'ok', 'ENOTCONN'],
  },
  {
    id: 'GPN-04',
    what: "a unix connection: the client sees the listener's path, the listener's end no name",
    run: () => {
      const path = join(temporaryFolder(), 'socket');
      const { client, server } = joined(listening({ family: 'Unix', path }));
      const peer = s.getpeername(client);
      return ['path' in peer && peer.path === path, s.getpeername(server)];
    },
    expected: [true, { family: 'Unix', path: '' }],
  },
  {
    id: 'GPN-X01',
    what: 'a listener, and an end of a pair whose other end is closed',
    run: () => {
      const [a, b] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
      closing(a);
      s.close(b);
      return [answer(() => s.getpeername(listening(v4()))), answer(() => s.getpeername(a))];
    },
    expected: ['ENOTCONN', { family: 'Unix', path: '' }],
  },
];

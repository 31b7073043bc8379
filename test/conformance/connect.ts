/** connect(2) of TCP sockets. */
import * as s from 'bsd-sockets';
import { closeNow, connection, tcp, timed } from '../support/sockets.js';
import { answer, outcome, received, type Case } from './case.js';
import { bound, joined, open, portOf, v4, v6 } from './endpoints.js';
import {
  awaited,
  deserted,
  fullListener,
  interruptedCalls,
  listens,
  made,
  NEEDS_IPV6,
  nonBlocking,
  noSockets,
  pendingError,
  polled,
  sendText,
  UNSPEC,
} from './fixtures.js';

/** What connect says. */
const connecting = (fd: number, address: s.SocketAddress): string => outcome(() => s.connect(fd, address));

export const connectCases: Case[] = [
  {
    id: 'CONNECT-07',
    what: 'a family that the socket is not of',
    run: () =>
      connecting(tcp(), { family: 'raw', sockaddr: new Uint8Array(new Uint16Array([47, 0, 0, 0, 0, 0, 0, 0]).buffer) }),
    expected: 'EAFNOSUPPORT',
  },
  {
    id: 'CONNECT-16',
    what: 'a TCP socket that does not wait: connecting, writable, no error, and connect twice more',
    run: () => {
      const address = s.getsockname(listens(bound(v4())));
      const fd = nonBlocking(tcp());
      const first = connecting(fd, address);
      return [first, polled(fd, s.POLLOUT, 5000), pendingError(fd), connecting(fd, address), connecting(fd, address)];
    },
    expected: ['EINPROGRESS', 'OUT', 0, 'ok', 'EISCONN'],
  },
  {
    id: 'CONNECT-17',
    what: 'a TCP socket that does not wait is refused: the error is told once, then the end, and connect says aborted',
    run: () => {
      const address = deserted();
      const fd = nonBlocking(tcp());
      const first = connecting(fd, address);
      const events = polled(fd, s.POLLOUT, 5000);
      return [first, events, pendingError(fd), pendingError(fd), received(fd), connecting(fd, address)];
    },
    expected: ['EINPROGRESS', 'OUT|ERR|HUP', 'ECONNREFUSED', 0, '', 'ECONNABORTED'],
  },
  {
    id: 'CONNECT-18',
    what: 'a refused TCP socket: recv tells the error once, then the end, and connect says aborted',
    run: () => {
      const address = deserted();
      const fd = nonBlocking(tcp());
      outcome(() => s.connect(fd, address));
      polled(fd, s.POLLOUT, 5000);
      return [received(fd), received(fd), connecting(fd, address)];
    },
    expected: ['ECONNREFUSED', '', 'ECONNABORTED'],
  },
  {
    id: 'CONNECT-21',
    what: 'a TCP listener whose queue is full: the next socket keeps trying, and is not writable',
    run: () => {
      const { address } = fullListener();
      const fd = nonBlocking(tcp());
      return [connecting(fd, address), connecting(fd, address), polled(fd, s.POLLOUT)];
    },
    expected: ['EINPROGRESS', 'EALREADY', '0'],
  },
  {
    id: 'CONNECT-22',
    what: 'a full TCP listener closes: the queued connection is reset, the trying one is refused',
    run: () => {
      const { fd, address, queued } = fullListener();
      const trying = nonBlocking(tcp());
      outcome(() => s.connect(trying, address));
      closeNow(fd);
      return [queued, trying].flatMap((client) => [polled(client, 0, 5000), received(client)]);
    },
    expected: ['ERR|HUP', 'ECONNRESET', 'ERR|HUP', 'ECONNREFUSED'],
  },
  {
    id: 'CONNECT-23',
    what: 'a signal with a listener interrupts a waiting connect: the kernel goes on trying',
    run: () =>
      interruptedCalls(`
        const listener = s.socket(s.AF_INET, s.SOCK_STREAM);
        s.bind(listener, { family: 'IPv4', address: '127.0.0.1', port: 0 });
        s.listen(listener, 0);
        const address = s.getsockname(listener);
        s.connect(s.socket(s.AF_INET, s.SOCK_STREAM), address);
        const fd = s.socket(s.AF_INET, s.SOCK_STREAM);
        interrupted(() => s.connect(fd, address));
        s.fcntl(fd, s.F_SETFL, s.O_NONBLOCK);
        answers.push(answer(() => s.connect(fd, address)));`),
    expected: ['EINTR', 'EALREADY'],
    differs: 'C gives EINTR for handlers without SA_RESTART only; here every listener of the main thread gives it',
  },
  {
    id: 'CONNECT-24',
    what: 'port 0 of the wildcard address and of the loopback',
    run: () => ['0.0.0.0', '127.0.0.1'].map((address) => connecting(tcp(), v4(0, address))),
    expected: ['ECONNREFUSED', 'ECONNREFUSED'],
  },
  {
    id: 'CONNECT-25',
    what: 'the wildcard address with the port of a listener of this host reaches it, over IPv6 and IPv4',
    run: () =>
      [v6(0, '::'), v4(0, '0.0.0.0')].map((address) => {
        const port = portOf(listens(bound(address)));
        return connecting(open(address), { ...address, port } as s.SocketAddress);
      }),
    expected: ['ok', 'ok'],
    skip: NEEDS_IPV6,
  },
  {
    id: 'CONNECT-26',
    what: 'AF_UNSPEC ends a TCP connection: the socket has no peer, and can become a listener',
    run: () => {
      const { client } = connection();
      return [
        connecting(client, UNSPEC),
        answer(() => s.getpeername(client)),
        outcome(() => s.bind(client, v4())),
        outcome(() => s.listen(client)),
        outcome(() => joined(client)),
      ];
    },
    expected: ['ok', 'ENOTCONN', 'ok', 'ok', 'ok'],
  },
  {
    id: 'CONNECT-34',
    what: 'a link-local address without a scope id',
    run: () => connecting(made(s.AF_INET6, s.SOCK_STREAM), v6(9, 'fe80::bad:babe')),
    expected: 'EINVAL',
    skip: NEEDS_IPV6,
  },
  {
    id: 'CONNECT-35',
    what: 'a bound TCP socket to itself is connected with itself',
    run: () => {
      const fd = bound(v4());
      const first = connecting(fd, s.getsockname(fd));
      const isItself = JSON.stringify(s.getpeername(fd)) === JSON.stringify(s.getsockname(fd));
      sendText(fd, 'hi');
      return [first, isItself, awaited(fd)];
    },
    expected: ['ok', true, 'hi'],
  },
  {
    id: 'CONNECT-36',
    what: 'a listener at the wildcard address is reached at every address of the loopback net',
    run: () => {
      const port = portOf(listens(bound(v4(0, '0.0.0.0'))));
      return ['127.0.0.1', '127.0.0.2', '127.1.1.1', '127.254.255.255'].map((to) => connecting(tcp(), v4(port, to)));
    },
    expected: ['ok', 'ok', 'ok', 'ok'],
  },
  {
    id: 'CONNECT-38',
    what: 'IP_BIND_ADDRESS_NO_PORT: bind chooses no port, connect does',
    run: () => {
      const fd = tcp();
      s.setsockopt(fd, s.IPPROTO_IP, s.IP_BIND_ADDRESS_NO_PORT, 1);
      const first = outcome(() => s.bind(fd, v4()));
      const before = portOf(fd);
      return [first, before, connecting(fd, s.getsockname(listens(bound(v4())))), portOf(fd) > 0];
    },
    expected: ['ok', 0, 'ok', true],
  },
  {
    id: 'CONNECT-X01',
    what: 'a closed descriptor, and one that is no socket',
    run: () => noSockets((fd) => s.connect(fd, v4(9))),
    expected: ['EBADF', 'ENOTSOCK'],
  },
  {
    id: 'CONNECT-X02',
    what: 'a connected and a listening TCP socket',
    run: () => {
      const { client, address } = connection();
      return [client, listens(bound(v4()))].map((fd) => connecting(fd, address));
    },
    expected: ['EISCONN', 'EISCONN'],
  },
  {
    id: 'CONNECT-X03',
    what: 'a TCP socket that waits is refused, and can try again',
    run: () => {
      const [fd, address] = [tcp(), deserted()];
      return [connecting(fd, address), connecting(fd, address), pendingError(fd)];
    },
    expected: ['ECONNREFUSED', 'ECONNREFUSED', 0],
  },
  {
    id: 'CONNECT-X04',
    what: 'SO_SNDTIMEO ends the wait, and the kernel goes on trying until AF_UNSPEC',
    run: () => {
      const [fd, { address }] = [timed(tcp(), 30), fullListener()];
      return [connecting(fd, address), connecting(nonBlocking(fd), address), connecting(fd, UNSPEC)];
    },
    expected: ['EINPROGRESS', 'EALREADY', 'ok'],
  },
];

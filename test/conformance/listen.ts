/** listen(2). */
import * as s from 'bsd-sockets';
import { closeNow, closing, tcp } from '../support/sockets.js';
import { outcome, type Case } from './case.js';
import {
  ADDR,
  binding,
  bound,
  closedFd,
  freePort,
  has,
  joined,
  listening,
  NONE,
  open,
  portOf,
  v4,
  withDevNull,
} from './endpoints.js';
import { abstractName, nonBlocking } from './fixtures.js';

const { AF_INET, AF_UNIX, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM } = s;
const INT_MAX = 2 ** 31 - 1;

const listens = (fd: number, backlog = 8): string => outcome(() => s.listen(fd, backlog));

/** A listener at `port`, its receiving half shut down: may another socket have the port, and what is its name? */
function shutListener(port: number, withConnection = false): [other: string, samePort: boolean] {
  const fd = listening(v4(port));
  if (withConnection) joined(fd);
  const before = portOf(fd);
  s.shutdown(fd, s.SHUT_RD);
  const { port: after } = s.getsockname(fd) as { port: number };
  return [binding(v4(before)), after === before];
}

/** Is the socket listening? */
const accepting = (fd: number): number => s.getsockopt(fd, s.SOL_SOCKET, has(s.SO_ACCEPTCONN));

export const listenCases: Case[] = [
  { id: 'LISTEN-01', what: 'a descriptor that is not open', run: () => listens(closedFd()), expected: 'EBADF' },
  {
    id: 'LISTEN-02',
    what: 'a descriptor that is no socket',
    run: () => withDevNull((fd) => listens(fd)),
    expected: 'ENOTSOCK',
  },
  {
    id: 'LISTEN-03',
    what: 'a UDP socket',
    run: () => listens(closing(s.socket(AF_INET, SOCK_DGRAM))),
    expected: 'EOPNOTSUPP',
  },
  {
    id: 'LISTEN-05',
    what: 'unix sockets without a name',
    run: () => [SOCK_STREAM, SOCK_SEQPACKET].map((type) => listens(closing(s.socket(AF_UNIX, type)))),
    expected: ['EINVAL', 'EINVAL'],
  },
  {
    id: 'LISTEN-06',
    what: 'a listener again, with another backlog',
    run: () => [bound(abstractName()), bound(v4())].flatMap((fd) => [8, 16, 1].map((backlog) => listens(fd, backlog))),
    expected: Array(6).fill('ok'),
  },
  {
    id: 'LISTEN-07',
    what: 'a unix socket that is bound and connected',
    run: () => listens(joined(listening(abstractName()), bound(abstractName())).client),
    expected: 'EINVAL',
  },
  {
    id: 'LISTEN-08',
    what: 'an unbound TCP socket, which gets a port of every address',
    run: () => {
      const fd = tcp();
      return [listens(fd), { ...s.getsockname(fd), port: portOf(fd) > 0 }];
    },
    expected: ['ok', { family: 'IPv4', address: '0.0.0.0', port: true }],
  },
  {
    id: 'LISTEN-09',
    what: 'a backlog may be any int',
    run: () => [0, -1, INT_MAX].map((backlog) => listens(bound(v4()), backlog)),
    expected: ['ok', 'ok', 'ok'],
  },
  {
    id: 'LISTEN-10',
    what: 'a connected TCP socket',
    run: () => listens(joined(listening(v4())).client),
    expected: 'EINVAL',
  },
  {
    id: 'LISTEN-11',
    what: 'two sockets with SO_REUSEADDR have one port: the second to listen is refused, not the second to bind',
    run: () => {
      const first = bound(v4(), ADDR);
      const second = bound(v4(portOf(first)), ADDR);
      return [listens(first), listens(second)];
    },
    expected: ['ok', 'EADDRINUSE'],
  },
  {
    id: 'LISTEN-13',
    what: 'SO_ACCEPTCONN of a new socket, a listener, an accepted socket, and a listener that was shut down',
    run: () => {
      const listener = listening(v4());
      const values = [tcp(), listener, joined(listener).server].map(accepting);
      s.shutdown(listener, s.SHUT_RD);
      return [...values, accepting(listener)];
    },
    expected: [0, 1, 0, 0],
  },
  {
    id: 'LISTEN-15',
    what: 'a listener that was shut down keeps a port that bind had named, and gives up one that bind had chosen',
    run: () => [shutListener(freePort()), shutListener(0), shutListener(0, true)],
    expected: [
      ['EADDRINUSE', true],
      ['ok', true],
      ['EADDRINUSE', true],
    ],
  },
  {
    id: 'LISTEN-X01',
    what: 'a bound datagram socket of the unix family',
    run: () => listens(bound(abstractName(), NONE, SOCK_DGRAM)),
    expected: 'EOPNOTSUPP',
  },
  {
    id: 'LISTEN-X02',
    what: 'backlog 0 of a unix listener lets one connection wait, backlog 1 two',
    run: () =>
      [0, 1].map((backlog) => {
        const listener = bound(abstractName());
        s.listen(listener, backlog);
        let waiting = 0;
        for (;;) {
          const client = open(s.getsockname(listener));
          nonBlocking(client);
          const result = outcome(() => s.connect(client, s.getsockname(listener)));
          if (result !== 'ok') return [waiting, result];
          waiting++;
        }
      }),
    expected: [
      [1, 'EAGAIN'],
      [2, 'EAGAIN'],
    ],
  },
  {
    id: 'LISTEN-X03',
    what: 'a listener that was shut down listens again, on the port that bind had named',
    run: () => {
      const port = freePort();
      const listener = listening(v4(port));
      s.shutdown(listener, s.SHUT_RDWR);
      return [listens(listener), portOf(listener) === port, accepting(listener)];
    },
    expected: ['ok', true, 1],
  },
  {
    id: 'LISTEN-X04',
    what: 'a socket that may not listen beside another may when that one has closed',
    run: () => {
      const first = listening(v4(), ADDR);
      const port = portOf(first);
      closeNow(first);
      const [second, third] = [bound(v4(port), ADDR), bound(v4(port), ADDR)] as const;
      const results = [listens(second), listens(third)];
      closeNow(second);
      return [...results, listens(third)];
    },
    expected: ['ok', 'EADDRINUSE', 'ok'],
  },
];

/** SO_REUSEADDR and bind(2): who has a port still, and who gets it. */
import * as s from 'bsd-sockets';
import { join } from 'node:path';
import { temporaryFolder } from '../support/programs.js';
import { closeNow, tcp } from '../support/sockets.js';
import { outcome, type Case } from './case.js';
import {
  ADDR,
  ANY4,
  apart,
  awaitEnd,
  binding,
  bindingSoon,
  bound,
  finish,
  freePort,
  has,
  joined,
  listening,
  NONE,
  on,
  open,
  PORT,
  portOf,
  soon,
  v4,
  v6,
  type Ends,
} from './endpoints.js';
import { abstractName, NEEDS_IPV6 } from './fixtures.js';

/** Without and with the option, on the first socket and on the second. */
const FOUR = (options: number[]): [number[], number[]][] => [
  [NONE, NONE],
  [NONE, options],
  [options, NONE],
  [options, options],
];

/** A server that closes its connection first, and its listener last. It returns the address to start again at. */
function served(address: s.SocketAddress, options: number[], before?: (listener: number, server: number) => void) {
  const listener = listening(address, options);
  const name = s.getsockname(listener);
  const { client, server } = joined(listener);
  before?.(listener, server);
  finish(server, client);
  closeNow(listener);
  return name;
}

/** As bind_timewait of every kernel: accepted connection, client and listener are closed in this order. */
function restarted(address: s.SocketAddress, first: number[], second: number[]): string {
  return binding(served(address, first), second);
}

const clear = (fd: number): void => s.setsockopt(fd, s.SOL_SOCKET, s.SO_REUSEADDR, 0);

/** A dual-stack server that an IPv4 client has used; the restart is on the same port. */
function restartedDual(again: (port: number) => s.SocketAddress, options: number[]): string {
  const listener = listening(v6(0, '::'), options);
  const port = portOf(listener);
  const client = tcp();
  s.connect(client, v4(port));
  const { fd } = s.accept(listener);
  s.close(fd);
  awaitEnd(client);
  closeNow(client);
  closeNow(listener);
  return binding(again(port), options);
}

/** An accepted connection without its listener; `half` closes half of it. */
function restartedBeside(options: number[], half: (ends: Ends) => void): string {
  const ends = apart(v4(), options);
  half(ends);
  return binding(v4(ends.port), options);
}

const toCloseWait = ({ client, server }: Ends): void => {
  closeNow(client);
  awaitEnd(server);
};

const toFinWait2 = ({ client, server }: Ends): void => {
  s.shutdown(server, s.SHUT_WR);
  awaitEnd(client);
};

/** An IPv6 client of every address, connected to ::1: an IPv4 socket can have its port, while it is open and after. */
function besideDualClient(): string[] {
  const listener = listening(v6());
  const client = bound(v6(0, '::'));
  const port = portOf(client);
  const { server } = joined(listener, client);
  const address = v4(port);
  const probe = open(address);
  const during = outcome(() => s.bind(probe, address));
  closeNow(probe);
  finish(client, server);
  return [during, binding(address)];
}

export const reuseCases: Case[] = [
  ...['127.0.0.1', ANY4].map((address, index) => ({
    id: `REUSE-0${String(index + 1)}`,
    what: `a restart at ${address} without SO_REUSEADDR, after the server has closed first`,
    run: () => restarted(v4(0, address), NONE, NONE),
    expected: 'EADDRINUSE',
  })),
  {
    id: 'REUSE-03',
    what: 'a restart while the port is in TIME_WAIT works where both runs have SO_REUSEADDR',
    run: () => FOUR(ADDR).map(([first, second]) => restarted(v4(), first, second)),
    expected: ['EADDRINUSE', 'EADDRINUSE', 'EADDRINUSE', 'ok'],
  },
  {
    id: 'REUSE-04',
    what: "a client that closes first keeps its own port busy, and not the server's",
    run: async () => {
      const { client, server, port } = apart();
      const clientPort = portOf(client);
      finish(client, server);
      return [await bindingSoon(v4(port)), binding(v4(clientPort))];
    },
    expected: ['ok', 'EADDRINUSE'],
  },
  {
    id: 'REUSE-05',
    what: 'a listener is never displaced',
    run: () => FOUR(ADDR).map(([first, second]) => binding(v4(portOf(listening(v4(), first))), second)),
    expected: Array(4).fill('EADDRINUSE'),
  },
  {
    id: 'REUSE-06',
    what: 'a socket that is bound and does not listen shares its port where both have SO_REUSEADDR',
    run: () => FOUR(ADDR).map(([first, second]) => binding(v4(portOf(bound(v4(), first))), second)),
    expected: ['EADDRINUSE', 'EADDRINUSE', 'EADDRINUSE', 'ok'],
  },
  {
    id: 'REUSE-08',
    what: 'an accepted connection in CLOSE_WAIT and in FIN_WAIT2, with SO_REUSEADDR on both and on none',
    run: () =>
      [ADDR, NONE].flatMap((options) => [toCloseWait, toFinWait2].map((half) => restartedBeside(options, half))),
    expected: ['ok', 'ok', 'EADDRINUSE', 'EADDRINUSE'],
  },
  {
    id: 'REUSE-10',
    what: 'every address beside a listener at one, both with SO_REUSEADDR',
    run: () => binding(v4(portOf(listening(v4(), ADDR)), ANY4), ADDR),
    expected: 'EADDRINUSE',
  },
  {
    id: 'REUSE-11',
    what: 'an IPv6 socket on the port does not let every IPv4 address in beside a listener at one',
    run: () => {
      const port = freePort();
      listening(v4(port), ADDR);
      const first = binding(v4(port, ANY4), ADDR);
      const only6 = open(v6(port, '::'), ADDR);
      s.setsockopt(only6, s.IPPROTO_IPV6, s.IPV6_V6ONLY, 1);
      const second = outcome(() => s.bind(only6, v6(port, '::')));
      const third = binding(v4(port, ANY4), ADDR);
      closeNow(only6);
      return [first, second, third, binding(v4(port, ANY4), ADDR)];
    },
    expected: ['EADDRINUSE', 'ok', 'EADDRINUSE', 'EADDRINUSE'],
    skip: NEEDS_IPV6,
  },
  {
    id: 'REUSE-14',
    what: "a server that closes first leaves its own port busy, and the client's free",
    run: async () => {
      const { client, server, port } = apart(v4(), NONE, bound(v4()));
      const clientPort = portOf(client);
      finish(server, client);
      return [await bindingSoon(v4(clientPort)), binding(v4(port))];
    },
    expected: ['ok', 'EADDRINUSE'],
  },
  {
    id: 'REUSE-17',
    what: 'the port of a connected client: without SO_REUSEADDR, and with it on both',
    run: async () => {
      const again = (options: number[]): string => {
        const { client } = joined(listening(v4()), open(v4(), options));
        return binding(v4(portOf(client)), options);
      };
      return [again(NONE), await soon('ok', () => again(ADDR))]; // TIME_WAIT of another connection may be on the port
    },
    expected: ['EADDRINUSE', 'ok'],
  },
  {
    id: 'REUSE-18',
    what: 'a client closed in FIN_WAIT2 keeps its port for TCP_LINGER2, then gives it up',
    run: async () => {
      const { client } = apart(v4(), NONE, bound(v4()));
      const port = portOf(client);
      s.setsockopt(client, s.IPPROTO_TCP, has(s.TCP_LINGER2), 1);
      closeNow(client);
      return [binding(v4(port)), await bindingSoon(v4(port))];
    },
    expected: ['EADDRINUSE', 'ok'],
  },
  {
    id: 'REUSE-19',
    what: 'SO_REUSEADDR and SO_REUSEPORT are off, until they are switched on',
    run: () => {
      const fd = tcp();
      const both = (): number[] => [...ADDR, ...PORT].map((option) => s.getsockopt(fd, s.SOL_SOCKET, option));
      const before = both();
      on(fd, [...ADDR, ...PORT]);
      return [...before, ...both()];
    },
    expected: [0, 0, 1, 1],
  },
  {
    id: 'REUSE-20',
    what: 'SO_REUSEADDR does nothing for unix sockets: a path left behind, and a name in use',
    run: () => {
      const path = { family: 'Unix', path: join(temporaryFolder(), 'socket') } as const;
      closeNow(bound(path));
      const name = abstractName();
      bound(name);
      return [binding(path, ADDR), binding(name, ADDR)];
    },
    expected: ['EADDRINUSE', 'EADDRINUSE'],
  },
  {
    id: 'REUSE-39',
    what: 'without options the second bind is refused, before anybody listens',
    run: () => binding(v4(portOf(bound(v4()))), ADDR),
    expected: 'EADDRINUSE',
  },
  {
    id: 'REUSE-40',
    what: "an IPv6 client's port is free for IPv4, while it is connected to ::1 and in TIME_WAIT",
    run: besideDualClient,
    expected: ['ok', 'ok'],
    skip: NEEDS_IPV6,
  },
  {
    id: 'REUSE-42',
    what: 'a dual-stack server that an IPv4 client used: a restart for both and for IPv4, without and with the option',
    run: () =>
      [NONE, ADDR].flatMap((options) => [
        restartedDual((port) => v6(port, '::'), options),
        restartedDual((port) => v4(port, ANY4), options),
      ]),
    expected: ['EADDRINUSE', 'EADDRINUSE', 'ok', 'ok'],
    skip: NEEDS_IPV6,
  },
  {
    id: 'REUSE-44',
    what: 'what counts is the accepted socket: listener set after accept; accepted socket set; listener set before',
    run: () => {
      const early = listening(v4());
      on(early, ADDR);
      const { client, server } = joined(early);
      const address = s.getsockname(early);
      finish(server, client);
      closeNow(early);
      return [
        binding(
          served(v4(), NONE, (listener) => on(listener, ADDR)),
          ADDR,
        ),
        binding(
          served(v4(), NONE, (_, accepted) => on(accepted, ADDR)),
          ADDR,
        ),
        binding(address, ADDR),
        binding(
          served(v4(), ADDR, (_, accepted) => clear(accepted)),
          ADDR,
        ),
      ];
    },
    expected: ['EADDRINUSE', 'ok', 'ok', 'EADDRINUSE'],
  },
  {
    id: 'REUSE-45',
    what: 'SO_REUSEPORT on both runs clears TIME_WAIT too; one option does not stand in for the other',
    run: () => [restarted(v4(), PORT, PORT), restarted(v4(), ADDR, PORT), restarted(v4(), PORT, ADDR)],
    expected: ['ok', 'EADDRINUSE', 'EADDRINUSE'],
  },
];

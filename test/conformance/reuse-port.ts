/** Sockets that share a port: SO_REUSEPORT, and SO_REUSEADDR of UDP. */
import * as s from 'bsd-sockets';
import { closeNow, closing, tcp } from '../support/sockets.js';
import { NEEDS_ROOT, outcome, received, type Case } from './case.js';
import {
  ADDR,
  ANY4,
  binding,
  bound,
  freePort,
  has,
  listening,
  NONE,
  on,
  open,
  PORT,
  portOf,
  readable,
  soon,
  sysctl,
  v4,
  v6,
} from './endpoints.js';
import { NEEDS_IPV6 } from './fixtures.js';
import { lines } from './processes.js';

const { SOCK_DGRAM, SOCK_STREAM } = s;
const BPF_RETURN = 6; // BPF_RET | BPF_K
const FOUR = [
  [NONE, NONE],
  [NONE, PORT],
  [PORT, NONE],
  [PORT, PORT],
] as const;

/** Sends one datagram to the IPv4 loopback. */
function sendTo(port: number): void {
  s.sendto(open(v4(), NONE, SOCK_DGRAM), Buffer.from('x'), 0, v4(port));
}

/** Connections that wait in a listener's queue: TCP_INFO says so. */
const queueOf = (listener: number): number =>
  s.tcp_info.decode(s.getsockopt(listener, s.IPPROTO_TCP, has(s.TCP_INFO), s.tcp_info.size)).unacked;

/** Connects `count` clients to a port that two listeners share. */
function clientsOf(port: number, count: number): number[] {
  return Array.from({ length: count }, () => {
    const client = tcp();
    s.connect(client, v4(port));
    return client;
  });
}

function twoListeners(): [first: number, second: number, port: number] {
  const first = listening(v4(), PORT);
  const port = portOf(first);
  return [first, listening(v4(port), PORT), port];
}

function shareConnections(): [boolean, number] {
  const [first, second, port] = twoListeners();
  clientsOf(port, 64);
  const counts: [number, number] = [0, 0];
  const listeners = [first, second] as const;
  while (counts[0] + counts[1] < 64) {
    const which = readable(listeners);
    if (which === -1) break;
    closing(s.accept(listeners[which] as number).fd);
    counts[which as 0 | 1]++;
  }
  return [counts.every((count) => count > 0), counts[0] + counts[1]];
}

/** Closes one of two listeners, and counts the clients that this resets. */
async function closeOne(): Promise<boolean> {
  const [first, second, port] = twoListeners();
  const clients = clientsOf(port, 32);
  await soon(clients.length, () => queueOf(first) + queueOf(second));
  const lost = queueOf(first);
  closeNow(first);
  const resets = new Set<number>();
  const count = (): number => {
    for (const fd of clients) if (received(fd) === 'ECONNRESET') resets.add(fd); // it says so once
    return resets.size;
  };
  return lost > 0 && lost === (await soon(lost, count));
}

/** Which socket gets a datagram for 127.0.0.1: the sockets have one port and SO_REUSEPORT. */
function mixedReceiver(): number {
  const port = freePort();
  const four = [ANY4, ANY4].map((address) => v4(port, address));
  const six = ['::', '::'].map((address) => v6(port, address));
  const addresses = [...four, ...six, v4(port), ...four, ...six];
  const sockets = addresses.map((address) => bound(address, PORT, SOCK_DGRAM));
  sendTo(port);
  return readable(sockets);
}

/** The family of the socket that gets what an IPv4 peer sends. */
function familyOfReceiver(type: number, firstSix: boolean): string {
  const port = freePort();
  const groups = [v6(port, '::'), v4(port, ANY4)].map((address) => Array<s.SocketAddress>(5).fill(address));
  const sockets = (firstSix ? groups : groups.reverse()).flat().map((address) => bound(address, PORT, type));
  if (type === SOCK_STREAM) {
    for (const fd of sockets) s.listen(fd);
    s.connect(tcp(), v4(port));
  } else sendTo(port);
  return s.getsockname(sockets[readable(sockets)] ?? -1).family;
}

/** UDP sockets that bind one address with SO_REUSEADDR, and who gets a datagram after each. */
function lastBound(): { binds: string[]; receivers: number[] } {
  const sockets: number[] = [];
  const port = freePort();
  const rows = [0, 1, 2].map(() => {
    const fd = open(v4(), ADDR, SOCK_DGRAM);
    sockets.push(fd);
    const bind = outcome(() => s.bind(fd, v4(port)));
    sendTo(port);
    const receiver = readable(sockets);
    s.recv(sockets[receiver] ?? -1, Buffer.alloc(8));
    return { bind, receiver };
  });
  return { binds: rows.map(({ bind }) => bind), receivers: rows.map(({ receiver }) => receiver) };
}

const OTHER_USER = `
  process.seteuid(10);
  const mine = tcp(s.SO_REUSEPORT);
  process.seteuid(0);
  process.seteuid(20);
  const other = tcp(s.SO_REUSEPORT);
  s.bind(mine, v4(0));
  const address = s.getsockname(mine);
  say(() => s.bind(other, address));
`;

export const reusePortCases: Case[] = [
  {
    id: 'REUSE-21',
    what: 'SO_REUSEPORT shares a port where both have it: of a TCP listener, and of UDP sockets',
    run: () => [
      ...FOUR.map(([first, second]) => binding(v4(portOf(listening(v4(), first))), second)),
      ...FOUR.map(([first, second]) => binding(v4(portOf(bound(v4(), first, SOCK_DGRAM))), second, SOCK_DGRAM)),
    ],
    expected: ['EADDRINUSE', 'EADDRINUSE', 'EADDRINUSE', 'ok', 'EADDRINUSE', 'EADDRINUSE', 'EADDRINUSE', 'ok'],
  },
  {
    id: 'REUSE-23',
    what: 'SO_REUSEPORT shares no port with another user',
    run: () => lines(OTHER_USER),
    expected: ['EADDRINUSE'],
    skip: NEEDS_ROOT,
  },
  {
    id: 'REUSE-24',
    what: 'two listeners with SO_REUSEPORT each get some connections, and no connection is lost',
    run: shareConnections,
    expected: [true, 64],
  },
  {
    id: 'REUSE-25',
    what: 'the connections in the queue of a listener that closes are reset, though another has its port',
    run: closeOne,
    expected: true,
    skip: sysctl('net.ipv4.tcp_migrate_req') === 1 ? 'net.ipv4.tcp_migrate_req hands them over' : undefined,
  },
  {
    id: 'REUSE-26',
    what: 'a datagram goes to the one socket whose address is the most specific',
    run: mixedReceiver,
    expected: 4,
    skip: NEEDS_IPV6,
  },
  {
    id: 'REUSE-28',
    what: 'what an IPv4 peer sends goes to an IPv4 socket, whichever family was bound first',
    run: () => [
      familyOfReceiver(SOCK_DGRAM, true),
      familyOfReceiver(SOCK_DGRAM, false),
      familyOfReceiver(SOCK_STREAM, true),
      familyOfReceiver(SOCK_STREAM, false),
    ],
    expected: Array(4).fill('IPv4'),
    skip: NEEDS_IPV6,
  },
  {
    id: 'REUSE-29',
    what: 'two UDP sockets without options',
    run: () => binding(v4(portOf(bound(v4(), NONE, SOCK_DGRAM))), NONE, SOCK_DGRAM),
    expected: 'EADDRINUSE',
  },
  {
    id: 'REUSE-30',
    what: 'of UDP sockets with SO_REUSEADDR the last one to bind gets every datagram',
    run: lastBound,
    expected: { binds: ['ok', 'ok', 'ok'], receivers: [0, 1, 2] },
  },
  {
    id: 'REUSE-43',
    what: 'SO_REUSEPORT that the first listener sets afterwards counts',
    run: () => {
      const first = listening(v4());
      on(first, PORT);
      const second = open(v4(), PORT);
      return [outcome(() => s.bind(second, s.getsockname(first))), outcome(() => s.listen(second))];
    },
    expected: ['ok', 'ok'],
  },
  {
    id: 'REUSE-X04',
    what: 'SO_ATTACH_REUSEPORT_CBPF says which of the sockets gets each datagram',
    run: () => {
      const port = freePort();
      const sockets = [0, 1, 2].map(() => bound(v4(port), PORT, SOCK_DGRAM));
      return sockets.map((fd, index) => {
        const program = s.sock_filter.encode([{ code: BPF_RETURN, jt: 0, jf: 0, k: index }]);
        s.setsockopt(fd, s.SOL_SOCKET, has(s.SO_ATTACH_REUSEPORT_CBPF), program);
        sendTo(port);
        const receiver = readable(sockets);
        s.recv(fd, Buffer.alloc(8));
        return receiver;
      });
    },
    expected: [0, 1, 2],
  },
];

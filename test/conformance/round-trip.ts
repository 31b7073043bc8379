/** Whole conversations: bind, connect, send, receive and answer, over every family. */
import * as s from 'bsd-sockets';
import { join } from 'node:path';
import { temporaryFolder } from '../support/programs.js';
import { connection } from '../support/sockets.js';
import { answer, outcome, type Case } from './case.js';
import { bound, v4, v6 } from './endpoints.js';
import { accepted, awaited, made, NEEDS_IPV6, noSockets, polled, sendText, udp, unix } from './fixtures.js';

const path = (): s.SocketAddress => ({ family: 'Unix', path: join(temporaryFolder(), 'socket') });

const INTERNET = [v4(), v4(0, '0.0.0.0'), v6(), v6(0, '::')];

/** A stream client asks, the server answers; the domain and the type of the client are those of the listener. */
function asked(listener: number): string {
  s.listen(listener);
  const [domain, type] = [s.SO_DOMAIN, s.SO_TYPE].map((option) => s.getsockopt(listener, s.SOL_SOCKET, option));
  const client = made(domain as number, type as number);
  s.connect(client, s.getsockname(listener));
  const server = accepted(listener);
  sendText(client, 'req');
  if (awaited(server) !== 'req') return 'the request did not come';
  sendText(server, 'reply');
  return awaited(client) === 'reply' ? 'ok' : 'the reply did not come';
}

/** A datagram client asks, the server answers to the address from which it was asked. */
function askedFromAfar(server: number, client: number): string {
  s.sendto(client, Buffer.from('req'), 0, s.getsockname(server));
  const buffer = Buffer.alloc(8);
  const { bytesRead, address } = s.recvfrom(server, buffer);
  if (address === null || buffer.toString('latin1', 0, bytesRead) !== 'req') return 'the request did not come';
  s.sendto(server, Buffer.from('reply'), 0, address);
  return awaited(client) === 'reply' ? 'ok' : 'the reply did not come';
}

export const roundTripCases: Case[] = [
  {
    id: 'TRIP-01',
    what: 'streams: unix by path and by abstract name, stream and seqpacket, and TCP over IPv4 and IPv6',
    run: () => [
      ...[s.SOCK_STREAM, s.SOCK_SEQPACKET].flatMap((type) => [asked(unix(type, path())), asked(unix(type))]),
      ...INTERNET.map((address) => asked(bound(address))),
    ],
    expected: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
    skip: NEEDS_IPV6,
  },
  {
    id: 'TRIP-02',
    what: 'datagrams: unix by path and by abstract name, and UDP over IPv4 and IPv6',
    run: () => [
      askedFromAfar(unix(s.SOCK_DGRAM, path()), unix(s.SOCK_DGRAM, path())),
      askedFromAfar(unix(s.SOCK_DGRAM), unix(s.SOCK_DGRAM)),
      ...INTERNET.map((address) => askedFromAfar(udp(address), udp(address))),
    ],
    expected: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
    skip: NEEDS_IPV6,
  },
  {
    id: 'TRIP-03',
    what: 'recvfrom: no socket, and MSG_OOB and MSG_ERRQUEUE over TCP',
    run: () => {
      const { client, server } = connection();
      sendText(client, 'x');
      polled(server, s.POLLIN, 5000);
      const from = (flags: number): unknown => answer(() => s.recvfrom(server, Buffer.alloc(8), flags));
      return [...noSockets((fd) => s.recvfrom(fd, Buffer.alloc(8))), from(s.MSG_OOB), from(s.MSG_ERRQUEUE)];
    },
    expected: ['EBADF', 'ENOTSOCK', 'EINVAL', 'EAGAIN'],
  },
  {
    id: 'TRIP-X01',
    what: 'a unix datagram client that the kernel names is answered by that name',
    run: () => askedFromAfar(unix(s.SOCK_DGRAM), unix(s.SOCK_DGRAM, { family: 'Unix', path: '' })),
    expected: 'ok',
  },
  {
    id: 'TRIP-X02',
    what: 'an IPv4 client is answered by an IPv6 server under its mapped address',
    run: () => {
      const server = udp(v6(0, '::'));
      const name = s.getsockname(server);
      const client = made(s.AF_INET, s.SOCK_DGRAM);
      s.sendto(client, Buffer.from('q'), 0, v4('port' in name ? name.port : 0));
      const { address } = s.recvfrom(server, Buffer.alloc(8));
      if (address === null || !('address' in address)) return address;
      return [address.address, outcome(() => s.sendto(server, Buffer.from('r'), 0, address)), awaited(client)];
    },
    expected: ['::ffff:127.0.0.1', 'ok', 'r'],
    skip: NEEDS_IPV6,
  },
];

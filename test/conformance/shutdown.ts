/** shutdown(2), and what it does to calls that wait. */
import * as s from 'bsd-sockets';
import { closeNow, connection, tcp, timed } from '../support/sockets.js';
import { answer, outcome, received, type Case } from './case.js';
import { bound, v4 } from './endpoints.js';
import {
  accepted,
  awaited,
  fullListener,
  listens,
  made,
  nonBlocking,
  noSockets,
  pair,
  polled,
  sendText,
  udp,
  udpPair,
} from './fixtures.js';
import { whileAsleep } from './thread.js';

const shutting = (fd: number, how: number): string => outcome(() => s.shutdown(fd, how));

const sending = (fd: number, text: string): unknown => answer(() => sendText(fd, text));

/** What recv says when another thread shuts the socket down. */
const woken = async (fd: number, how: number): Promise<[got: string, shut: unknown]> => {
  const { answer: got, meanwhile } = await whileAsleep(() => awaited(fd), fd, 'shutdown', fd, how);
  return [got, meanwhile];
};

export const shutdownCases: Case[] = [
  {
    id: 'SHUT-01',
    what: 'a closed descriptor, one that is no socket, and a TCP socket without a peer',
    run: () => [...noSockets((fd) => s.shutdown(fd, s.SHUT_RDWR)), shutting(bound(v4()), s.SHUT_RDWR)],
    expected: ['EBADF', 'ENOTSOCK', 'ENOTCONN'],
    differs: 'C takes -1 and says EBADF; here -1 is ERR_OUT_OF_RANGE, so the descriptor is a closed one',
  },
  {
    id: 'SHUT-04',
    what: 'a unix pair: SHUT_RD stops the sends of the peer, SHUT_WR ends what it receives',
    run: () => {
      const [[first, firstPeer], [second, secondPeer]] = [pair(), pair()];
      s.shutdown(first, s.SHUT_RD);
      s.shutdown(second, s.SHUT_WR);
      return [sending(firstPeer, 'x'), received(secondPeer)];
    },
    expected: ['EPIPE', ''],
  },
  {
    id: 'SHUT-05',
    what: 'SHUT_RD of TCP: queued data come, then the end; later data still come; the peer notices nothing',
    run: () => {
      const { client, server } = connection();
      sendText(client, 'old');
      polled(server, s.POLLIN, 5000);
      s.shutdown(server, s.SHUT_RD);
      const before = [received(server), received(server), sending(client, 'new')];
      return [...before, awaited(server), polled(client, 0)];
    },
    expected: ['old', '', 3, 'new', '0'],
  },
  {
    id: 'SHUT-06',
    what: 'SHUT_WR of TCP twice',
    run: () => {
      const { client } = connection();
      return [shutting(client, s.SHUT_WR), shutting(client, s.SHUT_WR)];
    },
    expected: ['ok', 'ok'],
  },
  {
    id: 'SHUT-08',
    what: 'a half-closed TCP connection still carries data the other way',
    run: () => {
      const { client, server } = connection();
      sendText(client, 'q');
      s.shutdown(client, s.SHUT_WR);
      const got = [awaited(server), awaited(server)];
      sendText(server, 'r');
      return [...got, awaited(client)];
    },
    expected: ['q', '', 'r'],
  },
  {
    id: 'SHUT-09',
    what: 'SHUT_WR of a listener does nothing; SHUT_RD ends its listening',
    run: () => {
      const listener = listens(bound(v4()));
      const connecting = (): string => outcome(() => s.connect(tcp(), address));
      const address = s.getsockname(listener);
      const first = [shutting(listener, s.SHUT_WR), connecting(), outcome(() => accepted(listener))];
      return [...first, shutting(listener, s.SHUT_RD), outcome(() => accepted(listener)), connecting()];
    },
    expected: ['ok', 'ok', 'ok', 'ok', 'EINVAL', 'ECONNREFUSED'],
  },
  {
    id: 'SHUT-10',
    what: 'UDP without a peer, and SHUT_RD with one: receiving does not wait any more',
    run: () => {
      const [fd] = udpPair();
      return [shutting(udp(), s.SHUT_RD), shutting(udp(), s.SHUT_WR), shutting(fd, s.SHUT_RD), awaited(fd)];
    },
    expected: ['ENOTCONN', 'ENOTCONN', 'ok', ''],
  },
  {
    id: 'SHUT-11',
    what: 'SHUT_RD in another thread wakes recv: UDP with a peer, TCP, unix',
    run: async () => [
      await woken(udpPair()[0], s.SHUT_RD),
      await woken(connection().client, s.SHUT_RD),
      await woken(pair()[0], s.SHUT_RD),
    ],
    expected: [
      ['', 'ok'],
      ['', 'ok'],
      ['', 'ok'],
    ],
  },
  {
    id: 'SHUT-12',
    what: 'SHUT_RDWR of a UDP socket without a peer in another thread fails, and still wakes recv',
    run: () => woken(udp(), s.SHUT_RDWR),
    expected: ['', 'ENOTCONN'],
  },
  {
    id: 'SHUT-13',
    what: 'close in another thread does not wake recv: it ends at SO_RCVTIMEO',
    run: async () => {
      const fd = timed(s.socket(s.AF_INET, s.SOCK_DGRAM), 300);
      const { answer: got, meanwhile, tookMs } = await whileAsleep(() => awaited(fd), fd, 'close', fd);
      return [got, meanwhile, tookMs >= 280];
    },
    expected: ['EAGAIN', 'ok', true],
  },
  {
    id: 'SHUT-14',
    what: 'SHUT_RD of a TCP socket that is still connecting ends that',
    run: () => {
      const fd = nonBlocking(tcp());
      outcome(() => s.connect(fd, fullListener().address));
      return [shutting(fd, s.SHUT_RD), polled(fd, 0)];
    },
    expected: ['ok', 'ERR|HUP'],
  },
  {
    id: 'SHUT-15',
    what: 'send over UDP after SHUT_WR',
    run: () => {
      const [fd] = udpPair();
      s.shutdown(fd, s.SHUT_WR);
      return sending(fd, 'x');
    },
    expected: 'EPIPE',
  },
  {
    id: 'SHUT-X01',
    what: 'directions that there are not',
    run: () => {
      const { client } = connection();
      return [3, -1, 2 ** 31 - 1].map((how) => shutting(client, how));
    },
    expected: ['EINVAL', 'EINVAL', 'EINVAL'],
  },
  {
    id: 'SHUT-X02',
    what: 'a unix stream and seqpacket without a peer, and one whose peer has closed',
    run: () => {
      const [fd, peer] = pair();
      closeNow(peer);
      return [made(s.AF_UNIX, s.SOCK_STREAM), made(s.AF_UNIX, s.SOCK_SEQPACKET), fd].map((one) =>
        shutting(one, s.SHUT_RDWR),
      );
    },
    expected: ['ok', 'ok', 'ok'],
  },
  {
    id: 'SHUT-X03',
    what: 'after SHUT_RDWR of TCP at both ends there is no peer name any more',
    run: () => {
      const { client, server } = connection();
      s.shutdown(client, s.SHUT_RDWR);
      s.shutdown(server, s.SHUT_RDWR);
      polled(client, s.POLLIN, 5000);
      return [client, server].map((fd) => answer(() => s.getpeername(fd).family));
    },
    expected: ['ENOTCONN', 'ENOTCONN'],
  },
  {
    id: 'SHUT-X04',
    what: 'SHUT_RD of a listener in another thread wakes accept, and the listener can listen again',
    run: async () => {
      const fd = listens(bound(v4()));
      const { answer: got } = await whileAsleep(() => s.accept(fd), fd, 'shutdown', fd, s.SHUT_RD);
      return [got, outcome(() => s.listen(fd)), outcome(() => s.connect(tcp(), s.getsockname(fd)))];
    },
    expected: ['EINVAL', 'ok', 'ok'],
  },
];

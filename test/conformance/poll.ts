/** poll(2). */
import * as s from 'bsd-sockets';
import { closeSync, openSync } from 'node:fs';
import { reset } from '../support/peers.js';
import { closeNow, connection, tcp } from '../support/sockets.js';
import { answer, received, type Case } from './case.js';
import { bound, closedFd, v4 } from './endpoints.js';
import {
  eventNames,
  interruptedCalls,
  listens,
  made,
  nonBlocking,
  pair,
  pendingError,
  polled,
  sendText,
  unix,
} from './fixtures.js';
import { FEW_DESCRIPTORS, lines } from './processes.js';
import { whileAsleep } from './thread.js';

const ALL = s.POLLIN | s.POLLOUT | s.POLLRDHUP;

export const pollCases: Case[] = [
  {
    id: 'POLL-03',
    what: 'a signal with a listener interrupts a poll without end, and one with an end',
    run: () =>
      interruptedCalls(`
        const [fd] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
        for (const timeoutMs of [-1, 10_000]) interrupted(() => s.poll([{ fd, events: s.POLLIN }], timeoutMs));`),
    expected: ['EINTR', 'EINTR'],
  },
  {
    id: 'POLL-05',
    what: 'a negative descriptor is passed over, a closed one beside it counts, and events stay as they are',
    run: () => {
      const fds: s.PollFd[] = [
        { fd: -1, events: s.POLLIN, revents: s.POLLIN },
        { fd: closedFd(), events: s.POLLOUT },
      ];
      const ready = s.poll(fds, 0);
      return [ready, ...fds.map(({ revents }) => eventNames(revents)), ...fds.map(({ events }) => eventNames(events))];
    },
    expected: [1, '0', 'NVAL', 'IN', 'OUT'],
  },
  {
    id: 'POLL-07',
    what: 'only what was asked for, and it is told again until all is read',
    run: () => {
      const [from, to] = pair();
      const writeSide = polled(from, s.POLLIN);
      sendText(from, 'ab');
      const seen = [polled(to, s.POLLIN)];
      for (let i = 0; i < 2; i++) {
        received(to, 1);
        seen.push(polled(to, s.POLLIN));
      }
      return [writeSide, ...seen];
    },
    expected: ['0', 'IN', 'IN', '0'],
  },
  {
    id: 'POLL-08',
    what: 'sockets that are new: TCP, UDP, unix stream, and a listener',
    run: () =>
      [tcp(), made(s.AF_INET, s.SOCK_DGRAM), made(s.AF_UNIX, s.SOCK_STREAM), listens(bound(v4()))].map((fd) =>
        polled(fd, s.POLLIN | s.POLLOUT),
      ),
    expected: ['OUT|HUP', 'OUT', 'OUT|HUP', '0'],
  },
  {
    id: 'POLL-09',
    what: 'a TCP peer that has ended its sending, and then we have too',
    run: () => {
      const { client, server } = connection();
      s.shutdown(server, s.SHUT_WR);
      const first = polled(client, s.POLLIN | s.POLLRDHUP, 5000);
      s.shutdown(client, s.SHUT_WR);
      polled(server, s.POLLRDHUP, 5000);
      return [first, polled(client, s.POLLIN | s.POLLRDHUP)];
    },
    expected: ['IN|RDHUP', 'IN|HUP|RDHUP'],
  },
  {
    id: 'POLL-10',
    what: 'a TCP connection that was reset: all that was asked for, and more',
    run: () => {
      const { client, server } = connection();
      reset(server);
      polled(client, 0, 5000);
      return polled(client, ALL);
    },
    expected: 'IN|OUT|ERR|HUP|RDHUP',
  },
  {
    id: 'POLL-11',
    what: 'a full TCP send buffer is not writable until the peer reads',
    run: () => {
      const { client, server } = connection();
      const chunk = Buffer.alloc(2 ** 20);
      nonBlocking(client);
      while (typeof answer(() => s.send(client, chunk)) === 'number');
      const full = polled(client, s.POLLOUT);
      while (polled(client, s.POLLOUT) === '0' && typeof answer(() => s.recv(server, chunk)) === 'number');
      return [full, polled(client, s.POLLOUT)];
    },
    expected: ['0', 'OUT'],
  },
  {
    id: 'POLL-12',
    what: 'SHUT_RDWR in another thread, of the socket and of its peer, wakes a poll for nothing',
    run: async () => {
      const answers = [];
      for (const shut of [0, 1] as const) {
        const ends = pair();
        const sleeping = (): string => polled(ends[0], 0, 5000);
        answers.push((await whileAsleep(sleeping, undefined, 'shutdown', ends[shut], s.SHUT_RDWR)).answer);
      }
      return answers;
    },
    expected: ['HUP', 'HUP'],
  },
  {
    id: 'POLL-13',
    what: 'a connected unix datagram socket after SHUT_RDWR, and its peer, which notices nothing',
    run: () => {
      const [fd, peer] = [made(s.AF_UNIX, s.SOCK_DGRAM), unix(s.SOCK_DGRAM)];
      s.connect(fd, s.getsockname(peer));
      s.shutdown(fd, s.SHUT_RDWR);
      return [polled(fd, ALL), polled(peer, s.POLLIN | s.POLLRDHUP)];
    },
    expected: ['IN|OUT|HUP|RDHUP', '0'],
  },
  {
    id: 'POLL-14',
    what: 'close in another thread does not wake poll: at its end the descriptor is gone',
    run: async () => {
      const fd = s.socket(s.AF_INET, s.SOCK_DGRAM);
      const { answer: got, tookMs } = await whileAsleep(() => polled(fd, s.POLLIN, 300), undefined, 'close', fd);
      return [got, tookMs >= 280];
    },
    expected: ['NVAL', true],
  },
  {
    id: 'POLL-16',
    what: 'a unix listener that goes before accept: SO_ERROR tells it once',
    run: () => {
      const listener = listens(unix());
      const fd = made(s.AF_UNIX, s.SOCK_STREAM);
      s.connect(fd, s.getsockname(listener));
      closeNow(listener);
      return [pendingError(fd), pendingError(fd)];
    },
    expected: ['ECONNRESET', 0],
  },
  {
    id: 'POLL-X01',
    what: 'no descriptors: it only waits',
    run: () => [s.poll([], 0), s.poll([], 5)],
    expected: [0, 0],
  },
  {
    id: 'POLL-X02',
    what: 'one descriptor twice, with other events: both count',
    run: () => {
      const [from, to] = pair();
      sendText(from, 'x');
      const fds: s.PollFd[] = [s.POLLIN, s.POLLOUT, 0].map((events) => ({ fd: to, events }));
      return [s.poll(fds, -1), ...fds.map(({ revents }) => eventNames(revents))];
    },
    expected: [2, 'IN', 'OUT', '0'],
  },
  {
    id: 'POLL-X03',
    what: 'what is no socket can be asked too: a file is always ready',
    run: () => {
      const file = openSync('/dev/null', 'r');
      try {
        return polled(file, s.POLLIN | s.POLLOUT);
      } finally {
        closeSync(file);
      }
    },
    expected: 'IN|OUT',
  },
  {
    id: 'POLL-X04',
    what: 'a listener with a connection, and a unix stream whose peer has closed',
    run: () => {
      const listener = listens(bound(v4()));
      s.connect(tcp(), s.getsockname(listener));
      const [fd, peer] = pair();
      closeNow(peer);
      return [polled(listener, ALL), polled(fd, ALL)];
    },
    expected: ['IN', 'IN|OUT|HUP|RDHUP'],
  },
  {
    id: 'POLL-X05',
    what: 'every event that poll can be asked for, also the ones of no socket',
    run: () => polled(tcp(), 0x7fff),
    expected: 'OUT|HUP',
  },
  {
    id: 'POLL-X06',
    what: 'more descriptors than the process may open',
    run: () =>
      lines(
        `for (const count of [64, 65])
          console.log(said(() => s.poll(Array.from({ length: count }, () => ({ fd: -1, events: 0 })), 0)));`,
        FEW_DESCRIPTORS,
      ),
    expected: ['0', 'EINVAL'],
  },
];

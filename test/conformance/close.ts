/** close(2), and what SO_LINGER makes of it. */
import * as s from 'bsd-sockets';
import { reset } from '../support/peers.js';
import { closeNow, closing, tcp } from '../support/sockets.js';
import { answer, outcome, received, type Case } from './case.js';
import { apart, awaitEnd, bindingSoon, closedFd, v4 } from './endpoints.js';
import { nonBlocking, polled } from './fixtures.js';

/** How long `call` takes, in milliseconds. */
function elapsedMs(call: () => void): number {
  const start = performance.now();
  call();
  return performance.now() - start;
}

function linger(fd: number, seconds: number): number {
  s.setsockopt(fd, s.SOL_SOCKET, s.SO_LINGER, s.linger.encode({ onoff: true, linger: seconds }));
  return fd;
}

/** A connection whose peer does not read, with as much data in it as there is room for. */
function stuffed(): number {
  const { client } = apart();
  nonBlocking(client);
  const chunk = Buffer.alloc(65536);
  while (typeof answer(() => s.send(client, chunk)) === 'number');
  s.fcntl(client, s.F_SETFL, 0);
  return client;
}

export const closeCases: Case[] = [
  {
    id: 'CLOSE-04',
    what: 'SO_LINGER does not hold a socket that is not connected',
    run: () => {
      const fd = linger(tcp(), 5);
      return elapsedMs(() => closeNow(fd)) < 5000;
    },
    expected: true,
  },
  {
    id: 'CLOSE-05',
    what: 'SO_LINGER holds a socket whose data cannot go, and without it close is quick',
    run: () => {
      const [lingering, plain] = [linger(stuffed(), 1), stuffed()];
      const [long, short] = [lingering, plain].map((fd) => elapsedMs(() => closeNow(fd))) as [number, number];
      return [long >= 900, short < long];
    },
    expected: [true, true],
  },
  {
    id: 'CLOSE-06',
    what: 'SO_LINGER with no seconds resets the connection, and leaves no TIME_WAIT on the port',
    run: async () => {
      const { client, server, port } = apart();
      reset(server);
      return [received(client, 64, 0), await bindingSoon(v4(port))];
    },
    expected: ['ECONNRESET', 'ok'],
  },
  {
    id: 'CLOSE-07',
    what: 'poll says at once that a descriptor is closed',
    run: () => {
      const one = { fd: closedFd(), events: s.POLLIN, revents: 0 };
      return [s.poll([one], 5000), one.revents === s.POLLNVAL];
    },
    expected: [1, true],
  },
  {
    id: 'CLOSE-X01',
    what: 'a descriptor twice',
    run: () => {
      const fd = tcp();
      closeNow(fd);
      return outcome(() => s.close(fd));
    },
    expected: 'EBADF',
  },
  {
    id: 'CLOSE-X02',
    what: 'the number that close frees is the next to be given',
    run: () => {
      const [fd] = [tcp(), tcp()] as const;
      closeNow(fd);
      return tcp() === fd;
    },
    expected: true,
  },
  {
    id: 'CLOSE-X03',
    what: 'data that were not read make close a reset',
    run: () => {
      const { client, server } = apart();
      s.send(client, Buffer.from('unread'));
      polled(server, s.POLLIN, 5000);
      closeNow(server);
      return received(client, 64, 0);
    },
    expected: 'ECONNRESET',
  },
  {
    id: 'CLOSE-X04',
    what: 'while a duplicate is open the connection is, and the last close ends it',
    run: () => {
      const { client, server } = apart();
      const duplicate = closing(s.fcntl(server, s.F_DUPFD_CLOEXEC));
      closeNow(server);
      s.send(duplicate, Buffer.from('on'));
      const before = received(client, 64, 0);
      closeNow(duplicate);
      return [before, awaitEnd(client)];
    },
    expected: ['on', 0],
  },
];

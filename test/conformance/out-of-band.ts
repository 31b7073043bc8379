/** Urgent data: MSG_OOB over TCP and unix streams. */
import * as s from 'bsd-sockets';
import { connection } from '../support/sockets.js';
import { received, type Case } from './case.js';
import { awaited, needsLinux, pair, polled, sendText } from './fixtures.js';

const NOW = s.MSG_DONTWAIT;

/** The same over a unix stream and over TCP. */
function overBoth<Seen>(look: (from: number, to: number) => Seen): Seen[] {
  const { client, server } = connection();
  return [look(...pair()), look(client, server)];
}

/** The urgent byte, or why there is none. */
const urgent = (fd: number): string => received(fd, 8, s.MSG_OOB);

// Unix streams have urgent data since Linux 5.15.
const skip = needsLinux(5, 15);

export const outOfBandCases: Case[] = [
  {
    id: 'OOB-01',
    what: 'there is no urgent byte: a unix stream and TCP',
    run: () => overBoth((_, to) => urgent(to)),
    expected: ['EINVAL', 'EINVAL'],
    skip,
  },
  {
    id: 'OOB-02',
    what: 'the last byte of what is sent with MSG_OOB is urgent: poll tells it, and it is read apart, once',
    run: () =>
      overBoth((from, to) => {
        sendText(from, 'hello', s.MSG_OOB);
        const events = polled(to, s.POLLPRI, 5000);
        return [events, urgent(to), received(to), urgent(to)];
      }),
    expected: [
      ['PRI', 'o', 'hell', 'EINVAL'],
      ['PRI', 'o', 'hell', 'EINVAL'],
    ],
    skip,
  },
  {
    id: 'OOB-03',
    what: 'a recv stops at the urgent byte, also where there is room for more',
    run: () =>
      overBoth((from, to) => {
        sendText(from, 'hello', s.MSG_OOB);
        sendText(from, 'world');
        polled(to, s.POLLPRI, 5000);
        return [received(to), urgent(to), awaited(to)];
      }),
    expected: [
      ['hell', 'o', 'world'],
      ['hell', 'o', 'world'],
    ],
    skip,
  },
  {
    id: 'OOB-X01',
    what: 'SO_OOBINLINE: the urgent byte comes in its place, after a stop before it',
    run: () =>
      overBoth((from, to) => {
        s.setsockopt(to, s.SOL_SOCKET, s.SO_OOBINLINE, 1);
        sendText(from, 'hello', s.MSG_OOB);
        polled(to, s.POLLPRI, 5000);
        return [urgent(to), received(to), received(to)];
      }),
    expected: [
      ['EINVAL', 'hell', 'o'],
      ['EINVAL', 'hell', 'o'],
    ],
    skip,
  },
  {
    id: 'OOB-X02',
    what: 'MSG_PEEK leaves the urgent byte where it is',
    run: () =>
      overBoth((from, to) => {
        sendText(from, 'x', s.MSG_OOB);
        polled(to, s.POLLPRI, 5000);
        return [received(to, 8, s.MSG_OOB | s.MSG_PEEK), urgent(to), received(to, 8, NOW)];
      }),
    expected: [
      ['x', 'x', 'EAGAIN'],
      ['x', 'x', 'EAGAIN'],
    ],
    skip,
  },
];

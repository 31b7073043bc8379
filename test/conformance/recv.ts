/** recv(2) and recvfrom(2). */
import * as s from 'bsd-sockets';
import { closeNow, connection, timed } from '../support/sockets.js';
import { answer, outcome, received, type Case } from './case.js';
import { awaited, made, noSockets, pair, polled, sendText, udp, udpPair } from './fixtures.js';
import { whileAsleep } from './thread.js';

const NOW = s.MSG_DONTWAIT;

/** How many bytes recv says there are, with room for `length`. */
export const counted = (fd: number, length: number, flags: number): unknown =>
  answer(() => s.recv(fd, Buffer.alloc(length), flags));

/** Sends the text with the first socket, and waits until the second has it. */
export function delivered([from, to]: readonly [number, number], text: string): [number, number] {
  sendText(from, text);
  polled(to, s.POLLIN, 5000);
  return [from, to];
}

/** Both ends of a TCP connection. */
export const tcpPair = (): [number, number] => {
  const { client, server } = connection();
  return [client, server];
};

export const recvCases: Case[] = [
  {
    id: 'RECV-01',
    what: 'a descriptor that is not open, and one that is no socket',
    run: () => noSockets((fd) => s.recv(fd, Buffer.alloc(1))),
    expected: ['EBADF', 'ENOTSOCK'],
  },
  {
    id: 'RECV-03',
    what: 'ordinary data over TCP: MSG_OOB and MSG_ERRQUEUE',
    run: () => {
      const [, fd] = delivered(tcpPair(), 'x');
      return [received(fd, 8, s.MSG_OOB), received(fd, 8, s.MSG_ERRQUEUE)];
    },
    expected: ['EINVAL', 'EAGAIN'],
  },
  {
    id: 'RECV-06',
    what: 'unix sockets without a peer: stream, seqpacket, datagram',
    run: () => [s.SOCK_STREAM, s.SOCK_SEQPACKET, s.SOCK_DGRAM].map((type) => received(made(s.AF_UNIX, type))),
    expected: ['EINVAL', 'ENOTCONN', 'EAGAIN'],
  },
  {
    id: 'RECV-09',
    what: 'recvfrom names no sender over TCP, also right after one that did',
    run: () => {
      const [from, to] = udpPair();
      sendText(from, 'u');
      s.recvfrom(to, Buffer.alloc(8));
      const [, fd] = delivered(tcpPair(), 'ab');
      return s.recvfrom(fd, Buffer.alloc(8));
    },
    expected: { bytesRead: 2, address: null },
  },
  {
    id: 'RECV-11',
    what: 'half of a UDP datagram: the rest of it is gone',
    run: () => {
      const [, fd] = delivered(udpPair(), 'abcd');
      return [received(fd, 2), received(fd)];
    },
    expected: ['ab', 'EAGAIN'],
  },
  {
    id: 'RECV-12',
    what: 'MSG_TRUNC tells the real length of a UDP and of a unix datagram',
    run: () =>
      [udpPair(), pair(s.SOCK_DGRAM)].map((ends) => counted(delivered(ends, '0123456789')[1], 2, s.MSG_TRUNC | NOW)),
    expected: [10, 10],
  },
  {
    id: 'RECV-13',
    what: 'MSG_TRUNC over TCP throws bytes away and leaves the buffer as it is; with MSG_PEEK nothing is lost',
    run: () => {
      const [, first] = delivered(tcpPair(), 'abcd');
      const buffer = Buffer.from('..');
      const thrown = s.recv(first, buffer, s.MSG_TRUNC);
      const [, second] = delivered(tcpPair(), 'abcd');
      const peeked = counted(second, 2, s.MSG_PEEK | s.MSG_TRUNC);
      return [thrown, buffer.toString(), received(first), peeked, received(second)];
    },
    expected: [2, '..', 'cd', 2, 'abcd'],
  },
  {
    id: 'RECV-14',
    what: 'a unix stream does not know MSG_TRUNC: the data come',
    run: () => {
      const [, fd] = delivered(pair(), 'abcd');
      return [received(fd, 2, s.MSG_TRUNC), received(fd, 2)];
    },
    expected: ['ab', 'cd'],
  },
  {
    id: 'RECV-15',
    what: 'MSG_PEEK three times and then without: the same each time',
    run: () => {
      const [, fd] = delivered(tcpPair(), 'abc');
      return [s.MSG_PEEK, s.MSG_PEEK, s.MSG_PEEK, 0].map((flags) => received(fd, 8, flags | NOW));
    },
    expected: ['abc', 'abc', 'abc', 'abc'],
  },
  {
    id: 'RECV-16',
    what: 'an empty buffer with MSG_PEEK and MSG_TRUNC tells the length of the next datagram',
    run: () => {
      const [, fd] = delivered(udpPair(), '0123456789');
      return [counted(fd, 0, s.MSG_PEEK | s.MSG_TRUNC), received(fd)];
    },
    expected: [10, '0123456789'],
  },
  {
    id: 'RECV-18',
    what: 'an empty buffer on streams: 0 and nothing lost where there are data, EAGAIN where there are none',
    run: () => {
      const [[, local], [, stream]] = [delivered(pair(), 'x'), delivered(tcpPair(), 'x')];
      const counts = [counted(local, 0, NOW), received(local), counted(local, 0, NOW), counted(stream, 0, NOW)];
      received(stream);
      return [...counts, counted(stream, 0, NOW)];
    },
    expected: [0, 'x', 'EAGAIN', 0, 'EAGAIN'],
  },
  {
    id: 'RECV-19',
    what: 'MSG_WAITALL with MSG_DONTWAIT and no data, and with half of the data until SO_RCVTIMEO',
    run: () => {
      const [from, fd] = pair();
      const none = received(fd, 8, s.MSG_WAITALL | NOW);
      sendText(from, 'abcd');
      return [none, received(timed(fd, 50), 8, s.MSG_WAITALL)];
    },
    expected: ['EAGAIN', 'abcd'],
  },
  {
    id: 'RECV-20',
    what: 'MSG_WAITALL waits for the second half',
    run: async () => {
      const [from, fd] = delivered(tcpPair(), 'abcd');
      return (await whileAsleep(() => received(fd, 8, s.MSG_WAITALL), fd, 'send', from, 'efgh')).answer;
    },
    expected: 'abcdefgh',
  },
  {
    id: 'RECV-24',
    what: 'SO_RCVTIMEO ends the wait, and not before its time',
    run: () => {
      const fd = timed(udp(), 50);
      const startedMs = performance.now();
      return [awaited(fd), performance.now() - startedMs >= 45];
    },
    expected: ['EAGAIN', true],
  },
  {
    id: 'RECV-25',
    what: 'SO_RCVTIMEO with 2,000,000 and with -1 microseconds is refused; -1 seconds mean no wait at all',
    run: () => {
      const fd = udp();
      const set = [
        [0n, 2_000_000n],
        [0n, -1n],
        [-1n, 0n],
      ].map((time) => {
        const bytes = new Uint8Array(BigInt64Array.from(time).buffer);
        return outcome(() => s.setsockopt(fd, s.SOL_SOCKET, s.SO_RCVTIMEO, bytes));
      });
      return [...set, awaited(fd)];
    },
    expected: ['EDOM', 'EDOM', 'ok', 'EAGAIN'],
  },
  {
    id: 'RECV-27',
    what: 'a unix peer closes and has not read what we sent: reset once, then the end',
    run: () =>
      [s.SOCK_STREAM, s.SOCK_SEQPACKET].flatMap((type) => {
        const [fd, peer] = delivered(pair(type), 'x');
        closeNow(peer);
        return [received(fd), received(fd)];
      }),
    expected: ['ECONNRESET', '', 'ECONNRESET', ''],
  },
  {
    id: 'RECV-29',
    what: 'a TCP peer closes and has not read what we sent: the data that we hold stay, then comes the reset',
    run: () => {
      const [fd, peer] = delivered(tcpPair(), 'x');
      sendText(peer, 'peer');
      polled(fd, s.POLLIN, 5000);
      closeNow(peer);
      polled(fd, 0, 5000);
      return [received(fd), received(fd)];
    },
    expected: ['peer', 'ECONNRESET'],
  },
  {
    id: 'RECV-30',
    what: 'a TCP peer closes and has not read what we sent, and we hold no data',
    run: () => {
      const [fd, peer] = delivered(tcpPair(), 'x');
      closeNow(peer);
      return [polled(fd, 0, 5000), received(fd), received(fd)];
    },
    expected: ['ERR|HUP', 'ECONNRESET', ''],
  },
];

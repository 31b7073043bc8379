/** recv(2) and recvfrom(2): what else a reader can run into. */
import * as s from 'bsd-sockets';
import { connection, tcp } from '../support/sockets.js';
import { answer, NEEDS_ROOT, received, type Case } from './case.js';
import { abstractName, awaited, made, pair, sendText, udp, udpPair } from './fixtures.js';
import { counted, delivered, tcpPair } from './recv.js';
import { whileAsleep } from './thread.js';

const NOW = s.MSG_DONTWAIT;

/** An ArrayBuffer of ES2024. */
type Resizable = ArrayBuffer & { resize: (length: number) => void };

export const recvMoreCases: Case[] = [
  {
    id: 'RECV-X01',
    what: 'a UDP datagram and a seqpacket message of no bytes are received as 0, and the next one after it',
    run: () =>
      [udpPair(), pair(s.SOCK_SEQPACKET), pair(s.SOCK_DGRAM)].map(([from, to]) => {
        sendText(from, '');
        sendText(from, 'x');
        return [awaited(to), awaited(to), received(to)];
      }),
    expected: [
      ['', 'x', 'EAGAIN'],
      ['', 'x', 'EAGAIN'],
      ['', 'x', 'EAGAIN'],
    ],
  },
  {
    id: 'RECV-X02',
    what: 'an empty buffer takes a whole datagram away',
    run: () => {
      const [, fd] = delivered(udpPair(), 'abc');
      return [counted(fd, 0, NOW), received(fd)];
    },
    expected: [0, 'EAGAIN'],
  },
  {
    id: 'RECV-X03',
    what: 'a TCP socket that was never connected',
    run: () => received(tcp()),
    expected: 'ENOTCONN',
  },
  {
    id: 'RECV-X04',
    what: 'MSG_WAITALL and the end of the stream: what there was',
    run: () => {
      const [from, fd] = delivered(tcpPair(), 'abc');
      s.shutdown(from, s.SHUT_WR);
      return [received(fd, 8, s.MSG_WAITALL), received(fd, 8, s.MSG_WAITALL)];
    },
    expected: ['abc', ''],
  },
  {
    id: 'RECV-X05',
    what: 'SO_PEEK_OFF: each MSG_PEEK goes on where the last one ended',
    run: () => {
      const [, fd] = delivered(pair(), 'abcdef');
      s.setsockopt(fd, s.SOL_SOCKET, s.SO_PEEK_OFF, 2);
      const peeked = [received(fd, 2, s.MSG_PEEK), received(fd, 2, s.MSG_PEEK), received(fd, 2, s.MSG_PEEK | NOW)];
      return [...peeked, received(fd)];
    },
    expected: ['cd', 'ef', 'EAGAIN', 'abcdef'],
  },
  {
    id: 'RECV-X06',
    what: 'recvfrom names the sender of a unix datagram where it has a name, and nobody where it has none',
    run: () => {
      const name = abstractName();
      const [from, to] = pair(s.SOCK_DGRAM);
      sendText(from, 'a');
      const first = s.recvfrom(to, Buffer.alloc(8));
      s.bind(from, name);
      sendText(from, 'b');
      return [first.address, JSON.stringify(s.recvfrom(to, Buffer.alloc(8)).address) === JSON.stringify(name)];
    },
    expected: [null, true],
  },
  {
    id: 'RECV-X07',
    what: 'SO_RCVTIMEO of no time means to wait for ever: until another thread sends',
    run: async () => {
      const [from, fd] = pair();
      s.setsockopt(fd, s.SOL_SOCKET, s.SO_RCVTIMEO, s.timeval.encode({ sec: 0, usec: 0 }));
      return (await whileAsleep(() => awaited(fd), fd, 'send', from, 'late')).answer;
    },
    expected: 'late',
  },
  {
    id: 'RECV-X08',
    what: 'a part of a buffer is filled, and not a byte beside it: of a Buffer, and of shared memory',
    run: () =>
      [new ArrayBuffer(8), new SharedArrayBuffer(8)].map((memory) => {
        const [, fd] = delivered(pair(), 'abcdef');
        s.recv(fd, new Uint8Array(memory, 2, 3));
        s.recv(fd, new DataView(memory, 6, 1));
        return Buffer.from(memory).toString('latin1');
      }),
    expected: ['\0\0abc\0d\0', '\0\0abc\0d\0'],
  },
  {
    id: 'RECV-X09',
    what: 'a recv for more than there is leaves the rest of the buffer as it was',
    run: () => {
      const [, fd] = delivered(pair(), 'ab');
      const buffer = Buffer.from('......');
      return [s.recv(fd, buffer), buffer.toString()];
    },
    expected: [2, 'ab....'],
  },
  {
    id: 'RECV-X10',
    what: 'a raw ICMP socket hears its own echo request, with the IP header before it, and then the reply',
    run: () => {
      const fd = made(s.AF_INET, s.SOCK_RAW, s.IPPROTO_ICMP);
      const request = Buffer.from([8, 0, 0xf7, 0xff, 0, 0, 0, 0]);
      const loopback = { family: 'IPv4', address: '127.0.0.1', port: 0 } as const;
      s.connect(fd, loopback);
      s.sendto(fd, request, 0, loopback);
      return [8, 0].map((type) => {
        const buffer = Buffer.alloc(64);
        const { bytesRead, address } = s.recvfrom(fd, buffer);
        return [bytesRead, buffer[20] === type, address];
      });
    },
    expected: [
      [28, true, { family: 'IPv4', address: '127.0.0.1', port: 0 }],
      [28, true, { family: 'IPv4', address: '127.0.0.1', port: 0 }],
    ],
    skip: NEEDS_ROOT,
  },
  {
    id: 'RECV-X11',
    what: 'the kernel answers over netlink under its own address',
    run: () => {
      const fd = made(s.AF_NETLINK, s.SOCK_RAW, s.NETLINK_ROUTE);
      const getLink = Buffer.alloc(32);
      getLink.set(new Uint8Array(Uint32Array.of(32, (0x301 << 16) | 18).buffer)); // RTM_GETLINK, all of them
      s.sendto(fd, getLink, 0, { family: 'Netlink', pid: 0, groups: 0 });
      const buffer = Buffer.alloc(8192);
      const { bytesRead, address } = s.recvfrom(fd, buffer);
      return [bytesRead > 0, address];
    },
    expected: [true, { family: 'Netlink', pid: 0, groups: 0 }],
  },
  {
    id: 'RECV-X12',
    what: 'a datagram that comes while MSG_ERRQUEUE is asked for, and a listener that is read',
    run: () => {
      const [, fd] = delivered(udpPair(), 'x');
      const listener = tcp();
      s.listen(listener);
      return [received(fd, 8, s.MSG_ERRQUEUE | NOW), received(fd), received(listener)];
    },
    expected: ['EAGAIN', 'x', 'ENOTCONN'],
  },
  {
    id: 'RECV-X13',
    what: 'MSG_PEEK with MSG_WAITALL waits for all of it, and takes none',
    run: async () => {
      const { client, server } = connection();
      sendText(client, 'ab');
      const peeking = (): string => received(server, 4, s.MSG_PEEK | s.MSG_WAITALL);
      const { answer: peeked } = await whileAsleep(peeking, server, 'send', client, 'cd');
      return [peeked, received(server)];
    },
    expected: ['abcd', 'abcd'],
  },
  {
    id: 'RECV-X14',
    what: 'flags that no socket knows are ignored',
    run: () => {
      const [, fd] = delivered(udpPair(), 'x');
      return [
        received(fd, 8, 0x0080_0000 | NOW),
        counted(udp(), 8, NOW),
        answer(() => s.recv(fd, Buffer.alloc(8), NOW)),
      ];
    },
    expected: ['x', 'EAGAIN', 'EAGAIN'],
  },
  {
    id: 'RECV-X15',
    what: 'a view that its buffer has shrunk away from is refused before the datagram is gone',
    run: () => {
      const [, fd] = delivered(udpPair(), 'x');
      const memory = Reflect.construct(ArrayBuffer, [16, { maxByteLength: 16 }]) as Resizable;
      const view = new Uint8Array(memory, 8, 8);
      memory.resize(4);
      return [answer(() => s.recv(fd, view)), received(fd)];
    },
    expected: ['ERR_INVALID_ARG_VALUE', 'x'],
  },
];

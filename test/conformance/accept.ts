/** accept(2) and accept4(2). */
import * as s from 'bsd-sockets';
import { constants } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { reset } from '../support/peers.js';
import { closeNow, closing } from '../support/sockets.js';
import { outcome, received, type Case } from './case.js';
import { closedFd, flagsOf, has, joined, listening, on, open, portOf, soon, v4, withDevNull } from './endpoints.js';
import { abstractName, interruptedCalls, nonBlocking, polled } from './fixtures.js';
import { FEW_DESCRIPTORS, lines } from './processes.js';

const { AF_INET, AF_UNIX, SOCK_DGRAM, SOCK_STREAM } = s;
const O_PATH = 0o10000000;

const accepts = (fd: number, flags = 0): string => outcome(() => closing(s.accept(fd, flags).fd));

/** A client that is connected, and waits to be accepted. */
function queued(listener: number): number {
  const client = open(s.getsockname(listener));
  s.connect(client, s.getsockname(listener));
  return client;
}

/** An accepted connection that the client has reset before. */
function acceptedAfterReset(): unknown[] {
  const listener = listening(v4());
  reset(queued(listener));
  const { fd } = s.accept(listener);
  closing(fd);
  const error = (): number => s.getsockopt(fd, s.SOL_SOCKET, s.SO_ERROR);
  return [polled(fd, s.POLLIN, 5000), error(), error(), outcome(() => s.getpeername(fd))];
}

/** struct group_req: the interface's index, then the group as a sockaddr_storage, aligned to 8 bytes. */
function groupReq(): Buffer {
  const bytes = Buffer.alloc(8 + 128);
  bytes.set(new Uint8Array(new Uint32Array([s.if_nametoindex('lo')]).buffer));
  bytes.set(new Uint8Array(new Uint16Array([AF_INET]).buffer), 8);
  bytes.set([239, 1, 2, 3], 8 + 4);
  return bytes;
}

export const acceptCases: Case[] = [
  { id: 'ACCEPT-01', what: 'a descriptor that is not open', run: () => accepts(closedFd()), expected: 'EBADF' },
  {
    id: 'ACCEPT-03',
    what: 'datagram sockets',
    run: () => [AF_INET, AF_UNIX].map((domain) => accepts(closing(s.socket(domain, SOCK_DGRAM)))),
    expected: ['EOPNOTSUPP', 'EOPNOTSUPP'],
  },
  {
    id: 'ACCEPT-06',
    what: 'a descriptor that was opened with O_PATH',
    run: () => withDevNull((fd) => accepts(fd), O_PATH),
    expected: 'EBADF',
  },
  {
    id: 'ACCEPT-07',
    what: 'the flags SOCK_CLOEXEC and SOCK_NONBLOCK',
    run: () => {
      const listener = listening(v4());
      const [cloexec, nonblock] = [has(s.SOCK_CLOEXEC), has(s.SOCK_NONBLOCK)];
      return [0, cloexec, nonblock, cloexec | nonblock].map((flags) => {
        queued(listener);
        return flagsOf(closing(s.accept(listener, flags).fd));
      });
    },
    expected: [false, false, true, true].map((nonblock) => ({ cloexec: true, nonblock })),
    differs: 'every descriptor is close-on-exec here, asked for or not',
  },
  {
    id: 'ACCEPT-09',
    what: "the listener's O_NONBLOCK and FD_CLOEXEC are not inherited",
    run: () => flagsOf(joined(nonBlocking(listening(v4()))).server),
    expected: { cloexec: true, nonblock: false },
    differs: 'every descriptor is close-on-exec here',
  },
  {
    id: 'ACCEPT-10',
    what: 'a non-blocking listener without connections',
    run: () => accepts(nonBlocking(listening(v4()))),
    expected: 'EAGAIN',
  },
  {
    id: 'ACCEPT-12',
    what: 'the address has no more bytes than it needs, however much room there is',
    run: () => {
      const listener = listening(v4());
      const client = queued(listener);
      const { fd, address } = s.accept(listener);
      closing(fd);
      return isDeepStrictEqual(address, s.getsockname(client));
    },
    expected: true,
  },
  {
    id: 'ACCEPT-14',
    what: 'a unix client without a name',
    run: () => {
      const listener = listening(abstractName());
      queued(listener);
      const { fd, address } = s.accept(listener);
      closing(fd);
      return address;
    },
    expected: { family: 'Unix', path: '' },
  },
  {
    id: 'ACCEPT-15',
    what: 'a listener that was shut down',
    run: () => {
      const listener = listening(v4());
      s.shutdown(listener, s.SHUT_RD);
      return accepts(listener);
    },
    expected: 'EINVAL',
  },
  {
    id: 'ACCEPT-16',
    what: 'a connection that was reset in the queue is accepted, and then tells its error once',
    run: acceptedAfterReset,
    expected: ['IN|ERR|HUP', constants.errno.ECONNRESET, 0, 'ENOTCONN'],
  },
  {
    id: 'ACCEPT-18',
    what: 'TCP_DEFER_ACCEPT keeps a connection back until data have come',
    run: async () => {
      const listener = nonBlocking(listening(v4()));
      s.setsockopt(listener, s.IPPROTO_TCP, has(s.TCP_DEFER_ACCEPT), 3);
      const client = queued(listener);
      const before = accepts(listener);
      s.send(client, Buffer.from('x'));
      return [before, await soon('ok', () => accepts(listener))];
    },
    expected: ['EAGAIN', 'ok'],
  },
  {
    id: 'ACCEPT-19',
    what: "the listener's multicast group is not the accepted socket's",
    run: () => {
      const listener = listening(v4());
      s.setsockopt(listener, s.IPPROTO_IP, has(s.MCAST_JOIN_GROUP), groupReq());
      const { server } = joined(listener);
      return outcome(() => s.setsockopt(server, s.IPPROTO_IP, has(s.MCAST_LEAVE_GROUP), groupReq()));
    },
    expected: 'EADDRNOTAVAIL',
  },
  {
    id: 'ACCEPT-21',
    what: 'a listener is readable while a connection waits',
    run: () => {
      const listener = listening(v4());
      const before = polled(listener, s.POLLIN);
      queued(listener);
      const waiting = polled(listener, s.POLLIN, 5000);
      accepts(listener);
      return [before, waiting, polled(listener, s.POLLIN)];
    },
    expected: ['0', 'IN', '0'],
  },
  {
    id: 'ACCEPT-22',
    what: 'a signal with a listener ends the wait, without and with SO_RCVTIMEO',
    run: () =>
      interruptedCalls(`
        const listener = s.socket(s.AF_INET, s.SOCK_STREAM);
        s.listen(listener);
        interrupted(() => s.accept(listener));
        s.setsockopt(listener, s.SOL_SOCKET, s.SO_RCVTIMEO, s.timeval.encode({ sec: 5, usec: 0 }));
        interrupted(() => s.accept(listener));`),
    expected: ['EINTR', 'EINTR'],
  },
  {
    id: 'ACCEPT-X01',
    what: 'a flag that does not exist',
    run: () => accepts(listening(v4()), 0x1000_0000),
    expected: 'EINVAL',
  },
  {
    id: 'ACCEPT-X02',
    what: 'no descriptor is left: the connection stays in the queue, and is accepted when there is one',
    run: () =>
      lines(
        `const listener = tcp();
        s.bind(listener, v4(0));
        s.listen(listener);
        const client = tcp();
        s.connect(client, s.getsockname(listener));
        const fds = [];
        while (said(() => void fds.push(tcp())) === undefined);
        say(() => s.accept(listener));
        s.close(fds.pop());
        say(() => void s.accept(listener));`,
        FEW_DESCRIPTORS,
      ),
    expected: ['EMFILE', 'ok'],
  },
  {
    id: 'ACCEPT-X03',
    what: 'data, and the end, that came before accept are read afterwards',
    run: () => {
      const listener = listening(v4());
      const client = queued(listener);
      s.send(client, Buffer.from('early'));
      closeNow(client);
      const { fd } = s.accept(listener);
      closing(fd);
      return [received(fd, 64, s.MSG_WAITALL), received(fd, 64, 0)];
    },
    expected: ['early', ''],
  },
  {
    id: 'ACCEPT-X04',
    what: 'connections come in the order in which they were made',
    run: () => {
      const listener = listening(v4());
      const clients = [queued(listener), queued(listener), queued(listener)].map(portOf);
      const accepted = clients.map(() => {
        const { fd, address } = s.accept(listener);
        closing(fd);
        return 'port' in address ? address.port : NaN;
      });
      return isDeepStrictEqual(accepted, clients);
    },
    expected: true,
  },
  {
    id: 'ACCEPT-X05',
    what: "a listener's SO_KEEPALIVE, TCP_NODELAY and SO_RCVTIMEO are inherited",
    run: () => {
      const listener = listening(v4());
      on(listener, [s.SO_KEEPALIVE]);
      s.setsockopt(listener, s.IPPROTO_TCP, s.TCP_NODELAY, 1);
      const { server } = joined(listener);
      return [
        s.getsockopt(server, s.SOL_SOCKET, s.SO_KEEPALIVE),
        s.getsockopt(server, s.IPPROTO_TCP, s.TCP_NODELAY),
        s
          .getsockopt(server, s.SOL_SOCKET, s.SO_RCVTIMEO, 16)
          .equals(s.getsockopt(listener, s.SOL_SOCKET, s.SO_RCVTIMEO, 16)),
      ];
    },
    expected: [1, 1, true],
  },
  {
    id: 'ACCEPT-X06',
    what: 'unix pairs and connected sockets do not listen',
    run: () => [
      ...s.socketpair(AF_UNIX, SOCK_STREAM).map((fd) => accepts(closing(fd))),
      accepts(joined(listening(abstractName())).server),
    ],
    expected: ['EINVAL', 'EINVAL', 'EINVAL'],
  },
];

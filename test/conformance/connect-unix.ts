/** connect(2) of unix stream and seqpacket sockets. */
import * as s from 'bsd-sockets';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/programs.js';
import { timed } from '../support/sockets.js';
import { NEEDS_ROOT, outcome, type Case } from './case.js';
import { abstractName, listens, made, nonBlocking, pair, unix } from './fixtures.js';
import { AS_NOBODY, lines } from './processes.js';

const STREAM = s.SOCK_STREAM;

const inFolder = (name: string): { family: 'Unix'; path: string } => ({
  family: 'Unix',
  path: join(temporaryFolder(), name),
});

/** What connect says. */
const connecting = (fd: number, address: s.SocketAddress): string => outcome(() => s.connect(fd, address));

export const connectUnixCases: Case[] = [
  {
    id: 'CONNECT-08',
    what: 'a unix datagram socket to a path where a stream socket listens',
    run: () => {
      const listener = listens(unix(STREAM, inFolder('stream')));
      return connecting(made(s.AF_UNIX, s.SOCK_DGRAM), s.getsockname(listener));
    },
    expected: 'EPROTOTYPE',
  },
  {
    id: 'CONNECT-10',
    what: 'a unix seqpacket socket to a stream listener, by path and by abstract name',
    run: () =>
      [inFolder('stream'), abstractName()].map((address) => {
        listens(unix(STREAM, address));
        return connecting(made(s.AF_UNIX, s.SOCK_SEQPACKET), address);
      }),
    expected: ['EPROTOTYPE', 'ECONNREFUSED'],
  },
  {
    id: 'CONNECT-11',
    what: 'a unix stream to a socket that does not listen, to a folder, to an abstract name that nobody has',
    run: () =>
      [s.getsockname(unix()), { family: 'Unix', path: temporaryFolder() } as const, abstractName()].map((address) =>
        connecting(made(s.AF_UNIX, STREAM), address),
      ),
    expected: ['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED'],
  },
  {
    id: 'CONNECT-12',
    what: 'a unix stream to a regular file and to a path that is not there',
    run: () => {
      const file = inFolder('file');
      writeFileSync(file.path, '');
      return [file, inFolder('missing')].map((address) => connecting(made(s.AF_UNIX, STREAM), address));
    },
    expected: ['ECONNREFUSED', 'ENOENT'],
  },
  {
    id: 'CONNECT-13',
    what: 'a listening unix socket to itself',
    run: () => {
      const listener = listens(unix());
      return connecting(listener, s.getsockname(listener));
    },
    expected: 'EINVAL',
  },
  {
    id: 'CONNECT-15',
    what: 'a unix listener with backlog 0: the first connection, then a second one that does not wait',
    run: () => {
      const address = s.getsockname(listens(unix(), 0));
      return [made(s.AF_UNIX, STREAM), nonBlocking(made(s.AF_UNIX, STREAM))].map((fd) => connecting(fd, address));
    },
    expected: ['ok', 'EAGAIN'],
  },
  {
    id: 'CONNECT-X05',
    what: 'unix paths through a file, and round in a circle of links',
    run: () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'file'), '');
      symlinkSync('loop', join(folder, 'loop'));
      return ['file/socket', 'loop'].map((name) =>
        connecting(made(s.AF_UNIX, STREAM), { family: 'Unix', path: join(folder, name) }),
      );
    },
    expected: ['ENOTDIR', 'ELOOP'],
  },
  {
    id: 'CONNECT-X06',
    what: 'a connected unix stream, and one end of a pair, to a listener',
    run: () => {
      const address = s.getsockname(listens(unix()));
      const fd = made(s.AF_UNIX, STREAM);
      return [connecting(fd, address), connecting(fd, address), connecting(pair()[0], address)];
    },
    expected: ['ok', 'EISCONN', 'EISCONN'],
  },
  {
    id: 'CONNECT-X07',
    what: 'a unix path that an ordinary user may not write to',
    run: () => {
      const address = inFolder('private');
      listens(unix(STREAM, address));
      chmodSync(address.path, 0o600);
      chmodSync(join(address.path, '..'), 0o755);
      return lines(`
        const fd = s.socket(s.AF_UNIX, s.SOCK_STREAM);
        ${AS_NOBODY}
        say(() => s.connect(fd, ${JSON.stringify(address)}));`);
    },
    expected: ['EACCES'],
    skip: NEEDS_ROOT,
  },
  {
    id: 'CONNECT-X08',
    what: 'SO_SNDTIMEO ends the wait for room in the queue of a unix listener',
    run: () => {
      const full = s.getsockname(listens(unix(), 0));
      s.connect(made(s.AF_UNIX, STREAM), full);
      return connecting(timed(made(s.AF_UNIX, STREAM), 30), full);
    },
    expected: 'EAGAIN',
  },
];

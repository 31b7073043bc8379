/** The names of unix sockets: paths, abstract names, and none. */
import * as s from 'bsd-sockets';
import { closeSync, constants, fchmodSync, openSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { temporaryFolder } from '../support/programs.js';
import { closeNow, closing } from '../support/sockets.js';
import { outcome, type Case } from './case.js';
import { bound, joined, listening, NONE, open } from './endpoints.js';
import { abstractName } from './fixtures.js';
import { lines, NEEDS_OWN_NETWORK, OWN_NETWORK } from './processes.js';

export const newPath = (name = 'socket'): s.SocketAddress => ({ family: 'Unix', path: join(temporaryFolder(), name) });
export const unix = (path: string): s.SocketAddress => ({ family: 'Unix', path });
export const pathOf = (address: s.SocketAddress): string =>
  address.family === 'Unix' ? String(address.path) : `not unix: ${address.family}`;

/** A sockaddr_un whose name is these bytes. */
export function sockaddrUn(name: Uint8Array | string): { family: 'raw'; sockaddr: Uint8Array } {
  const family = new Uint8Array(new Uint16Array([s.AF_UNIX]).buffer);
  return { family: 'raw', sockaddr: Buffer.concat([family, Buffer.from(name)]) };
}

/** Are these the bytes of that address? */
function sameBytes(address: s.SocketAddress, { sockaddr }: { sockaddr: Uint8Array }): boolean {
  return address.family === 'Unix' && Buffer.from(address.path).equals(sockaddr.subarray(2));
}

/** Binds, and closes. */
export function bindingBriefly(address: s.SocketAddress): string {
  const fd = open(address);
  const result = outcome(() => s.bind(fd, address));
  closeNow(fd);
  return result;
}

/** What recvfrom says of a sender without a name. */
function senderOf(type: number): unknown {
  const [a, b] = s.socketpair(s.AF_UNIX, type).map(closing) as [number, number];
  s.send(a, Buffer.from('x'));
  return s.recvfrom(b, Buffer.alloc(8)).address;
}

function modeOfSocket(): number {
  const address = newPath();
  const fd = open(address);
  const before = process.umask(0o123);
  try {
    fchmodSync(fd, 0o765);
    s.bind(fd, address);
  } finally {
    process.umask(before);
  }
  return statSync(pathOf(address)).mode;
}

async function fromAnotherNetwork(): Promise<string[]> {
  const addresses = [newPath(), abstractName()];
  for (const address of addresses) listening(address);
  return lines(
    `for (const address of ${JSON.stringify(addresses)}) {
      say(() => s.connect(s.socket(s.AF_UNIX, s.SOCK_STREAM), address));
    }`,
    OWN_NETWORK,
  );
}

/** Does a name of any bytes come back the same, from its listener and from a client that connected to what came back? */
export function seenByBoth(name: s.RawAddress): boolean[] {
  const listener = closing(s.socket(s.AF_UNIX, s.SOCK_STREAM));
  s.bind(listener, name);
  s.listen(listener);
  const client = closing(s.socket(s.AF_UNIX, s.SOCK_STREAM));
  s.connect(client, s.getsockname(listener));
  return [s.getsockname(listener), s.getpeername(client)].map((seen) => sameBytes(seen, name));
}

export const unixAddressCases: Case[] = [
  {
    id: 'UADDR-05',
    what: 'an abstract name of any bytes, a NUL and one that is no UTF-8 among them',
    run: () => {
      const name = sockaddrUn(Buffer.from(`\0bsd-sockets-${String(process.pid)}\0\xff`, 'latin1'));
      return seenByBoth(name);
    },
    expected: [true, true],
  },
  {
    id: 'UADDR-06',
    what: 'the longest abstract name',
    run: () => {
      const name = abstractName();
      const longest = unix(pathOf(name).padEnd(108, 'x'));
      return isDeepStrictEqual(s.getsockname(bound(longest)), longest);
    },
    expected: true,
  },
  {
    id: 'UADDR-07',
    what: 'no name: bind makes one, of five hexadecimal digits',
    run: () => /^\0[0-9a-f]{5}$/.test(pathOf(s.getsockname(bound(unix(''))))),
    expected: true,
  },
  {
    id: 'UADDR-11',
    what: 'paths are the same that differ only after a NUL',
    run: () => {
      const path = pathOf(newPath());
      return [`${path}\0`, `${path}\0other`].map((name) => {
        const fd = closing(s.socket(s.AF_UNIX, s.SOCK_STREAM));
        return outcome(() => s.bind(fd, sockaddrUn(name)));
      });
    },
    expected: ['ok', 'EADDRINUSE'],
  },
  {
    id: 'UADDR-12',
    what: 'an abstract name is free when its socket is closed, a path when it is unlinked',
    run: () => {
      const [name, path] = [abstractName(), newPath()];
      for (const address of [name, path]) bindingBriefly(address);
      const again = [bindingBriefly(name), bindingBriefly(path)];
      unlinkSync(pathOf(path));
      return [...again, bindingBriefly(path)];
    },
    expected: ['ok', 'EADDRINUSE', 'ok'],
  },
  {
    id: 'UADDR-13',
    what: "the mode of a socket's file is that of the descriptor without the umask's bits",
    run: modeOfSocket,
    expected: 0o140644,
  },
  {
    id: 'UADDR-14',
    what: 'open(2) does not open a socket',
    run: () => {
      const address = newPath();
      bound(address);
      return [constants.O_RDONLY, constants.O_RDWR].map((flags) =>
        outcome(() => closeSync(openSync(pathOf(address), flags))),
      );
    },
    expected: ['ENXIO', 'ENXIO'],
  },
  { id: 'UADDR-16', what: 'a stream sender without a name', run: () => senderOf(s.SOCK_STREAM), expected: null },
  { id: 'UADDR-17', what: 'a datagram sender without a name', run: () => senderOf(s.SOCK_DGRAM), expected: null },
  {
    id: 'UADDR-18',
    what: 'a path is for all networks, an abstract name for its own',
    run: fromAnotherNetwork,
    expected: ['ok', 'ECONNREFUSED'],
    skip: NEEDS_OWN_NETWORK,
  },
  {
    id: 'UADDR-X01',
    what: 'a path that fills sun_path, without a NUL at its end',
    run: () => {
      const folder = temporaryFolder();
      const path = join(folder, 'x').padEnd(108, 'x');
      const listener = listening(unix(path));
      const { client } = joined(listener);
      return [s.getsockname(listener), s.getpeername(client)].map((name) => pathOf(name) === path);
    },
    expected: [true, true],
  },
  {
    id: 'UADDR-X03',
    what: 'an abstract name with padding is another name',
    run: () => {
      const name = abstractName();
      listening(name);
      return outcome(() => s.connect(open(name), unix(`${pathOf(name)}\0`)));
    },
    expected: 'ECONNREFUSED',
  },
  {
    id: 'UADDR-X05',
    what: 'an abstract name of one NUL, and names that are bound by autobind are all different',
    run: () => {
      const names = Array.from({ length: 50 }, () => pathOf(s.getsockname(bound(unix(''), NONE, s.SOCK_DGRAM))));
      return new Set(names).size;
    },
    expected: 50,
  },
  {
    id: 'UADDR-X08',
    what: 'binding to no name again keeps the first, and a name comes too late',
    run: () => {
      const fd = bound(unix(''));
      const before = pathOf(s.getsockname(fd));
      const results = [unix(''), abstractName()].map((address) => outcome(() => s.bind(fd, address)));
      return [...results, pathOf(s.getsockname(fd)) === before];
    },
    expected: ['ok', 'EINVAL', true],
  },
  {
    id: 'UADDR-X09',
    what: 'an end of a pair may get a name, which the other end sees, and not listen',
    run: () => {
      const [a, b] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM).map(closing) as [number, number];
      const name = abstractName();
      s.bind(a, name);
      return [isDeepStrictEqual(s.getpeername(b), name), outcome(() => s.listen(a))];
    },
    expected: [true, 'EINVAL'],
  },
  {
    id: 'UADDR-X11',
    what: 'a sockaddr of another family, of its family alone, of one byte, and a byte too long',
    run: () =>
      [
        Buffer.from([s.AF_INET, 0, 0x78, 0]),
        sockaddrUn('').sockaddr,
        Buffer.alloc(1),
        sockaddrUn('x'.repeat(109)).sockaddr,
      ].map((sockaddr) => {
        const fd = closing(s.socket(s.AF_UNIX, s.SOCK_STREAM));
        return outcome(() => s.bind(fd, { family: 'raw', sockaddr }));
      }),
    expected: ['EINVAL', 'ok', 'EINVAL', 'EINVAL'],
  },
];

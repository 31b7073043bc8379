/** Unix sockets in the file system: links, folders, permissions, and what is left of them. */
import * as s from 'bsd-sockets';
import { chmodSync, statSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { temporaryFolder } from '../support/programs.js';
import { NEEDS_ROOT, outcome, type Case } from './case.js';
import { bound, listening, NONE, open } from './endpoints.js';
import { AS_NOBODY, lines } from './processes.js';
import { bindingBriefly, newPath, pathOf, seenByBoth, sockaddrUn, unix } from './unix-addresses.js';

export const unixPathCases: Case[] = [
  {
    id: 'UADDR-X02',
    what: 'a path is relative to the folder of the process, and may be any UTF-8',
    run: () => {
      const folder = temporaryFolder();
      const before = process.cwd();
      process.chdir(folder);
      try {
        return [pathOf(s.getsockname(bound(unix('ünïx ☎')))), statSync(join(folder, 'ünïx ☎')).isSocket()];
      } finally {
        process.chdir(before);
      }
    },
    expected: ['ünïx ☎', true],
  },
  {
    id: 'UADDR-X04',
    what: 'a path that is no socket, one that is not there, one whose socket is closed, and one of datagrams',
    run: () => {
      const folder = temporaryFolder();
      const stale = newPath();
      bindingBriefly(stale);
      const datagrams = newPath();
      bound(datagrams, NONE, s.SOCK_DGRAM);
      return [unix(folder), newPath(), stale, datagrams].map((address) =>
        outcome(() => s.connect(open(address), address)),
      );
    },
    expected: ['ECONNREFUSED', 'ENOENT', 'ECONNREFUSED', 'EPROTOTYPE'],
  },
  {
    id: 'UADDR-X06',
    what: 'the name of a socket whose path was unlinked stays as it was',
    run: () => {
      const address = newPath();
      const fd = listening(address);
      unlinkSync(pathOf(address));
      return [isDeepStrictEqual(s.getsockname(fd), address), outcome(() => s.connect(open(address), address))];
    },
    expected: [true, 'ENOENT'],
  },
  {
    id: 'UADDR-X07',
    what: 'a path that is no UTF-8 comes back as bytes, and they reach it',
    run: () => {
      const name = sockaddrUn(Buffer.from(`${temporaryFolder()}/\xff\xfe`, 'latin1'));
      return seenByBoth(name);
    },
    expected: [true, true],
  },
  {
    id: 'UADDR-X10',
    what: 'paths: through a symbolic link, with a slash at the end, a folder as "." and the root',
    run: () => {
      const address = newPath();
      listening(address);
      const link = `${pathOf(address)}-link`;
      symlinkSync(pathOf(address), link);
      return [
        outcome(() => s.connect(open(address), unix(link))),
        ...[`${pathOf(newPath())}/`, '.', '/'].map((path) => bindingBriefly(unix(path))),
      ];
    },
    expected: ['ok', 'ENOENT', 'EADDRINUSE', 'EADDRINUSE'],
  },
  {
    id: 'UADDR-X12',
    what: 'a socket that an ordinary user may not write to',
    run: async () => {
      const address = newPath();
      listening(address);
      chmodSync(dirname(pathOf(address)), 0o755);
      chmodSync(pathOf(address), 0o600);
      return lines(`${AS_NOBODY}
        say(() => s.connect(s.socket(s.AF_UNIX, s.SOCK_STREAM), ${JSON.stringify(address)}));`);
    },
    expected: ['EACCES'],
    skip: NEEDS_ROOT,
  },
];

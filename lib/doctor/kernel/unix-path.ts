/** What stands at a unix path: unix(7). */
import { lstatSync, type Stats } from 'node:fs';
import { AF_UNIX, close, connect, SOCK_DGRAM, socket, SocketError } from './calls.js';
import type { Holder, Observation, PathKind, Unread } from './observation.js';
import { listUnixSockets } from './observe.js';

type PathSeen = Pick<Observation, 'sockets' | 'pathKind' | 'pathInUse'>;

/** Looks at a path or an abstract name. A path in a folder that this user may not read has no kind. */
export function lookAtPath(path: string, unread: Unread[]): PathSeen {
  const pathKind = kindOf(path);
  if (pathKind === undefined) return { sockets: [] };
  if (pathKind !== 'socket' && pathKind !== 'abstract') return { sockets: [], pathKind };
  const pathInUse = pathKind === 'socket' ? isInUse(path) : undefined;
  return { sockets: socketsAt(path, unread), pathKind, ...(pathInUse !== undefined && { pathInUse }) };
}

function kindOf(path: string): PathKind | undefined {
  if (path.startsWith('\0')) return 'abstract';
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    return found === undefined ? 'nothing' : nameOf(found);
  } catch {
    return undefined;
  }
}

function nameOf(found: Stats): PathKind {
  if (found.isSocket()) return 'socket';
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'folder';
  return found.isSymbolicLink() ? 'link' : 'device';
}

/**
 * The sockets of that name; connections that were accepted there have the name too, and are in nobody's way. Of an
 * abstract name each type of socket has its own.
 */
function socketsAt(path: string, unread: Unread[]): Holder[] {
  try {
    return listUnixSockets(path)
      .filter(({ state }) => state === 'LISTEN' || state === 'CLOSE')
      .filter(({ type }) => type === 'stream' || !path.startsWith('\0'))
      .map(({ state, inode, uid = -1 }) => ({ state, local: { path }, uid, inode }));
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
    unread.push({ what: 'sockets', code: error.code });
    return [];
  }
}

/**
 * Has any process the socket open? A datagram socket asks, and no server notices: connect(2) finds a socket of another
 * type (EPROTOTYPE) or the name of nobody (ECONNREFUSED) before it does anything.
 */
function isInUse(path: string): boolean | undefined {
  const fd = socket(AF_UNIX, SOCK_DGRAM);
  try {
    connect(fd, { family: 'Unix', path });
    return true;
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
    if (error.code === 'ECONNREFUSED') return false;
    return error.code === 'EPROTOTYPE' || error.code === 'EPERM' ? true : undefined;
  } finally {
    close(fd);
  }
}

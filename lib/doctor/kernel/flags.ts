/** The options of a socket that another process holds: pidfd_getfd(2), getsockopt(2). */
import { fstatSync } from 'node:fs';
import { constants } from 'node:os';
import {
  close,
  getsockname,
  getsockopt,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SocketError,
  SOL_SOCKET,
} from './calls.js';
import { pidfd_getfd, pidfd_open } from '../../syscalls/pidfd.js';

/** The options of a socket that decide about a bind. */
export interface SocketFlags {
  readonly reuseaddr: boolean;
  readonly reuseport: boolean;
  /** IPV6_V6ONLY, of an IPv6 socket. */
  readonly v6only?: boolean;
}

/**
 * Reads the options of a socket that a process holds. Of another process that takes the right to trace it
 * (ptrace(2): the same user, or root), and for a moment this process holds the socket too.
 *
 * @param pid - the process; this one as well
 * @param fd - the number of the descriptor in that process
 * @param inode - the socket that is meant, since the process may have closed it and used the number again
 * @throws SocketError EPERM (not allowed), ESRCH (the process has ended), EBADF (the descriptor is closed, or is not
 * that socket any more), ENOTSOCK, EMFILE; ENOSYS: this system cannot do it (Linux 5.6 can)
 */
export function readFlags(pid: number, fd: number, inode?: number): SocketFlags {
  if (pid === process.pid) return flagsOf(fd, inode);
  return closingAfter(pidfd_open(pid), (pidfd) =>
    closingAfter(pidfd_getfd(pidfd, fd), (duplicate) => flagsOf(duplicate, inode)),
  );
}

function closingAfter(fd: number, read: (fd: number) => SocketFlags): SocketFlags {
  try {
    return read(fd);
  } finally {
    close(fd);
  }
}

function flagsOf(fd: number, inode: number | undefined): SocketFlags {
  if (inode !== undefined && inode !== inodeOf(fd)) throw new SocketError('fstat', constants.errno.EBADF);
  const isOn = (level: number, option: number): boolean => getsockopt(fd, level, option) !== 0;
  return {
    reuseaddr: isOn(SOL_SOCKET, SO_REUSEADDR),
    reuseport: isOn(SOL_SOCKET, SO_REUSEPORT),
    ...(getsockname(fd).family === 'IPv6' ? { v6only: isOn(IPPROTO_IPV6, IPV6_V6ONLY) } : {}),
  };
}

/** undefined where there is no such descriptor. */
function inodeOf(fd: number): number | undefined {
  try {
    return fstatSync(fd).ino;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBADF') return undefined;
    throw error;
  }
}

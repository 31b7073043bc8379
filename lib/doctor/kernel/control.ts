/** What is done to other processes: each is held by a pidfd, so that a number that is used again is never hit. */
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { pidfd_getfd, pidfd_open, pidfd_send_signal } from '../../syscalls/pidfd.js';
import { poll } from '../../syscalls/poll.js';
import { POLLIN } from '../../constants/poll.js';
import { close, getsockopt, setsockopt, SO_REUSEADDR, SOL_SOCKET, SocketError } from './calls.js';
import { listTcpSockets } from './observe.js';
import { findProcesses } from './processes.js';

const LOOK_EVERY_MS = 20;

/** A process that is held: its number cannot go to another one unseen. */
export class HeldProcess {
  readonly pid: number;
  readonly #pidfd: number;

  /** @throws SocketError ESRCH (it has ended), ENOSYS (this system cannot hold a process) */
  constructor(pid: number) {
    this.pid = pid;
    this.#pidfd = pidfd_open(pid);
  }

  /** @throws SocketError EPERM, ESRCH */
  signal(name: NodeJS.Signals): void {
    pidfd_send_signal(this.#pidfd, constants.signals[name]);
  }

  /** Has it ended, whether its parent knows or not? */
  get hasEnded(): boolean {
    return poll([{ fd: this.#pidfd, events: POLLIN, revents: 0 }], 0) > 0;
  }

  /** Resolves when it has ended, or that long later: with whether it has. */
  async ends(withinMs: number, signal?: AbortSignal): Promise<boolean> {
    const until = performance.now() + withinMs;
    while (!this.hasEnded) {
      if (performance.now() >= until) return false;
      await sleep(LOOK_EVERY_MS, undefined, signal === undefined ? {} : { signal });
    }
    return true;
  }

  /** Sets SO_REUSEADDR on a socket that the process has. False: it had it. */
  setReuseAddress(fd: number): boolean {
    const duplicate = pidfd_getfd(this.#pidfd, fd);
    try {
      if (getsockopt(duplicate, SOL_SOCKET, SO_REUSEADDR) !== 0) return false;
      setsockopt(duplicate, SOL_SOCKET, SO_REUSEADDR, true);
      return true;
    } finally {
      close(duplicate);
    }
  }

  close(): void {
    close(this.#pidfd);
  }
}

/** Does the process hold one of these sockets, now? */
export function holdsOneOf(pid: number, inodes: readonly number[]): boolean {
  const { byInode } = findProcesses(new Set(inodes));
  return [...byInode.values()].some((holders) => holders.some((holder) => holder.pid === pid));
}

/**
 * Sets SO_REUSEADDR on the TCP sockets of a process, its listeners and its connections: what they leave in TIME_WAIT
 * then lets a server with the flag pass.
 *
 * @param port - only those of this local port
 * @returns how many had it not
 * @throws SocketError EPERM (it takes the right to trace the process), ESRCH, ENOSYS
 */
export function setReuseAddressOf(pid: number, port?: number): { sockets: number; changed: number } {
  const inodes = listTcpSockets(port === undefined ? {} : { port }).map(({ inode }) => inode);
  const { byInode } = findProcesses(new Set(inodes.filter((inode) => inode !== 0)));
  const fds = [...byInode.values()].flatMap((holders) => holders.filter((one) => one.pid === pid).map(({ fd }) => fd));
  const held = new HeldProcess(pid);
  try {
    let changed = 0;
    for (const fd of fds) if (setUnlessGone(held, fd)) changed++;
    return { sockets: fds.length, changed };
  } finally {
    held.close();
  }
}

function setUnlessGone(held: HeldProcess, fd: number): boolean {
  try {
    return held.setReuseAddress(fd);
  } catch (error) {
    if (error instanceof SocketError && ['EBADF', 'ENOTSOCK'].includes(error.code)) return false;
    throw error;
  }
}

/** The processes that have sockets open, and the flags of those sockets, where they can be read. */
import { existsSync } from 'node:fs';
import { SocketError } from './calls.js';
import type { Holder, Unread } from './observation.js';
import { readFlags, type SocketFlags } from './flags.js';
import { findProcesses, type ProcessHandle } from './processes.js';
import { managerOf } from './manager.js';
import { userNames } from './system.js';
import { isConnection } from './holder.js';

/** A server may have thousands of connections: of more than so many sockets, only those that are none are read. */
const MOST_FLAGS_READ = 100;

/** Reading /proc takes long where there are many processes: it is left out where no process is sought. */
export function withProcesses(sockets: readonly Holder[], unread: Unread[], mostFlags = MOST_FLAGS_READ): Holder[] {
  const inodes = new Set<number>();
  for (const { inode } of sockets) if (inode !== 0) inodes.add(inode);
  if (inodes.size === 0) return [...sockets];
  const names = userNames();
  const { byInode, unreadable, hidden } = findProcesses(inodes);
  if (byInode.size < inodes.size) {
    if (hidden) unread.push({ what: 'hidden', code: 'ENOENT' });
    else if (unreadable > 0) unread.push({ what: 'processes', code: 'EACCES' });
    else if (!existsSync('/proc/self')) unread.push({ what: 'processes', code: 'ENOENT' });
  }
  const isRoot = process.platform === 'linux' && process.geteuid?.() === 0;
  const flags = readAllFlags(sockets, byInode, unread, mostFlags);
  return sockets.flatMap((socket) => {
    if (socket.inode === 0) return socket;
    const user = names.get(socket.uid);
    const known: Holder = Object.assign({}, socket, flags.get(socket.inode)); // not by spreading: see withFlags
    if (user !== undefined) known.user = user;
    const processes = byInode.get(socket.inode) ?? [];
    if (processes.length === 0) return [isRoot ? Object.assign(known, { unheld: true }) : known];
    return processes.map((one) => Object.assign({}, known, heldBy(one)));
  });
}

/** What a holder tells of its process; not the command lines of those above it. */
function heldBy({ cgroup, environment, parents, ...one }: ProcessHandle): Partial<Holder> {
  const { pid, command, commandLine, inheritable, stopped, mainThreadEnded, ignoresTerm, startedAtMs } = one;
  const manager = managerOf({
    command,
    commandLine,
    ...(parents && { parents }),
    ...(cgroup !== undefined && { cgroup }),
    ...(environment && { environment }),
  });
  return {
    pid,
    command,
    commandLine,
    ...(inheritable && { inheritable }),
    ...(stopped && { stopped }),
    ...(mainThreadEnded && { mainThreadEnded }),
    ...(ignoresTerm && { ignoresTerm }),
    ...(startedAtMs !== undefined && { startedAtMs }),
    ...(parents && { parents: parents.map((parent) => ({ pid: parent.pid, command: parent.command })) }),
    ...(manager && { manager }),
  };
}

type KnownFlags = SocketFlags & { readonly flagsFrom: 'socket' };

function readAllFlags(
  sockets: readonly Holder[],
  byInode: ReadonlyMap<number, readonly ProcessHandle[]>,
  unread: Unread[],
  most: number,
): Map<number, KnownFlags> {
  const flags = new Map<number, KnownFlags>();
  const codes = new Set<string>();
  // Those of unix sockets change nothing.
  const held = sockets.filter(({ inode, local }) => byInode.has(inode) && 'port' in local);
  const few = held.length > most ? held.filter((socket) => !isConnection(socket)).slice(0, most) : held;
  for (const { inode } of few) {
    const read = readOneOf(byInode.get(inode) ?? [], inode);
    if (typeof read === 'object') flags.set(inode, { ...read, flagsFrom: 'socket' });
    else if (read !== undefined) codes.add(read);
  }
  for (const code of codes) unread.push({ what: 'flags', code });
  return flags;
}

/** The flags by way of the first process that lets us; else the name of the error; undefined where all have gone. */
function readOneOf(processes: readonly ProcessHandle[], inode: number): SocketFlags | string | undefined {
  let code: string | undefined;
  for (const { pid, fd } of processes) {
    try {
      return readFlags(pid, fd, inode);
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      if (error.code !== 'ESRCH' && error.code !== 'EBADF') code = error.code;
    }
  }
  return code;
}

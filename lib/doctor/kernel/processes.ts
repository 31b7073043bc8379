/** Which processes hold a socket: proc_pid_fd(5). Linux; elsewhere no process is found. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { printable } from '../../printable.js';

/** A process that holds a socket. Its texts are harmless to a terminal. */
export interface ProcessHandle {
  readonly pid: number;
  /** The number of the socket's descriptor in that process; of several the first that /proc lists. */
  readonly fd: number;
  /** What `ps` calls it: the program's name, cut at 15 bytes, unless it has named itself. */
  readonly command: string;
  /** The program and its arguments, with spaces between; `''` where it has none. */
  readonly commandLine: string;
  /** Its effective user. */
  readonly uid: number;
}

/** What {@link findProcesses} found. */
export interface FoundProcesses {
  /** By socket inode, the processes that hold the socket, by pid. A socket that nobody was found to hold is not in it. */
  readonly byInode: Map<number, ProcessHandle[]>;
  /** Of how many processes this user may not read the descriptors: any of them may hold the sockets as well. */
  readonly unreadable: number;
}

const PF_KTHREAD = 0x200000;

/**
 * Finds all processes that hold sockets, this one included: a socket may have many holders, when a child was
 * started without close-on-exec. Without root, only processes of this user can be read; processes of other
 * containers are not seen at all.
 *
 * @param inodes - the sockets, as the kernel's lists number them; where there are none, nothing is read
 */
export function findProcesses(inodes: ReadonlySet<number>): FoundProcesses {
  const byInode = new Map<number, ProcessHandle[]>();
  const links = new Map(
    [...inodes].filter((inode) => inode !== 0).map((inode) => [`socket:[${String(inode)}]`, inode]),
  );
  if (process.platform !== 'linux' || links.size === 0) return { byInode, unreadable: 0 };
  let unreadable = 0;
  for (const pid of numbersIn('/proc') ?? []) {
    const held = heldBy(pid, links);
    if (held === undefined) unreadable += hasDescriptors(pid) ? 1 : 0;
    else if (held.size > 0) addHolder(byInode, pid, held);
  }
  return { byInode, unreadable };
}

function addHolder(byInode: Map<number, ProcessHandle[]>, pid: number, held: Map<number, number>): void {
  const known = describe(pid);
  if (known === undefined) return;
  for (const [inode, fd] of held) {
    const holders = byInode.get(inode);
    const holder = { pid, fd, ...known };
    if (holders === undefined) byInode.set(inode, [holder]);
    else holders.push(holder);
  }
}

/** The sockets that a process holds: descriptors by inode. Undefined where they may not be read. */
function heldBy(pid: number, links: ReadonlyMap<string, number>): Map<number, number> | undefined {
  const held = new Map<number, number>();
  const folder = `/proc/${String(pid)}/fd`;
  const fds = numbersIn(folder);
  if (fds === undefined) return undefined;
  for (const fd of fds) {
    const link = attempt(() => readlinkSync(`${folder}/${String(fd)}`), '');
    if (link === undefined) return undefined;
    const inode = links.get(link);
    if (inode !== undefined && !held.has(inode)) held.set(inode, fd);
  }
  return held;
}

/** The names in a folder that are numbers; undefined where it may not be read. */
function numbersIn(folder: string): number[] | undefined {
  const names = attempt(() => readdirSync(folder), []);
  return names?.map(Number).filter(Number.isInteger);
}

/** What `read` returns, `gone` where what it reads has vanished meanwhile; undefined where it is not allowed. */
function attempt<Value>(read: () => Value, gone: Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') return undefined;
    if (code === 'ENOENT' || code === 'ESRCH') return gone;
    throw error;
  }
}

/** Threads of the kernel hold nothing, and neither do processes that have ended, whose parents may not know it yet. */
function hasDescriptors(pid: number): boolean {
  const stat = readText(pid, 'stat');
  const [state, , , , , , flags] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return flags !== undefined && state !== 'Z' && state !== 'X' && (Number(flags) & PF_KTHREAD) === 0;
}

/** Undefined where it has ended meanwhile. */
function describe(pid: number): { command: string; commandLine: string; uid: number } | undefined {
  const [, uid] = /^Uid:\s+\d+\s+(\d+)/m.exec(readText(pid, 'status')) ?? [];
  if (uid === undefined) return undefined;
  return {
    command: printable(readText(pid, 'comm').replace(/\n$/, '')),
    commandLine: printable(readText(pid, 'cmdline').replace(/\0+$/, '').replaceAll('\0', ' ')),
    uid: Number(uid),
  };
}

/** A file of /proc/PID; `''` where there is none any more. */
function readText(pid: number, name: string): string {
  return attempt(() => readFileSync(`/proc/${String(pid)}/${name}`, 'utf8'), '') ?? '';
}

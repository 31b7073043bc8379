/** Which processes hold a socket: proc_pid_fd(5). Linux; elsewhere no process is found. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { attempt, factsOf, hasDescriptors, type ProcessFacts } from './process-facts.js';

/** A process that holds a socket. */
export interface ProcessHandle extends ProcessFacts {
  /** The number of the socket's descriptor in that process; of several the first that /proc lists. */
  readonly fd: number;
  /** The descriptor goes on to what the process starts (no close-on-exec); and it may have come so itself. */
  readonly inheritable?: true;
}

/** What {@link findProcesses} found. */
export interface FoundProcesses {
  /** By socket inode, the processes that hold the socket, by pid. A socket that nobody was found to hold is not in it. */
  readonly byInode: Map<number, ProcessHandle[]>;
  /** Of how many processes this user may not read the descriptors: any of them may hold the sockets as well. */
  readonly unreadable: number;
  /** Processes of other users are not shown at all: /proc is mounted with hidepid. */
  readonly hidden?: true;
}

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
  const pids = numbersIn('/proc') ?? [];
  for (const pid of pids) {
    const held = heldBy(pid, links);
    if (held === undefined) unreadable += hasDescriptors(pid) ? 1 : 0;
    else if (held.size > 0) addHolder(byInode, pid, held);
  }
  // Everybody sees the first process, unless /proc shows each user its own only.
  return { byInode, unreadable, ...(pids.length > 0 && !pids.includes(1) && { hidden: true }) };
}

/** Which descriptor of the process: its number, and the folder of /proc that has it. */
interface Descriptor {
  readonly fd: number;
  readonly folder: string;
}

function addHolder(byInode: Map<number, ProcessHandle[]>, pid: number, held: Map<number, Descriptor>): void {
  const known = factsOf(pid);
  if (known === undefined) return;
  for (const [inode, { fd, folder }] of held) {
    const holders = byInode.get(inode);
    const holder: ProcessHandle = { ...known, fd, ...(isInheritable(folder, fd) && { inheritable: true }) };
    if (holders === undefined) byInode.set(inode, [holder]);
    else holders.push(holder);
  }
}

const O_CLOEXEC = 0o2000000;

function isInheritable(folder: string, fd: number): boolean {
  const info = attempt(() => readFileSync(`${folder}/fdinfo/${String(fd)}`, 'utf8'), '') ?? '';
  const [, flags] = /^flags:\s+([0-7]+)/m.exec(info) ?? [];
  return flags !== undefined && (parseInt(flags, 8) & O_CLOEXEC) === 0;
}

/** The sockets that a process holds: descriptors by inode. Undefined where they may not be read. */
function heldBy(pid: number, links: ReadonlyMap<string, number>): Map<number, Descriptor> | undefined {
  const held = new Map<number, Descriptor>();
  const own = `/proc/${String(pid)}`;
  const known = addHeld(held, own, links);
  // Where the main thread has ended, its list is empty, and that of another thread has them.
  if (known !== 0) return known === undefined ? undefined : held;
  for (const thread of numbersIn(`${own}/task`) ?? []) {
    if (thread === pid) continue;
    const more = addHeld(held, `${own}/task/${String(thread)}`, links);
    if (more === undefined) return undefined;
    if (more > 0) break; // they share one table
  }
  return held;
}

/** Adds what is held there; how many descriptors there are, or undefined where they may not be read. */
function addHeld(
  held: Map<number, Descriptor>,
  folder: string,
  links: ReadonlyMap<string, number>,
): number | undefined {
  const fds = numbersIn(`${folder}/fd`);
  for (const fd of fds ?? []) {
    const link = attempt(() => readlinkSync(`${folder}/fd/${String(fd)}`), '');
    if (link === undefined) return undefined;
    const inode = links.get(link);
    if (inode !== undefined && !held.has(inode)) held.set(inode, { fd, folder });
  }
  return fds?.length;
}

/** The names in a folder that are numbers; undefined where it may not be read. */
function numbersIn(folder: string): number[] | undefined {
  const names = attempt(() => readdirSync(folder), []);
  return names?.map(Number).filter(Number.isInteger);
}

/** What /proc tells of one process: proc_pid_stat(5), proc_pid_status(5), proc_pid_cgroup(5). Linux. */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** A process by its number and name. */
export interface ProcessName {
  /** Its number. */
  readonly pid: number;
  /** What `ps` calls it: the program's name, cut at 15 bytes, unless it has named itself. */
  readonly command: string;
}

/** What a process was called with. */
export interface ProcessCall extends ProcessName {
  /** The program and its arguments, with spaces between; `''` where it has none. */
  readonly commandLine: string;
}

/** What is known of a process. What is not known, or is as usual, is left out. Its texts are as the process has them. */
export interface ProcessFacts extends ProcessCall {
  /** Its effective user. */
  readonly uid: number;
  /** It was stopped, by Ctrl-Z or SIGSTOP: it handles no signal but SIGCONT and SIGKILL until it goes on. */
  readonly stopped?: true;
  /** Its main thread has ended, and another thread runs on: `ps` says <defunct>. */
  readonly mainThreadEnded?: true;
  /** It ignores SIGTERM, which kill(1) sends. */
  readonly ignoresTerm?: true;
  /** When it was started, in milliseconds since 1970. */
  readonly startedAtMs?: number;
  /** Who started it, the nearest first; a parent that has ended is replaced by init or a subreaper. */
  readonly parents?: readonly ProcessCall[];
  /** Its control group, where that is not this process's own: a service or container has one. */
  readonly cgroup?: string;
  /** What pm2 and supervisord tell the programs that they start: the variables of {@link TOLD}. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Variables by which a supervisor tells a program who it is to it. */
const TOLD = ['pm_id', 'SUPERVISOR_PROCESS_NAME', 'SUPERVISOR_GROUP_NAME'];
const MOST_PARENTS = 12;
/** USER_HZ: what /proc counts in, on every machine that Node runs on. */
const TICKS_PER_S = 100;
const PF_KTHREAD = 0x200000;

/** What `read` returns, `gone` where what it reads has vanished meanwhile; undefined where it is not allowed. */
export function attempt<Value>(read: () => Value, gone: Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') return undefined;
    if (code === 'ENOENT' || code === 'ESRCH') return gone;
    throw error;
  }
}

/** A file of /proc/PID; `''` where there is none any more, or it may not be read. */
export function readText(pid: number | 'self', name: string): string {
  return attempt(() => readFileSync(`/proc/${String(pid)}/${name}`, 'utf8'), '') ?? '';
}

/** The fields of /proc/PID/stat from the third one on, the state; none where the process has ended. */
function statOf(pid: number): readonly string[] {
  const stat = readText(pid, 'stat'); // the name before it may hold anything
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Threads of the kernel hold nothing, and neither do processes that have ended, whose parents may not know it yet. */
export function hasDescriptors(pid: number): boolean {
  if (attempt(() => readFileSync(`/proc/${String(pid)}/stat`, 'utf8'), '') === undefined) return true; // hidepid=1
  const [state, , , , , , flags] = statOf(pid);
  if (flags === undefined || state === 'X' || (Number(flags) & PF_KTHREAD) !== 0) return false;
  return state !== 'Z' || threadsOf(pid) > 1;
}

function threadsOf(pid: number): number {
  return Number(statOf(pid)[17] ?? 0);
}

/** The parent's number; 0 where there is none, or it is not known. */
export function parentOf(pid: number): number {
  return Number(statOf(pid)[1] ?? 0);
}

/** When a process was started, in ticks since the machine was: with the number it is what is meant for good. */
export function startTicks(pid: number): number | undefined {
  const ticks = statOf(pid)[19];
  return ticks === undefined ? undefined : Number(ticks);
}

/** This process and those above it, where there is a /proc to tell. */
export function ownLine(): number[] {
  const line: number[] = [];
  for (let pid = process.pid; pid > 0 && !line.includes(pid); pid = parentOf(pid)) line.push(pid);
  return line;
}

/** Undefined where it has ended meanwhile, or nothing of it may be seen. */
export function factsOf(pid: number): ProcessFacts | undefined {
  const status = readText(pid, 'status');
  const [, uid] = /^Uid:\s+\d+\s+(\d+)/m.exec(status) ?? [];
  if (uid === undefined) return undefined;
  const [state = '', , , ...rest] = statOf(pid);
  const startedAtMs = startOf(Number(rest[16]));
  const parents = parentsOf(pid);
  const cgroup = cgroupOf(pid);
  const environment = toldTo(pid);
  return {
    ...callOf(pid),
    uid: Number(uid),
    ...((state === 'T' || state === 't') && { stopped: true }),
    ...(state === 'Z' && { mainThreadEnded: true }),
    ...(ignores(status, constants.signals.SIGTERM) && { ignoresTerm: true }),
    ...(startedAtMs !== undefined && { startedAtMs }),
    ...(parents.length > 0 && { parents }),
    ...(cgroup !== undefined && { cgroup }),
    ...(environment !== undefined && { environment }),
  };
}

function callOf(pid: number): ProcessCall {
  return {
    pid,
    command: readText(pid, 'comm').replace(/\n$/, ''),
    commandLine: readText(pid, 'cmdline').replace(/\0+$/, '').replaceAll('\0', ' '),
  };
}

function ignores(status: string, signal: number): boolean {
  const [, mask] = /^SigIgn:\s+([0-9a-f]+)/m.exec(status) ?? [];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

function startOf(ticks: number): number | undefined {
  const [up] = (attempt(() => readFileSync('/proc/uptime', 'utf8'), '') ?? '').split(' ').map(Number);
  if (!up || Number.isNaN(ticks)) return undefined;
  return Math.round(Date.now() - (up - ticks / TICKS_PER_S) * 1000);
}

function parentsOf(pid: number): ProcessCall[] {
  const parents: ProcessCall[] = [];
  for (let at = parentOf(pid); at > 0 && parents.length < MOST_PARENTS; at = parentOf(at)) parents.push(callOf(at));
  return parents;
}

function cgroupOf(pid: number): string | undefined {
  const groups = readText(pid, 'cgroup').trim();
  if (groups === '' || groups === readText('self', 'cgroup').trim()) return undefined;
  const lines = groups.split('\n').filter((one) => !one.endsWith(':/'));
  // In the old form, beside which the new one may say little, systemd's has the container too.
  const line =
    lines.find((one) => one.includes('name=systemd')) ?? lines.find((one) => one.startsWith('0::')) ?? lines[0];
  return line?.split(':').slice(2).join(':');
}

function toldTo(pid: number): Record<string, string> | undefined {
  const told = readText(pid, 'environ')
    .split('\0')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const)
    .filter(([name]) => TOLD.includes(name));
  return told.length === 0 ? undefined : Object.fromEntries(told);
}

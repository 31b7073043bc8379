/**
 * The network that servers and load play in: a namespace of its own, with CUBIC on loopback, which is Linux's default.
 *
 * A machine whose default is another one would measure that: BBR sends by the clock, its timers run on the server's
 * CPU time, and two processes of the same C program come out with twice the cost of one another.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Program } from './process.js';

const CONGESTION = 'cubic';
const LIMIT_MS = 10_000;

/** Loopback's own routes, made anew with a congestion control: ip-route(8). Then it stays until it is ended. */
const SET_UP = [
  'set -e',
  'ip link set lo up',
  'for to in 127.0.0.0/8 127.0.0.1; do',
  `  ip route replace table local local $to dev lo proto kernel scope host src 127.0.0.1 congctl ${CONGESTION}`,
  'done',
  'echo true',
  'exec cat',
].join('\n');

/** Root's own, or with a namespace for users as well. */
const FOR_USERS = '--map-root-user';
const NAMESPACES = [
  ['unshare', '--net'],
  ['unshare', FOR_USERS, '--net'],
] as const;

/** What gives a program a network namespace of its own; nothing where this user may have none. */
export function namespaceCommand(): readonly string[] {
  return (
    NAMESPACES.find(
      ([program, ...args]) => spawnSync(program, [...args, 'ip', 'link', 'set', 'lo', 'up']).status === 0,
    ) ?? []
  );
}

/** Where the processes of a case play. */
export interface Network {
  /** The command that runs a program in it: `nsenter` …; nothing where it is the system's own. */
  readonly inside: readonly string[];
  /** The congestion control of its connections. */
  readonly congestion: string;
  readonly end: () => Promise<void>;
}

/** A network of our own; the system's where this user may have none. */
export async function openNetwork(): Promise<Network> {
  const command = namespaceCommand();
  const systems = { inside: [], congestion: systemsCongestion(), end: () => Promise.resolve() };
  if (command.length === 0) return systems;
  const holder = new Program(undefined, [...command, 'sh', '-c', SET_UP], LIMIT_MS);
  try {
    await holder.line();
    const of = `/proc/${String(holder.pid)}/ns`;
    const users = command.includes(FOR_USERS) ? ['--preserve-credentials', `--user=${of}/user`] : [];
    const [program, ...args] = ['nsenter', ...users, `--net=${of}/net`] as const;
    if (spawnSync(program, [...args, 'true']).status !== 0) throw new Error('nsenter(1)');
    return { inside: [program, ...args], congestion: CONGESTION, end: () => holder.end() };
  } catch {
    await holder.end();
    return systems;
  }
}

function systemsCongestion(): string {
  try {
    return readFileSync('/proc/sys/net/ipv4/tcp_congestion_control', 'utf8').trim();
  } catch {
    return 'unknown'; // macOS has no such file
  }
}

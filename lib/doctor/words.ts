/** Words that the diagnosis, the advice and the text have in common. Pure. */
import { printable } from '../printable.js';
import type { Holder, Target } from './diagnosis.js';

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** `1 connection`, `12,000 connections`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${String(number).replace(/\B(?=(\d{3})+$)/g, ',')} ${number === 1 ? one : many}`;
}

/** `43.2 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** `127.0.0.1:80`, `[::1]:80`. */
export function endpoint({ address, port }: { address: string; port: number }): string {
  return `${address.includes(':') ? `[${address}]` : address}:${String(port)}`;
}

/** A path as it is typed after `--unix`: an abstract name with `@` in front. */
export function pathWord(path: string): string {
  return printable(path.startsWith('\0') ? `@${path.slice(1)}` : path);
}

/** A path in a command for a shell. */
export function quoted(path: string): string {
  const word = pathWord(path);
  return /^[\w@%+=:,./-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The target at the beginning of a sentence: `Port 80`, `UDP port 53`, `The path /tmp/x`. */
export function subject({ protocol, address }: Target): string {
  if (protocol === 'unix') {
    return `The ${address.path.startsWith('\0') ? 'abstract name' : 'path'} ${pathWord(address.path)}`;
  }
  return `${protocol === 'udp' ? 'UDP port' : 'Port'} ${String(address.port)}`;
}

/** What bind(2) is given: `0.0.0.0:80`, or the path. */
export function boundTo({ protocol, address }: Target): string {
  return protocol === 'unix' ? pathWord(address.path) : endpoint(address);
}

/** A process: `node (PID 42)`. */
export function processWord({ pid = 0, command = '' }: Holder): string {
  return command === '' ? `PID ${String(pid)}` : `${printable(command)} (PID ${String(pid)})`;
}

/** The processes of these sockets, each once. */
export function processesOf(holders: readonly Holder[]): Holder[] {
  const byPid = new Map<number, Holder>();
  for (const holder of holders) if (holder.pid !== undefined) byPid.set(holder.pid, holder);
  return [...byPid.values()];
}

/** The sockets, each once: an inode may be open in several processes. */
export function socketsOf(holders: readonly Holder[]): Holder[] {
  const seen = new Set<number>();
  const sockets: Holder[] = [];
  for (const holder of holders) {
    if (holder.inode !== 0 && seen.has(holder.inode)) continue;
    if (holder.inode !== 0) seen.add(holder.inode);
    sockets.push(holder);
  }
  return sockets;
}

/** Are they more than one socket? As {@link socketsOf} would count them. */
export function areSeveral(holders: readonly Holder[]): boolean {
  const inode = holders[0]?.inode ?? 0;
  return inode === 0 ? holders.length > 1 : holders.some((holder) => holder.inode !== inode);
}

/**
 * The sockets without the crowd: of those that follow each other and are alike but for their end, only the last one to
 * expire. A server may have left tens of thousands.
 */
export function withoutCrowd(holders: readonly Holder[]): Holder[] {
  const few: Holder[] = [];
  let last: Holder | undefined;
  for (const holder of holders) {
    const isOneMore = last !== undefined && isOfCrowd(holder, last);
    if (isOneMore && (holder.expiresInMs ?? 0) <= (last?.expiresInMs ?? 0)) continue;
    if (isOneMore) few.pop();
    few.push(holder);
    last = holder;
  }
  return few;
}

function isOfCrowd(holder: Holder, last: Holder): boolean {
  return (
    holder.expiresInMs !== undefined &&
    last.expiresInMs !== undefined &&
    holder.inode === 0 &&
    last.inode === 0 &&
    holder.local === last.local &&
    holder.state === last.state &&
    holder.reuseaddr === last.reuseaddr &&
    holder.reuseport === last.reuseport
  );
}

/** The milliseconds until the kernel has dropped the last of those that it drops by itself; undefined: it drops none. */
export function longestMs(holders: readonly Holder[]): number | undefined {
  let longest: number | undefined;
  for (const { expiresInMs } of holders) {
    if (expiresInMs !== undefined && !(expiresInMs <= (longest ?? -1))) longest = expiresInMs;
  }
  return longest;
}

/** A socket that is bound and neither listens nor is connected. */
export function isBoundOnly({ state }: Holder): boolean {
  return state === 'CLOSE' || state === 'BOUND_INACTIVE';
}

/** Neither a listener nor a socket that is bound and no more. */
export function isConnection(holder: Holder): boolean {
  return holder.state !== 'LISTEN' && !isBoundOnly(holder);
}

/** The command that asks about this target again. */
export function whyCommand({ protocol, address }: Target, ...options: readonly string[]): string {
  const what =
    protocol === 'unix'
      ? ['--unix', quoted(address.path)]
      : [
          String(address.port),
          ...(address.address === '0.0.0.0' ? [] : ['--host', address.address]),
          ...(protocol === 'udp' ? ['--udp'] : []),
        ];
  return ['bsd-sockets', 'why', ...what, ...options].join(' ');
}

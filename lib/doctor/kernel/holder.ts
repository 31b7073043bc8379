/** What can be asked of sockets and addresses. Pure. */
import type { Holder } from './observation.js';

/** `127.0.0.1:80`, `[::1]:80`. */
export function endpoint({ address, port }: { address: string; port: number }): string {
  return `${address.includes(':') ? `[${address}]` : address}:${String(port)}`;
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
export function isBoundOnly({ state }: Pick<Holder, 'state'>): boolean {
  return state === 'CLOSE' || state === 'BOUND_INACTIVE';
}

/** Neither a listener nor a socket that is bound and no more. */
export function isConnection(holder: Holder): boolean {
  return holder.state !== 'LISTEN' && !isBoundOnly(holder);
}

/** Are there sockets, and none that a process has? */
export function areOrphans(holders: readonly Holder[]): boolean {
  return holders.length > 0 && holders.every(({ inode }) => inode === 0);
}

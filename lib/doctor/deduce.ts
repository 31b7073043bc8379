/** The flags of sockets that cannot be read, from which binds worked: Linux's rule. Pure. */
import type { Binds, Holder } from './diagnosis.js';
import { socketsOf } from './words.js';

/**
 * What the kernel keeps of a TIME_WAIT's flags is in no list; but a bind with a flag works exactly where all sockets
 * in its way have the flag (and none listens, for SO_REUSEADDR; and all are of the same user, for SO_REUSEPORT).
 *
 * @param holders - the sockets in the way of a bind without flags
 * @param uid - the user who bound
 */
export function deduceFlags(holders: readonly Holder[], binds: Binds, uid: number): Holder[] {
  const listens = ({ state }: Holder): boolean => state === 'LISTEN';
  const isForeign = (holder: Holder): boolean => holder.inode !== 0 && holder.uid !== uid;
  const sockets = socketsOf(holders);
  const reuseaddr = deduce(sockets, 'reuseaddr', binds.reuseaddr, listens);
  const reuseport = deduce(sockets, 'reuseport', binds.reuseport, isForeign);
  if (reuseaddr === undefined && reuseport === undefined) return [...holders];
  const deduced = {
    ...(reuseaddr !== undefined && { reuseaddr }),
    ...(reuseport !== undefined && { reuseport }),
    flagsFrom: 'probes' as const,
  };
  // Whoever read one flag of a socket has read both.
  return holders.map((holder) => (holder.flagsFrom === undefined ? { ...holder, ...deduced } : holder));
}

/**
 * The flag of all sockets of which it is not known; undefined where that does not follow.
 *
 * @param refuses - does this socket refuse a bind whatever flags it has itself?
 */
function deduce(
  sockets: readonly Holder[],
  flag: 'reuseaddr' | 'reuseport',
  result: string,
  refuses: (holder: Holder) => boolean,
): boolean | undefined {
  // Reason enough for a refusal; and where a bind worked all the same, the kernel went by other things.
  if (sockets.some((socket) => socket[flag] === false || refuses(socket))) return undefined;
  const unknown = sockets.filter((socket) => socket[flag] === undefined).length;
  if (result === 'ok') return true;
  return result === 'EADDRINUSE' && unknown === 1 ? false : undefined;
}

/** The flags of sockets that cannot be read, from which binds worked: Linux's rule. Pure. */
import type { Binds, Holder } from '../kernel/observation.js';
import { socketsOf } from '../kernel/holder.js';

/**
 * What the kernel keeps of a TIME_WAIT's flags is in no list; but a bind with a flag works exactly where all sockets
 * in its way have the flag (and none listens, for SO_REUSEADDR; and all are of the same user, for SO_REUSEPORT). Binds
 * that were closed before are forgotten where SO_REUSEADDR works: see probeBinds. Where it does not, SO_REUSEPORT can
 * work by the kernel's memory only if somebody took the flag from a connection after accept(2).
 *
 * @param few - the sockets in the way of a bind without flags; of a crowd in TIME_WAIT one is enough
 * @param total - how many there are with the whole crowd
 * @param uid - the user who bound
 */
export function deduceFlags(few: readonly Holder[], total: number, binds: Binds, uid: number): Deduced | undefined {
  const listens = ({ state }: Holder): boolean => state === 'LISTEN';
  const isForeign = (holder: Holder): boolean => holder.inode !== 0 && holder.uid !== uid;
  const sockets = socketsOf(few);
  const hasCrowd = few.length < total;
  const reuseaddr = deduce(sockets, hasCrowd, 'reuseaddr', binds.reuseaddr, listens);
  const reuseport = deduce(sockets, hasCrowd, 'reuseport', binds.reuseport, isForeign);
  if (reuseaddr === undefined && reuseport === undefined) return undefined;
  return { reuseaddr, reuseport };
}

/** Flags that follow from the binds; undefined: this one does not. */
interface Deduced {
  readonly reuseaddr: boolean | undefined;
  readonly reuseport: boolean | undefined;
}

/** The socket with them; whoever read one flag of a socket has read both. */
export function withFlags(holder: Holder, { reuseaddr, reuseport }: Deduced): Holder {
  if (holder.flagsFrom !== undefined) return holder;
  // There may be tens of thousands, and V8 gives each copy that is made by spreading a layout of its own, slow to read.
  const known: Holder = Object.assign({}, holder);
  if (reuseaddr !== undefined) known.reuseaddr = reuseaddr;
  if (reuseport !== undefined) known.reuseport = reuseport;
  known.flagsFrom = 'probes';
  return known;
}

/**
 * The flag of all sockets of which it is not known; undefined where that does not follow.
 *
 * @param refuses - does this socket refuse a bind whatever flags it has itself?
 */
function deduce(
  sockets: readonly Holder[],
  hasCrowd: boolean,
  flag: 'reuseaddr' | 'reuseport',
  result: string,
  refuses: (holder: Holder) => boolean,
): boolean | undefined {
  // Reason enough for a refusal; and where a bind worked all the same, the kernel went by other things.
  if (sockets.some((socket) => socket[flag] === false || refuses(socket))) return undefined;
  const unknown = sockets.filter((socket) => socket[flag] === undefined).length;
  if (result === 'ok') return true;
  return result === 'EADDRINUSE' && unknown === 1 && !hasCrowd ? false : undefined;
}

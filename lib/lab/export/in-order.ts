/** A session's calls, one after the other, as one program can make them. Pure. */
import type { SessionCall } from '../session.js';

/** One call of the program; of one that never returned the program has a comment. */
export interface OrderedCall {
  readonly call: SessionCall;
  readonly hasReturned: boolean;
}

/**
 * By when they returned, for what a call waits for has to be done before it. Where a call made another one return, both
 * may return at once, in any order: it comes first, as it began while the other waited.
 */
export function inOrder(calls: readonly SessionCall[]): OrderedCall[] {
  const returned = calls.filter(hasReturned);
  return calls
    .map((call) => ({ call, hasReturned: hasReturned(call), ...placeOf(call, returned) }))
    .sort((one, other) => one.atMs - other.atMs || one.after - other.after)
    .map(({ call, hasReturned: has }) => ({ call, hasReturned: has }));
}

type Returned = Required<SessionCall>;

const hasReturned = (call: SessionCall): call is Returned => call.returned !== undefined;
const endOf = ({ returned }: Returned): number => returned.atMs;
const startOf = ({ returned }: Returned): number => returned.atMs - returned.durationMs;

/** A time, and whether it is right after what happened then. */
function placeOf(call: SessionCall, returned: readonly Returned[]): { atMs: number; after: 0 | 1 } {
  if (!hasReturned(call)) return { atMs: call.called.atMs, after: 0 };
  const cause = returned.find((other) => isCause(other, call, returned));
  return cause === undefined ? { atMs: endOf(call), after: 0 } : { atMs: endOf(cause), after: 1 };
}

/**
 * The other actor's call that began while this one waited and had not returned when this one did, unless it then waited
 * for a later call.
 */
function isCause(other: Returned, call: Returned, returned: readonly Returned[]): boolean {
  const { actor } = call.called;
  if (other.called.actor === actor) return false;
  if (!(startOf(call) < startOf(other) && startOf(other) < endOf(call) && endOf(call) <= endOf(other))) return false;
  return !returned.some(
    (later) => later.called.actor === actor && startOf(later) >= endOf(call) && startOf(later) < endOf(other),
  );
}

/** From what was seen to what is the matter. Pure. */
import type { Language } from '../../language.js';
import { deduceFlags, withFlags } from '../rule/deduce.js';
import type { Protocol } from '../kernel/inet-diag.js';
import type { Case, Verdict } from './diagnosis.js';
import type { Holder, Observation } from '../kernel/observation.js';
import { inTheWay } from '../rule/in-the-way.js';
import type { Endpoint } from '../kernel/observe.js';
import { isBoundOnly, longestMs, withoutCrowd } from '../kernel/holder.js';

/** Everything that is known when the answer is put into words. */
export interface Judged extends Case {
  /** What is in the way, the whole crowd. */
  readonly all: readonly Holder[];
  /** What only has the same port. */
  readonly others: readonly Holder[];
}

/** What follows from what was seen. */
export function judge(seen: Observation, language: Language = 'en'): Judged {
  const { holders, few, others } = sort(seen);
  const verdict = verdictOn(seen, few);
  const freeInMs = untilFreeMs(verdict, few);
  return { ...seen, verdict, holders: few, total: holders.length, freeInMs, language, all: holders, others };
}

interface Sorted {
  readonly holders: readonly Holder[];
  /** The holders without the crowd. */
  readonly few: readonly Holder[];
  readonly others: readonly Holder[];
}

/** What is in the way, with the flags that follow from the binds; and what only has the same port. */
function sort(seen: Observation): Sorted {
  const { target, sockets, binds, uid } = seen;
  if (binds.none === 'ok') return { holders: [], few: [], others: sockets };
  if (target.protocol === 'unix') return { holders: sockets, few: sockets, others: [] };
  const isHolder = inTheWay(target, seen.v6only);
  const holders: Holder[] = [];
  const others: Holder[] = [];
  for (const socket of sockets) (hasPort(socket) && isHolder(socket) ? holders : others).push(socket);
  const few = withoutCrowd(holders);
  const deduced = deduceFlags(few, holders.length, binds, uid);
  if (deduced === undefined) return { holders, few, others };
  return {
    holders: holders.map((holder) => withFlags(holder, deduced)),
    few: few.map((holder) => withFlags(holder, deduced)),
    others,
  };
}

const hasPort = (holder: Holder): holder is Holder & { local: Endpoint } => 'port' in holder.local;

function verdictOn(seen: Observation, holders: readonly Holder[]): Verdict {
  const { target, binds } = seen;
  switch (binds.none) {
    case 'ok':
      return 'free';
    case 'EACCES':
    case 'EPERM':
      return 'forbidden';
    case 'EADDRNOTAVAIL':
      return 'not-local';
    case 'ENOENT':
    case 'ENOTDIR':
      return target.protocol === 'unix' ? 'no-folder' : 'refused';
    case 'EADDRINUSE':
      return target.protocol === 'unix' ? judgePath(seen, holders) : judgePort(target.protocol, holders);
    default:
      return 'refused';
  }
}

function judgePort(protocol: Protocol, holders: readonly Holder[]): Verdict {
  if (holders.length === 0) return 'unseen';
  if (protocol === 'udp') return 'open';
  if (holders.some(({ state }) => state === 'LISTEN')) return 'listening';
  if (holders.every(({ expiresInMs }) => expiresInMs !== undefined)) return 'expiring';
  if (holders.some(isBoundOnly)) return 'bound';
  return holders.some(({ outgoing }) => outgoing) ? 'outgoing' : 'connected';
}

function judgePath({ pathKind, pathInUse }: Observation, holders: readonly Holder[]): Verdict {
  if (pathKind !== 'socket' && pathKind !== 'abstract') return 'not-a-socket';
  if (pathInUse === false) return 'left-behind';
  if (holders.some(({ state }) => state === 'LISTEN')) return 'listening';
  return holders.length > 0 ? 'open' : 'unseen';
}

function untilFreeMs(verdict: Verdict, holders: readonly Holder[]): number | null {
  if (verdict === 'free') return 0;
  if (verdict !== 'expiring') return null;
  return longestMs(holders) ?? 0;
}

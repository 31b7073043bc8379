/** What the doctor makes of what it sees: data only. */
import type { Language } from '../../language.js';
import type { Advice } from './advice.js';
import type { Protocol } from '../kernel/inet-diag.js';
import type { Binds, Holder, Observation } from '../kernel/observation.js';

/**
 * What is the matter.
 *
 * - `free`: a plain bind works
 * - `listening`: a program listens
 * - `open`: a program has a UDP or unix socket there
 * - `bound`: a program has bound it and neither listens nor is connected
 * - `outgoing`: a connection was opened from this port
 * - `connected`: connections, and nobody listens: of a server that was closed, or opened from this port
 * - `expiring`: only connections that are over: TIME_WAIT, or FIN_WAIT2 with no owner
 * - `unseen`: in use, and no list says by whom
 * - `forbidden`: this user may not
 * - `not-local`: not an address of this host
 * - `left-behind`: a unix path whose socket nobody has open any more
 * - `not-a-socket`: a unix path with something else on it
 * - `no-folder`: the folder of a unix path is not there
 * - `no-port`: no port was left for the kernel to choose, or both ends of a connection would be alike
 * - `refused`: bind fails for another reason
 */
export type Verdict =
  | 'free'
  | 'listening'
  | 'open'
  | 'bound'
  | 'outgoing'
  | 'connected'
  | 'expiring'
  | 'unseen'
  | 'forbidden'
  | 'not-local'
  | 'left-behind'
  | 'not-a-socket'
  | 'no-folder'
  | 'no-port'
  | 'refused';

/** What is known when advice is sought: the facts, and what was made of them so far. */
export interface Case extends Observation {
  readonly verdict: Verdict;
  /** What is in the way; of a crowd that expires by itself only the last one. */
  readonly holders: readonly Holder[];
  /** How many they are with the whole crowd. */
  readonly total: number;
  readonly freeInMs: number | null;
  /** In which language it is told. */
  readonly language: Language;
}

/** The answer of `why`: what `--json` prints. */
export interface Diagnosis {
  /** The port that was asked about; left out for a unix path. */
  readonly port?: number;
  /** The IP address that was tried; left out for a unix path. */
  readonly host?: string;
  /** The unix path that was tried; `'\0name'`: an abstract name. */
  readonly path?: string;
  /** What was asked about. */
  readonly protocol: Protocol | 'unix';
  /** What is the matter, in one word. */
  readonly verdict: Verdict;
  /** What is the matter, in one sentence. */
  readonly summary: string;
  /** What became of the four binds just now; `''`: not tried, for it was about connect. */
  readonly binds: Binds;
  /** The same to 0.0.0.0 alone, where no address was asked about: `host` is then `'::'`, IPv6 and IPv4. */
  readonly bindsIPv4?: Binds;
  /** What is in the way of a bind without flags. */
  readonly holders: readonly Holder[];
  /** Sockets of the same port that are not in the way: their addresses do not overlap. */
  readonly others: readonly Holder[];
  /** Milliseconds until the kernel has dropped the last holder by itself; 0: now; null: it depends on a program. */
  readonly freeInMs: number | null;
  /** When it will be free, in words. */
  readonly freeWhen: string;
  /** What to do, the best first. */
  readonly advice: readonly Advice[];
  /** What else to know, and what could not be read. */
  readonly notes: readonly string[];
}

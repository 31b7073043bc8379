/** What the bind matrix is: data only. */

import type { Protocol } from '../../doctor/kernel/inet-diag.js';
import type { InEach } from '../../language.js';
import type { Flags } from '../../doctor/kernel/observation.js';

/** One cell: there was a socket, and another one was bound to the same port. */
export interface MatrixRow {
  /** Which table it belongs to: the states of a TCP socket, the pairs of addresses, the special cases. */
  readonly group: 'states' | 'addresses' | 'accepted';
  /** The state of what was there, as the kernel calls it (`'TIME_WAIT'`), or what was done, in a few words. */
  readonly existing: string;
  readonly existingFlags: Flags;
  readonly newFlags: Flags;
  /** `'::'` is dual-stack; `':: V6ONLY'` is IPv6 only. */
  readonly existingAddress: string;
  readonly newAddress: string;
  readonly protocol: Protocol;
  /** What this kernel did: `'ok'` or the error's name, `'EADDRINUSE'`. */
  readonly result: string;
  /** The last call that was made: where bind worked, a TCP socket listened too. */
  readonly at: 'bind' | 'listen';
  /** What the model says: `'ok'`, an error's name, or `'unknown'`. */
  readonly model: string;
  /** The model's reason, a sentence. */
  readonly because: InEach;
}

/** What this machine did, cell by cell. */
export interface Matrix {
  /** `process.platform`: `'linux'`. */
  readonly platform: string;
  /** The name of the system, as `uname` gives it: `'Linux'`. */
  readonly system: string;
  /** The kernel's release: `'6.18.0'`. */
  readonly kernel: string;
  readonly rows: readonly MatrixRow[];
  /** What could not be measured here, a sentence each: `'There is no IPv6 here …'`. */
  readonly missing: readonly InEach[];
}

/** Does the model know, and did the kernel do something else? */
export function differs({ result, model }: MatrixRow): boolean {
  return model !== 'unknown' && model !== result;
}

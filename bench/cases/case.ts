/** What a case is. A new one is a file here, its line in index.ts, and its loop in each contestant's program. */
import type { ContestantName } from '../contestants.js';

/** What our rate shall be: at least `rate` of C's, and more than that of each of `aheadOf`. */
export interface Goal {
  readonly rate: number;
  readonly aheadOf?: readonly ContestantName[];
}

/** Rates are per second of the clock (`wall`) or of the contestant's own CPU time (`cpu`). */
export type Metric = 'wall' | 'cpu';

/** Something to measure. */
export interface Case {
  /** Its name on the command line and in results.json. */
  readonly name: string;
  /** One operation, in words. */
  readonly title: string;
  /** The loop that the contestants' programs run; several cases can share it. */
  readonly loop: string;
  /** Who plays another loop: another way to do the same. */
  readonly loops?: Readonly<Partial<Record<ContestantName, string>>>;
  /** What the generator plays against it, and on which core; the contestant is on core 0. */
  readonly generator?: { readonly play: string; readonly core: 0 | 1 };
  /** Each metric that is shown, and what is wanted of it. */
  readonly metrics: Readonly<Partial<Record<Metric, Goal | null>>>;
  /** Who takes part beside C and this package. */
  readonly peers: readonly ContestantName[];
  /** Why a peer does not: a line under the table. */
  readonly note?: string;
}

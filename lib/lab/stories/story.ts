/** What a guided story is: steps, and what to look at. Data only. */
import type { TcpState } from '../../doctor/kernel/inet-diag.js';
import type { Language } from '../../language.js';
import type { Step } from '../steps.js';

/** A text in each language. */
export type Words = Readonly<Record<Language, string>>;

/** One step of a story. */
export interface StoryStep {
  readonly step: Step;
  /** What to look at once it is done. */
  readonly words?: Words;
  /** What the kernel answers: it succeeds, it waits (then the player goes on, and gives its process
   * the next step only when it has returned), or fails with this error. */
  readonly expect: 'ok' | 'waits' | `E${string}`;
  /** The step is over only when the kernel lists so many sockets in this state (left out: at least one). */
  readonly until?: { readonly state: TcpState; readonly count?: number };
}

/** One course of a story; two of them are played side by side, on one time axis. */
export interface StoryRun {
  readonly title: Words;
  readonly steps: readonly StoryStep[];
}

/** A guided story. */
export interface Story {
  /** Its name in URLs and tests: `'failed-restart'`. */
  readonly id: string;
  readonly title: Words;
  /** What it shows, in a sentence or two. */
  readonly about: Words;
  /** What was learnt: shown at the end. */
  readonly moral: Words;
  /** One, or two side by side. */
  readonly runs: readonly [StoryRun] | readonly [StoryRun, StoryRun];
}

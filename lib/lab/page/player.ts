/** Plays the steps of a story on a session. Pure: it asks and waits through a {@link Driver}. */
import type { StepAnswer } from '../protocol.js';
import type { Step } from '../steps.js';
import type { StoryStep } from '../stories/index.js';
import { countIn, isIdle, type CallEntry, type RunState } from './run-state.js';

/** A session that steps can be made on. */
export interface Driver {
  post(step: Step): Promise<StepAnswer>;
  /** What is known now. */
  state(): RunState;
  /** Resolves when an event has come, or at the end of the time. */
  changed(limitMs: number): Promise<void>;
}

/** What came of a step, other than that all went as the story says. */
export type Played =
  /** As the story says. */
  | 'ok'
  /** The kernel answered something else: this system differs from Linux, or somebody else was at the port. */
  | 'otherwise'
  /** The kernel did not show the state in time. */
  | 'unseen'
  /** The session refused it: it has ended, or somebody else uses it. */
  | 'refused';

/** A SYN that was dropped is sent again after 1, 3 and 7 seconds: tcp(7). */
const LIMIT_MS = 15_000;

/** Makes one step, and resolves when it is done. */
export async function playStep(
  driver: Driver,
  { step, expect, until }: StoryStep,
  limitMs = LIMIT_MS,
): Promise<Played> {
  // What waits in its last call may return by what the other process has just done.
  if (!(await within(driver, limitMs, () => isIdle(driver.state(), step.actor)))) return 'refused';
  const answer = await driver.post(step);
  if (!('call' in answer)) return 'refused';
  const entry = (): CallEntry | undefined => driver.state().calls.find(({ called }) => called.call === answer.call);
  if (expect === 'waits') await within(driver, limitMs, () => entry() !== undefined);
  else if (!(await within(driver, limitMs, () => entry()?.returned !== undefined))) return 'otherwise';
  const outcome = entry()?.returned;
  const isExpected = expect === 'waits' || (outcome?.error?.code ?? 'ok') === expect;
  if (!isExpected) return 'otherwise';
  if (until === undefined || driver.state().hello?.kernel !== true) return 'ok';
  const isThere = (): boolean => countIn(driver.state(), until.state) >= (until.count ?? 1);
  return (await within(driver, limitMs, isThere)) ? 'ok' : 'unseen';
}

/** Waits until it is so. Has it come in time? */
async function within(driver: Driver, limitMs: number, isSo: () => boolean): Promise<boolean> {
  const end = performance.now() + limitMs;
  for (;;) {
    if (isSo()) return true;
    const leftMs = end - performance.now();
    if (leftMs <= 0) return false;
    await driver.changed(leftMs);
  }
}

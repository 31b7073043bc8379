/** The wait until a restart without SO_REUSEADDR works. */
import { setTimeout as sleep } from 'node:timers/promises';
import { waitForBind } from '../doctor/wait-until-free.js';
import { CompareFailed, remainingMs, type Run, type Try, type Waited } from './comparison.js';
import { readEvidence, targetOf, tryBind } from './probe.js';

/** What the wait asks of the world; tests have a world of their own. */
export interface RestartWorld {
  /** The clock of `Run.readAtMs`. */
  nowMs: () => number;
  /** How long the kernel says the port stays busy; null where it says nothing. */
  remainingMs: () => number | null;
  /** Binds without SO_REUSEADDR and lets go at once: `'ok'` or the error's name. */
  tryBind: () => string;
  sleep: (ms: number) => Promise<void>;
}

/** What is known at each step of the wait. */
export interface Tick {
  readonly saidMs: number | null;
  readonly remainingMs: number | null;
  readonly attempts: number;
}

const STEP_MS = 250;
const LAST_STEPS_MS = 20;
const NEARLY_MS = 1000;
/** How long to go on after the time the kernel gave; where it gave none, TIME_WAIT takes four minutes at most. */
const GRACE_MS = 30_000;
const LONGEST_MS = 240_000;

/** This machine. */
export function thisMachine(port: number, signal?: AbortSignal): RestartWorld {
  return {
    nowMs: () => performance.now(),
    remainingMs: () => remainingMs(readEvidence(port).sockets),
    tryBind: () => tryBind(port),
    sleep: (ms) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
  };
}

/**
 * Tries to bind until it works: four times a second, in the last second fifty times.
 *
 * @param run - the run whose restart failed: the time counts from the moment its evidence was read
 * @param onTick - called after each failed attempt
 * @throws CompareFailed where it fails for another reason, or long after the kernel's time is over
 */
export async function waitForRestart(run: Run, world: RestartWorld, onTick?: (tick: Tick) => void): Promise<Waited> {
  const kernelSaidMs = remainingMs(run.evidence);
  const limitMs = (kernelSaidMs ?? LONGEST_MS) + GRACE_MS;
  const tries: Try[] = [];
  let atMs = 0;
  let left: number | null = null;
  const tryBind = (): string => {
    const result = world.tryBind();
    atMs = world.nowMs() - run.readAtMs;
    if (result === 'ok') tries.push({ atMs, result, remainingMs: null });
    else if (result !== 'EADDRINUSE') throw new CompareFailed(`Port ${String(run.port)} cannot be bound: ${result}.`);
    else if (atMs > limitMs) throw new CompareFailed(stillInUse(run, atMs));
    return result;
  };
  const expiries = (): number[] => {
    left = world.remainingMs();
    tries.push({ atMs, result: 'EADDRINUSE', remainingMs: left });
    onTick?.({ saidMs: kernelSaidMs, remainingMs: left, attempts: tries.length });
    return left === null ? [] : [left];
  };
  const sleepShortly = (): Promise<void> => world.sleep(kernelSaidMs === null ? STEP_MS : pauseMs(left));
  await waitForBind({ tryBind, expiries, sleep: sleepShortly }, targetOf(run.port), 'none');
  return { kernelSaidMs, tookMs: Math.round(atMs), attempts: tries.length, tries };
}

const stillInUse = ({ port }: Run, afterMs: number): string =>
  `Port ${String(port)} is still in use after ${(afterMs / 1000).toFixed(0)} s.`;

/** Short once TIME_WAIT is nearly over, or is: then every attempt may be the one. */
function pauseMs(left: number | null): number {
  return left === null || left <= NEARLY_MS ? LAST_STEPS_MS : Math.min(STEP_MS, left - NEARLY_MS);
}

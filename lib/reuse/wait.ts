/** The wait until a restart without SO_REUSEADDR works. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CompareFailed, remainingMs, type Run, type Try, type Waited } from './comparison.js';
import { readEvidence, tryBind } from './probe.js';

/** What the wait asks of the world; tests have a world of their own. */
export interface World {
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
export function thisMachine(port: number, signal?: AbortSignal): World {
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
export async function waitForBind(run: Run, world: World, onTick?: (tick: Tick) => void): Promise<Waited> {
  const kernelSaidMs = remainingMs(run.evidence);
  const limitMs = (kernelSaidMs ?? LONGEST_MS) + GRACE_MS;
  const tries: Try[] = [];
  for (let attempts = 1; ; attempts++) {
    const result = world.tryBind();
    const tookMs = world.nowMs() - run.readAtMs;
    if (result === 'ok') {
      tries.push({ atMs: tookMs, result, remainingMs: null });
      return { kernelSaidMs, tookMs: Math.round(tookMs), attempts, tries };
    }
    if (result !== 'EADDRINUSE') throw new CompareFailed(`Port ${String(run.port)} cannot be bound: ${result}.`);
    if (tookMs > limitMs) {
      throw new CompareFailed(`Port ${String(run.port)} is still in use after ${(tookMs / 1000).toFixed(0)} s.`);
    }
    const left = world.remainingMs();
    tries.push({ atMs: tookMs, result, remainingMs: left });
    onTick?.({ saidMs: kernelSaidMs, remainingMs: left, attempts });
    await world.sleep(kernelSaidMs === null ? STEP_MS : pauseMs(left));
  }
}

/** Short once TIME_WAIT is nearly over, or is: then every attempt may be the one. */
function pauseMs(left: number | null): number {
  return left === null || left <= NEARLY_MS ? LAST_STEPS_MS : Math.min(STEP_MS, left - NEARLY_MS);
}

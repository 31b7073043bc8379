/** What a process holds, so that it can be seen whether it grows. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { rssTells, usage } from '../support/usage.js';

/** What a process holds, once its garbage is collected: numbers of things, and bytes. */
export interface Sample {
  fds: number;
  threads: number;
  /** What keeps the event loop alive: `process.getActiveResourcesInfo()`. */
  resources: number;
  heapUsed: number;
  external: number;
  rss: number;
}

/** Collecting takes several rounds: what is collected may have a finalizer, which lets more go. */
const COLLECTIONS = 4;

/** What this process holds now. It needs `node --expose-gc`. */
export async function sample(): Promise<Sample> {
  for (let i = 0; i < COLLECTIONS; i++) {
    globalThis.gc?.();
    await nextTurn();
  }
  const resources = process.getActiveResourcesInfo().filter((type) => type !== 'Immediate').length;
  const { heapUsed, external } = process.memoryUsage();
  const { fds, threads, rssKiB } = usage();
  return { fds, threads, resources, heapUsed, external, rss: rssKiB * 1024 };
}

const KIB = 1024;
const MIB = 1024 * KIB;

/** By how much the last third may lie above the middle one and still be called flat. */
export const TOLERANCE: Sample = {
  fds: 0,
  threads: 0,
  resources: 0,
  heapUsed: MIB,
  external: 64 * KIB,
  rss: rssTells ? 8 * MIB : Infinity,
};

/**
 * What grew to the end: the median of the last third of the samples lies above that of the middle third by more than
 * {@link TOLERANCE}. The first third is the time in which code is compiled and buffers find their size.
 */
export function growing(samples: readonly Sample[]): string[] {
  const third = Math.floor(samples.length / 3);
  const middle = samples.slice(-2 * third, -third);
  const last = samples.slice(-third);
  return (Object.keys(TOLERANCE) as (keyof Sample)[]).flatMap((name) => {
    const grown = median(last.map((one) => one[name])) - median(middle.map((one) => one[name]));
    return grown > TOLERANCE[name] ? [`${name} grew by ${String(grown)}`] : [];
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

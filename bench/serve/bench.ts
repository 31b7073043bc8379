/** Serving many. */
import { readResults, surroundings, writeResults, type Output } from '../results.js';
import type { ServedCase } from './case.js';
import { compareServed, type ServedComparison, type ServedPlan } from './compare.js';
import { compareMemory, MEMORY_CASE, type MemoryComparison } from './memory.js';
import { caseAt, curveSection, type Curve } from './curves.js';
import { drawPicture } from './picture.js';
import { memorySection, servedSection } from './report.js';
import type { Network } from '../network.js';
import { findServers, type ServerName } from './servers.js';

const QUICK = { starts: 1, rounds: 3, times: { warmMs: 500, measureMs: 250 } };
const FULL = { starts: 2, rounds: 3, times: { warmMs: 2500, measureMs: 300 } };
/** Fewer are not worth keeping. */
const LEAST_ROUNDS = 5;

/** What of the command line is about serving. */
export interface ServedOptions {
  readonly quick?: true;
  readonly json?: true;
  readonly servers?: readonly ServerName[];
  readonly starts?: number;
  readonly rounds?: number;
  readonly seconds?: number;
  readonly warm?: number;
}

/** What is to be run. */
export interface Served {
  readonly cases: readonly ServedCase[];
  readonly curves: readonly Curve[];
  /** The memory of idle connections? */
  readonly idle: boolean;
}

/** What has been measured: the points of the curves are cases. */
export interface ServedResults {
  readonly cases: readonly ServedComparison[];
  readonly curves: readonly ServedComparison[];
  readonly idle: MemoryComparison | undefined;
}

/**
 * Runs cases, curves, and the idle connections; prints each one's table as soon as it is there. Whole cases in full are
 * written to results.json; curves are not.
 */
export async function benchServed(
  { cases, curves, idle }: Served,
  network: Network,
  options: ServedOptions,
  output: Output,
): Promise<ServedResults> {
  const servers = findServers();
  const { starts, rounds } = planOf(options);
  const keep = !options.quick && !options.servers && starts * rounds >= LEAST_ROUNDS;
  const versions = Object.fromEntries(
    Object.entries(servers).map(([name, one]) => [name, 'absent' in one ? null : one.version]),
  );
  const table = (one: ServedComparison): void => {
    if (!options.json) output.print(`${servedSection(one)}\n`);
  };
  const comparisons = await runCases(cases, servers, network, options, output, table);
  if (keep && cases.length > 0)
    writeResults('served', { ...surroundings(), congestion: network.congestion, versions, cases: merge(comparisons) });
  const points: ServedComparison[] = [];
  for (const curve of curves) points.push(...(await runCurve(curve, servers, network, options, output)));
  const memory = idle ? await runIdle(servers, options, output) : undefined;
  if (keep && memory) writeResults('idle', { ...surroundings(), congestion: network.congestion, versions, ...memory });
  if (keep) await drawPicture();
  return { cases: comparisons, curves: points, idle: memory };
}

type Servers = ReturnType<typeof findServers>;

async function runCases(
  cases: readonly ServedCase[],
  servers: Servers,
  network: Network,
  options: ServedOptions,
  { progress, say }: Output,
  onCase?: (comparison: ServedComparison) => void,
): Promise<ServedComparison[]> {
  const plan = { ...planOf(options), network, progress };
  const comparisons: ServedComparison[] = [];
  for (const one of cases) {
    if (!process.stderr.isTTY) say(one.name);
    const comparison = await compareServed(one, playing(one.servers, options), servers, plan, comparisons);
    comparisons.push(comparison);
    progress('');
    onCase?.(comparison);
  }
  return comparisons;
}

/** Point by point: each is a case. */
async function runCurve(
  curve: Curve,
  servers: Servers,
  network: Network,
  options: ServedOptions,
  output: Output,
): Promise<ServedComparison[]> {
  const points = curve.points.map((point) => caseAt(curve, point));
  const measured = await runCases(points, servers, network, options, output);
  if (!options.json) output.print(`${curveSection(curve, measured)}\n`);
  return measured;
}

async function runIdle(
  servers: Servers,
  options: ServedOptions,
  { progress, say, print }: Output,
): Promise<MemoryComparison> {
  if (!process.stderr.isTTY) say(MEMORY_CASE.name);
  const rounds = options.rounds ?? (options.quick ? 1 : 3);
  const memory = await compareMemory(playing(MEMORY_CASE.servers, options), servers, rounds, progress);
  progress('');
  if (!options.json) print(`${memorySection(memory)}\n`);
  return memory;
}

function playing(all: readonly ServerName[], { servers }: ServedOptions): readonly ServerName[] {
  return servers ? all.filter((name) => servers.includes(name)) : all;
}

/** The cases that were measured now, in the place of what was measured of them before. */
function merge(now: readonly ServedComparison[]): ServedComparison[] {
  const before = (readResults('served') as { cases?: ServedComparison[] } | undefined)?.cases ?? [];
  return [...before.filter((old) => !now.some(({ name }) => name === old.name)), ...now];
}

function planOf(options: ServedOptions): Omit<ServedPlan, 'progress' | 'network'> {
  const { starts, rounds, times } = options.quick ? QUICK : FULL;
  return {
    starts: options.starts ?? starts,
    rounds: options.rounds ?? rounds,
    times: {
      warmMs: options.warm === undefined ? times.warmMs : options.warm * 1000,
      measureMs: options.seconds === undefined ? times.measureMs : options.seconds * 1000,
    },
  };
}

/** The table of the served cases, 80 columns wide. Pure. */
import type { Spread } from '../statistics.js';
import type { ServedComparison, ServedStanding, Verdict } from './compare.js';
import type { MemoryComparison } from './memory.js';
import { TITLES, type ServerName } from './servers.js';

function thousands(value: number): string {
  return `${(value / 1000).toFixed(value < 100_000 ? 1 : 0)}k`;
}

function share({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

function line(standing: ServedStanding): string {
  return [
    `  ${TITLES[standing.server].padEnd(25)}`,
    thousands(standing.perCpuSecond.median).padStart(7),
    `  ${share(standing.ofFirst).padEnd(17)}`,
    thousands(standing.perSecond.median).padStart(7),
    `  ${standing.perSecondOfFirst.median.toFixed(2)}`,
  ].join(' ');
}

/** How long answers took, where it was noted. */
function latencies(standings: readonly ServedStanding[]): string[] {
  const lines = standings.flatMap(({ server, latency }) => {
    if (!latency) return [];
    const columns = [latency.p50, latency.p99, latency.p999].map(({ median }) => median.toFixed(0).padStart(8));
    return [`  ${TITLES[server].padEnd(25)} ${columns.join(' ')}  ${share(latency.p99OfFirst)}`];
  });
  const heading = `  ${'answered within, in µs'.padEnd(25)}      p50      p99    p99.9  p99 of the first`;
  return lines.length === 0 ? [] : [heading, ...lines];
}

function goal({ server, of, least, reached, met }: Verdict): string {
  const wanted = `at least ${least.toFixed(2)} of ${TITLES[of]}`;
  const outcome = reached === null ? '? not measured' : `${met ? '✓' : '✗'} ${reached.toFixed(2)}`;
  return `  ${outcome}: ${TITLES[server]}, ${wanted}`;
}

function disturbed(comparison: ServedComparison): string {
  return `  ! other programs took ${(comparison.disturbed * 100).toFixed(0)} % of the server's core: better again when it is quiet`;
}

function absent(comparison: ServedComparison | MemoryComparison): string[] {
  return Object.entries(comparison.absent).map(([name, why]) => `  ${TITLES[name as ServerName]}: ${why}`);
}

/** One case: a heading, a line for each server, then the goals. */
export function servedSection(comparison: ServedComparison): string {
  const lost = comparison.standings.filter((one) => one.lost > 0);
  return [
    `${comparison.name}: ${comparison.title}; median (min–max) of ${String(comparison.rounds)} rounds`,
    `  ${''.padEnd(25)} per CPU second  of the first   per second  of it`,
    ...comparison.standings.map(line),
    ...latencies(comparison.standings),
    ...absent(comparison),
    ...lost.map((one) => `  ${TITLES[one.server]}: ${String(one.lost)} datagrams were not answered`),
    ...(comparison.disturbed < 0.03 ? [] : [disturbed(comparison)]),
    ...comparison.verdicts.map(goal),
  ].join('\n');
}

/** The case of idle connections. */
export function memorySection(comparison: MemoryComparison): string {
  return [
    `${comparison.name}: ${comparison.title}; median (min–max) of ${String(comparison.rounds)} rounds`,
    ...comparison.standings.map(({ server, bytes: { median, min, max } }) => {
      return `  ${TITLES[server].padEnd(25)} ${median.toFixed(0).padStart(7)} bytes (${min.toFixed(0)}–${max.toFixed(0)})`;
    }),
    ...absent(comparison),
    ...comparison.verdicts.map(({ server, bytes, reached, met }) => {
      return `  ${met ? '✓' : '✗'} ${reached.toFixed(0)}: ${TITLES[server]}, at most ${String(bytes)} bytes`;
    }),
  ].join('\n');
}

/** The table, 80 columns wide. Pure. */
import type { Comparison } from './compare.js';
import { OURS } from './contestants.js';
import type { Spread } from './statistics.js';

const UNITS = { wall: 'by the clock', cpu: 'CPU time' } as const;

function time(ns: number): string {
  return ns < 10_000 ? `${ns.toFixed(0)} ns` : `${(ns / 1000).toFixed(1)} µs`;
}

function rate({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

function goalOf({ goal, met }: Comparison): string {
  if (!goal) return '';
  const peers = goal.aheadOf ? `, ahead of ${goal.aheadOf.join(', ')}` : '';
  return `goal ${met ? 'met' : 'missed'}: ${goal.rate.toFixed(2)}${peers}`;
}

/** One comparison: a heading and a line for each contestant. */
export function section(comparison: Comparison): string {
  const lines = comparison.standings.map(({ contestant, ns, rate: part }) => {
    const cells = `  ${contestant.padEnd(17)}${time(ns.median).padStart(10)}   ${rate(part).padEnd(18)}`;
    return (
      contestant === OURS ? `${cells}${comparison.met === null ? '' : comparison.met ? '✓' : '✗'}` : cells
    ).trimEnd();
  });
  const goal = goalOf(comparison);
  return [
    `${comparison.name}: ${comparison.title} (${UNITS[comparison.metric]})`,
    ...lines,
    ...[goal, comparison.note ?? ''].filter((line) => line !== '').map((line) => `  ${line}`),
  ].join('\n');
}

/** The whole table. */
export function table(comparisons: readonly Comparison[], rounds: number): string {
  const head = `time of one operation (median) and rate as a part of C's in the same round:\nmedian (min–max) of ${String(rounds)} rounds`;
  return [head, ...comparisons.map(section)].join('\n\n');
}

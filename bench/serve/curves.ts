/** How cost grows: the same case at several points, with few rounds each; not kept in results.json. */
import type { ServedCase } from './case.js';
import type { ServedComparison } from './compare.js';
import { TITLES, type ServerName } from './servers.js';

/** One work at growing points. */
export interface Curve {
  /** Its name on the command line. */
  readonly name: string;
  readonly title: string;
  readonly servers: readonly ServerName[];
  readonly points: readonly { readonly label: string; readonly load: readonly string[] }[];
}

export const CURVES: readonly Curve[] = [
  {
    name: 'curve-connections',
    title: 'echo of 64 bytes, by connections',
    servers: ['c', 'ours', 'ours-uring', 'node', 'bun'],
    points: [1, 4, 16, 64, 256, 1024, 4096, 16_384].map((connections) => ({
      label: String(connections),
      load: ['echo', '--connections', String(connections)],
    })),
  },
  {
    name: 'curve-sizes',
    title: 'echo on 4 connections, by bytes of a message',
    servers: ['c', 'ours-loops', 'node', 'bun'],
    points: [64, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576].map((size) => ({
      label: size < 1024 ? String(size) : size < 1 << 20 ? `${String(size >> 10)} Ki` : `${String(size >> 20)} Mi`,
      load: ['echo', '--connections', '4', '--size', String(size)],
    })),
  },
];

/** The case at one point of a curve. */
export function caseAt({ name, title, servers }: Curve, { label, load }: Curve['points'][number]): ServedCase {
  return { name: `${name}, ${label}`, title, unit: 'echo', work: 'echo', load, core: 1, servers, goals: [] };
}

/** The first server's rate, and the others' as parts of it: a row each, a column for each point. */
export function curveSection({ title, points }: Curve, measured: readonly ServedComparison[]): string {
  const row = (name: string, cells: readonly string[]): string =>
    `  ${name.padEnd(21)}${cells.map((cell) => cell.padStart(7)).join('')}`;
  const names = measured[0]?.standings.map(({ server }) => server) ?? [];
  const cell = (comparison: ServedComparison, name: ServerName, isFirst: boolean): string => {
    const standing = comparison.standings.find(({ server }) => server === name);
    if (!standing) return '–';
    return isFirst ? `${(standing.perCpuSecond.median / 1000).toFixed(1)}k` : standing.ofFirst.median.toFixed(2);
  };
  return [
    `${title}; medians of ${String(measured[0]?.rounds)} rounds`,
    row(
      'per CPU second',
      points.map(({ label }) => label),
    ),
    ...names.map((name, i) =>
      row(
        TITLES[name],
        measured.map((one) => cell(one, name, i === 0)),
      ),
    ),
  ].join('\n');
}

/** docs/bench.svg: what stands in the README, drawn from bench/results.json. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { draw, type Plot } from '../../lib/reuse/html/plot.js';
import { ROOT } from '../paths.js';
import { readResults } from '../results.js';
import { SERVED_CASES } from './cases.js';
import type { ServedComparison } from './compare.js';
import { TITLES, type ServerName } from './servers.js';

/** Who is shown, how it is called there, and its class in STYLE; a symbol too, for who cannot tell the colours. */
const SERIES = [
  { servers: ['ours'], title: TITLES.ours, look: 'ours', symbol: 'circle' },
  { servers: ['ours-uring'], title: TITLES['ours-uring'], look: 'uring', symbol: 'diamond2' },
  { servers: ['node', 'dgram'], title: 'node:net, node:dgram', look: 'node', symbol: 'square2' },
  { servers: ['bun'], title: TITLES.bun, look: 'bun', symbol: 'triangle2' },
  { servers: ['deno'], title: TITLES.deno, look: 'deno', symbol: 'star' },
  { servers: ['uvloop'], title: 'Python, uvloop', look: 'uvloop', symbol: 'plus' },
  { servers: ['python'], title: TITLES.python, look: 'python', symbol: 'times' },
] as const satisfies readonly { servers: readonly ServerName[]; [key: string]: unknown }[];

const WIDTH = 760;
const ROW = 46;
const LEGEND = 78;

/** Its own background, so that it can be read on any page, light or dark. */
const STYLE = `
  .card { --back: #ffffff; --text: #1f2933; --grid: #dfe4ea; --ours: #d6336c; --uring: #7048e8;
    --node: #2f9e44; --bun: #b35c00; --deno: #495057; --uvloop: #1c7ed6; --python: #0b7285; }
  @media (prefers-color-scheme: dark) {
    .card { --back: #10151f; --text: #e6edf5; --grid: #2a3342; --ours: #ff6b9d; --uring: #b197fc;
      --node: #69db7c; --bun: #ffc078; --deno: #ced4da; --uvloop: #74c0fc; --python: #66d9e8; }
  }
  .card text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--text); }
  .card .title { font-size: 15px; font-weight: 600; }`;

interface Point {
  readonly row: string;
  readonly of: number;
  readonly min: number;
  readonly max: number;
}

/** Draws it, if anything has been measured. */
export async function drawPicture(): Promise<void> {
  const results = readResults('served') as { cases: ServedComparison[] } | undefined;
  if (results) writeFileSync(join(ROOT, 'docs/bench.svg'), await picture(results.cases));
}

/** The picture as SVG. */
export async function picture(comparisons: readonly ServedComparison[]): Promise<string> {
  const cases = SERVED_CASES.flatMap(({ name }) => comparisons.filter((one) => one.name === name));
  const shown = SERIES.map((series) => ({ ...series, points: pointsOf(cases, series.servers) })).filter(
    ({ points }) => points.length > 0,
  );
  const height = LEGEND + cases.length * ROW + 40;
  const label = 'Work for each CPU second of the server; what a server in C does is 1';
  const chart = await draw(label, (plot) => options(plot, cases, shown, height - LEGEND));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" width="${String(WIDTH)}" height="${String(height)}" role="img" aria-label="${label}">`,
    `<style>${STYLE}</style>`,
    '<g class="card"><rect width="100%" height="100%" rx="8" fill="var(--back)"/>',
    `<text class="title" x="16" y="26">${label}</text>`,
    ...(await Promise.all(shown.map((series, i) => legend(series, i)))),
    `<g transform="translate(0 ${String(LEGEND)})">${chart.text}</g>`,
    '</g></svg>\n',
  ].join('\n');
}

type Series = (typeof SERIES)[number];

function pointsOf(cases: readonly ServedComparison[], servers: readonly ServerName[]): Point[] {
  return cases.flatMap((one) =>
    one.standings
      .filter(({ server }) => servers.includes(server))
      .map(({ ofFirst: { median, min, max } }) => ({ row: one.title, of: median, min, max })),
  );
}

function options(
  plot: Plot,
  cases: readonly ServedComparison[],
  shown: readonly (Series & { points: readonly Point[] })[],
  height: number,
): object {
  const most = Math.max(1.1, ...shown.flatMap(({ points }) => points.map(({ max }) => max)));
  const rows = cases.map(({ title }) => title);
  return {
    width: WIDTH,
    height,
    marginLeft: 310,
    marginRight: 24,
    marginTop: 16,
    marginBottom: 24,
    style: { background: 'none', color: 'var(--text)' },
    x: { domain: [0, Math.ceil(most * 10) / 10], label: null, ticks: 6 },
    y: { domain: rows, label: null, tickSize: 0, padding: 0.5 },
    marks: [
      plot.ruleY(
        rows.map((row) => ({ row })),
        { y: 'row', stroke: 'var(--grid)' },
      ),
      plot.text([{ x: 1 }], { x: 'x', text: () => 'C', frameAnchor: 'top', dy: -14, fill: 'var(--text)' }),
      plot.ruleX([{ x: 1 }], { x: 'x', stroke: 'var(--text)', strokeDasharray: '4 3' }),
      ...shown.flatMap(({ points, look, symbol }, i) => [
        // Each a little lower than the one before, so that the spreads can be told apart.
        plot.ruleY(points, {
          y: 'row',
          x1: 'min',
          x2: 'max',
          stroke: `var(--${look})`,
          strokeOpacity: 0.5,
          dy: shift(i),
        }),
        plot.dot(points, { y: 'row', x: 'of', dy: shift(i), ...paint(look, symbol) }),
      ]),
    ],
  };
}

const shift = (i: number): number => (i - (SERIES.length - 1) / 2) * 4.5;

function paint(look: string, symbol: string): object {
  const filled = look === 'ours' || look === 'uring';
  const color = `var(--${look})`;
  return { symbol, r: filled ? 5 : 3.5, stroke: color, strokeWidth: 1.5, fill: filled ? color : 'var(--back)' };
}

/** One entry: its symbol, drawn by the same hand, and its name. */
async function legend({ title, look, symbol }: Series, i: number): Promise<string> {
  const x = 16 + (i % 4) * 185;
  const y = 46 + Math.floor(i / 4) * 20;
  const dot = await draw(title, (plot) => ({
    width: 14,
    height: 14,
    margin: 7,
    axis: null,
    marks: [plot.dot([{ x: 0 }], { x: 'x', ...paint(look, symbol) })],
  }));
  return `<g transform="translate(${String(x)} ${String(y - 11)})">${dot.text}</g><text x="${String(x + 20)}" y="${String(y)}">${title}</text>`;
}

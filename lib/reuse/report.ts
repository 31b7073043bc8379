/** A comparison as text and as JSON. Pure: data in, lines out. */
import type { Colors } from 'picocolors/types.js';
import type { TcpSocket } from '../doctor/kernel/observe.js';
import { WIDTH, wrap } from '../doctor/words/wrap.js';
import type { Comparison, Run, Waited } from './comparison.js';
import { sentences } from './sentences.js';

type Row = readonly [first: string, second: string, restart: string, ...socket: [string, string, string, string]];

const UPPER: Row = ['first', 'second', 'the', '', '', '', ''];
const LOWER: Row = ['run', 'run', 'restart', 'local', 'remote', 'state', 'left'];
const [RESTART, LOCAL, STATE, LEFT] = [2, 3, 5, 6];
/** The heading of the four columns about sockets. */
const HELD = 'on its port the kernel had, at that moment';

/** The report of a comparison, line by line. */
export function report(comparison: Comparison, colors: Colors): string[] {
  const { system, kernel, runs, evidenceError } = comparison;
  return [
    colors.bold(`SO_REUSEADDR on this machine: ${system} ${kernel}`),
    '',
    ...wrap(
      'A server serves one client and ends, then it is started again on the same port: can it bind? Four pairs of ' +
        'runs, with the flag SO_REUSEADDR off or on.',
    ),
    '',
    ...table(runs, evidenceError === undefined ? 'nothing' : 'not known', colors),
    '',
    ...sentences(comparison).flatMap((sentence) => wrap(sentence)),
  ];
}

function table(runs: readonly Run[], nothing: string, colors: Colors): string[] {
  const rows = runs.flatMap((run) => rowsOf(run, nothing));
  const widths = LOWER.map((_, column) => Math.max(...[UPPER, LOWER, ...rows].map((row) => row[column]?.length ?? 0)));
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  const join = (cells: readonly string[]): string => cells.join(total > WIDTH ? ' ' : '  ').trimEnd();
  const pad = (row: Row): string[] =>
    row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === LEFT ? cell.padStart(width) : cell.padEnd(width);
    });
  const head = [[...pad(UPPER).slice(0, LOCAL), HELD], pad(LOWER), widths.map((width) => '-'.repeat(width))];
  return [...head.map((cells) => colors.dim(join(cells))), ...rows.map((row) => join(colored(pad(row), colors)))];
}

/** A row for each socket; the columns of the run stand in the first one only. */
function rowsOf({ first, second, result, evidence }: Run, nothing: string): Row[] {
  const held = evidence.length === 0 ? [[nothing, '', '', ''] as const] : evidence.map(cells);
  return held.map((socket, index) => (index === 0 ? [first, second, result, ...socket] : ['', '', '', ...socket]));
}

function cells({ local, remote, state, expiresInMs }: TcpSocket): readonly [string, string, string, string] {
  const peer = remote.port === 0 ? '' : `${remote.address}:${String(remote.port)}`;
  return [`${local.address}:${String(local.port)}`, peer, state, expiresInMs === undefined ? '' : seconds(expiresInMs)];
}

function colored(cells: string[], colors: Colors): string[] {
  const paint = (cell: string, column: number): string => {
    if (column === RESTART) return cell.trimEnd() === 'ok' ? colors.green(cell) : colors.red(cell);
    return column === STATE && cell.trimEnd() === 'TIME_WAIT' ? colors.yellow(cell) : cell;
  };
  return cells.map((cell, column) => (cell.trim() === '' ? cell : paint(cell, column)));
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** How the wait for the off/off restart went, line by line. */
export function reportWait({ kernelSaidMs, tookMs, attempts }: Waited): string[] {
  const tries = attempts === 1 ? 'at the first attempt' : `at attempt ${String(attempts)}`;
  const took = `The restart worked after ${seconds(tookMs)}, ${tries}`;
  if (kernelSaidMs === null) return wrap(`${took}; the kernel had not said how long it would be.`);
  const late = tookMs - kernelSaidMs;
  return wrap(
    `${took}; the kernel had said ${seconds(kernelSaidMs)}: that is ${seconds(Math.abs(late))} ${late < 0 ? 'earlier' : 'later'}.`,
  );
}

/** The comparison as JSON: one document. `waited` where there was a wait to speak of. */
export function toJson({ platform, kernel, runs }: Comparison, waited?: Waited): string {
  const document = {
    platform,
    kernel,
    runs: runs.map(({ first, second, result, evidence }) => ({
      first,
      second,
      result,
      evidence: evidence.map(({ state, local, remote, expiresInMs }) => ({ state, local, remote, expiresInMs })),
    })),
    ...(waited && {
      wait: { kernelSaidMs: waited.kernelSaidMs, tookMs: waited.tookMs, attempts: waited.attempts },
    }),
  };
  return JSON.stringify(document, null, 2);
}

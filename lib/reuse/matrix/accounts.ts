/** Sentences about a matrix. They say what was measured, and how that agrees with the model. Pure. */
import type { Flags } from '../../doctor/kernel/observation.js';
import { differs, type Matrix, type MatrixRow } from './matrix.js';

/** What the flags of a socket are called. */
export const FLAGS: Readonly<Record<Flags, string>> = {
  none: 'no flag',
  reuseaddr: 'SO_REUSEADDR',
  reuseport: 'SO_REUSEPORT',
  both: 'both flags',
};

/** How to read the table of states: the restart of a server, where the run before it had the flag or not. */
export function example(rows: readonly MatrixRow[]): string[] {
  const told = (old: Flags, first: string): string[] =>
    rows
      .filter((row) => row.existing === 'TIME_WAIT' && row.existingFlags === old && row.newFlags === 'reuseaddr')
      .map(
        ({ result }) =>
          `where the first run ${first}, ${result === 'ok' ? 'it gets the port' : `it fails with ${result}`}`,
      );
  const cases = [...told('none', 'had no flag'), ...told('reuseaddr', 'had it too')];
  if (cases.length === 0) return [];
  const start = 'An example: a server closes its connection first and ends, which leaves TIME_WAIT on its port.';
  return [`${start} It is started again with SO_REUSEADDR: ${cases.join('; ')}.`];
}

/** What failed with another error than EADDRINUSE: a line each. */
export function otherErrors(rows: readonly MatrixRow[]): string[] {
  const others = rows.filter(({ result }) => result !== 'ok' && result !== 'EADDRINUSE');
  return others.map((row) => `E: ${title(row)}: ${row.at}() failed with ${row.result}.`);
}

/** How many cells are as the model says, which are not, and how many it does not know. */
export function agreement({ system, rows }: Matrix): string[] {
  const different = rows.filter(differs);
  const unknown = rows.filter(({ model }) => model === 'unknown').length;
  const known = rows.length - unknown;
  const isLinux = system === 'Linux';
  const model = isLinux ? "our model of Linux's rule" : `our model, which is of Linux's rule and not of ${system}'s,`;
  const which =
    different.length === 0
      ? `All ${String(known)} cells are what ${model} expects.`
      : `${String(known - different.length)} of ${String(known)} cells are what ${model} expects; these are not:`;
  return [
    ...(known === 0 ? [] : [which]),
    ...different.map((row) => `! ${title(row)}: here ${row.result}, expected ${row.model}. ${row.because.en}`),
    ...(unknown === 0 ? [] : [`Cells of which the model does not know what to expect: ${String(unknown)}.`]),
  ];
}

/** A cell in words. */
function title({ existing, existingFlags, existingAddress, newFlags, newAddress }: MatrixRow): string {
  const old = `${existing} at ${existingAddress} with ${FLAGS[existingFlags]}`;
  return `${old}, new at ${newAddress} with ${FLAGS[newFlags]}`;
}

/** What the pages are tested with. */
import type { Flags } from '../../lib/doctor/kernel/observation.js';
import type { Matrix, MatrixRow } from '../../lib/reuse/matrix/matrix.js';
import { cell } from './matrices.js';

/** A text that would do harm where it is not escaped. */
export const HOSTILE = `<script>alert(1)</script><img src=x onerror=alert(2)>"'&`;

const FLAGS: readonly Flags[] = ['none', 'reuseaddr', 'reuseport', 'both'];

const ROW = cell({
  result: 'EADDRINUSE',
  at: 'bind',
  model: 'EADDRINUSE',
  because: { en: 'The old socket lacks the flag.', zh: '旧套接字没有这个标志。' },
});

/** A made-up matrix: one cell differs from the model, one is not known to it, one was refused by listen. */
export function matrix(): Matrix {
  const states = ['LISTEN', 'TIME_WAIT'].flatMap((existing) =>
    FLAGS.flatMap((existingFlags) =>
      FLAGS.map((newFlags): MatrixRow => ({ ...ROW, existing, existingFlags, newFlags })),
    ),
  );
  const addresses = ['0.0.0.0', '::1'].flatMap((existingAddress) =>
    ['0.0.0.0', '::1'].map((newAddress): MatrixRow => {
      const result = existingAddress === newAddress ? 'EADDRINUSE' : 'ok';
      return { ...ROW, group: 'addresses', existing: 'LISTEN', existingAddress, newAddress, result, model: result };
    }),
  );
  const accepted = FLAGS.map((newFlags): MatrixRow => ({
    ...ROW,
    group: 'accepted',
    existing: 'UDP bound',
    protocol: 'udp',
    newFlags,
  }));
  const [first, second, third, ...rest] = states;
  if (!first || !second || !third) throw new Error('no rows');
  const special: MatrixRow[] = [
    { ...first, result: 'ok', at: 'listen' },
    { ...second, model: 'unknown' },
    { ...third, at: 'listen' },
  ];
  return {
    platform: 'linux',
    system: 'Linux',
    kernel: '6.18.0',
    rows: [...special, ...rest, ...addresses, ...accepted],
    missing: [],
  };
}

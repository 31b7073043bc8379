/** Made-up cells of the matrix, and marks for those that were measured. */
import type { Matrix, MatrixRow } from '../../lib/reuse/matrix/matrix.js';

/** A cell: nothing was in the way but what is given. */
export function cell(given: Partial<MatrixRow> = {}): MatrixRow {
  return {
    group: 'states',
    existing: 'TIME_WAIT',
    existingFlags: 'none',
    newFlags: 'none',
    existingAddress: '127.0.0.1',
    newAddress: '127.0.0.1',
    protocol: 'tcp',
    result: 'ok',
    at: 'listen',
    model: 'ok',
    because: { en: 'It is made up.', zh: '这是编出来的。' },
    ...given,
  };
}

export function matrix(rows: readonly MatrixRow[], missing: Matrix['missing'] = []): Matrix {
  return { platform: 'linux', system: 'Linux', kernel: '6.18.0', rows, missing };
}

/** Cells as letters: '.' it worked, 'B' bind said EADDRINUSE, 'L' listen did; another error by its name. */
export function letters(rows: readonly MatrixRow[]): string {
  const letter = ({ result, at }: MatrixRow): string => {
    if (result === 'ok') return '.';
    if (result !== 'EADDRINUSE') return `(${at}: ${result})`;
    return at === 'bind' ? 'B' : 'L';
  };
  return rows.map(letter).join('');
}

/** The matrix as text and as JSON. Pure: data in, lines out. */
import { ALL_FLAGS, type Flags } from '../../doctor/kernel/observation.js';
import { columns, padColumns, type Language } from '../../language.js';
import type { Paint } from '../../paint.js';
import { differs, type Matrix, type MatrixRow } from './matrix.js';
import { MATRIX_WORDS, type MatrixWords } from './matrix-words.js';

/** What the flags are called where there is little room. */
const SHORT: Readonly<Record<Flags, string>> = { none: '-', reuseaddr: 'A', reuseport: 'P', both: 'AP' };
const CELL = 2;
const GAP = '     ';
const LABEL = 27;
const ADDRESS = 18;
const OLD = 5;

/** The report of a matrix, line by line. */
export function matrixReport(matrix: Matrix, paint: Paint, language: Language = 'en'): string[] {
  const { system, kernel, rows, missing } = matrix;
  const words = MATRIX_WORDS[language];
  const section = (group: MatrixRow['group'], table: Table): string[] => {
    const those = rows.filter((row) => row.group === group);
    return those.length === 0 ? [] : ['', paint.bold(words.sections[group]), '', ...table(those, words, paint)];
  };
  return [
    paint.bold(words.headline),
    `${words.measured} ${system} ${kernel}`,
    '',
    ...words.wrap(words.intro),
    '',
    ...legend(rows, words, paint),
    ...section('states', stateTable),
    ...section('addresses', addressTables),
    ...section('accepted', acceptedTable),
    '',
    ...[
      ...words.otherErrors(rows),
      ...words.agreement(matrix),
      ...missing.map((sentence) => sentence[language]),
      words.where,
    ].flatMap((sentence) => words.wrap(sentence, '  ')),
  ];
}

function legend(rows: readonly MatrixRow[], words: MatrixWords, paint: Paint): string[] {
  const has = (wanted: string): boolean => rows.some((row) => symbol(row).startsWith(wanted));
  return [
    words.flags,
    `  ${paint.green('✓')}  ${words.worked}   ${paint.red('✗')}  ${words.bindFailed}`,
    ...(has('L') ? [`  ${paint.red('L')}  ${words.listenFailed}`] : []),
    ...(has('E') ? [`  ${paint.red('E')}  ${words.otherError}`] : []),
    ...(rows.some(differs) ? [`  ${paint.yellow('!')}  ${words.differs}`] : []),
  ];
}

type Table = (rows: readonly MatrixRow[], words: MatrixWords, paint: Paint) => string[];

/** A mark for what happened. */
function symbol({ result, at }: MatrixRow): string {
  if (result === 'ok') return '✓';
  if (result !== 'EADDRINUSE') return 'E';
  return at === 'bind' ? '✗' : 'L';
}

/** The mark in its place, in colour. */
function cell(row: MatrixRow | undefined, width: number, paint: Paint): string {
  if (row === undefined) return ' '.repeat(width);
  const mark = row.result === 'ok' ? paint.green(symbol(row)) : paint.red(symbol(row));
  return `${mark}${differs(row) ? paint.yellow('!') : ' '}${' '.repeat(Math.max(0, width - 2))}`;
}

/** Rows by a key, in the order in which the keys come. */
function groupBy(rows: readonly MatrixRow[], key: (row: MatrixRow) => string): Map<string, MatrixRow[]> {
  const groups = new Map<string, MatrixRow[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}

const marksOfNew = ALL_FLAGS.map((flags) => SHORT[flags].padEnd(CELL)).join('');

/** A line for each state: four times four marks. */
function stateTable(rows: readonly MatrixRow[], words: MatrixWords, paint: Paint): string[] {
  const upper = ALL_FLAGS.map((flags) => padColumns(`${words.old} ${SHORT[flags]}`, marksOfNew.length)).join(GAP);
  const lower = ALL_FLAGS.map(() => marksOfNew).join(GAP);
  const line = (existing: string, cells: readonly MatrixRow[]): string => {
    const quarter = (old: Flags): string =>
      ALL_FLAGS.map((flags) => cell(find(cells, old, flags), CELL, paint)).join('');
    return `${padColumns(words.existing(existing), LABEL)}${ALL_FLAGS.map(quarter).join(GAP)}`.trimEnd();
  };
  return [
    paint.dim(`${''.padEnd(LABEL)}${upper}`.trimEnd()),
    paint.dim(`${padColumns(words.oldSocket, LABEL - columns(words.new) - 2)}${words.new}: ${lower}`.trimEnd()),
    ...[...groupBy(rows, ({ existing }) => existing)].map(([existing, cells]) => line(existing, cells)),
    '',
    ...words.states,
    ...words.example(rows).flatMap((sentence) => ['', ...words.wrap(sentence)]),
  ];
}

function find(rows: readonly MatrixRow[], old: Flags, flags: Flags): MatrixRow | undefined {
  return rows.find(({ existingFlags, newFlags }) => existingFlags === old && newFlags === flags);
}

/** The table of addresses for no flags, then what the flags change: often nothing or all. */
function addressTables(rows: readonly MatrixRow[], words: MatrixWords, paint: Paint): string[] {
  const marks = (cells: readonly MatrixRow[]): string => cells.map((row) => cell(row, CELL, paint)).join('');
  const of = (flags: Flags): MatrixRow[] => rows.filter(({ newFlags }) => newFlags === flags);
  const changes = (flags: Flags): string[] => {
    const cells = of(flags);
    const title = words.withFlags(SHORT[flags]);
    if (marks(cells) === marks(of('none'))) return [`${title} ${words.same}`];
    if (cells.every((row) => row.result === 'ok' && !differs(row))) return [`${title} ${words.all(cells.length)}`];
    return ['', title, ...addressTable(cells, paint)];
  };
  return [
    words.how,
    words.noFlags,
    ...addressTable(of('none'), paint),
    '',
    ...ALL_FLAGS.filter((flags) => flags !== 'none' && of(flags).length > 0).flatMap(changes),
    '',
    ...words.wrap(words.addresses),
  ];
}

function addressTable(rows: readonly MatrixRow[], paint: Paint): string[] {
  const names = [...new Set(rows.map(({ newAddress }) => newAddress))];
  // "::ffff:127.0.0.1" and ":: V6ONLY" are broken into two lines: the table would be too wide.
  const heads = names.map((name) => /^(::ffff:|:: |)(.*)$/.exec(name)?.slice(1) ?? ['', name]);
  const widths = heads.map((parts) => Math.max(2, ...parts.map((part) => part.length)) + 2);
  const head = (part: number): string =>
    heads.map((parts, column) => (parts[part] ?? '').padEnd(widths[column] ?? 0)).join('');
  const lines = [...groupBy(rows, ({ existingAddress }) => existingAddress)].map(([address, cells]) => {
    const marks = names.map((name, column) =>
      cell(
        cells.find(({ newAddress }) => newAddress === name),
        widths[column] ?? 0,
        paint,
      ),
    );
    return `${address.padEnd(ADDRESS)}${marks.join('')}`.trimEnd();
  });
  const indent = ''.padEnd(ADDRESS);
  return [paint.dim(`${indent}${head(0)}`.trimEnd()), paint.dim(`${indent}${head(1)}`.trimEnd()), ...lines];
}

/** A line for each case, in words, and four marks. */
function acceptedTable(rows: readonly MatrixRow[], words: MatrixWords, paint: Paint): string[] {
  const width = Math.max(...rows.map(({ existing }) => columns(words.existing(existing)))) + 2;
  const join = (text: string, old: string, marks: string): string =>
    `${padColumns(text, width)}${padColumns(old, OLD)}${marks}`.trimEnd();
  const lines = [...groupBy(rows, ({ existing, existingFlags }) => `${existing}, ${existingFlags}`).values()].map(
    (cells) => {
      const [{ existing, existingFlags }] = cells as [MatrixRow];
      const marks = ALL_FLAGS.map((flags) => cell(find(cells, existingFlags, flags), CELL, paint)).join('');
      return join(words.existing(existing), SHORT[existingFlags], marks);
    },
  );
  return [
    paint.dim(join('', words.old, words.new)),
    paint.dim(join(words.oldSocket, '', marksOfNew)),
    ...lines,
    '',
    ...words.wrap(words.accepted),
  ];
}

/** The matrix as JSON, in English: one document. `missing` where something is. */
export function matrixToJson({ platform, kernel, rows, missing }: Matrix): string {
  const document = {
    platform,
    kernel,
    rows: rows.map((row) => ({ ...row, because: row.because.en })),
    ...(missing.length > 0 && { missing: missing.map(({ en }) => en) }),
  };
  return JSON.stringify(document, null, 2);
}

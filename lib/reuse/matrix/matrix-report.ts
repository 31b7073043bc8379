/** The matrix as text and as JSON. Pure: data in, lines out. */
import type { Colors } from 'picocolors/types.js';
import { wrap } from '../../doctor/words/wrap.js';
import { agreement, example, otherErrors } from './accounts.js';
import { ALL_FLAGS, type Flags } from '../../doctor/kernel/observation.js';
import { differs, type Matrix, type MatrixRow } from './matrix.js';

/** What the flags are called where there is little room. */
const SHORT: Readonly<Record<Flags, string>> = { none: '-', reuseaddr: 'A', reuseport: 'P', both: 'AP' };
const CELL = 2;
const GAP = '     ';
const LABEL = 27;
const ADDRESS = 18;
const OLD = 5;

const STATES_IN_WORDS = [
  '  LISTEN       a server waits for clients',
  '  ESTABLISHED  it talks with one; its listening socket is closed already',
  '  FIN_WAIT2    it has closed its end of the connection, the client has not;',
  '               orphan: no process holds the end any more',
  '  CLOSE_WAIT   the client has closed, the server has not',
  '  TIME_WAIT    both have closed, the server first: the kernel keeps its end for',
  '               a while. Where the client is first, TIME_WAIT is on its port',
  '  reset        the client broke the connection off',
];
const ADDRESSES_IN_WORDS =
  '0.0.0.0 is all of IPv4; :: is all of IPv6, and of IPv4 too, unless it is V6ONLY (IPV6_V6ONLY). ::ffff:127.0.0.1 ' +
  'is 127.0.0.1 for an IPv6 socket.';
const WHERE_WHY = 'Why is each cell as it is? --html FILE writes a page that says it; --json too.';
const CASES_IN_WORDS =
  'The accepted socket is what accept() gave the server: it ends in TIME_WAIT, the listener does not.';

/** The report of a matrix, line by line. */
export function matrixReport(matrix: Matrix, colors: Colors): string[] {
  const { system, kernel, rows, missing } = matrix;
  const of = (group: MatrixRow['group']): MatrixRow[] => rows.filter((row) => row.group === group);
  return [
    colors.bold('When does bind() say "Address already in use"?'),
    `Measured a moment ago on this machine: ${system} ${kernel}`,
    '',
    ...wrap(
      'A socket has a port: the old one. A new socket wants the same port: bind(), and if that works listen(). ' +
        'Both belong to the same user. Who set which flag?',
    ),
    '',
    ...legend(rows, colors),
    ...section('1. What the old socket does', of('states'), colors, stateTable),
    ...section('2. Their addresses', of('addresses'), colors, addressTables),
    ...section('3. Which flag counts, who may listen, and UDP', of('accepted'), colors, acceptedTable),
    '',
    ...[...otherErrors(rows), ...agreement(matrix), ...missing, WHERE_WHY].flatMap((sentence) =>
      wrap(sentence, '', '  '),
    ),
  ];
}

function legend(rows: readonly MatrixRow[], colors: Colors): string[] {
  const has = (wanted: string): boolean => rows.some((row) => symbol(row).startsWith(wanted));
  return [
    '  -  no flag     A  SO_REUSEADDR     P  SO_REUSEPORT     AP  both',
    `  ${colors.green('✓')}  it worked   ${colors.red('✗')}  bind() failed: EADDRINUSE, "Address already in use"`,
    ...(has('L') ? [`  ${colors.red('L')}  bind() worked, but listen() failed: EADDRINUSE`] : []),
    ...(has('E') ? [`  ${colors.red('E')}  another error: they are listed at the end`] : []),
    ...(rows.some(differs) ? [`  ${colors.yellow('!')}  behind a mark: the model expects something else`] : []),
  ];
}

type Table = (rows: readonly MatrixRow[], colors: Colors) => string[];

function section(title: string, rows: readonly MatrixRow[], colors: Colors, table: Table): string[] {
  return rows.length === 0 ? [] : ['', colors.bold(title), '', ...table(rows, colors)];
}

/** A mark for what happened. */
function symbol({ result, at }: MatrixRow): string {
  if (result === 'ok') return '✓';
  if (result !== 'EADDRINUSE') return 'E';
  return at === 'bind' ? '✗' : 'L';
}

/** The mark in its place, in colour. */
function cell(row: MatrixRow | undefined, width: number, colors: Colors): string {
  if (row === undefined) return ' '.repeat(width);
  const mark = row.result === 'ok' ? colors.green(symbol(row)) : colors.red(symbol(row));
  return `${mark}${differs(row) ? colors.yellow('!') : ' '}${' '.repeat(Math.max(0, width - 2))}`;
}

/** Rows by a key, in the order in which the keys come. */
function groupBy(rows: readonly MatrixRow[], key: (row: MatrixRow) => string): Map<string, MatrixRow[]> {
  const groups = new Map<string, MatrixRow[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}

const marksOfNew = ALL_FLAGS.map((flags) => SHORT[flags].padEnd(CELL)).join('');

/** A line for each state: four times four marks. */
function stateTable(rows: readonly MatrixRow[], colors: Colors): string[] {
  const upper = ALL_FLAGS.map((flags) => `old ${SHORT[flags]}`.padEnd(marksOfNew.length)).join(GAP);
  const lower = ALL_FLAGS.map(() => marksOfNew).join(GAP);
  const line = (existing: string, cells: readonly MatrixRow[]): string => {
    const quarter = (old: Flags): string =>
      ALL_FLAGS.map((flags) => cell(find(cells, old, flags), CELL, colors)).join('');
    return `${existing.padEnd(LABEL)}${ALL_FLAGS.map(quarter).join(GAP)}`.trimEnd();
  };
  return [
    colors.dim(`${''.padEnd(LABEL)}${upper}`.trimEnd()),
    colors.dim(`${'the old socket:'.padEnd(LABEL - 5)}new: ${lower}`.trimEnd()),
    ...[...groupBy(rows, ({ existing }) => existing)].map(([existing, cells]) => line(existing, cells)),
    '',
    ...STATES_IN_WORDS,
    ...example(rows).flatMap((sentence) => ['', ...wrap(sentence)]),
  ];
}

function find(rows: readonly MatrixRow[], old: Flags, flags: Flags): MatrixRow | undefined {
  return rows.find(({ existingFlags, newFlags }) => existingFlags === old && newFlags === flags);
}

/** The table of addresses for no flags, then what the flags change: often nothing or all. */
function addressTables(rows: readonly MatrixRow[], colors: Colors): string[] {
  const marks = (cells: readonly MatrixRow[]): string => cells.map((row) => cell(row, CELL, colors)).join('');
  const of = (flags: Flags): MatrixRow[] => rows.filter(({ newFlags }) => newFlags === flags);
  const changes = (flags: Flags): string[] => {
    const cells = of(flags);
    const title = `With ${SHORT[flags]} on both sockets:`;
    if (marks(cells) === marks(of('none'))) return [`${title} the same.`];
    if (cells.every((row) => row.result === 'ok' && !differs(row)))
      return [`${title} ✓ for all ${String(cells.length)}.`];
    return ['', title, ...addressTable(cells, colors)];
  };
  return [
    'Left: where the old socket listens. Above: where the new one wants the port.',
    'No flags:',
    ...addressTable(of('none'), colors),
    '',
    ...ALL_FLAGS.filter((flags) => flags !== 'none' && of(flags).length > 0).flatMap(changes),
    '',
    ...wrap(ADDRESSES_IN_WORDS),
  ];
}

function addressTable(rows: readonly MatrixRow[], colors: Colors): string[] {
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
        colors,
      ),
    );
    return `${address.padEnd(ADDRESS)}${marks.join('')}`.trimEnd();
  });
  const indent = ''.padEnd(ADDRESS);
  return [colors.dim(`${indent}${head(0)}`.trimEnd()), colors.dim(`${indent}${head(1)}`.trimEnd()), ...lines];
}

/** A line for each case, in words, and four marks. */
function acceptedTable(rows: readonly MatrixRow[], colors: Colors): string[] {
  const width = Math.max(...rows.map(({ existing }) => existing.length)) + 2;
  const join = (words: string, old: string, marks: string): string =>
    `${words.padEnd(width)}${old.padEnd(OLD)}${marks}`.trimEnd();
  const lines = [...groupBy(rows, ({ existing, existingFlags }) => `${existing}, ${existingFlags}`).values()].map(
    (cells) => {
      const [{ existing, existingFlags }] = cells as [MatrixRow];
      const marks = ALL_FLAGS.map((flags) => cell(find(cells, existingFlags, flags), CELL, colors)).join('');
      return join(existing, SHORT[existingFlags], marks);
    },
  );
  return [
    colors.dim(join('', 'old', 'new')),
    colors.dim(join('the old socket:', '', marksOfNew)),
    ...lines,
    '',
    ...wrap(CASES_IN_WORDS),
  ];
}

/** The matrix as JSON: one document. `missing` where something is. */
export function matrixToJson({ platform, kernel, rows, missing }: Matrix): string {
  return JSON.stringify({ platform, kernel, rows, ...(missing.length > 0 && { missing }) }, null, 2);
}

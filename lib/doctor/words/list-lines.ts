/** The list of ports in use as a table for a terminal. Pure. */
import { columns, cutColumns, padColumns, tellIn, type Language, type Tell } from '../../language.js';
import type { TcpState } from '../kernel/inet-diag.js';
import { endpoint, isBoundOnly } from '../kernel/holder.js';
import type { Holder } from '../kernel/observation.js';
import { printable } from '../../printable.js';
import { duration } from './process-lines.js';
import { count, digits, processWord } from './words.js';

/** What a line is about. */
type Line = Omit<Holder, 'local' | 'remote' | 'inode'> & {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly sockets: number;
};

const heads = (t: Tell): string[] => [
  '',
  t('address', '地址'),
  t('state', '状态'),
  t('since', '已运行'),
  t('flags', '标志'),
  t('process', '进程'),
];

/** Of more ports in TIME_WAIT than these only the number is told. */
const MOST_OVER = 10;

/**
 * One line for each port, below a heading: first those that listen or are bound, then connections.
 *
 * @param width - lines are cut to it; left out: they are whole
 */
export function listLines(
  ports: readonly Line[],
  width = Infinity,
  language: Language = 'en',
  nowMs = Date.now(),
): string[] {
  const t = tellIn(language);
  const head = heads(t);
  const isOver = ({ state }: Line): boolean => state === 'TIME_WAIT';
  const isOpen = ({ state, protocol }: Line): boolean =>
    protocol === 'udp' || state === 'LISTEN' || isBoundOnly({ state });
  const over = ports.filter(isOver);
  const shown = [
    ...ports.filter(isOpen),
    ...ports.filter((port) => !isOpen(port) && !isOver(port)),
    ...(over.length > MOST_OVER ? [] : over),
  ];
  const rows = [head, ...shown.map((port) => cells(port, nowMs, t))];
  const widths = head.map((_, column) => rows.reduce((most, row) => Math.max(most, columns(row[column] ?? '')), 0));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => padColumns(cell, column === head.length - 1 ? 0 : (widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const lines = rows.map(line).map((text) => cutColumns(text, Math.max(width, 2)));
  if (over.length <= MOST_OVER) return lines;
  const sockets = over.reduce((sum, one) => sum + one.sockets, 0);
  return [
    ...lines,
    '',
    t(
      `And ${count(sockets, 'connection')} in TIME_WAIT on ${count(over.length, 'port')} (--json lists them).`,
      `另有 ${digits(sockets)} 个连接处于 TIME_WAIT，在 ${digits(over.length)} 个端口上（--json 列出它们）。`,
    ),
  ];
}

function cells(line: Line, nowMs: number, t: Tell): string[] {
  const { protocol, state, startedAtMs, sockets, stopped, device } = line;
  const where = endpoint(line) + (device === undefined ? '' : `%${device}`);
  const many = sockets > 1 ? ` ×${String(sockets)}` : '';
  const since = startedAtMs === undefined ? '' : duration(nowMs - startedAtMs, t);
  return [
    protocol,
    where,
    `${stateWord(protocol, state, t)}${many}`,
    since,
    flagWord(line, t),
    `${stopped ? t('(stopped) ', '（已停住）') : ''}${who(line, t)}`,
  ];
}

/** A UDP socket has no state to speak of. */
function stateWord(protocol: string, state: TcpState, t: Tell): string {
  if (protocol === 'udp') return state === 'ESTABLISHED' ? t('connected', '已连接') : '';
  return isBoundOnly({ state }) ? t('bound only', '只 bind 了') : state;
}

function flagWord({ reuseaddr, reuseport }: Line, t: Tell): string {
  if (reuseaddr === undefined && reuseport === undefined) return '';
  return [reuseaddr ? 'addr' : '', reuseport ? 'port' : ''].filter(Boolean).join('+') || t('none', '无');
}

function who({ pid, command, commandLine = '', user, state }: Line, t: Tell): string {
  if (pid === undefined) {
    if (state === 'TIME_WAIT' || user === undefined) return '';
    return t(`of user ${printable(user)}`, `用户 ${printable(user)} 的`);
  }
  return `${processWord({ pid, ...(command !== undefined && { command }) })} ${printable(commandLine)}`.trim();
}

/** The list of ports in use as a table for a terminal. Pure. */
import { endpoint } from '../kernel/holder.js';
import type { Holder } from '../kernel/observation.js';
import { printable } from '../../printable.js';
import { duration } from './process-lines.js';
import { count, processWord } from './words.js';

/** What a line is about. */
type Line = Omit<Holder, 'local' | 'remote' | 'inode'> & {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly sockets: number;
};

const HEAD = ['', 'address', 'state', 'since', 'flags', 'process'];

/** Of more ports in TIME_WAIT than these only the number is told. */
const MOST_OVER = 10;

/**
 * One line for each port, below a heading: first those that listen or are bound, then connections.
 *
 * @param width - lines are cut to it; left out: they are whole
 */
export function listLines(ports: readonly Line[], width = Infinity, nowMs = Date.now()): string[] {
  const isOver = ({ state }: Line): boolean => state === 'TIME_WAIT';
  const isOpen = ({ state, protocol }: Line): boolean =>
    protocol === 'udp' || state === 'LISTEN' || stateWord('tcp', state) === 'bound only';
  const over = ports.filter(isOver);
  const shown = [
    ...ports.filter(isOpen),
    ...ports.filter((port) => !isOpen(port) && !isOver(port)),
    ...(over.length > MOST_OVER ? [] : over),
  ];
  const rows = [HEAD, ...shown.map((port) => cells(port, nowMs))];
  const widths = HEAD.map((_, column) => rows.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(column === HEAD.length - 1 ? 0 : (widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const lines = rows
    .map(line)
    .map((text) => (text.length > width ? `${text.slice(0, Math.max(width - 1, 1))}…` : text));
  if (over.length <= MOST_OVER) return lines;
  const sockets = over.reduce((sum, one) => sum + one.sockets, 0);
  return [
    ...lines,
    '',
    `And ${count(sockets, 'connection')} in TIME_WAIT on ${count(over.length, 'port')} (--json lists them).`,
  ];
}

function cells(line: Line, nowMs: number): string[] {
  const { protocol, state, startedAtMs, sockets, stopped, device } = line;
  const where = endpoint(line) + (device === undefined ? '' : `%${device}`);
  const many = sockets > 1 ? ` ×${String(sockets)}` : '';
  const since = startedAtMs === undefined ? '' : duration(nowMs - startedAtMs);
  return [
    protocol,
    where,
    `${stateWord(protocol, state)}${many}`,
    since,
    flagWord(line),
    `${stopped ? '(stopped) ' : ''}${who(line)}`,
  ];
}

/** A UDP socket has no state to speak of. */
function stateWord(protocol: string, state: string): string {
  if (protocol === 'udp') return state === 'ESTABLISHED' ? 'connected' : '';
  return state === 'CLOSE' || state === 'BOUND_INACTIVE' ? 'bound only' : state;
}

function flagWord({ reuseaddr, reuseport }: Line): string {
  if (reuseaddr === undefined && reuseport === undefined) return '';
  return [reuseaddr ? 'addr' : '', reuseport ? 'port' : ''].filter(Boolean).join('+') || 'none';
}

function who({ pid, command, commandLine = '', user, state }: Line): string {
  if (pid === undefined) return state === 'TIME_WAIT' ? '' : user === undefined ? '' : `of user ${printable(user)}`;
  return `${processWord({ pid, ...(command !== undefined && { command }) })} ${printable(commandLine)}`.trim();
}

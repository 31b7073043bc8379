/** The lines about a process that has a socket: name, command line, state, who started it, who looks after it. Pure. */
import type { Holder } from '../kernel/observation.js';
import { printable } from '../../printable.js';
import { list, processWord } from './words.js';
import { WIDTH, wrap } from './wrap.js';

/** Of so many parents the text tells: the rest is in `--json`. */
const MOST_PARENTS = 3;
const INDENT = '      ';

/** What is told of one process. */
export function processLines(holder: Holder, nowMs = Date.now()): string[] {
  const { commandLine = '' } = holder;
  const line = `${INDENT}${processWord(holder)}${commandLine === '' ? '' : `: ${printable(commandLine)}`}`;
  const details = [stateWords(holder), sinceWords(holder, nowMs), parentWords(holder), managerWords(holder)];
  const known = details.filter(Boolean).join(', ');
  return [shorten(line), ...(known === '' ? [] : wrap(known, `${INDENT}  `))];
}

/** One line of a terminal at most. */
export function shorten(line: string): string {
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}

function stateWords({ stopped, mainThreadEnded, ignoresTerm }: Holder): string {
  const words = [
    stopped ? 'stopped (by Ctrl-Z or SIGSTOP)' : '',
    mainThreadEnded ? 'its main thread has ended (<defunct>), another one runs on' : '',
    ignoresTerm ? 'ignores SIGTERM' : '',
  ];
  return words.filter(Boolean).join(', ');
}

function sinceWords({ startedAtMs }: Holder, nowMs: number): string {
  return startedAtMs === undefined ? '' : `runs for ${duration(nowMs - startedAtMs)}`;
}

/** `42 s`, `5 min`, `3 h`, `12 days`. */
export function duration(ms: number): string {
  const s = Math.max(Math.floor(ms / 1000), 0);
  if (s < 120) return `${String(s)} s`;
  if (s < 120 * 60) return `${String(Math.floor(s / 60))} min`;
  return s < 48 * 3600 ? `${String(Math.floor(s / 3600))} h` : `${String(Math.floor(s / 86_400))} days`;
}

function parentWords({ parents = [] }: Holder): string {
  if (parents.length === 0) return '';
  const names = parents.slice(0, MOST_PARENTS).map((parent) => processWord(parent));
  return `parent: ${names.join(', of ')}`;
}

function managerWords({ manager }: Holder): string {
  return manager === undefined || manager.kind === 'parent' ? '' : `looked after by ${printable(manager.name)}`;
}

/** How a process may have come by a socket: what the descriptor itself shows. */
export function inheritedNote(holders: readonly Holder[]): string[] {
  const inheritable = holders.filter((holder) => holder.inheritable && holder.pid !== undefined);
  if (inheritable.length === 0) return [];
  const names = [...new Set(inheritable.slice(0, MOST_PARENTS).map(processWord))];
  const orphans = inheritable.some(({ parents }) => parents?.[0]?.pid === 1);
  const ended = orphans ? ' (that one has ended: its parent is PID 1 now)' : '';
  return [
    `The descriptor of ${list(names)} is not close-on-exec: either it was inherited from the program that started ` +
      `it${ended}, or made that way; it goes on to what is started by it.`,
  ];
}

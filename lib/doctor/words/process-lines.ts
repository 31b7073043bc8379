/** The lines about a process that has a socket: name, command line, state, who started it, who looks after it. Pure. */
import type { Holder } from '../kernel/observation.js';
import { printable } from '../../printable.js';
import { cutColumns, type Tell } from '../../language.js';
import { list, managerName, processWord } from './words.js';
import { WIDTH, wrap } from './wrap.js';

/** Of so many parents the text tells: the rest is in `--json`. */
const MOST_PARENTS = 3;
const INDENT = '      ';

/** What is told of one process. */
export function processLines(holder: Holder, t: Tell, nowMs = Date.now()): string[] {
  const { commandLine = '' } = holder;
  const line = `${INDENT}${processWord(holder)}${commandLine === '' ? '' : `: ${printable(commandLine)}`}`;
  const details = [
    stateWords(holder, t),
    sinceWords(holder, nowMs, t),
    parentWords(holder, t),
    managerWords(holder, t),
  ];
  const known = details.filter(Boolean).join(t(', ', '，'));
  return [shorten(line), ...(known === '' ? [] : wrap(known, `${INDENT}  `))];
}

/** One line of a terminal at most. */
export function shorten(line: string): string {
  return cutColumns(line, WIDTH);
}

function stateWords({ stopped, mainThreadEnded, ignoresTerm }: Holder, t: Tell): string {
  const words = [
    stopped ? t('stopped (by Ctrl-Z or SIGSTOP)', '已停住（Ctrl-Z 或 SIGSTOP）') : '',
    mainThreadEnded
      ? t(
          'its main thread has ended (<defunct>), another one runs on',
          '主线程已经结束（<defunct>），另一个线程还在运行',
        )
      : '',
    ignoresTerm ? t('ignores SIGTERM', '忽略 SIGTERM') : '',
  ];
  return words.filter(Boolean).join(t(', ', '，'));
}

function sinceWords({ startedAtMs }: Holder, nowMs: number, t: Tell): string {
  if (startedAtMs === undefined) return '';
  const since = duration(nowMs - startedAtMs, t);
  return t(`runs for ${since}`, `已运行 ${since}`);
}

/** `42 s`, `5 min`, `3 h`, `12 days`. */
export function duration(ms: number, t: Tell): string {
  const s = Math.max(Math.floor(ms / 1000), 0);
  if (s < 120) return `${String(s)} ${t('s', '秒')}`;
  if (s < 120 * 60) return `${String(Math.floor(s / 60))} ${t('min', '分钟')}`;
  return s < 48 * 3600
    ? `${String(Math.floor(s / 3600))} ${t('h', '小时')}`
    : `${String(Math.floor(s / 86_400))} ${t('days', '天')}`;
}

function parentWords({ parents = [] }: Holder, t: Tell): string {
  if (parents.length === 0) return '';
  const names = parents.slice(0, MOST_PARENTS).map((parent) => processWord(parent));
  return t(`parent: ${names.join(', of ')}`, `父进程：${names.join(' ← ')}`);
}

function managerWords({ manager }: Holder, t: Tell): string {
  if (manager === undefined || manager.kind === 'parent') return '';
  const name = managerName(manager.name, t);
  return t(`looked after by ${name}`, `照看它的是${name}`);
}

/** How a process may have come by a socket: what the descriptor itself shows. */
export function inheritedNote(holders: readonly Holder[], t: Tell): string[] {
  const inheritable = holders.filter((holder) => holder.inheritable && holder.pid !== undefined);
  if (inheritable.length === 0) return [];
  const names = [...new Set(inheritable.slice(0, MOST_PARENTS).map(processWord))];
  const orphans = inheritable.some(({ parents }) => parents?.[0]?.pid === 1);
  const ended = orphans
    ? t(' (that one has ended: its parent is PID 1 now)', '（那个程序已经结束：它的父进程现在是 PID 1）')
    : '';
  const who = list(names, t);
  return [
    t(
      `The descriptor of ${who} is not close-on-exec: either it was inherited from the program that started ` +
        `it${ended}, or made that way; it goes on to what is started by it.`,
      `${who} 的描述符没有设 close-on-exec：要么是从启动它的程序那里继承来的${ended}，` +
        '要么本来就是这样建的；由它启动的程序也会得到它。',
    ),
  ];
}

/** A comparison as text and as JSON. Pure: data in, lines out. */
import type { TcpSocket } from '../doctor/kernel/observe.js';
import { WIDTH, wrap } from '../doctor/words/wrap.js';
import { columns, padColumns, wrapColumns, type Language } from '../language.js';
import type { Paint } from '../paint.js';
import type { Comparison, Flag, Run, Waited } from './comparison.js';
import { sentencesInChinese, waitInChinese, WORDS } from './sentences-zh.js';
import { sentences } from './sentences.js';

type Row = readonly [first: string, second: string, restart: string, ...socket: [string, string, string, string]];

const [RESTART, LOCAL, STATE, LEFT] = [2, 3, 5, 6];

/** What a report says in a language. */
interface Words {
  readonly title: string;
  readonly intro: string;
  /** The heading of the table, in two lines; `held` is that of the four columns about sockets. */
  readonly upper: Row;
  readonly lower: Row;
  readonly held: string;
  readonly nothing: string;
  readonly notKnown: string;
  readonly flag: Readonly<Record<Flag, string>>;
  readonly sentences: (comparison: Comparison) => readonly string[];
  readonly wrap: (text: string) => string[];
}

const WORDS_IN: Readonly<Record<Language, Words>> = {
  en: {
    title: 'SO_REUSEADDR on this machine',
    intro:
      'A server serves one client and ends, then it is started again on the same port: can it bind? Four pairs of ' +
      'runs, with the flag SO_REUSEADDR off or on.',
    upper: ['first', 'second', 'the', '', '', '', ''],
    lower: ['run', 'run', 'restart', 'local', 'remote', 'state', 'left'],
    held: 'on its port the kernel had, at that moment',
    nothing: 'nothing',
    notKnown: 'not known',
    flag: { off: 'off', on: 'on' },
    sentences,
    wrap,
  },
  zh: {
    title: '这台机器上的 SO_REUSEADDR',
    intro:
      '服务器为一个客户端服务，然后退出，再在同一个端口上重新启动：这次 bind 能成功吗？一共四组，每组运行两次，' +
      'SO_REUSEADDR 标志或关或开。',
    upper: ['第一次', '第二次', '重启的', '', '', '', ''],
    lower: ['运行', '运行', '结果', '本地地址', '对方地址', '状态', '剩余'],
    held: '那一刻，内核在这个端口上还留着',
    nothing: '什么都没有',
    notKnown: '不知道',
    flag: WORDS,
    sentences: sentencesInChinese,
    wrap: (text) => wrapColumns(text, WIDTH),
  },
};

/** The report of a comparison, line by line. */
export function report(comparison: Comparison, paint: Paint, language: Language = 'en'): string[] {
  const { system, kernel, runs } = comparison;
  const words = WORDS_IN[language];
  return [
    paint.bold(`${words.title}: ${system} ${kernel}`),
    '',
    ...words.wrap(words.intro),
    '',
    ...table(runs, comparison.evidenceError === undefined ? words.nothing : words.notKnown, words, paint),
    '',
    ...words.sentences(comparison).flatMap((sentence) => words.wrap(sentence)),
  ];
}

function table(runs: readonly Run[], nothing: string, words: Words, paint: Paint): string[] {
  const { upper, lower, held } = words;
  const rows = runs.flatMap((run) => rowsOf(run, nothing, words.flag));
  const widths = lower.map((_, column) =>
    Math.max(...[upper, lower, ...rows].map((row) => columns(row[column] ?? ''))),
  );
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  const join = (cells: readonly string[]): string => cells.join(total > WIDTH ? ' ' : '  ').trimEnd();
  const pad = (row: Row): string[] =>
    row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === LEFT ? ' '.repeat(width - columns(cell)) + cell : padColumns(cell, width);
    });
  const head = [[...pad(upper).slice(0, LOCAL), held], pad(lower), widths.map((width) => '-'.repeat(width))];
  return [...head.map((cells) => paint.dim(join(cells))), ...rows.map((row) => join(inColors(pad(row), paint)))];
}

/** A row for each socket; the columns of the run stand in the first one only. */
function rowsOf({ first, second, result, evidence }: Run, nothing: string, flag: Words['flag']): Row[] {
  const held = evidence.length === 0 ? [[nothing, '', '', ''] as const] : evidence.map(cells);
  return held.map((socket, index) =>
    index === 0 ? [flag[first], flag[second], result, ...socket] : ['', '', '', ...socket],
  );
}

function cells({ local, remote, state, expiresInMs }: TcpSocket): readonly [string, string, string, string] {
  const peer = remote.port === 0 ? '' : `${remote.address}:${String(remote.port)}`;
  return [`${local.address}:${String(local.port)}`, peer, state, expiresInMs === undefined ? '' : seconds(expiresInMs)];
}

function inColors(cells: string[], paint: Paint): string[] {
  const colored = (cell: string, column: number): string => {
    if (column === RESTART) return cell.trimEnd() === 'ok' ? paint.green(cell) : paint.red(cell);
    return column === STATE && cell.trimEnd() === 'TIME_WAIT' ? paint.yellow(cell) : cell;
  };
  return cells.map((cell, column) => (cell.trim() === '' ? cell : colored(cell, column)));
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** How the wait for the off/off restart went, line by line. */
export function reportWait(waited: Waited, language: Language = 'en'): string[] {
  return WORDS_IN[language].wrap(waitSentence(waited, language));
}

/** The same as one sentence. */
export function waitSentence(waited: Waited, language: Language): string {
  if (language === 'zh') return waitInChinese(waited);
  const { kernelSaidMs, tookMs, attempts } = waited;
  const tries = attempts === 1 ? 'at the first attempt' : `at attempt ${String(attempts)}`;
  const took = `The restart worked after ${seconds(tookMs)}, ${tries}`;
  if (kernelSaidMs === null) return `${took}; the kernel had not said how long it would be.`;
  const late = tookMs - kernelSaidMs;
  return `${took}; the kernel had said ${seconds(kernelSaidMs)}: that is ${seconds(Math.abs(late))} ${late < 0 ? 'earlier' : 'later'}.`;
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

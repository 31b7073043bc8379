/** A diagnosis as text for a terminal. Pure. */
import { padColumns, tellIn, type Language, type Tell } from '../../language.js';
import { PLAIN, type Paint } from '../../paint.js';
import type { Diagnosis } from '../diagnosis/diagnosis.js';
import { areSeveral, endpoint, withoutCrowd } from '../kernel/holder.js';
import { ALL_FLAGS, type Flags } from '../kernel/observation.js';
import { holderLines } from './holder-lines.js';
import { pathWord } from './words.js';
import { wrap } from './wrap.js';

/**
 * A diagnosis in plain words, line by line, none longer than 80 columns unless a command is.
 *
 * @param paint - colours; left out: none
 * @param language - that of the headings: the one that `why` was asked in; left out: English
 */
export function say(diagnosis: Diagnosis, paint: Paint = PLAIN, language: Language = 'en'): string[] {
  const t = tellIn(language);
  const { verdict, summary, holders, others, freeWhen, advice, notes } = diagnosis;
  const free = verdict === 'free';
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', paint.bold(title), ...lines];
  return [
    ...wrap(summary).map((line) => paint.bold((free ? paint.green : paint.red)(line))),
    ...section(t('Who has it', '谁占着它'), holderLines(holders, diagnosis, paint, t)),
    ...(diagnosis.binds.none === '' ? [] : section(bindTitle(diagnosis, t), bindLines(diagnosis, paint, t))),
    ...ipv4Section(diagnosis, section, paint, t),
    ...section(
      t('On the same port, but not in the way', '同一个端口上，但不碍事'),
      holderLines(others, diagnosis, paint, t),
    ),
    ...(free ? [] : section(t('When it will be free', '什么时候空出来'), wrap(freeWhen, '  '))),
    ...section(
      t('What to do', '怎么办'),
      advice.flatMap((one) => [...adviceLines(one.do), ...wrap(one.because, '    ').map(paint.dim)]),
    ),
    ...section(
      t('Notes', '说明'),
      notes.flatMap((note) => wrap(note, '  - ', '    ')),
    ),
  ];
}

/** How the commands of the advice begin. */
const COMMAND =
  /^(?:\/|(?:sudo|kill|npx|node|bsd-sockets|sysctl|ss|rm|mkdir|ls|docker|podman|systemctl|pm2|supervisorctl|sv) )/;

/** A command that is too long for a line stands whole on one of its own, so that it can be copied. */
function adviceLines(what: string): string[] {
  const lines = wrap(what, '  - ', '    ');
  // \uff1a is the Chinese colon: unescaped in a regular expression, it would make the whole bundle two bytes wide.
  const [, before = '', command = ''] = /^([^:\uff1a]*(?:\uff1a|: ))(.*)$/s.exec(what) ?? [];
  if (lines.length === 1 || !COMMAND.test(command)) return lines;
  return [...wrap(before.trimEnd(), '  - ', '    '), `    ${command}`];
}

function bindTitle({ host, port, path, bindsIPv4 }: Diagnosis, t: Tell): string {
  const where = path === undefined ? endpoint({ address: host ?? '', port: port ?? 0 }) : pathWord(path);
  const both = bindsIPv4 === undefined ? t('', ' ') : t(', IPv4 too,', '（连同 IPv4）');
  return t(`Would bind() to ${where}${both} work now? Just tried:`, `现在 bind 到 ${where}${both}能成功吗？刚刚试过：`);
}

/** The binds to 0.0.0.0, where they differ. */
function ipv4Section(
  diagnosis: Diagnosis,
  section: (title: string, lines: readonly string[]) => string[],
  paint: Paint,
  t: Tell,
): string[] {
  const { bindsIPv4, binds, port = 0 } = diagnosis;
  if (bindsIPv4 === undefined || ALL_FLAGS.every((flags) => bindsIPv4[flags] === binds[flags])) return [];
  const alone = { ...diagnosis, binds: bindsIPv4, holders: [] };
  return section(
    t(`And to 0.0.0.0:${String(port)}, IPv4 alone?`, `只用 IPv4，bind 到 0.0.0.0:${String(port)} 呢？`),
    bindLines(alone, paint, t),
  );
}

const flagWords = (flags: Flags, t: Tell): string =>
  ({
    none: t('without flags', '不带标志'),
    reuseaddr: t('with SO_REUSEADDR', '带 SO_REUSEADDR'),
    reuseport: t('with SO_REUSEPORT', '带 SO_REUSEPORT'),
    both: t('with both', '两个都带'),
  })[flags];

function bindLines(diagnosis: Diagnosis, paint: Paint, t: Tell): string[] {
  const { binds, protocol } = diagnosis;
  const line = (words: string, result: string, reason = ''): string => {
    const answer = result === 'ok' ? t('yes', '能') : t(`no: ${result}`, `不能：${result}`);
    const color = result === 'ok' ? paint.green : paint.red;
    const gap = padColumns(answer, 18).slice(answer.length) || '  ';
    return `  ${padColumns(words, 20)}${color(answer)}${reason && `${gap}${paint.dim(reason)}`}`;
  };
  if (protocol === 'unix') return [line(t('flags do not matter', '与标志无关'), binds.none)];
  if (binds.none !== 'EADDRINUSE' && ALL_FLAGS.every((flags) => binds[flags] === binds.none)) {
    return [line(t('whatever the flags', '不管带什么标志'), binds.none)];
  }
  return ALL_FLAGS.map((flags) => line(flagWords(flags, t), binds[flags], shortReason(diagnosis, flags, t)));
}

/** What the flag meets; where the flags that were read do not explain it, that is said. */
function shortReason({ binds, holders: all }: Diagnosis, flags: Flags, t: Tell): string {
  if (flags === 'none' || flags === 'both' || all.length === 0) return '';
  const holders = withoutCrowd(all);
  const many = areSeveral(all);
  const lacks = holders.some((holder) => holder[flags] === false);
  if (binds[flags] === 'ok') {
    if (lacks)
      return many
        ? t('though not all have it on now', '尽管现在不是每个都设了它')
        : t('though the old socket has it off now', '尽管旧套接字现在没有设它');
    return many
      ? t('the old sockets have it too', '旧套接字也都设了它')
      : t('the old socket has it too', '旧套接字也设了它');
  }
  if (flags === 'reuseaddr' && holders.some(({ state }) => state === 'LISTEN'))
    return t('no help against a listener', '对监听者没有用');
  if (lacks)
    return many ? t('an old socket lacks it', '有旧套接字没设它') : t('the old socket lacks it', '旧套接字没设它');
  if (holders.every((holder) => holder[flags] === true)) {
    return flags === 'reuseport'
      ? t('the old socket has it, but not of this user', '旧套接字设了它，但不是这个用户的')
      : t('though the old socket has it on now', '尽管旧套接字现在设了它');
  }
  return many ? t('not all old sockets allow it', '不是每个旧套接字都允许') : '';
}

/** A diagnosis as text for a terminal. Pure. */
import { printable } from '../../printable.js';
import { ALL_FLAGS, type Flags, type Holder } from '../kernel/observation.js';
import type { Diagnosis } from '../diagnosis/diagnosis.js';
import { processLines } from './process-lines.js';
import { wrap } from './wrap.js';
import {
  areSeveral,
  withoutCrowd,
  endpoint,
  isConnection,
  longestMs,
  processesOf,
  socketsOf,
} from '../kernel/holder.js';
import { count, pathWord, seconds } from './words.js';

/** How text is coloured: picocolors has these, for one. */
export type Paint = Readonly<Record<'bold' | 'dim' | 'red' | 'green' | 'yellow', (text: string) => string>>;

const same = (text: string): string => text;
/** No colours. */
export const PLAIN: Paint = { bold: same, dim: same, red: same, green: same, yellow: same };

/** Of so many groups of alike sockets the text speaks; the rest is only counted. */
const MOST_GROUPS = 8;
const MOST_PROCESSES = 8;

/**
 * A diagnosis in plain words, line by line, none longer than 80 columns unless a command is.
 *
 * @param paint - colours; left out: none
 */
export function say(diagnosis: Diagnosis, paint: Paint = PLAIN): string[] {
  const { verdict, summary, holders, others, freeWhen, advice, notes } = diagnosis;
  const free = verdict === 'free';
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', paint.bold(title), ...lines];
  return [
    ...wrap(summary).map((line) => paint.bold((free ? paint.green : paint.red)(line))),
    ...section('Who has it', groupLines(holders, diagnosis, paint)),
    ...(diagnosis.binds.none === '' ? [] : section(bindTitle(diagnosis), bindLines(diagnosis, paint))),
    ...ipv4Section(diagnosis, section, paint),
    ...section('On the same port, but not in the way', groupLines(others, diagnosis, paint)),
    ...(free ? [] : section('When it will be free', wrap(freeWhen, '  '))),
    ...section(
      'What to do',
      advice.flatMap((one) => [...adviceLines(one.do), ...wrap(one.because, '    ').map(paint.dim)]),
    ),
    ...section(
      'Notes',
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
  const colon = what.indexOf(': ');
  const command = what.slice(colon + 2);
  if (lines.length === 1 || colon === -1 || !COMMAND.test(command)) return lines;
  return [...wrap(what.slice(0, colon + 1), '  - ', '    '), `    ${command}`];
}

function bindTitle({ host, port, path, bindsIPv4 }: Diagnosis): string {
  const where = path === undefined ? endpoint({ address: host ?? '', port: port ?? 0 }) : pathWord(path);
  const both = bindsIPv4 === undefined ? '' : ', IPv4 too,';
  return `Would bind() to ${where}${both} work now? Just tried:`;
}

/** The binds to 0.0.0.0, where they differ. */
function ipv4Section(
  diagnosis: Diagnosis,
  section: (title: string, lines: readonly string[]) => string[],
  paint: Paint,
): string[] {
  const { bindsIPv4, binds, port = 0 } = diagnosis;
  if (bindsIPv4 === undefined || ALL_FLAGS.every((flags) => bindsIPv4[flags] === binds[flags])) return [];
  const alone = { ...diagnosis, binds: bindsIPv4, holders: [] };
  return section(`And to 0.0.0.0:${String(port)}, IPv4 alone?`, bindLines(alone, paint));
}

const FLAG_WORDS: Readonly<Record<Flags, string>> = {
  none: 'without flags',
  reuseaddr: 'with SO_REUSEADDR',
  reuseport: 'with SO_REUSEPORT',
  both: 'with both',
};

function bindLines(diagnosis: Diagnosis, paint: Paint): string[] {
  const { binds, protocol } = diagnosis;
  const line = (words: string, result: string, reason = ''): string => {
    const answer = result === 'ok' ? 'yes' : `no: ${result}`;
    const color = result === 'ok' ? paint.green : paint.red;
    return `  ${words.padEnd(20)}${color(answer)}${reason && `${' '.repeat(Math.max(18 - answer.length, 2))}${paint.dim(reason)}`}`;
  };
  if (protocol === 'unix') return [line('flags do not matter', binds.none)];
  if (binds.none !== 'EADDRINUSE' && ALL_FLAGS.every((flags) => binds[flags] === binds.none)) {
    return [line('whatever the flags', binds.none)];
  }
  return ALL_FLAGS.map((flags) => line(FLAG_WORDS[flags], binds[flags], shortReason(diagnosis, flags)));
}

/** What the flag meets; where the flags that were read do not explain it, that is said. */
function shortReason({ binds, holders: all }: Diagnosis, flags: Flags): string {
  if (flags === 'none' || flags === 'both' || all.length === 0) return '';
  const holders = withoutCrowd(all);
  const many = areSeveral(all);
  const lacks = holders.some((holder) => holder[flags] === false);
  if (binds[flags] === 'ok') {
    if (lacks) return many ? 'though not all have it on now' : 'though the old socket has it off now';
    return many ? 'the old sockets have it too' : 'the old socket has it too';
  }
  if (flags === 'reuseaddr' && holders.some(({ state }) => state === 'LISTEN')) return 'no help against a listener';
  if (lacks) return many ? 'an old socket lacks it' : 'the old socket lacks it';
  if (holders.every((holder) => holder[flags] === true)) {
    return flags === 'reuseport'
      ? 'the old socket has it, but not of this user'
      : 'though the old socket has it on now';
  }
  return many ? 'not all old sockets allow it' : '';
}

/** Alike sockets are one group: a server may have left thousands in TIME_WAIT. */
function groupLines(holders: readonly Holder[], { protocol }: Diagnosis, paint: Paint): string[] {
  const groups = new Map<string, Holder[]>();
  let last: Holder[] = [];
  for (const holder of holders) {
    if (!goesWith(holder, last[0])) {
      const key = groupOf(holder);
      last = groups.get(key) ?? [];
      groups.set(key, last);
    }
    last.push(holder);
  }
  const all = [...groups.values()];
  const rest = all.slice(MOST_GROUPS).flat();
  const lines = all.slice(0, MOST_GROUPS).flatMap((group) => linesOf(group, protocol, paint));
  return rest.length === 0
    ? lines
    : [...lines, `  and ${count(socketsOf(rest).length, 'more socket')} (--json lists them all)`];
}

/** Where it says yes, both have one key: of thousands that follow each other none has to be made. */
function goesWith(holder: Holder, other: Holder | undefined): boolean {
  return (
    other !== undefined &&
    isConnection(holder) &&
    holder.state === other.state &&
    holder.local === other.local &&
    holder.pid === other.pid &&
    holder.reuseaddr === other.reuseaddr &&
    holder.reuseport === other.reuseport
  );
}

/** One socket is a group; but connections in the same state, of the same process and with the same flags go together. */
function groupOf(holder: Holder): string {
  const { inode, state, local, pid, reuseaddr, reuseport } = holder;
  const where = 'path' in local ? local.path : local.address;
  const alike = `${state} ${where} ${String(pid)} ${String(reuseaddr)} ${String(reuseport)}`;
  return isConnection(holder) ? alike : `${state} ${String(inode)}`;
}

function linesOf(group: readonly Holder[], protocol: Diagnosis['protocol'], paint: Paint): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const sockets = socketsOf(group);
  const details = [
    placeWords(first, sockets),
    leftWords(sockets),
    first.user === undefined ? '' : `user ${first.user}`,
    deviceWords(first),
  ];
  const [head = '', ...more] = wrap(
    `${stateWords(first, protocol)} ${printable(details.filter(Boolean).join(', '))}`,
    '  ',
    '      ',
  );
  const flags = flagWords(first);
  return [
    head.replace(first.state, paint.yellow(first.state)),
    ...more,
    ...linesOfProcesses(group),
    ...(flags === '' ? [] : [paint.dim(`      ${flags}`)]),
  ];
}

/** A UDP socket has no state to speak of; CLOSE of a socket that is open would surprise. */
function stateWords({ state }: Holder, protocol: Diagnosis['protocol']): string {
  if (protocol === 'udp') return state === 'ESTABLISHED' ? 'UDP socket, connected,' : 'UDP socket';
  return state === 'CLOSE' ? 'CLOSE (bound only)' : state;
}

function placeWords({ local, remote }: Holder, sockets: readonly Holder[]): string {
  if ('path' in local) return pathWord(local.path);
  if (sockets.length > 1) return `${endpoint(local)}, ${count(sockets.length, 'connection')}`;
  return remote === undefined || remote.port === 0 ? endpoint(local) : `${endpoint(local)} with ${endpoint(remote)}`;
}

function deviceWords({ interfaceIndex, device }: Holder): string {
  if (interfaceIndex === undefined) return '';
  return `bound to the device ${device ?? `number ${String(interfaceIndex)}`}`;
}

function leftWords(sockets: readonly Holder[]): string {
  const longest = longestMs(sockets);
  if (longest === undefined) return '';
  return sockets.length === 1 ? `${seconds(longest)} left` : `the last for ${seconds(longest)} more`;
}

function flagWords({ reuseaddr, reuseport, flagsFrom }: Holder): string {
  const words = (flag: boolean | undefined, name: string): string =>
    flag === undefined ? '' : `${name} ${flag ? 'on' : 'off'}`;
  const known = [words(reuseaddr, 'SO_REUSEADDR'), words(reuseport, 'SO_REUSEPORT')].filter(Boolean);
  if (known.length === 0) return '';
  return `${known.join(', ')}${flagsFrom === 'probes' ? ' (so the binds below show)' : ''}`;
}

function linesOfProcesses(group: readonly Holder[]): string[] {
  const processes = processesOf(group);
  const lines = processes.slice(0, MOST_PROCESSES).flatMap((one) => processLines(one));
  const rest = processes.length - MOST_PROCESSES;
  return rest > 0 ? [...lines, `      and ${count(rest, 'more process', 'more processes')}`] : lines;
}

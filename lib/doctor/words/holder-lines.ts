/** Who has a port: the lines about its sockets. Pure. */
import type { Tell } from '../../language.js';
import type { Paint } from '../../paint.js';
import { printable } from '../../printable.js';
import type { Diagnosis } from '../diagnosis/diagnosis.js';
import { endpoint, isConnection, longestMs, processesOf, socketsOf } from '../kernel/holder.js';
import type { Holder } from '../kernel/observation.js';
import { processLines } from './process-lines.js';
import { connections, count, digits, pathWord, seconds } from './words.js';
import { wrap } from './wrap.js';

/** Of so many groups of alike sockets the text speaks; the rest is only counted. */
const MOST_GROUPS = 8;
const MOST_PROCESSES = 8;

/** Alike sockets are one group: a server may have left thousands in TIME_WAIT. */
export function holderLines(holders: readonly Holder[], { protocol }: Diagnosis, paint: Paint, t: Tell): string[] {
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
  const lines = all.slice(0, MOST_GROUPS).flatMap((group) => linesOf(group, protocol, paint, t));
  return rest.length === 0 ? lines : [...lines, moreLine(socketsOf(rest).length, t)];
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

function linesOf(group: readonly Holder[], protocol: Diagnosis['protocol'], paint: Paint, t: Tell): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const sockets = socketsOf(group);
  const details = [
    placeWords(first, sockets, t),
    leftWords(sockets, t),
    first.user === undefined ? '' : t(`user ${first.user}`, `用户 ${first.user}`),
    deviceWords(first, t),
  ];
  const [head = '', ...more] = wrap(
    `${stateWords(first, protocol, t)} ${printable(details.filter(Boolean).join(t(', ', '，')))}`,
    '  ',
    '      ',
  );
  const flags = flagWords(first, t);
  return [
    head.replace(first.state, paint.yellow(first.state)),
    ...more,
    ...linesOfProcesses(group, t),
    ...(flags === '' ? [] : [paint.dim(`      ${flags}`)]),
  ];
}

/** A UDP socket has no state to speak of; CLOSE of a socket that is open would surprise. */
function stateWords({ state }: Holder, protocol: Diagnosis['protocol'], t: Tell): string {
  if (protocol === 'udp') {
    return state === 'ESTABLISHED'
      ? t('UDP socket, connected,', 'UDP 套接字，已连接，')
      : t('UDP socket', 'UDP 套接字');
  }
  return state === 'CLOSE' ? t('CLOSE (bound only)', 'CLOSE（只 bind 了）') : state;
}

function placeWords({ local, remote }: Holder, sockets: readonly Holder[], t: Tell): string {
  if ('path' in local) return pathWord(local.path);
  if (sockets.length > 1) return `${endpoint(local)}${t(', ', '，')}${connections(sockets.length, t)}`;
  return remote === undefined || remote.port === 0
    ? endpoint(local)
    : `${endpoint(local)} ${t('with', '与')} ${endpoint(remote)}`;
}

function deviceWords({ interfaceIndex, device }: Holder, t: Tell): string {
  if (interfaceIndex === undefined) return '';
  const number = String(interfaceIndex);
  return t(`bound to the device ${device ?? `number ${number}`}`, `绑定在设备 ${device ?? `${number} 号`} 上`);
}

function leftWords(sockets: readonly Holder[], t: Tell): string {
  const longest = longestMs(sockets);
  if (longest === undefined) return '';
  const left = seconds(longest, t);
  return sockets.length === 1
    ? t(`${left} left`, `还剩 ${left}`)
    : t(`the last for ${left} more`, `最后一个还剩 ${left}`);
}

function flagWords({ reuseaddr, reuseport, flagsFrom }: Holder, t: Tell): string {
  const words = (flag: boolean | undefined, name: string): string =>
    flag === undefined ? '' : `${name} ${flag ? t('on', '开') : t('off', '关')}`;
  const known = [words(reuseaddr, 'SO_REUSEADDR'), words(reuseport, 'SO_REUSEPORT')].filter(Boolean);
  if (known.length === 0) return '';
  return `${known.join(t(', ', '，'))}${flagsFrom === 'probes' ? t(' (so the binds below show)', '（由下面的 bind 推断）') : ''}`;
}

function linesOfProcesses(group: readonly Holder[], t: Tell): string[] {
  const processes = processesOf(group);
  const lines = processes.slice(0, MOST_PROCESSES).flatMap((one) => processLines(one, t));
  const rest = processes.length - MOST_PROCESSES;
  const more = t(`and ${count(rest, 'more process', 'more processes')}`, `还有 ${digits(rest)} 个进程`);
  return rest > 0 ? [...lines, `      ${more}`] : lines;
}

function moreLine(number: number, t: Tell): string {
  return t(
    `  and ${count(number, 'more socket')} (--json lists them all)`,
    `  还有 ${digits(number)} 个套接字（--json 列出全部）`,
  );
}

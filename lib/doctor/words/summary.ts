/** What is the matter, and when it ends, in one sentence each. Pure. */
import { printable } from '../../printable.js';
import type { Case } from '../diagnosis/diagnosis.js';
import type { Holder, InetTarget } from '../kernel/observation.js';
import { spaced, type Tell } from '../../language.js';
import { boundTo, connections, count, digits, list, processWord, seconds, subject, tellOf } from './words.js';
import { areOrphans, endpoint, longestMs, processesOf, socketsOf } from '../kernel/holder.js';

/** The first port that needs no right, where the system does not say another. */
export const DEFAULT_FIRST_PORT = 1024;

/** The headline. */
export function summarize(found: Case): string {
  const { target, verdict, binds, firstUnprivilegedPort = DEFAULT_FIRST_PORT } = found;
  const t = tellOf(found);
  const what = subject(target, t);
  const code = binds.none;
  switch (verdict) {
    case 'free':
      return target.protocol === 'unix'
        ? t(`${what} is free.`, `${what} 空闲。`)
        : t(`${what} is free on ${placesOf(target, t)}.`, `${what} 在 ${placesOf(target, t)} 上空闲。`);
    case 'forbidden':
      return isPrivileged(found)
        ? t(
            `${what} is below ${String(firstUnprivilegedPort)}, and those ports need a right that this user does not have (${code}).`,
            `${what} 小于 ${String(firstUnprivilegedPort)}，这样的端口需要这个用户没有的权限（${code}）。`,
          )
        : t(`${what} may not be bound by this user (${code}).`, `${what} 不允许这个用户 bind（${code}）。`);
    case 'not-local': {
      const address = target.protocol === 'unix' ? what : target.address.address;
      return t(`${address} is not an address of this host (${code}).`, `${address} 不是这台主机的地址（${code}）。`);
    }
    case 'left-behind':
      return t(
        `${what} is in use, but by nobody: an old socket was left there.`,
        `${what} 被占用，但没有人在用：那里留着一个旧的套接字。`,
      );
    case 'not-a-socket':
      return t(
        `${what} is in use: there is ${pathWords(found)} already, and it is no socket.`,
        `${what} 被占用：那里已经有${pathWords(found)}，而且它不是套接字。`,
      );
    case 'no-folder':
      return t(`${what} is in a folder that does not exist (${code}).`, `${what} 所在的文件夹不存在（${code}）。`);
    case 'refused':
      return t(
        `${what} cannot be bound on ${boundTo(target)}: ${code}.`,
        `${what} 在 ${boundTo(target)} 上无法 bind：${code}。`,
      );
    default:
      return useWords(found, what);
  }
}

/** The addresses that were tried. */
function placesOf({ address, dual }: InetTarget, t: Tell): string {
  return dual === true ? t('0.0.0.0 and [::]', '0.0.0.0 和 [::]') : address.address;
}

/** Is it the number of the port that this user may not have? */
export function isPrivileged({ target, firstUnprivilegedPort = DEFAULT_FIRST_PORT }: Case): boolean {
  return target.protocol !== 'unix' && target.address.port < firstUnprivilegedPort;
}

const KINDS = {
  file: '一个文件',
  folder: '一个文件夹',
  device: '一个设备',
  socket: '一个套接字',
  abstract: '一个名字',
};

function pathWords(found: Case): string {
  const { pathKind } = found;
  const t = tellOf(found);
  if (pathKind === 'link') return t('a symbolic link', '一个符号链接');
  if (pathKind === undefined || pathKind === 'nothing') return t('something', '别的东西');
  return t(`a ${pathKind}`, KINDS[pathKind]);
}

function useWords(found: Case, what: string): string {
  const { verdict, holders, total, freeInMs, target } = found;
  const t = tellOf(found);
  const who = whoWords(holders, t);
  const have = isMany(holders) ? 'have' : 'has';
  const kind = target.protocol === 'udp' ? 'UDP' : 'unix';
  const left = seconds(freeInMs ?? 0, t);
  switch (verdict) {
    case 'listening':
      return t(
        `${what} is in use: ${who} ${isMany(holders) ? 'listen' : 'listens'} on it.`,
        `${what} 被占用：${spaced(who).trimStart()}正在监听。`,
      );
    case 'bound':
      return t(
        `${what} is in use: ${who} ${have} bound it, but not to listen (so far).`,
        `${what} 被占用：${spaced(who).trim()} bind 了它，但（到现在）没有监听。`,
      );
    case 'outgoing':
      return t(
        `${what} is in use: an outgoing connection got it, of ${who}, ${peerWords(holders, t)}.`,
        `${what} 被占用：它分给了${spaced(who)}的一个向外的连接，${peerWords(holders, t)}。`,
      );
    case 'connected': {
      const words = connectionWords(holders, t);
      return t(
        `${what} is in use: nobody listens on it, but ${words}.`,
        `${what} 被占用：没有程序监听它，但${words}。`,
      );
    }
    case 'expiring':
      return t(
        `${what} is in use for ${left} more, by ${leftWords(holders, total, t)}.`,
        `${what} 还要被占用 ${left}：${leftWords(holders, total, t)}。`,
      );
    case 'open':
      return t(
        `${what} is in use: ${who} ${have} a ${kind} socket on it.`,
        `${what} 被占用：${spaced(who).trimStart()}在那里打开着 ${kind} 套接字。`,
      );
    default:
      return t(`${what} is in use, but no list shows by whom.`, `${what} 被占用，但是哪个列表都看不出被谁占用。`);
  }
}

function isMany(holders: readonly Holder[]): boolean {
  return processesOf(holders).length > 1;
}

/** The processes; where none is known, the user. */
function whoWords(holders: readonly Holder[], t: Tell): string {
  const processes = processesOf(holders).map(processWord);
  if (processes.length > 2) {
    const [first = ''] = processes;
    const others = processes.length - 1;
    return t(
      `${first} and ${count(others, 'other process', 'other processes')}`,
      `${first} 和另外 ${digits(others)} 个进程`,
    );
  }
  if (processes.length > 0) return list(processes, t);
  const [holder] = holders;
  if (holder?.unheld) {
    return t('the kernel itself, or a program that cannot be seen from here,', '内核自己，或者从这里看不到的程序');
  }
  if (holder?.user === undefined) return t('a program that is not known', '未知的程序');
  const user = printable(holder.user);
  return t(`a program of the user ${user}`, `用户 ${user} 的程序`);
}

function peerWords(holders: readonly Holder[], t: Tell): string {
  const peers = socketsOf(holders).flatMap(({ outgoing, remote }) => (outgoing && remote ? [remote] : []));
  const [first] = peers;
  if (first === undefined) return '';
  const to = endpoint(first);
  if (peers.length === 1) return t(`to ${to}`, `连到 ${to}`);
  const more = String(peers.length - 1);
  return t(`to ${to} and ${more} more`, `连到 ${to} 和另外 ${more} 处`);
}

function connectionWords(holders: readonly Holder[], t: Tell): string {
  const open = socketsOf(holders).filter(({ expiresInMs }) => expiresInMs === undefined);
  const what = connections(open.length, t);
  const [first] = open;
  if (areOrphans(open)) return t(`the kernel still closes ${what}`, `内核还在关闭 ${what}`);
  const state = open.length === 1 && first !== undefined ? t(` (${first.state})`, `（${first.state}）`) : '';
  const who = whoWords(open, t);
  return t(`${who} ${isMany(open) ? 'have' : 'has'} ${what} there${state}`, `${spaced(who)}在那里有 ${what}${state}`);
}

function leftWords(holders: readonly Holder[], total: number, t: Tell): string {
  const states = list([...new Set(holders.map(({ state }) => state))], t);
  const are = total === 1 ? 'is' : 'are';
  return t(`${connections(total, t)} that ${are} over (${states})`, `${connections(total, t)}已经结束（${states}）`);
}

/** When it will be free. */
export function whenFree(found: Case): string {
  const flag = flagForNow(found);
  const words = whenFreeWithoutFlags(found);
  if (flag === '') return words;
  const lower = `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
  return tellOf(found)(`With ${flag}: now. Without: ${lower}`, `带上 ${flag}：现在。不带：${words}`);
}

/** The flag that lets a server start now, beside connections; beside a listener or a bound socket it would share. */
function flagForNow({ verdict, binds, target }: Case): string {
  if (target.protocol !== 'tcp' || !['expiring', 'connected', 'outgoing'].includes(verdict)) return '';
  if (binds.reuseaddr === 'ok') return 'SO_REUSEADDR';
  return binds.reuseport === 'ok' ? 'SO_REUSEPORT' : '';
}

function whenFreeWithoutFlags(found: Case): string {
  const { verdict, holders, freeInMs } = found;
  const t = tellOf(found);
  if (verdict === 'free') return t('Now.', '现在。');
  if (freeInMs !== null) {
    const left = seconds(freeInMs, t);
    return t(
      `By itself, in ${left}; the kernel may take a second or two more.`,
      `${left}后自己空出来；内核可能再多用一两秒。`,
    );
  }
  if (verdict === 'left-behind') {
    return t(
      'Not by itself: a path stays until somebody removes it.',
      '不会自己空出来：路径会一直在，直到有人删掉它。',
    );
  }
  if (['not-a-socket', 'no-folder', 'forbidden', 'not-local', 'refused'].includes(verdict)) {
    return t('Not by waiting.', '等是等不来的。');
  }
  const last = longestMs(holders);
  const left = last === undefined ? '' : seconds(last, t);
  const later =
    last === undefined
      ? ''
      : t(
          `, and without SO_REUSEADDR no sooner than in ${left} (TIME_WAIT)`,
          `；不带 SO_REUSEADDR 的话，最早也要 ${left}以后（TIME_WAIT）`,
        );
  const end = endWords(found, t);
  return t(`When ${end}${later}.`, `等${spaced(end).trimEnd()}${later}。`);
}

/** Is it connections that no program has, and that the kernel still closes? */
export function isKernelClosing({ verdict, holders }: Case): boolean {
  return (verdict === 'connected' || verdict === 'outgoing') && areOrphans(holders);
}

function endWords(found: Case, t: Tell): string {
  if (isKernelClosing(found)) {
    return t(
      'the kernel has closed it, which waits for the other end, nobody can say how long',
      '内核把它关完；内核在等对方，要等多久没有人知道',
    );
  }
  const processes = processesOf(found.holders).map(processWord);
  const [first] = processes;
  if (first === undefined) return t('the program that has it closes it or ends', '占着它的程序关闭它或者退出');
  if (processes.length === 1) return t(`${first} closes it or ends`, `${first} 关闭它或者退出`);
  const number = String(processes.length);
  const names = processes.length > 5 ? t(`all ${number} processes`, `全部 ${number} 个进程`) : list(processes, t);
  return t(`${names} have all closed it or ended`, `${names} 都关闭它或者退出`);
}

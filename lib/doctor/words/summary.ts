/** What is the matter, and when it ends, in one sentence each. Pure. */
import { printable } from '../../printable.js';
import type { Case } from '../diagnosis/diagnosis.js';
import type { Holder, InetTarget } from '../kernel/observation.js';
import { boundTo, count, list, processWord, seconds, subject } from './words.js';
import { endpoint, longestMs, processesOf, socketsOf } from '../kernel/holder.js';

/** The first port that needs no right, where the system does not say another. */
export const DEFAULT_FIRST_PORT = 1024;

/** The headline. */
export function summarize(found: Case): string {
  const { target, verdict, binds, firstUnprivilegedPort = DEFAULT_FIRST_PORT } = found;
  const what = subject(target);
  switch (verdict) {
    case 'free':
      return target.protocol === 'unix' ? `${what} is free.` : `${what} is free on ${placesOf(target)}.`;
    case 'forbidden':
      return isPrivileged(found)
        ? `${what} is below ${String(firstUnprivilegedPort)}, and those ports need a right that this user does not have (${binds.none}).`
        : `${what} may not be bound by this user (${binds.none}).`;
    case 'not-local':
      return `${target.protocol === 'unix' ? what : target.address.address} is not an address of this host (${binds.none}).`;
    case 'left-behind':
      return `${what} is in use, but by nobody: an old socket was left there.`;
    case 'not-a-socket':
      return `${what} is in use: there is ${pathWords(found)} already, and it is no socket.`;
    case 'no-folder':
      return `${what} is in a folder that does not exist (${binds.none}).`;
    case 'refused':
      return `${what} cannot be bound on ${boundTo(target)}: ${binds.none}.`;
    default:
      return `${what} is in use${useWords(found)}.`;
  }
}

/** The addresses that were tried. */
function placesOf({ address, dual }: InetTarget): string {
  return dual === true ? '0.0.0.0 and [::]' : address.address;
}

/** Is it the number of the port that this user may not have? */
export function isPrivileged({ target, firstUnprivilegedPort = DEFAULT_FIRST_PORT }: Case): boolean {
  return target.protocol !== 'unix' && target.address.port < firstUnprivilegedPort;
}

function pathWords({ pathKind }: Case): string {
  if (pathKind === 'link') return 'a symbolic link';
  return pathKind === undefined || pathKind === 'nothing' ? 'something' : `a ${pathKind}`;
}

function useWords({ verdict, holders, total, freeInMs, target }: Case): string {
  const who = whoWords(holders);
  switch (verdict) {
    case 'listening':
      return `: ${who} ${isMany(holders) ? 'listen' : 'listens'} on it`;
    case 'bound':
      return `: ${who} ${isMany(holders) ? 'have' : 'has'} bound it, but not to listen (so far)`;
    case 'outgoing':
      return `: an outgoing connection got it, of ${who}, ${peerWords(holders)}`;
    case 'connected':
      return `: nobody listens on it, but ${connectionWords(holders)}`;
    case 'expiring':
      return ` for ${seconds(freeInMs ?? 0)} more, by ${leftWords(holders, total)}`;
    case 'open':
      return `: ${who} ${isMany(holders) ? 'have' : 'has'} a ${target.protocol === 'udp' ? 'UDP' : 'unix'} socket on it`;
    default:
      return ', but no list shows by whom';
  }
}

function isMany(holders: readonly Holder[]): boolean {
  return processesOf(holders).length > 1;
}

/** The processes; where none is known, the user. */
function whoWords(holders: readonly Holder[]): string {
  const processes = processesOf(holders).map(processWord);
  if (processes.length > 2) {
    return `${processes[0] ?? ''} and ${count(processes.length - 1, 'other process', 'other processes')}`;
  }
  if (processes.length > 0) return list(processes);
  const [holder] = holders;
  if (holder?.unheld) return 'the kernel itself, or a program that cannot be seen from here,';
  return holder?.user === undefined ? 'a program that is not known' : `a program of the user ${printable(holder.user)}`;
}

function peerWords(holders: readonly Holder[]): string {
  const peers = socketsOf(holders).flatMap(({ outgoing, remote }) => (outgoing && remote ? [remote] : []));
  const [first] = peers;
  if (first === undefined) return '';
  return peers.length === 1 ? `to ${endpoint(first)}` : `to ${endpoint(first)} and ${String(peers.length - 1)} more`;
}

function connectionWords(holders: readonly Holder[]): string {
  const open = socketsOf(holders).filter(({ expiresInMs }) => expiresInMs === undefined);
  const what = count(open.length, 'connection');
  const [first] = open;
  if (open.every(({ inode }) => inode === 0)) return `the kernel still closes ${what}`;
  const state = open.length === 1 && first !== undefined ? ` (${first.state})` : '';
  return `${whoWords(open)} ${isMany(open) ? 'have' : 'has'} ${what} there${state}`;
}

function leftWords(holders: readonly Holder[], total: number): string {
  const states = [...new Set(holders.map(({ state }) => state))];
  const are = total === 1 ? 'is' : 'are';
  return `${count(total, 'connection')} that ${are} over (${list(states)})`;
}

/** When it will be free. */
export function whenFree(found: Case): string {
  const flag = flagForNow(found);
  const words = whenFreeWithoutFlags(found);
  return flag === '' ? words : `With ${flag}: now. Without: ${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}

/** The flag that lets a server start now, beside connections; beside a listener or a bound socket it would share. */
function flagForNow({ verdict, binds, target }: Case): string {
  if (target.protocol !== 'tcp' || !['expiring', 'connected', 'outgoing'].includes(verdict)) return '';
  if (binds.reuseaddr === 'ok') return 'SO_REUSEADDR';
  return binds.reuseport === 'ok' ? 'SO_REUSEPORT' : '';
}

function whenFreeWithoutFlags({ verdict, holders, freeInMs }: Case): string {
  if (verdict === 'free') return 'Now.';
  if (freeInMs !== null) {
    return `By itself, in ${seconds(freeInMs)}; the kernel may take a second or two more.`;
  }
  if (verdict === 'left-behind') return 'Not by itself: a path stays until somebody removes it.';
  if (['not-a-socket', 'no-folder', 'forbidden', 'not-local', 'refused'].includes(verdict)) return 'Not by waiting.';
  const last = longestMs(holders);
  return `When ${holderWords(holders)}${last === undefined ? '' : `, and without SO_REUSEADDR no sooner than in ${seconds(last)} (TIME_WAIT)`}.`;
}

function holderWords(holders: readonly Holder[]): string {
  const processes = processesOf(holders).map(processWord);
  const [first] = processes;
  if (first === undefined) return 'the program that has it closes it or ends';
  if (processes.length === 1) return `${first} closes it or ends`;
  const names = processes.length > 5 ? `all ${String(processes.length)} processes` : list(processes);
  return `${names} have all closed it or ended`;
}

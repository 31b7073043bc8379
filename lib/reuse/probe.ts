/** What can be asked about a port without starting a program. */
import type { InetTarget, Unread } from '../doctor/kernel/observation.js';
import { socketsOnPort } from '../doctor/kernel/look.js';
import type { TcpSocket } from '../doctor/kernel/observe.js';
import { tryBind as tryBindTarget } from '../doctor/kernel/probe.js';
import { endpoint } from '../doctor/kernel/holder.js';
import { tellIn } from '../language.js';
import { seconds } from '../doctor/words/words.js';
import { CompareFailed } from './comparison.js';

/** The host of every run: what happens here stays on this machine. */
export const HOST = '127.0.0.1';

/** The target of a run. */
export const targetOf = (port: number): InetTarget => ({
  protocol: 'tcp',
  address: { family: 'IPv4', address: HOST, port },
});

/** Could a program without SO_REUSEADDR bind this port now? `'ok'` or the error's name. Nothing stays bound. */
export function tryBind(port: number): string {
  return tryBindTarget(targetOf(port), 'none');
}

/** The sockets on a port, or the name of the error where this system has no list of them. */
export function readEvidence(port: number): { sockets: readonly TcpSocket[]; error?: string } {
  const unread: Unread[] = [];
  const sockets = socketsOnPort(targetOf(port), unread);
  const [error] = unread;
  return error === undefined ? { sockets } : { sockets, error: error.code };
}

/**
 * Refuses a port that no program of ours could use.
 *
 * @throws CompareFailed with what is in the way
 */
export function requireFree(port: number): void {
  const result = tryBind(port);
  if (result === 'ok') return;
  const lines = [`Port ${String(port)} cannot be used: ${result}, ${reason(result)}.`];
  for (const found of readEvidence(port).sockets) lines.push(`  on it: ${describe(found)}`);
  throw new CompareFailed([...lines, 'Give another --port, or none: then free ports are chosen.'].join('\n'));
}

function reason(code: string): string {
  if (code === 'EADDRINUSE') return 'it is in use already';
  if (code === 'EACCES') return 'this user has no right to a port that low';
  return 'bind refused it';
}

function describe({ local, remote, state, uid, expiresInMs }: TcpSocket): string {
  const peer = remote.port === 0 ? '' : ` - ${endpoint(remote)}`;
  const more = expiresInMs === undefined ? `user id ${String(uid)}` : `${seconds(expiresInMs, tellIn('en'))} left`;
  return `${endpoint(local)}${peer} ${state}, ${more}`;
}

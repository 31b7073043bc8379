/** Everything there is to see about a target: the four binds, the sockets, their processes and flags. No judgement. */
import { SocketError } from './calls.js';
import type { Holder, InetTarget, Observation, Target, Unread } from './observation.js';
import { withProcesses } from './holders.js';
import { listTcpSockets, listUdpSockets, type Endpoint, type InetSocket } from './observe.js';
import { probeBinds } from './probe.js';
import { firstUnprivilegedPort, hostAddresses, passingPorts, v6onlyByDefault } from './system.js';
import { lookAtPath } from './unix-path.js';
import { isConnection } from './holder.js';

/** Of so many connections it is found out who opened them: a server may have thousands. */
const MOST_PEERS = 20;

/** Looks at a target now. Nothing stays open. */
export function look(target: Target): Observation {
  const unread: Unread[] = [];
  const seen = { target, binds: probeBinds(target), uid: process.geteuid?.() ?? -1, pid: process.pid, unread };
  if (target.protocol === 'unix') {
    const { sockets, ...path } = lookAtPath(target.address.path, unread);
    return { ...seen, ...path, sockets: withProcesses(sockets, unread) };
  }
  const sockets = socketsOnPort(target, unread).map(asHolder);
  if (target.protocol === 'tcp') markOutgoing(sockets);
  return { ...seen, ...settings(target, seen.binds.none), sockets: withProcesses(sockets, unread) };
}

/** The settings of the system that decide about this bind. */
function settings({ address }: InetTarget, result: string): Partial<Observation> {
  const v6only = address.family === 'IPv6' ? v6onlyByDefault() : undefined;
  const first = firstUnprivilegedPort();
  return {
    ...(v6only !== undefined && { v6only }),
    ...(first !== undefined && { firstUnprivilegedPort: first }),
    ...(result === 'EADDRNOTAVAIL' && { hostAddresses: hostAddresses() }),
  };
}

/** The sockets of a port; none where this system has no list of them. */
export function socketsOnPort({ protocol, address }: InetTarget, unread: Unread[] = []): InetSocket[] {
  try {
    return (protocol === 'tcp' ? listTcpSockets : listUdpSockets)({ port: address.port });
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
    unread.push({ what: 'sockets', code: error.code });
    return [];
  }
}

/** There may be tens of thousands in TIME_WAIT: theirs is made in one go. */
function asHolder({ state, local, remote, uid, inode, expiresInMs, v6only, interfaceIndex }: InetSocket): Holder {
  const holder: Holder =
    expiresInMs === undefined
      ? { state, local, remote, uid, inode }
      : { state, local, remote, uid, inode, expiresInMs };
  if (v6only !== undefined) holder.v6only = v6only;
  if (interfaceIndex !== 0) holder.interfaceIndex = interfaceIndex;
  return holder;
}

/** The kernel does not note who opened a connection; but a port with a listener has not opened any. */
function markOutgoing(sockets: readonly Holder[]): void {
  const open: Holder[] = [];
  for (const socket of sockets) {
    if (socket.state === 'LISTEN') return;
    if (socket.inode !== 0 && isConnection(socket)) open.push(socket);
  }
  for (const socket of open.slice(0, MOST_PEERS)) if (isOutgoing(socket)) socket.outgoing = true;
}

/** Its other end is a port that somebody listens on here; or its own is a passing port and the other one is not. */
function isOutgoing({ local, remote }: Holder): boolean {
  if (remote === undefined || !('port' in local)) return false;
  const [first, last] = passingPorts() ?? [0, 0];
  const passes = ({ port }: Endpoint): boolean => port >= first && port <= last;
  return someoneListensOn(remote) || (passes(local) && !passes(remote));
}

function someoneListensOn({ address, port }: Endpoint): boolean {
  const plain = address.replace('::ffff:', '');
  if (!plain.startsWith('127.') && !hostAddresses().includes(plain)) return false;
  return listTcpSockets({ port }).some(({ state }) => state === 'LISTEN');
}

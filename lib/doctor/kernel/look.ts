/** Everything there is to see about a target: the four binds, the sockets, their processes and flags. No judgement. */
import { SocketError } from './calls.js';
import { ALL_FLAGS, type Holder, type InetTarget, type Observation, type Target, type Unread } from './observation.js';
import { withProcesses } from './holders.js';
import { listTcpSockets, listUdpSockets, type Endpoint, type InetSocket } from './observe.js';
import { ownCommand } from './own-command.js';
import { ipv4Of, probeBinds } from './probe.js';
import { ownLine } from './process-facts.js';
import {
  firstUnprivilegedPort,
  hostAddresses,
  interfaceName,
  passingPorts,
  reservedPorts,
  v6onlyByDefault,
} from './system.js';
import { lookAtPath } from './unix-path.js';
import { isConnection } from './holder.js';

/** Of so many connections it is found out who opened them: a server may have thousands. */
const MOST_PEERS = 20;

/** Looks at a target now. Nothing stays open. */
export function look(target: Target): Observation {
  const seen = lookAround(target);
  const { binds, bindsIPv4, sockets } = seen;
  const isFree =
    sockets.length === 0 &&
    [binds, bindsIPv4 ?? binds].every((four) => ALL_FLAGS.every((flags) => four[flags] === 'ok'));
  return isFree ? seen : { ...seen, ...forAdvice(seen) }; // of what is free nothing is advised
}

/** What an advice goes by: this program and those above it, and the settings of the system that decide about a bind. */
function forAdvice({ target, binds }: Observation): Partial<Observation> {
  const own = { ...ownCommand(), ownLine: ownLine() };
  if (target.protocol === 'unix') return own;
  const first = firstUnprivilegedPort();
  const portRange = passingPorts();
  const reserved = reservedPorts();
  return {
    ...own,
    ...(portRange !== undefined && { portRange }),
    ...(reserved !== undefined && { reservedPorts: reserved }),
    ...(first !== undefined && { firstUnprivilegedPort: first }),
    ...(binds.none === 'EADDRNOTAVAIL' && { hostAddresses: hostAddresses() }),
  };
}

function lookAround(target: Target): Observation {
  const unread: Unread[] = [];
  const seen = {
    target,
    binds: probeBinds(target),
    uid: process.geteuid?.() ?? -1,
    pid: process.pid,
    unread,
  };
  if (target.protocol === 'unix') {
    const { sockets, ...path } = lookAtPath(target.address.path, unread);
    return { ...seen, ...path, sockets: withProcesses(sockets, unread) };
  }
  const sockets = socketsOnPort(target, unread).map(asHolder);
  if (target.protocol === 'tcp') markOutgoing(sockets);
  return { ...seen, ...ofIPv4(target), sockets: withProcesses(sockets, unread) };
}

/** What becomes of IPv4, where the socket is of IPv6. */
function ofIPv4(target: InetTarget): Partial<Observation> {
  const v6only = newLeavesIPv4(target);
  return {
    ...(target.dual === true && { bindsIPv4: probeBinds(ipv4Of(target)) }),
    ...(v6only !== undefined && { v6only }),
  };
}

/** Would a new socket leave IPv4 alone? Undefined where the question does not arise, or is not known. */
export function newLeavesIPv4({ address, dual }: InetTarget): boolean | undefined {
  if (address.family === 'IPv4') return undefined;
  return dual === true ? false : v6onlyByDefault();
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
export function asHolder({
  state,
  local,
  remote,
  uid,
  inode,
  expiresInMs,
  v6only,
  interfaceIndex,
}: InetSocket): Holder {
  const holder: Holder =
    expiresInMs === undefined
      ? { state, local, remote, uid, inode }
      : { state, local, remote, uid, inode, expiresInMs };
  if (v6only !== undefined) holder.v6only = v6only;
  if (interfaceIndex !== 0) {
    holder.interfaceIndex = interfaceIndex;
    const device = interfaceName(interfaceIndex);
    if (device !== undefined) holder.device = device;
  }
  return holder;
}

/** The kernel does not note who opened a connection; but a port with a listener has not opened any. */
function markOutgoing(sockets: readonly Holder[]): void {
  const open: Holder[] = [];
  for (const socket of sockets) {
    if (socket.state === 'LISTEN') return;
    if (isConnection(socket)) open.push(socket);
  }
  for (const socket of open.slice(0, MOST_PEERS)) if (isOutgoing(socket)) socket.outgoing = true;
}

/**
 * Is it certain that it was opened from here? Its other end is itself, or a port that somebody listens on here; or its
 * own port is a passing one, of those that the kernel gives to connections, and the other end's is not. Of two passing
 * ports nobody can tell.
 */
function isOutgoing({ local, remote }: Holder): boolean {
  if (remote === undefined || !('port' in local)) return false;
  if (local.port === remote.port && local.address === remote.address) return true;
  const [first, last] = passingPorts() ?? [0, 0];
  const passes = ({ port }: Endpoint): boolean => port >= first && port <= last;
  return someoneListensOn(remote) || (passes(local) && !passes(remote));
}

function someoneListensOn({ address, port }: Endpoint): boolean {
  const plain = address.replace('::ffff:', '');
  if (!plain.startsWith('127.') && !hostAddresses().includes(plain)) return false;
  return listTcpSockets({ port }).some(({ state }) => state === 'LISTEN');
}

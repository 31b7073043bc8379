/** Every port in use: who has it, in which state, since when, with which flags. */
import { SocketError } from './kernel/calls.js';
import { isConnection } from './kernel/holder.js';
import { withProcesses } from './kernel/holders.js';
import type { InetSocket, Protocol } from './kernel/inet-diag.js';
import { asHolder } from './kernel/look.js';
import { languageFor, type WordOptions } from './kernel/target.js';
import type { Holder, Unread } from './kernel/observation.js';
import { listTcpSockets, listUdpSockets } from './kernel/observe.js';
import { unreadNote } from './words/notes.js';

/** A port in use: one socket in one process, or connections that are alike. */
export interface PortInUse extends Omit<Holder, 'local' | 'remote' | 'inode'> {
  /** TCP or UDP. */
  readonly protocol: Protocol;
  /** The IP address that it is bound to. */
  readonly address: string;
  /** 1 to 65535. */
  readonly port: number;
  /** How many sockets they are: connections in the same state, of the same port and process, are one entry. */
  readonly sockets: number;
}

/** What {@link listPorts} found. */
export interface PortsInUse {
  /** By port. */
  readonly ports: readonly PortInUse[];
  /** What could not be seen, a sentence each. */
  readonly notes: readonly string[];
}

/** Reading the flags of a socket takes some system calls; those of a machine with more listeners are left unknown. */
const MOST_FLAGS_READ = 5000;

/**
 * Every TCP and UDP port in use in this network namespace: sock_diag(7), /proc. Connections of one port, state and
 * process are one entry, with how many they are. Without root, the processes of other users stay unknown.
 *
 * @returns the ports, and what could not be seen; nothing is tried, and nothing stays open
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE
 */
export function listPorts(options: WordOptions = {}): PortsInUse {
  const language = languageFor(options);
  const unread: Unread[] = [];
  const ports = (['tcp', 'udp'] as const).flatMap((protocol) => {
    const sockets = socketsOf(protocol, unread).map(asHolder);
    return group(protocol, withProcesses(sockets, unread, MOST_FLAGS_READ));
  });
  const notes = unread.map(unreadNote({ uid: process.geteuid?.() ?? -1, language }));
  ports.sort((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol) || a.state.localeCompare(b.state));
  return { ports, notes: [...new Set(notes)] };
}

function socketsOf(protocol: Protocol, unread: Unread[]): InetSocket[] {
  try {
    return (protocol === 'tcp' ? listTcpSockets : listUdpSockets)().filter(({ local }) => local.port !== 0);
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
    unread.push({ what: 'sockets', code: error.code });
    return [];
  }
}

function group(protocol: Protocol, holders: readonly Holder[]): PortInUse[] {
  const groups = new Map<string, PortInUse & { sockets: number }>();
  for (const holder of holders) {
    const { local, inode } = holder;
    if (!('port' in local)) continue;
    const { address, port } = local;
    const alike = isConnection(holder) ? '' : String(inode);
    const key = [address, port, holder.state, holder.pid, alike].join();
    const found = groups.get(key);
    if (found !== undefined) found.sockets++;
    else groups.set(key, { protocol, address, port, sockets: 1, ...withoutEnds(holder) });
  }
  return [...groups.values()];
}

function withoutEnds(holder: Holder): Omit<Holder, 'local' | 'remote' | 'inode'> {
  const known: Partial<Holder> = { ...holder };
  for (const end of ['local', 'remote', 'inode'] as const) Reflect.deleteProperty(known, end);
  return known as Omit<Holder, 'local' | 'remote' | 'inode'>;
}

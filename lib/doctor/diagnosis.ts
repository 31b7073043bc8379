/** What the doctor sees, and what it makes of it: data only. */
import type { IPv4Address, IPv6Address, UnixAddress } from './calls.js';
import type { Endpoint, TcpState } from './observe.js';

/** The flags of a bind, or of a socket that is there: SO_REUSEADDR, SO_REUSEPORT, both, or none. */
export type Flags = 'none' | 'reuseaddr' | 'reuseport' | 'both';

/** All of {@link Flags}, in the order of every table. */
export const ALL_FLAGS: readonly Flags[] = ['none', 'reuseaddr', 'reuseport', 'both'];

/** What became of the four binds: `'ok'`, or the name of the error: `'EADDRINUSE'`. */
export type Binds = Readonly<Record<Flags, string>>;

/** An address that is asked about, checked and complete. */
export type Target =
  | { readonly protocol: 'tcp' | 'udp'; readonly address: Readonly<IPv4Address | IPv6Address> }
  | { readonly protocol: 'unix'; readonly address: Readonly<UnixAddress> };

/** A target of TCP or UDP. */
export type InetTarget = Extract<Target, { protocol: 'tcp' | 'udp' }>;

/** A target that is a name of unix(7). */
export type UnixTarget = Extract<Target, { protocol: 'unix' }>;

/** The name of a unix socket. */
export interface PathName {
  /** A path; `'\0name'`: an abstract name. */
  readonly path: string;
}

/** A socket on the port or path, and a process that has it open: one entry for each process. */
export interface Holder {
  /** The kernel's name: `'LISTEN'`, `'TIME_WAIT'` …; `'CLOSE'`: bound, neither listening nor connected. */
  state: TcpState;
  /** Its own address. */
  local: Endpoint | PathName;
  /** The other end's address, or the unspecified address and port 0; a unix socket has none. */
  remote?: Endpoint;
  /** Whose it is. The kernel says 0 for TIME_WAIT; -1: it did not say. */
  uid: number;
  /** The name of that user, where this system has one. */
  user?: string;
  /** The number in `/proc/PID/fd/*` → `socket:[…]`; 0: no process has it open. */
  inode: number;
  /** A process that has it open. */
  pid?: number;
  /** The short name of that process. */
  command?: string;
  /** Its command line, the words separated by spaces. */
  commandLine?: string;
  /** Milliseconds until the kernel drops it by itself: in TIME_WAIT, and in FIN_WAIT2 with no owner. */
  expiresInMs?: number;
  /** Has it SO_REUSEADDR? Left out where that is not known. */
  reuseaddr?: boolean;
  /** Has it SO_REUSEPORT? Left out where that is not known. */
  reuseport?: boolean;
  /** How the flags are known: read from the socket itself, or deduced from which binds worked. */
  flagsFrom?: 'socket' | 'probes';
  /** Does an IPv6 socket leave IPv4 alone (IPV6_V6ONLY)? Left out where that is not known. */
  v6only?: boolean;
  /** The interface it is bound to (SO_BINDTODEVICE); left out where there is none. */
  interfaceIndex?: number;
  /** A connection that this machine opened to another, which got the port as a passing one. Otherwise left out. */
  outgoing?: boolean;
}

/** What could not be read, and the errors by name. */
export interface Unread {
  /** The list of sockets, the processes, or the flags of a socket. */
  readonly what: 'sockets' | 'processes' | 'flags';
  /** The name of the error: `'EPERM'`. */
  readonly code: string;
}

/** What stands at a unix path. */
export type PathKind = 'nothing' | 'socket' | 'file' | 'folder' | 'link' | 'device' | 'abstract';

/** What was seen: facts, before anything is made of them. */
export interface Observation {
  readonly target: Target;
  readonly binds: Binds;
  /** Every socket on the port or path, whether it is in the way or not. */
  readonly sockets: readonly Holder[];
  /** The effective user that asks. */
  readonly uid: number;
  /** The process that asks. */
  readonly pid: number;
  readonly unread: readonly Unread[];
  /** Does an IPv6 socket of this system leave IPv4 alone, unless told otherwise? */
  readonly v6only?: boolean;
  /** The first port that needs no right: net.ipv4.ip_unprivileged_port_start. */
  readonly firstUnprivilegedPort?: number;
  /** The IP addresses of this host. */
  readonly hostAddresses?: readonly string[];
  readonly pathKind?: PathKind;
  /** Has any process the socket at the path open? Left out where that is not known. */
  readonly pathInUse?: boolean;
}

/**
 * What is the matter.
 *
 * - `free`: a plain bind works
 * - `listening`: a program listens
 * - `open`: a program has a UDP or unix socket there
 * - `bound`: a program has bound it and neither listens nor is connected
 * - `outgoing`: a connection to elsewhere was given this port
 * - `connected`: connections that outlived their listener
 * - `expiring`: only connections that are over: TIME_WAIT, or FIN_WAIT2 with no owner
 * - `unseen`: in use, and no list says by whom
 * - `forbidden`: this user may not
 * - `not-local`: not an address of this host
 * - `left-behind`: a unix path whose socket nobody has open any more
 * - `not-a-socket`: a unix path with something else on it
 * - `no-folder`: the folder of a unix path is not there
 * - `refused`: bind fails for another reason
 */
export type Verdict =
  | 'free'
  | 'listening'
  | 'open'
  | 'bound'
  | 'outgoing'
  | 'connected'
  | 'expiring'
  | 'unseen'
  | 'forbidden'
  | 'not-local'
  | 'left-behind'
  | 'not-a-socket'
  | 'no-folder'
  | 'refused';

/** Something to do: a command or a line of code. */
export interface Advice {
  /** What to do. */
  readonly do: string;
  /** Why that helps. */
  readonly because: string;
}

/** What is known when advice is sought: the facts, and what was made of them so far. */
export interface Case extends Observation {
  readonly verdict: Verdict;
  /** What is in the way; of a crowd that expires by itself only the last one. */
  readonly holders: readonly Holder[];
  /** How many they are with the whole crowd. */
  readonly total: number;
  readonly freeInMs: number | null;
}

/** The answer of `why`: what `--json` prints. */
export interface Diagnosis {
  /** The port that was asked about; left out for a unix path. */
  readonly port?: number;
  /** The IP address that was tried; left out for a unix path. */
  readonly host?: string;
  /** The unix path that was tried; `'\0name'`: an abstract name. */
  readonly path?: string;
  /** What was asked about. */
  readonly protocol: 'tcp' | 'udp' | 'unix';
  /** What is the matter, in one word. */
  readonly verdict: Verdict;
  /** What is the matter, in one sentence. */
  readonly summary: string;
  /** What became of the four binds just now. */
  readonly binds: Binds;
  /** What is in the way of a bind without flags. */
  readonly holders: readonly Holder[];
  /** Sockets of the same port that are not in the way: their addresses do not overlap. */
  readonly others: readonly Holder[];
  /** Milliseconds until the kernel has dropped the last holder by itself; 0: now; null: it depends on a program. */
  readonly freeInMs: number | null;
  /** When it will be free, in words. */
  readonly freeWhen: string;
  /** What to do, the best first. */
  readonly advice: readonly Advice[];
  /** What else to know, and what could not be read. */
  readonly notes: readonly string[];
}

/** What is seen of a port or path: data only. */
import type { IPv4Address, IPv6Address, UnixAddress } from './calls.js';
import type { Endpoint, Protocol, TcpState } from './inet-diag.js';
import type { ProcessName } from './process-facts.js';

/** The flags of a bind, or of a socket that is there: SO_REUSEADDR, SO_REUSEPORT, both, or none. */
export type Flags = 'none' | 'reuseaddr' | 'reuseport' | 'both';

/** All of {@link Flags}, in the order of every table. */
export const ALL_FLAGS: readonly Flags[] = ['none', 'reuseaddr', 'reuseport', 'both'];

/** What became of the four binds: `'ok'`, or the name of the error: `'EADDRINUSE'`. */
export type Binds = Readonly<Record<Flags, string>>;

/** An address that is asked about, checked and complete. */
export type Target =
  | {
      readonly protocol: Protocol;
      readonly address: Readonly<IPv4Address | IPv6Address>;
      /** `::` for IPv4 and IPv6, and 0.0.0.0 too: what a server binds that is given a port and no address. */
      readonly dual?: boolean;
    }
  | { readonly protocol: 'unix'; readonly address: Readonly<UnixAddress> };

/** A target of TCP or UDP. */
export type InetTarget = Extract<Target, { protocol: Protocol }>;

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
  /** Its descriptor goes on to what that process starts: it is not close-on-exec; so the process may have it that way too. */
  inheritable?: true;
  /** The process was stopped, by Ctrl-Z or SIGSTOP. */
  stopped?: true;
  /** The main thread of the process has ended, and another one runs on. */
  mainThreadEnded?: true;
  /** The process ignores SIGTERM. */
  ignoresTerm?: true;
  /** When the process was started, in milliseconds since 1970. */
  startedAtMs?: number;
  /** Who started the process, the nearest first; a parent that has ended is replaced by PID 1 or a subreaper. */
  parents?: readonly ProcessName[];
  /** The service, container or supervisor that looks after the process. */
  manager?: Manager;
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
  /** The name of that interface: `'eth0'`. */
  device?: string;
  /** Root looked, and no process that can be seen here has it: the kernel itself may, or a container. */
  unheld?: true;
  /** A connection that this machine opened to another, which got the port as a passing one. Otherwise left out. */
  outgoing?: boolean;
}

/**
 * Who looks after a process, so that a kill alone may not end it for good. `watcher`: nodemon and its like. `parent`: a
 * process that started it and is no shell, and may be a supervisor or not.
 */
export interface Manager {
  /** Which one. */
  readonly kind:
    | 'systemd'
    | 'docker'
    | 'docker-proxy'
    | 'podman'
    | 'container'
    | 'kubernetes'
    | 'pm2'
    | 'supervisord'
    | 'runit'
    | 'watcher'
    | 'parent';
  /** Its words: `'the systemd unit nginx.service'`. */
  readonly name: string;
  /** The command that ends the process for good. Left out: there is none to give. */
  readonly stop?: string;
  /** Does that command take root? */
  readonly root?: true;
  /** The process that `stop` ends, where it is a kill. */
  readonly pid?: number;
}

/** What could not be read, and the errors by name. */
export interface Unread {
  /** The list of sockets, the processes, or the flags of a socket; `hidden`: the processes of others are not even shown. */
  readonly what: 'sockets' | 'processes' | 'hidden' | 'flags';
  /** The name of the error: `'EPERM'`. */
  readonly code: string;
}

/** What stands at a unix path. */
export type PathKind = 'nothing' | 'socket' | 'file' | 'folder' | 'link' | 'device' | 'abstract';

/** What was seen: facts, before anything is made of them. */
export interface Observation {
  readonly target: Target;
  readonly binds: Binds;
  /** The binds to 0.0.0.0 alone, of a target that is dual. */
  readonly bindsIPv4?: Binds;
  /** Every socket on the port or path, whether it is in the way or not. */
  readonly sockets: readonly Holder[];
  /** The effective user that asks. */
  readonly uid: number;
  /** The process that asks. */
  readonly pid: number;
  /** How this program is started here: `'npx bsd-sockets'`. */
  readonly program?: string;
  /** The same behind `sudo`, which may know other folders. */
  readonly programForRoot?: string;
  /** This process and those above it. */
  readonly ownLine?: readonly number[];
  /** net.ipv4.ip_local_port_range. */
  readonly portRange?: readonly [number, number];
  /** net.ipv4.ip_local_reserved_ports as it stands there: `'8080,9000-9010'`. */
  readonly reservedPorts?: string;
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

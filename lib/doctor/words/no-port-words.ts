/** What is said where no port was left, or connect was refused a place. Pure. */
import type { Advice } from '../diagnosis/advice.js';
import type { Diagnosis } from '../diagnosis/diagnosis.js';
import type { InetSocket } from '../kernel/inet-diag.js';
import { endpoint } from '../kernel/holder.js';
import type { Binds } from '../kernel/observation.js';
import { printable, quotedForShell } from '../../printable.js';

/** How the kernel's range of passing ports is used. */
export interface PortUse {
  readonly first: number;
  readonly last: number;
  /** The sockets that count. */
  readonly sockets: readonly InetSocket[];
  /** On how many ports of the range they are. */
  readonly used: number;
}

type Words = Pick<Diagnosis, 'verdict' | 'summary' | 'freeWhen' | 'advice' | 'notes'>;

const WIDEN: Advice = {
  kind: 'widen-range',
  do: 'Widen the range: sudo sysctl -w net.ipv4.ip_local_port_range="10240 65535"',
  because:
    'The kernel chooses from that range only (and from a narrower one where the socket has IP_LOCAL_PORT_RANGE).',
};

/** Of a bind to port 0. */
export function adviseOnPortZero(code: string, host: string, binds: Binds, use: PortUse | undefined): Words {
  const now = binds.none === 'ok' ? 'now it would find one' : `now it fails as well: ${binds.none}`;
  const what = `bind() to port 0 of ${host} lets the kernel choose a port`;
  if (code !== 'EADDRINUSE') {
    return {
      verdict: code === 'EADDRNOTAVAIL' ? 'not-local' : 'forbidden',
      summary: `${what}, and it failed with ${code}, which is about the address and not about a port; ${now}.`,
      freeWhen: 'Not by waiting.',
      advice: [],
      notes: [],
    };
  }
  return {
    verdict: 'no-port',
    summary: `${what}, and none was left (${code}); ${now}.`,
    freeWhen: 'When a socket of the range closes, or its TIME_WAIT is over.',
    advice: [
      {
        kind: 'close-unneeded',
        do: 'Close sockets that are not needed, or bind a port outside the range by its number',
        because: 'Each bound socket holds a port of its own.',
      },
      WIDEN,
      {
        kind: 'late-port',
        do: 'In a client, before bind(): setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)',
        because: 'Then connect() chooses the port, and many connections to different peers can share one.',
      },
    ],
    notes: useNotes(use, 'a socket'),
  };
}

function useNotes(use: PortUse | undefined, what: string): string[] {
  if (use === undefined) return [];
  const { first, last, used } = use;
  return [
    `The range is ${String(first)} to ${String(last)}; ${String(used)} of these ${String(last - first + 1)} ports have ${what} now.`,
  ];
}

/** What is known of a connect that failed. */
export interface FailedConnect {
  readonly code: string;
  /** Whom it was to reach; a unix path has the port -1. */
  readonly remote: { readonly address: string; readonly port: number };
  /** Has this host an address of that family? */
  readonly hasFamily: boolean;
  readonly use: PortUse | undefined;
  /** Its own address, where it had bound one with a port. */
  readonly local?: { readonly address: string; readonly port: number };
  /** Is there a connection from that port to there now? */
  readonly taken?: boolean;
}

/** Of a connect. */
export function adviseOnConnect(failed: FailedConnect): Words {
  const { code, remote, hasFamily, local } = failed;
  if (remote.port < 0) return connectToPath(code, remote.address);
  if (code === 'EACCES') return connectForbidden(endpoint(remote));
  if (!hasFamily) return noFamily(failed);
  return local === undefined ? noPassingPort(failed) : samePair(failed, local);
}

function connectToPath(code: string, path: string): Words {
  return {
    verdict: 'forbidden',
    summary: `This user may not connect to the unix socket ${printable(path)} (${code}).`,
    freeWhen: 'Not by waiting.',
    advice: [
      {
        kind: 'see-rights',
        do: `See who may: ls -lL ${quotedForShell(path)}`,
        because: 'connect() takes the right to write to the path, and to pass every folder on the way.',
      },
    ],
    notes: [],
  };
}

function connectForbidden(where: string): Words {
  return {
    verdict: 'forbidden',
    summary: `connect() to ${where} was forbidden (EACCES).`,
    freeWhen: 'Not by waiting.',
    advice: [
      {
        kind: 'find-rule',
        do: 'Look for a rule that forbids it: a firewall, a "prohibit" route, SELinux or AppArmor',
        because: 'No local port is in the way. (To a broadcast address a UDP socket needs SO_BROADCAST first.)',
      },
    ],
    notes: [],
  };
}

function noFamily({ remote, code }: FailedConnect): Words {
  const family = isV6(remote.address) ? 'IPv6' : 'IPv4';
  return {
    verdict: 'not-local',
    summary: `This host has no ${family} address to connect to ${endpoint(remote)} from (${code}).`,
    freeWhen: 'Not by waiting.',
    advice: [
      {
        kind: 'other-family',
        do: family === 'IPv6' ? 'Connect to 127.0.0.1, or to the IPv4 address of that host' : 'Connect by IPv6',
        because: `A name such as localhost may stand for both; here only the other family works.`,
      },
    ],
    notes: [],
  };
}

const isV6 = (address: string): boolean => address.includes(':');

function samePair({ remote, code, taken }: FailedConnect, local: { address: string; port: number }): Words {
  const now = taken === true ? 'there is one now' : 'now there is none';
  return {
    verdict: 'no-port',
    summary: `connect() from ${endpoint(local)} to ${endpoint(remote)} failed (${code}): two connections cannot have both ends alike, and ${now}.`,
    freeWhen: 'When that connection has ended, its TIME_WAIT of a minute included.',
    advice: [
      {
        kind: 'leave-port',
        do: 'Leave the local port to the kernel: no localPort, no bind()',
        because: 'It chooses one that is not used with that peer.',
      },
    ],
    notes: [],
  };
}

function noPassingPort({ remote, code, use }: FailedConnect): Words {
  return {
    verdict: 'no-port',
    summary: `connect() to ${endpoint(remote)} found no local port or address to use (${code}).`,
    freeWhen: 'When a connection to there has ended, its TIME_WAIT of a minute included.',
    advice: [
      {
        kind: 'reuse-connections',
        do: 'Keep connections open and use them again (keep-alive, a pool)',
        because:
          'Each connection to one peer takes a port of the range, and a minute more where this side closes first.',
      },
      WIDEN,
    ],
    notes: useNotes(use, `a connection to ${endpoint(remote)}`),
  };
}

/** Errors where no one port is asked about: bind to port 0, and connect. */
import { isIP } from '../ip.js';
import type { Diagnosis } from './diagnosis/diagnosis.js';
import { SocketError } from './kernel/calls.js';
import type { InetSocket, Protocol } from './kernel/inet-diag.js';
import type { Binds } from './kernel/observation.js';
import { listTcpSockets, listUdpSockets } from './kernel/observe.js';
import { probeBinds } from './kernel/probe.js';
import { hostAddresses, passingPorts } from './kernel/system.js';
import { adviseOnConnect, adviseOnPortZero, type PortUse } from './words/no-port-words.js';
import { why } from './why.js';

const NOT_TRIED: Binds = { none: '', reuseaddr: '', reuseport: '', both: '' };

type Given = Readonly<Record<string, unknown>>;

const codeOf = ({ code }: Given): string => (typeof code === 'string' ? code : '');

/** bind(2) to port 0: was any port of the range left, and is one now? */
export function diagnosePortZero(error: Given, host: string, protocol: Protocol): Diagnosis {
  const address = { family: isIP(host) === 6 ? 'IPv6' : 'IPv4', address: host, port: 0 } as const;
  const binds = probeBinds({ protocol, address });
  const words = adviseOnPortZero(
    codeOf(error),
    host,
    binds,
    portUse(protocol, () => true),
  );
  return { port: 0, host, protocol, binds, holders: [], others: [], freeInMs: null, ...words };
}

/** connect(2): the local port, where it has one; else whether the kernel had any to give; and who forbids it. */
export function diagnoseConnect(error: Given, protocol: Protocol): Diagnosis {
  const { address, port, localAddress, localPort } = error;
  const remote = { address: typeof address === 'string' ? address : '', port: typeof port === 'number' ? port : -1 };
  const local = typeof localAddress === 'string' && typeof localPort === 'number' && localPort > 0;
  if (local && codeOf(error) === 'EADDRINUSE') return why({ address: localAddress, port: localPort }, { protocol });
  const goesThere = (socket: InetSocket): boolean =>
    socket.remote.port === remote.port && socket.remote.address === remote.address;
  const use = portUse(protocol, goesThere);
  const words = adviseOnConnect({
    code: codeOf(error),
    remote,
    hasFamily: hasFamilyOf(remote.address),
    use,
    ...(local && {
      local: { address: localAddress, port: localPort },
      taken: use?.sockets.some(({ local: own }) => own.port === localPort) === true,
    }),
  });
  const place = remote.port >= 0 ? { port: remote.port, host: remote.address } : { path: remote.address };
  const isPath = remote.port < 0;
  return {
    ...place,
    protocol: isPath ? 'unix' : protocol,
    binds: NOT_TRIED,
    holders: [],
    others: [],
    freeInMs: null,
    ...words,
  };
}

/** An error that says no more than its code. */
export function diagnoseUnknown(error: Given, protocol: Protocol): Diagnosis {
  const code = codeOf(error);
  const call = typeof error['syscall'] === 'string' ? `${error['syscall']}()` : 'The call';
  return {
    protocol,
    verdict: 'refused',
    summary: `${call} failed (${code}), and the error does not tell for which address.`,
    binds: NOT_TRIED,
    holders: [],
    others: [],
    freeInMs: null,
    freeWhen: 'That is not known.',
    advice: [
      {
        kind: 'give-address',
        do: 'Give explain() the address too: explain(error, { address })',
        because: 'Then it looks who has it.',
      },
    ],
    notes: [],
  };
}

/** How many ports of the range have a socket that counts; undefined where that cannot be seen. */
function portUse(protocol: Protocol, counts: (socket: InetSocket) => boolean): PortUse | undefined {
  const range = passingPorts();
  if (range === undefined) return undefined;
  const [first, last] = range;
  try {
    const all = protocol === 'tcp' ? listTcpSockets() : listUdpSockets();
    const sockets = all.filter((socket) => counts(socket) && socket.local.port >= first && socket.local.port <= last);
    return { first, last, sockets, used: new Set(sockets.map(({ local }) => local.port)).size };
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
    return undefined;
  }
}

/** Has this host an address of that family at all? */
function hasFamilyOf(address: string): boolean {
  return hostAddresses().some((own) => own.includes(':') === address.includes(':'));
}

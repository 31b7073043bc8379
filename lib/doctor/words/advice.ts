/** What to do: never what the binds have just shown not to work. Pure. */
import type { Advice } from '../diagnosis/advice.js';
import type { Case } from '../diagnosis/diagnosis.js';
import { askWhoForbids, bindOwnAddress, getTheRight, removeFile, useAnotherPath } from './place-advice.js';
import { stopProcesses } from './stop-advice.js';
import { isPrivileged } from './summary.js';
import { isBoundOnly } from '../kernel/holder.js';
import { commandOn, seconds, sudo } from './words.js';

/** The advice for a case, the best first; none where nothing is in the way. */
export function adviseOn(found: Case): Advice[] {
  switch (found.verdict) {
    case 'free':
      return [];
    case 'listening':
    case 'open':
    case 'bound':
      return [...stop(found), ...useFlags(found), ...goElsewhere(found)];
    case 'connected':
    case 'outgoing':
      return [...useFlags(found), ...stop(found), ...reserve(found), ...goElsewhere(found)];
    case 'expiring':
      return [...useFlags(found), ...wait(found), ...dropNow(found)];
    case 'unseen':
      return [...useFlags(found), ...askOthers(found), ...askRoot(found), ...goElsewhere(found)];
    case 'forbidden':
      return isPrivileged(found) ? getTheRight(found) : askWhoForbids(found);
    case 'not-local':
      return bindOwnAddress(found);
    case 'left-behind':
      return removeFile(found);
    default:
      return useAnotherPath(found);
  }
}

const LINES = {
  reuseaddr: 'setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, true)',
  reuseport: 'setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, true)',
} as const;

/** The flag that makes the bind work, as it did just now; the one that shares least comes first. */
function useFlags(found: Case): Advice[] {
  const { binds, target } = found;
  if (target.protocol === 'unix') return [];
  const set = (line: string, because: string): Advice => ({ kind: 'set-flag', do: `Before bind(): ${line}`, because });
  if (binds.reuseaddr === 'ok') return [set(LINES.reuseaddr, reuseAddressReason(found))];
  if (binds.reuseport === 'ok') return [set(LINES.reuseport, reusePortReason(found))];
  if (binds.both !== 'ok') return [];
  return [set(`${LINES.reuseaddr}; ${LINES.reuseport}`, 'With both flags the bind worked just now.')];
}

function reuseAddressReason({ target, holders }: Case): string {
  const worked = 'With SO_REUSEADDR the bind worked just now, for what is in the way has the flag too';
  if (target.protocol === 'udp') return `${worked}. But whoever binds last gets all datagrams to this host.`;
  if (holders.some(isBoundOnly)) {
    return `${worked}. But only one of you can listen: the second listen() fails with EADDRINUSE.`;
  }
  return `${worked}. Node's net.Server sets it by itself.`;
}

function reusePortReason({ target, verdict }: Case): string {
  const worked = 'With SO_REUSEPORT the bind worked just now, for what is in the way has the flag too';
  if (target.protocol === 'udp') return `${worked}. But the datagrams are then shared out between you.`;
  if (verdict === 'listening') return `${worked}. But new connections are then shared out between you.`;
  return `${worked}.`;
}

function stop(found: Case): Advice[] {
  const advice = stopProcesses(found);
  return advice.length > 0 ? advice : askRoot(found);
}

/** Where the kernel has no list for us, as on macOS, a tool of the system may have one. */
function askOthers({ target, unread }: Case): Advice[] {
  if (target.protocol === 'unix' || !unread.some(({ what }) => what === 'sockets')) return [];
  return [
    {
      kind: 'ask-lsof',
      do: `Ask lsof: sudo lsof -nP -i${target.protocol.toUpperCase()}:${String(target.address.port)}`,
      because: 'It lists listeners and connections, though no socket that is bound and no more, and no TIME_WAIT.',
    },
  ];
}

/** Who it is, root may see. */
function askRoot(found: Case): Advice[] {
  const { holders, uid, unread } = found;
  if (
    uid === 0 ||
    unread.some(({ what }) => what === 'sockets') ||
    (holders.length > 0 && holders.every(({ inode }) => inode === 0))
  )
    return [];
  return [
    {
      kind: 'ask-root',
      do: `See which program it is: ${commandOn(found, { asRoot: true })}`,
      because: 'The processes of other users are shown to root only.',
    },
  ];
}

function goElsewhere({ target }: Case): Advice[] {
  if (target.protocol === 'unix') {
    return target.address.path.startsWith('\0')
      ? [{ kind: 'another-name', do: 'Use another name', because: 'This one is taken.' }]
      : [
          {
            kind: 'another-path',
            do: 'Use another path',
            because: 'Do not remove this one: its program would no longer be reached.',
          },
        ];
  }
  return [
    {
      kind: 'another-port',
      do: 'Use another port; with port 0 the kernel chooses a free one',
      because: 'This one is taken.',
    },
  ];
}

/** Only where the kernel would give the port away: what a program chose by itself no setting prevents. */
function reserve({ target, uid, portRange, reservedPorts = '' }: Case): Advice[] {
  if (target.protocol === 'unix' || portRange === undefined) return [];
  const { port } = target.address;
  const [first, last] = portRange;
  if (port < first || port > last || listHas(reservedPorts, port)) return [];
  const ports = [reservedPorts, String(port)].filter(Boolean).join(',');
  return [
    {
      kind: 'reserve',
      do: `For the next time: ${sudo(uid)}sysctl -w net.ipv4.ip_local_reserved_ports=${ports}`,
      because: `Then the kernel gives this port to no connection as a passing one (its range is ${String(first)} to ${String(last)}). A program can still ask for it by number.`,
    },
  ];
}

/** Is a port in a list like `8080,9000-9010`? */
function listHas(ports: string, port: number): boolean {
  return ports.split(',').some((part) => {
    const [first = NaN, last = first] = part.split('-').map(Number);
    return port >= first && port <= last;
  });
}

function wait(found: Case): Advice[] {
  const { freeInMs, binds } = found;
  const noFlag = [binds.reuseaddr, binds.reuseport, binds.both].includes('ok') ? '' : 'No flag helps now. ';
  return [
    {
      kind: 'wait',
      do: `Wait: ${commandOn(found, { options: ['--watch'] })}`,
      because: `${noFlag}It is free by itself in ${seconds(freeInMs ?? 0)}, and that command ends when it is.`,
    },
  ];
}

/** SOCK_DESTROY, which TIME_WAIT obeys. */
function dropNow({ target, holders, uid }: Case): Advice[] {
  if (target.protocol === 'unix' || !holders.every(({ state }) => state === 'TIME_WAIT')) return [];
  return [
    {
      kind: 'drop',
      do: `Without waiting: ${sudo(uid)}ss -K state time-wait sport = :${String(target.address.port)}`,
      because: 'Root can drop what is in TIME_WAIT, where the kernel was built for it (CONFIG_INET_DIAG_DESTROY).',
    },
  ];
}

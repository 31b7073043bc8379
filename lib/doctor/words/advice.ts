/** What to do: never what the binds have just shown not to work. Pure. */
import { isIPv6 } from 'node:net';
import type { Advice, Case } from '../diagnosis/diagnosis.js';
import { DEFAULT_FIRST_PORT, isPrivileged } from './summary.js';
import { isBoundOnly, processesOf } from '../kernel/holder.js';
import { quoted, seconds, whyCommand } from './words.js';

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
      return [...useFlags(found), ...stop(found), ...goElsewhere(found)];
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
  const set = (line: string, because: string): Advice => ({ do: `Before bind(): ${line}`, because });
  if (binds.reuseaddr === 'ok') return [set(LINES.reuseaddr, reuseAddressReason(found))];
  if (binds.reuseport === 'ok') return [set(LINES.reuseport, reusePortReason(found))];
  if (binds.both !== 'ok') return [];
  return [set(`${LINES.reuseaddr} and the same with SO_REUSEPORT`, 'With both flags the bind worked just now.')];
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
  const { holders, pid, verdict } = found;
  const own = holders.some((holder) => holder.pid === pid);
  const others = processesOf(holders).filter((holder) => holder.pid !== pid);
  const advice: Advice[] = [];
  if (own) {
    advice.push({ do: 'Close that socket in this very process: close(fd)', because: 'It is open here.' });
  }
  if (others.length > 0) {
    const pids = others.map((holder) => String(holder.pid)).join(' ');
    const all = others.length > 1 ? `Stop these ${String(others.length)} programs` : 'Stop that program';
    advice.push({ do: `${all}: kill ${pids}`, because: stopReason(others.length, verdict) });
  }
  return advice.length > 0 ? advice : askRoot(found);
}

function stopReason(processes: number, verdict: Case['verdict']): string {
  if (processes > 1) return 'The socket stays until the last process that has it open closes it or ends.';
  return verdict === 'connected'
    ? 'It still has connections of a listener that is gone.'
    : 'When a program ends, its sockets are closed.';
}

/** Where the kernel has no list for us, as on macOS, a tool of the system may have one. */
function askOthers({ target, unread }: Case): Advice[] {
  if (target.protocol === 'unix' || !unread.some(({ what }) => what === 'sockets')) return [];
  return [
    {
      do: `Ask lsof: sudo lsof -nP -i${target.protocol.toUpperCase()}:${String(target.address.port)}`,
      because: 'It lists listeners and connections, though no socket that is bound and no more, and no TIME_WAIT.',
    },
  ];
}

/** Who it is, root may see. */
function askRoot({ holders, uid, target, unread }: Case): Advice[] {
  if (
    uid === 0 ||
    unread.some(({ what }) => what === 'sockets') ||
    (holders.length > 0 && holders.every(({ inode }) => inode === 0))
  )
    return [];
  return [
    {
      do: `See which program it is: sudo ${whyCommand(target)}`,
      because: 'The processes of other users are shown to root only.',
    },
  ];
}

function goElsewhere({ target }: Case): Advice[] {
  if (target.protocol === 'unix') {
    return target.address.path.startsWith('\0')
      ? [{ do: 'Use another name', because: 'This one is taken.' }]
      : [{ do: 'Use another path', because: 'Do not remove this one: its program would no longer be reached.' }];
  }
  return [{ do: 'Use another port; with port 0 the kernel chooses a free one', because: 'This one is taken.' }];
}

function reserve({ target, uid }: Case): Advice[] {
  if (target.protocol === 'unix') return [];
  const port = String(target.address.port);
  return [
    {
      do: `For the next time: ${sudo(uid)}sysctl -w net.ipv4.ip_local_reserved_ports=${port}`,
      because: 'Then the kernel gives this port to no outgoing connection. (The setting is one list: add to it.)',
    },
  ];
}

const sudo = (uid: number): string => (uid === 0 ? '' : 'sudo ');

function wait({ target, freeInMs, binds }: Case): Advice[] {
  const noFlag = [binds.reuseaddr, binds.reuseport, binds.both].includes('ok') ? '' : 'No flag helps now. ';
  return [
    {
      do: `Wait: ${whyCommand(target, '--watch')}`,
      because: `${noFlag}It is free by itself in ${seconds(freeInMs ?? 0)}, and that command ends when it is.`,
    },
  ];
}

/** SOCK_DESTROY, which TIME_WAIT obeys. */
function dropNow({ target, holders, uid }: Case): Advice[] {
  if (target.protocol === 'unix' || !holders.every(({ state }) => state === 'TIME_WAIT')) return [];
  return [
    {
      do: `Without waiting: ${sudo(uid)}ss -K state time-wait sport = :${String(target.address.port)}`,
      because: 'Root can drop what is in TIME_WAIT, where the kernel was built for it (CONFIG_INET_DIAG_DESTROY).',
    },
  ];
}

function getTheRight({ target, firstUnprivilegedPort = DEFAULT_FIRST_PORT }: Case): Advice[] {
  if (target.protocol === 'unix') return [];
  const port = String(target.address.port);
  return [
    {
      do: `Use a port from ${String(firstUnprivilegedPort)} on`,
      because: 'Any user may bind those. A proxy or a firewall rule can pass the low port on to it.',
    },
    {
      do: 'Give the program the right: sudo setcap cap_net_bind_service=+ep /path/to/program',
      because: 'It holds for whoever runs that file. A script has it from its interpreter, such as node.',
    },
    {
      do: `Start it by authbind: authbind --deep program (after: sudo install -m 500 -o "$USER" /dev/null /etc/authbind/byport/${port})`,
      because: 'It gives this one port to this one user.',
    },
    {
      do: `Move the border: sudo sysctl -w net.ipv4.ip_unprivileged_port_start=${port}`,
      because: 'Then every user of this host may bind the ports from there on.',
    },
  ];
}

function askWhoForbids({ target }: Case): Advice[] {
  if (target.protocol === 'unix') {
    return [
      {
        do: 'Use a path in a folder where you may make files, or change its rights',
        because: 'bind() makes a file there.',
      },
    ];
  }
  return [
    {
      do: 'Look for a rule that forbids it: SELinux, AppArmor, seccomp or a BPF program',
      because: 'The number of the port is not the reason: any user may bind one as high.',
    },
  ];
}

function bindOwnAddress({ target, hostAddresses = [] }: Case): Advice[] {
  if (target.protocol === 'unix') return [];
  const isV6 = target.address.family === 'IPv6';
  const own = hostAddresses.filter((address) => isIPv6(address) === isV6);
  const any = isV6 ? '::' : '0.0.0.0';
  const later = isV6
    ? 'setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, true)'
    : 'setsockopt(fd, IPPROTO_IP, IP_FREEBIND, true)';
  return [
    ...(own.length > 0
      ? [{ do: `Bind one of: ${own.join(', ')}`, because: `These are this host's ${target.address.family} addresses.` }]
      : []),
    { do: `Bind ${any}`, because: 'It stands for all addresses of this host, those that come later too.' },
    {
      do: `Before bind(): ${later}`,
      because: `It lets you bind an address that the host gets later. For all programs: sysctl net.ipv${isV6 ? '6' : '4'}.ip_nonlocal_bind=1.`,
    },
  ];
}

function removeFile({ target }: Case): Advice[] {
  if (target.protocol !== 'unix') return [];
  const path = quoted(target.address.path);
  return [
    {
      do: `Remove it: rm ${path}`,
      because:
        'No process has that socket open. The file stays when a unix socket is closed, and bind() wants a new one.',
    },
    {
      do: 'In a server: unlink the path before bind(), and again at the end',
      because: 'Then a restart works even after a crash. No flag does that: the four binds failed alike.',
    },
  ];
}

function useAnotherPath({ target, verdict }: Case): Advice[] {
  if (target.protocol !== 'unix') return [];
  const { path } = target.address;
  if (verdict === 'no-folder') {
    const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 1));
    return [{ do: `Make the folder: mkdir -p ${quoted(folder)}`, because: 'bind() makes the file, and no folder.' }];
  }
  return [{ do: 'Use another path', because: 'bind() makes a file of its own and never replaces one.' }];
}

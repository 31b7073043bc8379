/** What to do about the place itself: its number, its address, its path. Pure. */
import { isIPv6 } from 'node:net';
import type { Advice } from '../diagnosis/advice.js';
import type { Case } from '../diagnosis/diagnosis.js';
import { DEFAULT_FIRST_PORT } from './summary.js';
import { quoted } from './words.js';

/** For a port below the first one that anybody may have. */
export function getTheRight({ target, firstUnprivilegedPort = DEFAULT_FIRST_PORT }: Case): Advice[] {
  if (target.protocol === 'unix') return [];
  const port = String(target.address.port);
  return [
    {
      kind: 'unprivileged-port',
      do: `Use a port from ${String(firstUnprivilegedPort)} on`,
      because: 'Any user may bind those. A proxy or a firewall rule can pass the low port on to it.',
    },
    {
      kind: 'setcap',
      do: 'Give the program the right: sudo setcap cap_net_bind_service=+ep /path/to/program',
      because: 'It holds for whoever runs that file. A script has it from its interpreter, such as node.',
    },
    {
      kind: 'authbind',
      do: `Start it by authbind: authbind --deep program (after: sudo install -m 500 -o "$USER" /dev/null /etc/authbind/byport/${port})`,
      because: 'It gives this one port to this one user.',
    },
    {
      kind: 'move-border',
      do: `Move the border: sudo sysctl -w net.ipv4.ip_unprivileged_port_start=${port}`,
      because: 'Then every user of this host may bind the ports from there on.',
    },
  ];
}

/** Where it is not the number. */
export function askWhoForbids({ target }: Case): Advice[] {
  if (target.protocol === 'unix') {
    return [
      {
        kind: 'change-rights',
        do: 'Use a path in a folder where you may make files, or change its rights',
        because: 'bind() makes a file there.',
      },
    ];
  }
  return [
    {
      kind: 'find-rule',
      do: 'Look for a rule that forbids it: SELinux, AppArmor, seccomp or a BPF program',
      because: 'The number of the port is not the reason: any user may bind one as high.',
    },
  ];
}

/** For an address that is not this host's. */
export function bindOwnAddress({ target, hostAddresses = [] }: Case): Advice[] {
  if (target.protocol === 'unix') return [];
  const isV6 = target.address.family === 'IPv6';
  const own = hostAddresses.filter((address) => isIPv6(address) === isV6);
  const any = isV6 ? '::' : '0.0.0.0';
  const later = isV6
    ? 'setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, true)'
    : 'setsockopt(fd, IPPROTO_IP, IP_FREEBIND, true)';
  return [
    ...(own.length > 0
      ? [
          {
            kind: 'own-address' as const,
            do: `Bind one of: ${own.join(', ')}`,
            because: `These are this host's ${target.address.family} addresses.`,
          },
        ]
      : []),
    {
      kind: 'any-address',
      do: `Bind ${any}`,
      because: 'It stands for all addresses of this host, those that come later too.',
    },
    {
      kind: 'freebind',
      do: `Before bind(): ${later}`,
      because: `It lets you bind an address that the host gets later. For all programs: sysctl net.ipv${isV6 ? '6' : '4'}.ip_nonlocal_bind=1.`,
    },
  ];
}

/** For a path whose socket nobody has. */
export function removeFile({ target }: Case): Advice[] {
  if (target.protocol !== 'unix') return [];
  const path = quoted(target.address.path);
  return [
    {
      kind: 'remove-file',
      do: `Remove it: rm ${path}`,
      because:
        'No process has that socket open. The file stays when a unix socket is closed, and bind() wants a new one.',
    },
    {
      kind: 'unlink-first',
      do: 'In a server: unlink the path before bind(), and again at the end',
      because: 'Then a restart works even after a crash. No flag does that: the four binds failed alike.',
    },
  ];
}

/** For a path with something else on it, or in no folder. */
export function useAnotherPath({ target, verdict }: Case): Advice[] {
  if (target.protocol !== 'unix') return [];
  const { path } = target.address;
  if (verdict === 'no-folder') {
    const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 1));
    return [
      {
        kind: 'make-folder',
        do: `Make the folder: mkdir -p ${quoted(folder)}`,
        because: 'bind() makes the file, and no folder.',
      },
    ];
  }
  return [
    { kind: 'another-path', do: 'Use another path', because: 'bind() makes a file of its own and never replaces one.' },
  ];
}

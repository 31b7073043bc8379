/** What to do about the place itself: its number, its address, its path. Pure. */
import { isIP } from '../../ip.js';
import type { Advice } from '../diagnosis/advice.js';
import type { Case } from '../diagnosis/diagnosis.js';
import { DEFAULT_FIRST_PORT } from './summary.js';
import { quoted, tellOf } from './words.js';

/** For a port below the first one that anybody may have. */
export function getTheRight(found: Case): Advice[] {
  const { target, firstUnprivilegedPort = DEFAULT_FIRST_PORT } = found;
  const t = tellOf(found);
  if (target.protocol === 'unix') return [];
  const port = String(target.address.port);
  return [
    {
      kind: 'unprivileged-port',
      do: t(
        `Use a port from ${String(firstUnprivilegedPort)} on`,
        `改用 ${String(firstUnprivilegedPort)} 或更大的端口`,
      ),
      because: t(
        'Any user may bind those. A proxy or a firewall rule can pass the low port on to it.',
        '那些端口任何用户都能 bind。可以用代理或防火墙规则把小号端口转到它上面。',
      ),
    },
    {
      kind: 'setcap',
      do: `${t('Give the program the right: ', '给程序这个权限：')}sudo setcap cap_net_bind_service=+ep /path/to/program`,
      because: t(
        'It holds for whoever runs that file. A script has it from its interpreter, such as node.',
        '无论谁运行那个文件都有效。脚本的权限来自它的解释器，例如 node。',
      ),
    },
    {
      kind: 'authbind',
      do: `${t('Start it by authbind: ', '用 authbind 启动：')}authbind --deep program ${t('(after: ', '（先执行：')}sudo install -m 500 -o "$USER" /dev/null /etc/authbind/byport/${port}${t(')', '）')}`,
      because: t('It gives this one port to this one user.', '它只把这一个端口给这一个用户。'),
    },
    {
      kind: 'move-border',
      do: `${t('Move the border: ', '移动分界线：')}sudo sysctl -w net.ipv4.ip_unprivileged_port_start=${port}`,
      because: t(
        'Then every user of this host may bind the ports from there on.',
        '从那个端口起，这台主机的每个用户就都能 bind 了。',
      ),
    },
  ];
}

/** Where it is not the number. */
export function askWhoForbids(found: Case): Advice[] {
  const { target } = found;
  const t = tellOf(found);
  if (target.protocol === 'unix') {
    return [
      {
        kind: 'change-rights',
        do: t(
          'Use a path in a folder where you may make files, or change its rights',
          '换到一个你能新建文件的文件夹里，或者修改这个文件夹的权限',
        ),
        because: t('bind() makes a file there.', 'bind() 要在那里新建一个文件。'),
      },
    ];
  }
  return [
    {
      kind: 'find-rule',
      do: t(
        'Look for a rule that forbids it: SELinux, AppArmor, seccomp or a BPF program',
        '找出禁止它的规则：SELinux、AppArmor、seccomp 或者 BPF 程序',
      ),
      because: t(
        'The number of the port is not the reason: any user may bind one as high.',
        '原因不在端口号：这么大的端口任何用户都能 bind。',
      ),
    },
  ];
}

/** For an address that is not this host's. */
export function bindOwnAddress(found: Case): Advice[] {
  const { target, hostAddresses = [] } = found;
  const t = tellOf(found);
  if (target.protocol === 'unix') return [];
  const isV6 = target.address.family === 'IPv6';
  const own = hostAddresses.filter((address) => (isIP(address) === 6) === isV6);
  const any = isV6 ? '::' : '0.0.0.0';
  const later = isV6
    ? 'setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, true)'
    : 'setsockopt(fd, IPPROTO_IP, IP_FREEBIND, true)';
  const all = `sysctl net.ipv${isV6 ? '6' : '4'}.ip_nonlocal_bind=1`;
  return [
    ...(own.length > 0
      ? [
          {
            kind: 'own-address' as const,
            do: `${t('Bind one of: ', '改为 bind 其中一个：')}${own.join(', ')}`,
            because: t(
              `These are this host's ${target.address.family} addresses.`,
              `它们是这台主机的 ${target.address.family} 地址。`,
            ),
          },
        ]
      : []),
    {
      kind: 'any-address',
      do: t(`Bind ${any}`, `改为 bind ${any}`),
      because: t(
        'It stands for all addresses of this host, those that come later too.',
        '它代表这台主机的所有地址，以后才有的也算在内。',
      ),
    },
    {
      kind: 'freebind',
      do: `${t('Before bind(): ', 'bind() 之前：')}${later}`,
      because: t(
        `It lets you bind an address that the host gets later. For all programs: ${all}.`,
        `这样就能 bind 主机以后才有的地址。对所有程序生效：${all}。`,
      ),
    },
  ];
}

/** For a path whose socket nobody has. */
export function removeFile(found: Case): Advice[] {
  const { target } = found;
  const t = tellOf(found);
  if (target.protocol !== 'unix') return [];
  const path = quoted(target.address.path);
  return [
    {
      kind: 'remove-file',
      do: `${t('Remove it: ', '删掉它：')}rm ${path}`,
      because: t(
        'No process has that socket open. The file stays when a unix socket is closed, and bind() wants a new one.',
        '没有进程打开着这个套接字。unix 套接字关闭以后文件还在，而 bind() 要新建文件。',
      ),
    },
    {
      kind: 'unlink-first',
      do: t(
        'In a server: unlink the path before bind(), and again at the end',
        '在服务器里：bind() 之前先 unlink 这个路径，结束时再 unlink 一次',
      ),
      because: t(
        'Then a restart works even after a crash. No flag does that: the four binds failed alike.',
        '这样即使崩溃过也能重新启动。标志做不到这一点：四次 bind 都一样失败了。',
      ),
    },
  ];
}

/** For a path with something else on it, or in no folder. */
export function useAnotherPath(found: Case): Advice[] {
  const { target, verdict } = found;
  const t = tellOf(found);
  if (target.protocol !== 'unix') return [];
  const { path } = target.address;
  if (verdict === 'no-folder') {
    const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 1));
    return [
      {
        kind: 'make-folder',
        do: `${t('Make the folder: ', '新建文件夹：')}mkdir -p ${quoted(folder)}`,
        because: t('bind() makes the file, and no folder.', 'bind() 只新建文件，不新建文件夹。'),
      },
    ];
  }
  return [
    {
      kind: 'another-path',
      do: t('Use another path', '换一个路径'),
      because: t(
        'bind() makes a file of its own and never replaces one.',
        'bind() 会新建自己的文件，从不替换已有的文件。',
      ),
    },
  ];
}

/** What to do: never what the binds have just shown not to work. Pure. */
import type { Advice } from '../diagnosis/advice.js';
import type { Case } from '../diagnosis/diagnosis.js';
import { askWhoForbids, bindOwnAddress, getTheRight, removeFile, useAnotherPath } from './place-advice.js';
import { stopProcesses } from './stop-advice.js';
import { isKernelClosing, isPrivileged } from './summary.js';
import { areOrphans, isBoundOnly } from '../kernel/holder.js';
import { commandOn, seconds, sudo, tellOf } from './words.js';

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
      return [...useFlags(found), ...stop(found), ...letKernelClose(found), ...reserve(found), ...goElsewhere(found)];
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
  const t = tellOf(found);
  if (target.protocol === 'unix') return [];
  const set = (line: string, because: string): Advice => ({
    kind: 'set-flag',
    do: t(`Before bind(): ${line}`, `bind() 之前：${line}`),
    because,
  });
  if (binds.reuseaddr === 'ok') return [set(LINES.reuseaddr, reuseAddressReason(found))];
  if (binds.reuseport === 'ok') return [set(LINES.reuseport, reusePortReason(found))];
  if (binds.both !== 'ok') return [];
  return [
    set(
      `${LINES.reuseaddr}; ${LINES.reuseport}`,
      t('With both flags the bind worked just now.', '两个标志都设，bind 刚才就成功了。'),
    ),
  ];
}

function reuseAddressReason(found: Case): string {
  const { target, holders } = found;
  const t = tellOf(found);
  const worked = t(
    'With SO_REUSEADDR the bind worked just now, for what is in the way has the flag too',
    '设了 SO_REUSEADDR，bind 刚才就成功了，因为占着它的套接字也设了这个标志',
  );
  if (target.protocol === 'udp')
    return `${worked}${t('. But whoever binds last gets all datagrams to this host.', '。不过，发到这台主机的数据报会全部归最后 bind 的一方。')}`;
  if (holders.some(isBoundOnly)) {
    return `${worked}${t('. But only one of you can listen: the second listen() fails with EADDRINUSE.', '。不过只有一方能监听：第二个 listen() 会以 EADDRINUSE 失败。')}`;
  }
  return `${worked}${t(". Node's net.Server sets it by itself.", '。Node 的 net.Server 会自己设置它。')}`;
}

function reusePortReason(found: Case): string {
  const { target, verdict } = found;
  const t = tellOf(found);
  const worked = t(
    'With SO_REUSEPORT the bind worked just now, for what is in the way has the flag too',
    '设了 SO_REUSEPORT，bind 刚才就成功了，因为占着它的套接字也设了这个标志',
  );
  if (target.protocol === 'udp')
    return `${worked}${t('. But the datagrams are then shared out between you.', '。不过数据报会由你们分着收。')}`;
  if (verdict === 'listening')
    return `${worked}${t('. But new connections are then shared out between you.', '。不过新连接会由你们分着接。')}`;
  return `${worked}${t('.', '。')}`;
}

function stop(found: Case): Advice[] {
  const advice = stopProcesses(found);
  return advice.length > 0 ? advice : askRoot(found);
}

/** Where the kernel has no list for us, as on macOS, a tool of the system may have one. */
function askOthers(found: Case): Advice[] {
  const { target, unread } = found;
  if (target.protocol === 'unix' || !unread.some(({ what }) => what === 'sockets')) return [];
  const t = tellOf(found);
  return [
    {
      kind: 'ask-lsof',
      do: `${t('Ask lsof: ', '问 lsof：')}sudo lsof -nP -i${target.protocol.toUpperCase()}:${String(target.address.port)}`,
      because: t(
        'It lists listeners and connections, though no socket that is bound and no more, and no TIME_WAIT.',
        '它列出监听者和连接，但不列出只 bind 了的套接字，也不列出 TIME_WAIT。',
      ),
    },
  ];
}

/** Who it is, root may see. */
function askRoot(found: Case): Advice[] {
  const { holders, uid, unread } = found;
  if (uid === 0 || unread.some(({ what }) => what === 'sockets') || areOrphans(holders)) return [];
  const t = tellOf(found);
  return [
    {
      kind: 'ask-root',
      do: `${t('See which program it is: ', '看看是哪个程序：')}${commandOn(found, { asRoot: true })}`,
      because: t('The processes of other users are shown to root only.', '其他用户的进程只有 root 才能看到。'),
    },
  ];
}

function goElsewhere(found: Case): Advice[] {
  const { target } = found;
  const t = tellOf(found);
  const taken = t('This one is taken.', '这个已经被占用了。');
  if (target.protocol === 'unix') {
    return target.address.path.startsWith('\0')
      ? [{ kind: 'another-name', do: t('Use another name', '换一个名字'), because: taken }]
      : [
          {
            kind: 'another-path',
            do: t('Use another path', '换一个路径'),
            because: t(
              'Do not remove this one: its program would no longer be reached.',
              '不要删掉这个：删了就再也连不上它的程序了。',
            ),
          },
        ];
  }
  return [
    {
      kind: 'another-port',
      do: t('Use another port; with port 0 the kernel chooses a free one', '换一个端口；端口 0 让内核挑一个空闲的'),
      because: taken,
    },
  ];
}

/** Only where the kernel would give the port away: what a program chose by itself no setting prevents. */
function reserve(found: Case): Advice[] {
  const { target, uid, portRange, reservedPorts = '' } = found;
  const t = tellOf(found);
  if (target.protocol === 'unix' || portRange === undefined) return [];
  const { port } = target.address;
  const [first, last] = portRange;
  if (port < first || port > last || listHas(reservedPorts, port)) return [];
  const ports = [reservedPorts, String(port)].filter(Boolean).join(',');
  return [
    {
      kind: 'reserve',
      do: `${t('For the next time: ', '为下一次做准备：')}${sudo(uid)}sysctl -w net.ipv4.ip_local_reserved_ports=${ports}`,
      because: t(
        `Then the kernel gives this port to no connection as a passing one (its range is ${String(first)} to ${String(last)}). A program can still ask for it by number.`,
        `这样内核就不会再把这个端口当作临时端口分给连接（临时端口的范围是 ${String(first)} 到 ${String(last)}）。程序仍然可以指名要它。`,
      ),
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

function letKernelClose(found: Case): Advice[] {
  return isKernelClosing(found) ? wait(found) : [];
}

function wait(found: Case): Advice[] {
  const { freeInMs, binds } = found;
  const t = tellOf(found);
  const helps = [binds.reuseaddr, binds.reuseport, binds.both].includes('ok');
  const noFlag = helps ? '' : t('No flag helps now. ', '现在设什么标志都没有用。');
  const free =
    freeInMs === null
      ? t('It is free when the kernel has closed it', '内核把它关完，它就空出来')
      : t(`It is free by itself in ${seconds(freeInMs, t)}`, `${seconds(freeInMs, t)}后它会自己空出来`);
  return [
    {
      kind: 'wait',
      do: `${t('Wait: ', '等待：')}${commandOn(found, { options: ['--watch'] })}`,
      because: `${noFlag}${free}${t(', and that command ends when it is.', '，到那时这条命令就结束。')}`,
    },
  ];
}

/** SOCK_DESTROY, which TIME_WAIT obeys. */
function dropNow(found: Case): Advice[] {
  const { target, holders, uid } = found;
  const t = tellOf(found);
  if (target.protocol === 'unix' || !holders.every(({ state }) => state === 'TIME_WAIT')) return [];
  return [
    {
      kind: 'drop',
      do: `${t('Without waiting: ', '不想等的话：')}${sudo(uid)}ss -K state time-wait sport = :${String(target.address.port)}`,
      because: t(
        'Root can drop what is in TIME_WAIT, where the kernel was built for it (CONFIG_INET_DIAG_DESTROY).',
        'root 可以丢掉处于 TIME_WAIT 的连接，只要内核编译时打开了 CONFIG_INET_DIAG_DESTROY。',
      ),
    },
  ];
}

/** What else to know about a case, and what could not be read and why. Pure. */
import type { Case } from '../diagnosis/diagnosis.js';
import { isConnection } from '../kernel/holder.js';
import type { Unread } from '../kernel/observation.js';
import { tellOf } from './words.js';
import { inheritedNote } from './process-lines.js';

/** The notes on a case, one or two sentences each. */
export function notesOn(found: Case): string[] {
  return [
    ...aboutSharing(found),
    ...inheritedNote(found.holders, tellOf(found)),
    ...aboutDirection(found),
    ...aboutFamilies(found),
    ...aboutFlags(found),
    ...aboutRights(found),
    ...found.unread.map(unreadNote(found)),
    ...aboutProcesses(found),
  ];
}

/** One socket, several processes: a listener leaked into a child, or workers that were started before the accept. */
function aboutSharing(found: Case): string[] {
  const { holders } = found;
  const counts = new Map<number, number>();
  for (const { inode, pid } of holders) if (pid !== undefined) counts.set(inode, (counts.get(inode) ?? 0) + 1);
  const most = [...counts.values()].reduce((a, b) => Math.max(a, b), 0);
  if (most < 2) return [];
  return [
    tellOf(found)(
      `The same socket is open in ${String(most)} processes: a child gets it from its parent, unless the descriptor is ` +
        'close-on-exec. It stays in use until the last of them has closed it.',
      `同一个套接字在 ${String(most)} 个进程里打开着：子进程会从父进程得到它，除非描述符设了 close-on-exec。` +
        '要等其中最后一个关闭它，它才不再被占用。',
    ),
  ];
}

/** Who opened a connection, the kernel does not note. */
function aboutDirection(found: Case): string[] {
  const { verdict, holders } = found;
  const t = tellOf(found);
  if (!['connected', 'outgoing', 'expiring'].includes(verdict)) return [];
  const open = holders.filter(isConnection);
  const known = open.filter(({ outgoing }) => outgoing);
  if (open.length === 0) return [];
  if (known.length === open.length) {
    return verdict === 'expiring'
      ? [
          t(
            'It is the end of a connection that was opened from this port, as a client.',
            '它是从这个端口作为客户端打开的连接的一端。',
          ),
        ]
      : [];
  }
  return [
    t(
      `Either a server accepted ${open.length === 1 ? 'that connection' : 'these connections'} and has closed its listener ` +
        'since, or a client opened it from this port: the kernel does not note which.',
      '要么是服务器接受了这些连接，之后关闭了监听者，要么是客户端从这个端口打开的：内核没有记下是哪一种。',
    ),
  ];
}

/** IPv6 in the way, and IPv4 not: whoever binds 0.0.0.0 does not meet it. */
function aboutFamilies(found: Case): string[] {
  const { bindsIPv4, binds } = found;
  if (bindsIPv4?.none !== 'ok' || binds.none === 'ok') return [];
  return [
    tellOf(found)(
      'IPv4 alone would be free: bind() to 0.0.0.0 works. A server that is given a port and no address, as by ' +
        "Node's listen(port), takes IPv6 and IPv4 in one socket, and that is refused.",
      '只用 IPv4 的话是空闲的：bind 到 0.0.0.0 能成功。只给了端口、没给地址的服务器，例如 Node 的 listen(port)，' +
        '会用一个套接字同时要 IPv6 和 IPv4，这就被拒绝了。',
    ),
  ];
}

/** Why the flags do not help after a restart, and what would the next time. */
function aboutFlags(found: Case): string[] {
  const { verdict, binds, total, holders } = found;
  const t = tellOf(found);
  if (verdict !== 'expiring') return [];
  const kept = t(
    'Whoever closes a connection first keeps it in TIME_WAIT for a while, in case late packets come. No process has it.',
    '什么是 TIME_WAIT：先关闭连接的一方要把它再记住一段时间，以防迟到的数据包被误当成新连接的数据。没有进程占着它。',
  );
  if (binds.reuseaddr !== 'EADDRINUSE') return [kept];
  const which = total === 1 ? 'The connection was' : 'At least one of the connections was';
  const server = holders.every(({ outgoing }) => outgoing)
    ? ''
    : t(
        ' A server that sets it before every bind() does not have to wait.',
        '服务器只要每次都在 bind() 之前设置它，就不用等。',
      );
  return [
    kept,
    t(
      `${which} left by a socket without SO_REUSEADDR, so no later bind with that flag can pass it: both need it.${server}`,
      `${total === 1 ? '这个连接' : '这些连接中至少有一个'}是没有设 SO_REUSEADDR 的套接字留下的，所以后来的 bind 带上这个标志也过不去：两边都要有。${server}`,
    ),
  ];
}

function aboutRights(found: Case): string[] {
  const { target, verdict, holders, pathInUse, pathKind, uid } = found;
  const t = tellOf(found);
  if (verdict === 'forbidden' && holders.length > 0)
    return [t('Besides, somebody else has it: see above.', '另外，它还被别人占着：见上面。')];
  if (pathKind === 'socket' && pathInUse === undefined) {
    return [
      t(
        'Whether any process has the socket open could not be asked: this user may not write to it.',
        '没能问出有没有进程打开着这个套接字：这个用户没有写它的权限。',
      ),
    ];
  }
  const isForeign = target.protocol !== 'unix' && holders.some((holder) => holder.inode !== 0 && holder.uid !== uid);
  return isForeign
    ? [
        t(
          'It belongs to another user: then SO_REUSEPORT does not help, even where both sockets have it.',
          '它属于另一个用户：这时 SO_REUSEPORT 没有用，哪怕两个套接字都设了它。',
        ),
      ]
    : [];
}

/** What could not be read, in a sentence. */
export function unreadNote(found: Pick<Case, 'uid' | 'language'>): (unread: Unread) => string {
  const { uid } = found;
  const t = tellOf(found);
  return ({ what, code }) => {
    if (what === 'sockets') {
      return t(
        `This system has no list of its sockets to read (${code}): who is in the way is not known. The four binds were tried all the same.`,
        `这个系统没有可读的套接字列表（${code}）：不知道被谁占用。四次 bind 还是都试过了。`,
      );
    }
    if (what === 'hidden') {
      return t(
        'The processes of other users are hidden here (/proc is mounted with hidepid): root can see them.',
        '其他用户的进程在这里被隐藏了（/proc 挂载时带了 hidepid）：root 能看到它们。',
      );
    }
    if (what === 'processes') {
      if (code === 'ENOENT') {
        return t(
          'Which process has the socket is not known: there is no /proc here.',
          '不知道是哪个进程占着套接字：这里没有 /proc。',
        );
      }
      return uid === 0
        ? t(`Some processes could not be read (${code}).`, `有些进程读不到（${code}）。`)
        : t(
            `The processes of other users could not be read (${code}); root can read them.`,
            `其他用户的进程读不到（${code}）；root 能读到。`,
          );
    }
    if (code === 'ENOSYS')
      return t(
        'The flags of the sockets could not be read: that takes Linux 5.6 or later (pidfd_getfd).',
        '套接字的标志读不到：那需要 Linux 5.6 或更新的版本（pidfd_getfd）。',
      );
    return t(
      `Flags of a socket could not be read (${code}): that takes the right to trace its process (ptrace), which root has.`,
      `有套接字的标志读不到（${code}）：那需要跟踪其进程的权限（ptrace），root 有这个权限。`,
    );
  };
}

function aboutProcesses(found: Case): string[] {
  const { target, holders, unread, verdict } = found;
  const t = tellOf(found);
  const list = !unread.some(({ what }) => what === 'sockets');
  if (verdict === 'unseen' && list) {
    return target.protocol === 'unix'
      ? [
          t(
            'The list has no socket of that name, so it may be left behind; or a container has it, whose list is its own.',
            '列表里没有这个名字的套接字，所以它可能是以前留下的；也可能在容器里，容器有自己的列表。',
          ),
        ]
      : [
          t(
            'Kernels before Linux 6.8 do not list sockets that are bound and no more.',
            'Linux 6.8 以前的内核不会列出只 bind 了的套接字。',
          ),
        ];
  }
  const lost = holders.some(({ inode, pid }) => inode !== 0 && pid === undefined);
  const unsure = unread.some(({ what }) => what === 'processes' || what === 'hidden');
  if (!lost || (unsure && !holders.some(({ unheld }) => unheld))) return [];
  return [
    t(
      'No process that can be seen here has the socket open: either a program in a container of its own has it, or the ' +
        'kernel itself (NFS, WireGuard, VXLAN and others have ports without any process).',
      '从这里能看到的进程都没有打开这个套接字：要么是别的容器里的程序占着它，要么是内核自己（NFS、WireGuard、VXLAN 等等不需要进程就占着端口）。',
    ),
  ];
}

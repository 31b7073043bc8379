/** What else to know about a case, and what could not be read and why. Pure. */
import type { Case } from '../diagnosis/diagnosis.js';
import { isConnection } from '../kernel/holder.js';
import type { Unread } from '../kernel/observation.js';
import { inheritedNote } from './process-lines.js';

/** The notes on a case, one or two sentences each. */
export function notesOn(found: Case): string[] {
  return [
    ...aboutSharing(found),
    ...inheritedNote(found.holders),
    ...aboutDirection(found),
    ...aboutFamilies(found),
    ...aboutFlags(found),
    ...aboutRights(found),
    ...found.unread.map(unreadNote(found)),
    ...aboutProcesses(found),
  ];
}

/** One socket, several processes: a listener leaked into a child, or workers that were started before the accept. */
function aboutSharing({ holders }: Case): string[] {
  const counts = new Map<number, number>();
  for (const { inode, pid } of holders) if (pid !== undefined) counts.set(inode, (counts.get(inode) ?? 0) + 1);
  const most = [...counts.values()].reduce((a, b) => Math.max(a, b), 0);
  if (most < 2) return [];
  return [
    `The same socket is open in ${String(most)} processes: a child gets it from its parent, unless the descriptor is ` +
      'close-on-exec. It stays in use until the last of them has closed it.',
  ];
}

/** Who opened a connection, the kernel does not note. */
function aboutDirection({ verdict, holders }: Case): string[] {
  if (!['connected', 'outgoing', 'expiring'].includes(verdict)) return [];
  const open = holders.filter(isConnection);
  const known = open.filter(({ outgoing }) => outgoing);
  if (open.length === 0) return [];
  if (known.length === open.length) {
    return verdict === 'expiring' ? ['It is the end of a connection that was opened from this port, as a client.'] : [];
  }
  return [
    `Either a server accepted ${open.length === 1 ? 'that connection' : 'these connections'} and has closed its listener ` +
      'since, or a client opened it from this port: the kernel does not note which.',
  ];
}

/** IPv6 in the way, and IPv4 not: whoever binds 0.0.0.0 does not meet it. */
function aboutFamilies({ bindsIPv4, binds }: Case): string[] {
  if (bindsIPv4?.none !== 'ok' || binds.none === 'ok') return [];
  return [
    'IPv4 alone would be free: bind() to 0.0.0.0 works. A server that is given a port and no address, as by ' +
      "Node's listen(port), takes IPv6 and IPv4 in one socket, and that is refused.",
  ];
}

/** Why the flags do not help after a restart, and what would the next time. */
function aboutFlags({ verdict, binds, total, holders }: Case): string[] {
  if (verdict !== 'expiring') return [];
  const kept =
    'Whoever closes a connection first keeps it in TIME_WAIT for a while, in case late packets come. No process has it.';
  if (binds.reuseaddr !== 'EADDRINUSE') return [kept];
  const which = total === 1 ? 'The connection was' : 'At least one of the connections was';
  const server = holders.every(({ outgoing }) => outgoing)
    ? ''
    : ' A server that sets it before every bind() does not have to wait.';
  return [
    kept,
    `${which} left by a socket without SO_REUSEADDR, so no later bind with that flag can pass it: both need it.${server}`,
  ];
}

function aboutRights({ target, verdict, holders, pathInUse, pathKind, uid }: Case): string[] {
  if (verdict === 'forbidden' && holders.length > 0) return ['Besides, somebody else has it: see above.'];
  if (pathKind === 'socket' && pathInUse === undefined) {
    return ['Whether any process has the socket open could not be asked: this user may not write to it.'];
  }
  const isForeign = target.protocol !== 'unix' && holders.some((holder) => holder.inode !== 0 && holder.uid !== uid);
  return isForeign
    ? ['It belongs to another user: then SO_REUSEPORT does not help, even where both sockets have it.']
    : [];
}

/** What could not be read, in a sentence. */
export function unreadNote({ uid }: Pick<Case, 'uid'>): (unread: Unread) => string {
  return ({ what, code }) => {
    if (what === 'sockets') {
      return `This system has no list of its sockets to read (${code}): who is in the way is not known. The four binds were tried all the same.`;
    }
    if (what === 'hidden') {
      return 'The processes of other users are hidden here (/proc is mounted with hidepid): root can see them.';
    }
    if (what === 'processes') {
      if (code === 'ENOENT') return 'Which process has the socket is not known: there is no /proc here.';
      return uid === 0
        ? `Some processes could not be read (${code}).`
        : `The processes of other users could not be read (${code}); root can read them.`;
    }
    if (code === 'ENOSYS')
      return 'The flags of the sockets could not be read: that takes Linux 5.6 or later (pidfd_getfd).';
    return `Flags of a socket could not be read (${code}): that takes the right to trace its process (ptrace), which root has.`;
  };
}

function aboutProcesses({ target, holders, unread, verdict }: Case): string[] {
  const list = !unread.some(({ what }) => what === 'sockets');
  if (verdict === 'unseen' && list) {
    return target.protocol === 'unix'
      ? ['The list has no socket of that name, so it may be left behind; or a container has it, whose list is its own.']
      : ['Kernels before Linux 6.8 do not list sockets that are bound and no more.'];
  }
  const lost = holders.some(({ inode, pid }) => inode !== 0 && pid === undefined);
  if (!lost || unread.some(({ what }) => what === 'processes' || what === 'hidden')) return [];
  return [
    'No process that can be seen here has the socket open: either a program in a container of its own has it, or the ' +
      'kernel itself (NFS, WireGuard, VXLAN and others have ports without any process).',
  ];
}

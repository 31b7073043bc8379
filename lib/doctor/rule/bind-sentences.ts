/** The sentences of the bind rule: plain words for one who meets it for the first time, in either language. */
import { spaced, type Tell } from '../../language.js';
import type { Maybe } from './bind-overlap.js';
import type { ExistingSocket, Relation, WantedBind } from './relation.js';
import { endpoint } from '../kernel/holder.js';

const FLAGS = [
  ['reuseaddr', 'SO_REUSEADDR'],
  ['reuseport', 'SO_REUSEPORT'],
] as const;

/** Why the bind works. */
export function sayFree(
  existing: readonly ExistingSocket[],
  relations: readonly Relation[],
  wanted: WantedBind,
  t: Tell,
): string {
  if (wanted.port === 0)
    return t('Port 0 asks the kernel to choose a port that is free.', '端口 0 表示请内核选一个空闲的端口。');
  const met = relations.filter((one) => one.overlaps !== false && one.sharesDevice !== false);
  const there = (one: Relation, but: string): string =>
    t(`${upper(name(one, wanted, t))} is there, but ${but}.`, `端口上有${spaced(name(one, wanted, t))}，但是${but}。`);
  const reused = met.find(({ reuses }) => reuses === true);
  if (reused) return there(reused, reuseHelps(reused, wanted, t));
  const [shared] = met;
  if (shared) return there(shared, shareHelps(shared, t));
  const nothing = (because: string): string => t(`Nothing is in the way: ${because}.`, `没有什么挡着：${because}。`);
  const [apart] = relations;
  if (apart) return nothing(separation(apart, wanted, t));
  if (existing.length === 0) return nothing(t('no other socket is there', '没有别的套接字'));
  const protocols = existing.every(({ protocol = 'tcp' }) => protocol !== (wanted.protocol ?? 'tcp'));
  return nothing(
    protocols
      ? t('the ports of TCP and UDP are separate', 'TCP 和 UDP 的端口互不相干')
      : t('no other socket holds this port', '没有别的套接字占着这个端口'),
  );
}

function reuseHelps({ sockets: [old] }: Relation, wanted: WantedBind, t: Tell): string {
  if (old.protocol === 'udp') return t('both sockets have SO_REUSEADDR', '两个套接字都有 SO_REUSEADDR');
  const warning =
    wanted.listen === true && old.state === 'CLOSE'
      ? t('; if it listens first, listen of the new one fails', '；如果旧的先开始监听，新套接字的 listen 就会失败')
      : '';
  return `${t('both sockets have SO_REUSEADDR and the old one does not listen', '两个套接字都有 SO_REUSEADDR，而且旧的没有监听')}${warning}`;
}

function shareHelps({ sockets: [old] }: Relation, t: Tell): string {
  if (old.state === 'TIME_WAIT')
    return t(
      'both sockets have SO_REUSEPORT, and what is in TIME_WAIT belongs to nobody',
      '两个套接字都有 SO_REUSEPORT，而 TIME_WAIT 不属于任何人',
    );
  if (old.orphan === true)
    return t(
      'both sockets have SO_REUSEPORT, and the old one belongs to nobody any more',
      '两个套接字都有 SO_REUSEPORT，而旧的已经不属于任何人',
    );
  return t(
    'both sockets have SO_REUSEPORT and belong to the same user',
    '两个套接字都有 SO_REUSEPORT，并且属于同一个用户',
  );
}

function separation(apart: Relation, wanted: WantedBind, t: Tell): string {
  const [old] = apart.sockets;
  if (apart.overlaps !== false)
    return t('the old and the new socket are bound to different network devices', '新旧套接字绑定在不同的网络设备上');
  return t(
    `${placeName(old)} and ${placeName(wanted)} have no address in common`,
    `${placeName(old)} 和 ${placeName(wanted)} 没有共同的地址`,
  );
}

/** Why it fails. */
export function sayInUse(culprits: readonly Relation[], wanted: WantedBind, t: Tell): string {
  const [first] = culprits;
  if (first === undefined) return '';
  const count = culprits.reduce((sum, { sockets }) => sum + sockets.length, 0) - 1;
  const more = count === 0 ? '' : t(`, and ${String(count)} more`, `，另外还有 ${String(count)} 个`);
  const [what, why] = [name(first, wanted, t), obstacle(first, wanted, t)];
  return t(`In the way is ${what}${more}: ${why}.`, `挡着的是${spaced(what)}${more}：${why}。`);
}

/** What is missing, or does not help. Speaks of the flags that the new socket tries; of both where it has none. */
function obstacle({ sockets: [old] }: Relation, wanted: WantedBind, t: Tell): string {
  const { reuseaddr = false, reuseport = false } = wanted;
  if (!reuseaddr && !reuseport) {
    const needed = t('and one of them is needed on both', '而其中一个必须两边都有');
    const neither =
      old.reuseaddr === false && old.reuseport === false
        ? t('neither socket has SO_REUSEADDR or SO_REUSEPORT', '两个套接字都没有 SO_REUSEADDR 或 SO_REUSEPORT')
        : t(
            'the new socket has neither SO_REUSEADDR nor SO_REUSEPORT',
            '新套接字既没有 SO_REUSEADDR，也没有 SO_REUSEPORT',
          );
    return `${neither}${t(', ', '，')}${needed}`;
  }
  const parts: string[] = [];
  if (reuseaddr)
    parts.push(
      old.state === 'LISTEN'
        ? t('SO_REUSEADDR does not help while the old socket listens', '旧套接字在监听的时候，SO_REUSEADDR 不起作用')
        : t('the old socket lacks SO_REUSEADDR', '旧套接字没有 SO_REUSEADDR'),
    );
  if (reuseport)
    parts.push(
      old.reuseport === true
        ? t(
            'both sockets have SO_REUSEPORT but belong to different users',
            '两个套接字都有 SO_REUSEPORT，但属于不同的用户',
          )
        : t('the old socket lacks SO_REUSEPORT', '旧套接字没有 SO_REUSEPORT'),
    );
  const other = otherWay(old, wanted, t);
  return parts.join(t(', and ', '，而且')) + (other === '' ? '' : `${t('; ', '；')}${other}`);
}

/** The flag that the old socket has, and that would let the new one pass if it had it too. */
function otherWay(old: ExistingSocket, { reuseaddr = false, reuseport = false, uid }: WantedBind, t: Tell): string {
  const lacks = (flag: string): string => t(`the new socket lacks ${flag}`, `新套接字没有 ${flag}`);
  if (!reuseaddr && old.reuseaddr === true && old.state !== 'LISTEN') return lacks('SO_REUSEADDR');
  const sameUser = old.state === 'TIME_WAIT' || (uid !== undefined && old.uid === uid);
  return !reuseport && old.reuseport === true && sameUser ? lacks('SO_REUSEPORT') : '';
}

/** What the answer depends on. */
export function sayUnknown(culprits: readonly Relation[], wanted: WantedBind, orderDecides: boolean, t: Tell): string {
  const [first] = culprits;
  if (first === undefined) return '';
  const what = name(first, wanted, t);
  if (orderDecides)
    return t(
      `The kernel goes by the order in which the sockets of this port were bound, which it does not tell: ${what} may or may not be in the way.`,
      `内核看的是这个端口上的套接字 bind 的先后，而这个先后它不说：${what}可能挡着，也可能不挡。`,
    );
  const questions = missing(first, wanted, t).join(t(' or ', '，或者'));
  return t(`There is ${what}, and it is not known ${questions}.`, `有${spaced(what)}，但不知道${questions}。`);
}

function missing(relation: Relation, wanted: WantedBind, t: Tell): string[] {
  const {
    sockets: [old],
    overlaps,
    sharesDevice,
    reuses,
    shares,
  } = relation;
  const unknown = (part: Maybe): boolean => part === undefined;
  const questions: string[] = [];
  if (unknown(overlaps)) questions.push(t('whether it takes IPv4 too (IPV6_V6ONLY)', '它收不收 IPv4（IPV6_V6ONLY）'));
  if (unknown(sharesDevice)) questions.push(t('to which network device it is bound', '它绑定在哪个网络设备上'));
  if (unknown(reuses) || unknown(shares)) {
    if (old.state === 'UNKNOWN') questions.push(t('in which state it is', '它处于什么状态'));
    const tried = FLAGS.filter(([flag]) => wanted[flag] === true && old[flag] === undefined);
    const helping = tried.filter(([flag]) => unknown(flag === 'reuseaddr' ? reuses : shares));
    const flags = helping.map(([, flag]) => flag).join(t(' or ', ' 或 '));
    if (helping.length > 0) questions.push(t(`whether it has ${flags}`, `它有没有 ${flags}`));
    if (unknown(shares) && old.state === 'FIN_WAIT2' && old.orphan === undefined)
      questions.push(t('whether a process still holds it', '是否还有进程持有它'));
    if (unknown(shares) && (old.uid === undefined || wanted.uid === undefined))
      questions.push(t('whether both belong to the same user', '两者是否属于同一个用户'));
  }
  return questions;
}

/** The old socket; and, where the addresses differ, that they overlap. */
function name({ sockets: [old] }: Relation, wanted: WantedBind, t: Tell): string {
  const other = placeName(wanted);
  const overlap = old.address === wanted.address ? '' : t(`, which overlaps with ${other}`, `，它与 ${other} 重叠`);
  return `${stateName(old, t)}${overlap}`;
}

function stateName(old: ExistingSocket, t: Tell): string {
  const { protocol, state } = old;
  const where = placeName(old);
  if (protocol === 'udp')
    return state === 'ESTABLISHED'
      ? t(`a connected UDP socket on ${where}`, `${where} 上一个已连接的 UDP 套接字`)
      : t(`a UDP socket on ${where}`, `${where} 上的一个 UDP 套接字`);
  if (state === 'LISTEN')
    return t(`a socket that listens on ${where} (LISTEN)`, `在 ${where} 上监听的套接字（LISTEN）`);
  if (state === 'CLOSE' || state === 'BOUND_INACTIVE')
    return t(
      `a socket that is bound to ${where} but does not listen (${state})`,
      `绑定在 ${where} 上、但没有监听的套接字（${state}）`,
    );
  if (state === 'TIME_WAIT')
    return t(
      `a closed connection of ${where} that is kept for a minute (TIME_WAIT)`,
      `${where} 上一个已经关闭、内核还要保留一分钟的连接（TIME_WAIT）`,
    );
  if (state === 'ESTABLISHED')
    return t(`an open connection of ${where} (ESTABLISHED)`, `${where} 上一个打开着的连接（ESTABLISHED）`);
  if (state === 'SYN_SENT' || state === 'SYN_RECV')
    return t(`a connection of ${where} that is being made (${state})`, `${where} 上一个正在建立的连接（${state}）`);
  if (state === 'UNKNOWN') return t(`a socket on ${where}`, `${where} 上的一个套接字`);
  return t(`a connection of ${where} that is being closed (${state})`, `${where} 上一个正在关闭的连接（${state}）`);
}

function placeName({ address, port }: ExistingSocket | WantedBind): string {
  return port === undefined ? address : endpoint({ address, port });
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

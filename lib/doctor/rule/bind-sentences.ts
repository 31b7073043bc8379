/** The sentences of the bind rule: plain words for one who meets it for the first time. */
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
): string {
  if (wanted.port === 0) return 'Port 0 asks the kernel to choose a port that is free.';
  const met = relations.filter((one) => one.overlaps !== false && one.sharesDevice !== false);
  const reused = met.find(({ reuses }) => reuses === true);
  if (reused) return `${upper(name(reused, wanted))} is there, but ${reuseHelps(reused, wanted)}.`;
  const [shared] = met;
  if (shared) return `${upper(name(shared, wanted))} is there, but ${shareHelps(shared)}.`;
  const [apart] = relations;
  if (apart) return `Nothing is in the way: ${separation(apart, wanted)}.`;
  if (existing.length === 0) return 'Nothing is in the way: no other socket is there.';
  const protocols = existing.every(({ protocol = 'tcp' }) => protocol !== (wanted.protocol ?? 'tcp'));
  return `Nothing is in the way: ${protocols ? 'the ports of TCP and UDP are separate' : 'no other socket holds this port'}.`;
}

function reuseHelps({ sockets: [old] }: Relation, wanted: WantedBind): string {
  if (old.protocol === 'udp') return 'both sockets have SO_REUSEADDR';
  const warning =
    wanted.listen === true && old.state === 'CLOSE' ? '; if it listens first, listen of the new one fails' : '';
  return `both sockets have SO_REUSEADDR and the old one does not listen${warning}`;
}

function shareHelps({ sockets: [old] }: Relation): string {
  if (old.state === 'TIME_WAIT') return 'both sockets have SO_REUSEPORT, and what is in TIME_WAIT belongs to nobody';
  if (old.orphan === true) return 'both sockets have SO_REUSEPORT, and the old one belongs to nobody any more';
  return 'both sockets have SO_REUSEPORT and belong to the same user';
}

function separation(apart: Relation, wanted: WantedBind): string {
  const [old] = apart.sockets;
  if (apart.overlaps !== false) return 'the old and the new socket are bound to different network devices';
  return `${placeName(old)} and ${placeName(wanted)} have no address in common`;
}

/** Why it fails. */
export function sayInUse(culprits: readonly Relation[], wanted: WantedBind): string {
  const [first] = culprits;
  if (first === undefined) return '';
  const count = culprits.reduce((sum, { sockets }) => sum + sockets.length, 0) - 1;
  const more = count === 0 ? '' : `, and ${String(count)} more`;
  return `In the way is ${name(first, wanted)}${more}: ${obstacle(first, wanted)}.`;
}

/** What is missing, or does not help. Speaks of the flags that the new socket tries; of both where it has none. */
function obstacle({ sockets: [old] }: Relation, wanted: WantedBind): string {
  const { reuseaddr = false, reuseport = false } = wanted;
  if (!reuseaddr && !reuseport) {
    if (old.reuseaddr === false && old.reuseport === false)
      return 'neither socket has SO_REUSEADDR or SO_REUSEPORT, and one of them is needed on both';
    return 'the new socket has neither SO_REUSEADDR nor SO_REUSEPORT, and one of them is needed on both';
  }
  const parts: string[] = [];
  if (reuseaddr)
    parts.push(
      old.state === 'LISTEN'
        ? 'SO_REUSEADDR does not help while the old socket listens'
        : 'the old socket lacks SO_REUSEADDR',
    );
  if (reuseport)
    parts.push(
      old.reuseport === true
        ? 'both sockets have SO_REUSEPORT but belong to different users'
        : 'the old socket lacks SO_REUSEPORT',
    );
  const other = otherWay(old, wanted);
  return parts.join(', and ') + (other === '' ? '' : `; ${other}`);
}

/** The flag that the old socket has, and that would let the new one pass if it had it too. */
function otherWay(old: ExistingSocket, { reuseaddr = false, reuseport = false, uid }: WantedBind): string {
  if (!reuseaddr && old.reuseaddr === true && old.state !== 'LISTEN') return 'the new socket lacks SO_REUSEADDR';
  const sameUser = old.state === 'TIME_WAIT' || (uid !== undefined && old.uid === uid);
  return !reuseport && old.reuseport === true && sameUser ? 'the new socket lacks SO_REUSEPORT' : '';
}

/** What the answer depends on. */
export function sayUnknown(culprits: readonly Relation[], wanted: WantedBind, orderDecides: boolean): string {
  const [first] = culprits;
  if (first === undefined) return '';
  if (orderDecides)
    return `The kernel goes by the order in which the sockets of this port were bound, which it does not tell: ${name(first, wanted)} may or may not be in the way.`;
  return `There is ${name(first, wanted)}, and it is not known ${missing(first, wanted).join(' or ')}.`;
}

function missing({ sockets: [old], overlaps, sharesDevice, reuses, shares }: Relation, wanted: WantedBind): string[] {
  const unknown = (part: Maybe): boolean => part === undefined;
  const questions: string[] = [];
  if (unknown(overlaps)) questions.push('whether it takes IPv4 too (IPV6_V6ONLY)');
  if (unknown(sharesDevice)) questions.push('to which network device it is bound');
  if (unknown(reuses) || unknown(shares)) {
    if (old.state === 'UNKNOWN') questions.push('in which state it is');
    const tried = FLAGS.filter(([flag]) => wanted[flag] === true && old[flag] === undefined);
    const helping = tried.filter(([flag]) => unknown(flag === 'reuseaddr' ? reuses : shares));
    if (helping.length > 0) questions.push(`whether it has ${helping.map(([, flag]) => flag).join(' or ')}`);
    if (unknown(shares) && old.state === 'FIN_WAIT2' && old.orphan === undefined)
      questions.push('whether a process still holds it');
    if (unknown(shares) && (old.uid === undefined || wanted.uid === undefined))
      questions.push('whether both belong to the same user');
  }
  return questions;
}

/** The old socket; and, where the addresses differ, that they overlap. */
function name({ sockets: [old] }: Relation, wanted: WantedBind): string {
  const overlap = old.address === wanted.address ? '' : `, which overlaps with ${placeName(wanted)}`;
  return `${stateName(old)}${overlap}`;
}

function stateName(old: ExistingSocket): string {
  const { protocol, state } = old;
  const where = placeName(old);
  if (protocol === 'udp')
    return state === 'ESTABLISHED' ? `a connected UDP socket on ${where}` : `a UDP socket on ${where}`;
  if (state === 'LISTEN') return `a socket that listens on ${where} (LISTEN)`;
  if (state === 'CLOSE' || state === 'BOUND_INACTIVE')
    return `a socket that is bound to ${where} but does not listen (${state})`;
  if (state === 'TIME_WAIT') return `a closed connection of ${where} that is kept for a minute (TIME_WAIT)`;
  if (state === 'ESTABLISHED') return `an open connection of ${where} (ESTABLISHED)`;
  if (state === 'SYN_SENT' || state === 'SYN_RECV') return `a connection of ${where} that is being made (${state})`;
  if (state === 'UNKNOWN') return `a socket on ${where}`;
  return `a connection of ${where} that is being closed (${state})`;
}

function placeName({ address, port }: ExistingSocket | WantedBind): string {
  return port === undefined ? address : endpoint({ address, port });
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

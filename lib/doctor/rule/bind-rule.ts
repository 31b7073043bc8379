/**
 * When does bind(2) say EADDRINUSE? Linux's rule, as a pure function: no socket is asked. It follows
 * net/ipv4/inet_connection_sock.c (TCP) and net/ipv4/udp.c, and is tested against the live kernel. What the answer
 * depends on and is not known makes it `unknown`.
 */
import { all, covers, not, overlaps, spanOf, same, sharesDevice, some, type Maybe, type Span } from './bind-overlap.js';
import { tellIn } from '../../language.js';
import { languageFor, type WordOptions } from '../kernel/target.js';
import { sayFree, sayInUse, sayUnknown } from './bind-sentences.js';
import type { BindExplanation, ExistingSocket, Relation, WantedBind } from './relation.js';

interface Ruling {
  result: BindExplanation['result'];
  culprits: readonly Relation[];
  /** The order in which the sockets were bound decides: no listing tells it. */
  orderDecides?: boolean;
}

/**
 * Would this bind, and listen where it is asked for, work beside these sockets? It speaks of EADDRINUSE only, not of
 * other errors (EACCES, EADDRNOTAVAIL, EINVAL), and of Linux only: bind(2), listen(2).
 *
 * It supposes that nobody changed a flag after bind(2), and that the sockets are all there were since the port was
 * last free: the kernel keeps a short memory of SO_REUSEPORT binds, even of those that were closed.
 *
 * @param options - the language of the reason
 * @throws ERR_INVALID_IP_ADDRESS, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE
 */
export function explainBind(
  existing: ExistingSocket | readonly ExistingSocket[],
  wanted: WantedBind,
  options: WordOptions = {},
): BindExplanation {
  const t = tellIn(languageFor(options));
  const sockets: readonly ExistingSocket[] = 'address' in existing ? [existing] : existing;
  const relations = relate(sockets, wanted);
  const verdict = isTcp(wanted) ? judgeTcp(relations, wanted) : judgeUdp(relations);
  const { result, culprits, orderDecides = false } = verdict;
  const listens = wanted.listen === true && isTcp(wanted) && result === 'ok';
  return {
    result,
    at: wanted.bound === true || listens ? 'listen' : 'bind',
    because:
      result === 'ok'
        ? sayFree(sockets, relations, wanted, t)
        : result === 'EADDRINUSE'
          ? sayInUse(culprits, wanted, t)
          : sayUnknown(culprits, wanted, orderDecides, t),
    culprits: culprits.flatMap((culprit) => culprit.sockets),
  };
}

function isTcp({ protocol = 'tcp' }: ExistingSocket | WantedBind): boolean {
  return protocol === 'tcp';
}

/** Holds the socket the port? A connection that is not yet made leaves that to its listener. */
function holdsPort({ state }: ExistingSocket, hasListener: boolean): boolean {
  return state !== 'NEW_SYN_RECV' && !(state === 'SYN_RECV' && hasListener);
}

/** The sockets of the port, those that are alike taken together: of thousands in TIME_WAIT a few kinds remain. */
function relate(existing: readonly ExistingSocket[], wanted: WantedBind): Relation[] {
  const own = spanOfWanted(wanted);
  const hasListener = existing.some(({ state }) => state === 'LISTEN');
  const kinds = new Map<string, ExistingSocket[]>();
  for (const socket of existing) {
    if (isTcp(socket) !== isTcp(wanted) || same(socket.port, wanted.port) === false) continue;
    if (wanted.port === 0 || !holdsPort(socket, hasListener)) continue;
    const { address, v6only, state, reuseaddr, reuseport, uid, interfaceIndex, orphan } = socket;
    const kind = [address, v6only, state, reuseaddr, reuseport, uid, interfaceIndex, orphan].join();
    const alike = kinds.get(kind);
    if (alike) alike.push(socket);
    else kinds.set(kind, [socket]);
  }
  return [...kinds.values()].map((alike) => relation(alike as Relation['sockets'], wanted, own));
}

function spanOfWanted({ address, v6only = false, interfaceIndex = 0 }: WantedBind): Span {
  const place = spanOf({ address, v6only, interfaceIndex });
  // Bound to a specific IPv6 address, a socket takes no IPv4.
  return place.kind === 'specific' ? { ...place, v6only: true } : place;
}

function relation(sockets: Relation['sockets'], wanted: WantedBind, own: Span): Relation {
  const [old] = sockets;
  const place = spanOf(old);
  const { reuseaddr = false, reuseport = false } = wanted;
  const sameUser = isTcp(old) ? some(isTimeWait(old), same(old.uid, wanted.uid)) : same(old.uid, wanted.uid);
  // Whoever bound to a specific IPv6 address takes no IPv4; a connection may have its address from `::`.
  const complete = place.kind === 'specific' && wasBoundHere(old) ? { ...place, v6only: place.v6only ?? true } : place;
  return {
    sockets,
    place: complete,
    overlaps: overlapsInTable(own, complete, isTcp(old)),
    sharesDevice: sharesDevice(own, place),
    reuses: all(reuseaddr, old.reuseaddr, not(isListening(old))),
    shares: all(reuseport, old.reuseport, sameUser),
  };
}

/** TCP looks for a specific address in a table of addresses, where the 127.0.0.6 of an IPv6 socket is not. */
function overlapsInTable(own: Span, place: Span, isTcpSocket: boolean): Maybe {
  const looksUp = isTcpSocket && own.isIPv4 && own.ipv4 !== 0 && place.kind === 'specific';
  return looksUp ? false : overlaps(own, place);
}

function isListening({ state, protocol }: ExistingSocket): Maybe {
  if (protocol === 'udp') return false;
  return state === 'UNKNOWN' ? undefined : state === 'LISTEN';
}

/** An orphan in FIN_WAIT2 is TIME_WAIT already to the kernel's tables, and belongs to no user. */
function isTimeWait({ state, orphan }: ExistingSocket): Maybe {
  if (state === 'FIN_WAIT2') return orphan;
  return state === 'UNKNOWN' ? undefined : state === 'TIME_WAIT';
}

/** Has the socket its address from its own bind(2), and not from a listener or from connect(2)? */
function wasBoundHere({ state }: ExistingSocket): boolean {
  return state === 'LISTEN' || state === 'CLOSE' || state === 'BOUND_INACTIVE';
}

function conflicts({ overlaps: overlap, sharesDevice: device, reuses, shares }: Relation): Maybe {
  return all(overlap, device, not(some(reuses, shares)));
}

function judgeTcp(relations: readonly Relation[], wanted: WantedBind): Ruling {
  const inTheWay = relations.filter((one) => conflicts(one) === true);
  if (inTheWay.length > 0) {
    const orderDecides = mayBeRemembered(inTheWay, relations, wanted);
    return { result: orderDecides ? 'unknown' : 'EADDRINUSE', culprits: inTheWay, orderDecides };
  }
  const doubtful = relations.filter((one) => conflicts(one) === undefined);
  return { result: doubtful.length > 0 ? 'unknown' : 'ok', culprits: doubtful };
}

/**
 * Linux remembers the last bind with SO_REUSEPORT on a port (its user and address) until one without it is made, and
 * lets a like one pass unseen. So another one's bind that was let pass before may let this one pass, even where the
 * sockets in the way would not.
 */
function mayBeRemembered(inTheWay: readonly Relation[], relations: readonly Relation[], wanted: WantedBind): boolean {
  if (wanted.reuseport !== true) return false;
  const own = spanOfWanted(wanted);
  return relations.some(({ sockets: [old], place }) => {
    // Who bound the port for a connection is not known: it may have been another user.
    const sameUser = wasBoundHere(old) ? same(old.uid, wanted.uid) : undefined;
    if (old.reuseport === false || sameUser === false) return false;
    return placesBound(old, place).some(
      (bound) => covers(bound, own) !== false && inTheWay.every((one) => couldPrecede(one, old, bound, wanted)),
    );
  });
}

/** Where the socket, or the listener that it came from, may have been bound. */
function placesBound(old: ExistingSocket, place: Span): Span[] {
  if (wasBoundHere(old)) return [place];
  const { device } = place;
  const anywhere = { ...spanOf({ address: '::', v6only: false }), device };
  if (place.kind === 'specific') return [place, anywhere, { ...anywhere, v6only: true }];
  const wildcards = ['0.0.0.0', '::ffff:0.0.0.0'].map((address) => ({ ...spanOf({ address }), device }));
  return [place, anywhere, ...wildcards];
}

/** Could `old` have been bound there, of the user of the wanted bind, while `one` was there? */
function couldPrecede(one: Relation, old: ExistingSocket, bound: Span, { uid }: WantedBind): boolean {
  const [first] = one.sockets;
  const sameUser = wasBoundHere(first) ? same(first.uid, uid) : undefined;
  // Not that of a listener which is gone: the flag may have been changed on the connection.
  const reuseaddr = wasBoundHere(old) ? old.reuseaddr : undefined;
  return (
    some(
      not(overlaps(bound, one.place)),
      not(sharesDevice(bound, one.place)),
      all(first.reuseaddr, reuseaddr, not(isListening(first))),
      all(first.reuseport, old.reuseport, sameUser),
    ) !== false
  );
}

/**
 * UDP looks at one socket only of those that overlap and have not SO_REUSEADDR on both: whichever comes first in the
 * kernel's table. Where they do not all say the same, nobody can tell.
 */
function judgeUdp(relations: readonly Relation[]): Ruling {
  const met = relations.filter((one) => all(one.overlaps, one.sharesDevice, not(one.reuses)) !== false);
  const refusing = met.filter(({ shares }) => shares !== true);
  if (refusing.length === 0) return { result: 'ok', culprits: [] };
  const letPass = met.some(({ shares }) => shares !== false);
  if (!letPass && met.some((one) => conflicts(one) === true))
    return { result: 'EADDRINUSE', culprits: met.filter((one) => conflicts(one) === true) };
  const orderDecides = met.every((one) => conflicts(one) !== undefined);
  return { result: 'unknown', culprits: refusing, orderDecides };
}

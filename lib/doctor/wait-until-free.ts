/** The wait until a bind works. */
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { SocketError } from './kernel/calls.js';
import { asObject, invalidType } from '../validate.js';
import type { Flags, Target } from './kernel/observation.js';
import { inTheWay } from './rule/in-the-way.js';
import { newLeavesIPv4, socketsOnPort } from './kernel/look.js';
import { tryBind } from './kernel/probe.js';
import { asTarget, type Place, type PlaceOptions } from './kernel/target.js';

/** What is waited for. */
export interface WaitOptions extends PlaceOptions {
  /** Shall the bind have SO_REUSEADDR? Default false. */
  reuseAddress?: boolean;
  /** Shall the bind have SO_REUSEPORT? Default false. */
  reusePort?: boolean;
  /** Ends the wait. */
  signal?: AbortSignal;
}

/** What the wait asks of the world; tests have a world of their own. */
export interface World {
  /** Binds and lets go at once: `'ok'` or the error's name. */
  tryBind: () => string;
  /** Of each socket in the way the milliseconds that the kernel still gives it; undefined: a program has it. */
  expiries: () => readonly (number | undefined)[];
  sleep: (ms: number) => Promise<void>;
}

/** How long the next pause is, where the kernel's own time does not tell. */
interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** A program may end at any moment. */
const PROGRAM: Backoff = { firstMs: 100, longestMs: 1000 };
/** Linux drops a TIME_WAIT up to two seconds later than it says. */
const LATE: Backoff = { firstMs: 20, longestMs: 250 };
const GROWTH = 1.5;
/** Of many sockets one or another expires all the time. */
const SHORTEST_SLEEP_MS = 100;

/**
 * Resolves once a bind of this address works: bind(2). It binds nothing for you: somebody else may be faster.
 *
 * It sleeps until the kernel itself drops what is in the way (TIME_WAIT: at most a minute). Where a program has the
 * port, nothing tells when that ends: then it tries after 100 ms, later and later, in the end once a second.
 *
 * @param place - a port, on all addresses as Node's `listen(port)` takes it; or an address, as `server.address()` returns it; or a unix path
 * @param options - the flags that the bind shall have; `signal` ends the wait: it rejects with `signal.reason`
 * @throws SocketError where bind fails for another reason than EADDRINUSE, which no waiting ends: EACCES, EADDRNOTAVAIL
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_IP_ADDRESS, ERR_SOCKET_BAD_PORT, ERR_OUT_OF_RANGE
 * @example
 * await waitUntilFree({ port: 8080, address: '127.0.0.1' }, { reuseAddress: true, signal: AbortSignal.timeout(90_000) })
 */
export async function waitUntilFree(place: Place, options: WaitOptions = {}): Promise<void> {
  const target = asTarget(place, options);
  const { flags, signal } = checked(options);
  signal?.throwIfAborted();
  try {
    await waitForBind(thisMachine(target, flags, signal), target, flags);
  } catch (error) {
    signal?.throwIfAborted(); // the sleep has an error of its own
    throw error;
  }
}

function checked(options: WaitOptions): { flags: Flags; signal: AbortSignal | undefined } {
  const { reuseAddress, reusePort, signal } = asObject(options, 'options');
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalidType('options.signal', 'an instance of AbortSignal', signal);
  }
  const [address, port] = [asBoolean(reuseAddress, 'reuseAddress'), asBoolean(reusePort, 'reusePort')];
  if (address && port) return { flags: 'both', signal };
  return { flags: address ? 'reuseaddr' : port ? 'reuseport' : 'none', signal };
}

function asBoolean(value: unknown, name: string): boolean {
  if (value !== undefined && typeof value !== 'boolean') throw invalidType(`options.${name}`, 'of type boolean', value);
  return value === true;
}

/** This machine. */
export function thisMachine(target: Target, flags: Flags, signal?: AbortSignal): World {
  return {
    tryBind: () => tryBind(target, flags),
    expiries: () => expiriesNow(target),
    sleep: (ms) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
  };
}

function expiriesNow(target: Target): (number | undefined)[] {
  if (target.protocol === 'unix') return [];
  const isHolder = inTheWay(target, newLeavesIPv4(target));
  return socketsOnPort(target)
    .filter(isHolder)
    .map(({ expiresInMs }) => expiresInMs);
}

/**
 * Tries to bind until it works.
 *
 * @throws SocketError as `waitUntilFree`
 */
export async function waitForBind(world: World, target: Target, flags: Flags): Promise<void> {
  let pauseMs = 0;
  let last: Backoff | undefined;
  for (;;) {
    const result = world.tryBind();
    if (result === 'ok') return;
    if (result !== 'EADDRINUSE') throw new SocketError('bind', errnoOf(result), target.address);
    const expiries = world.expiries();
    const leftMs = untilExpiryMs(expiries, flags);
    if (leftMs > 0) {
      last = undefined;
      await world.sleep(leftMs);
      continue;
    }
    const backoff = expiries.length === 0 || expiries.includes(undefined) ? PROGRAM : LATE;
    pauseMs = backoff === last ? Math.min(pauseMs * GROWTH, backoff.longestMs) : backoff.firstMs;
    last = backoff;
    await world.sleep(pauseMs);
  }
}

/** Without a flag all must have gone; with one, whichever is in the way may be the next one to go. 0: not known. */
function untilExpiryMs(expiries: readonly (number | undefined)[], flags: Flags): number {
  const known = expiries.filter((ms) => ms !== undefined);
  if (known.length < expiries.length) return 0;
  const coming = known.filter((ms) => ms > 0);
  if (coming.length === 0) return 0;
  if (flags === 'none') return coming.reduce((a, b) => Math.max(a, b));
  return Math.max(
    coming.reduce((a, b) => Math.min(a, b)),
    SHORTEST_SLEEP_MS,
  );
}

function errnoOf(code: string): number {
  return (constants.errno as Readonly<Record<string, number>>)[code] ?? Number(code.slice(1));
}

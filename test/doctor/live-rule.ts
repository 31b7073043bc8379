/** The bind rule beside the live kernel: random sockets, random binds, and every answer must be equal. */
import * as fc from 'fast-check';
import { if_nametoindex } from 'bsd-sockets';
import { readdirSync } from 'node:fs';
import { explainBind } from '../../lib/doctor/rule/bind-rule.js';
import type { BindExplanation, ExistingSocket, WantedBind } from '../../lib/doctor/rule/relation.js';
import { LiveSockets, type Kind, type Plan } from './live-sockets.js';
import { canBind, tryBind, UIDS } from './live-sockets-calls.js';

const BOTH = [
  '0.0.0.0',
  '127.0.0.1',
  '127.0.0.2',
  '::',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:127.0.0.2',
  '::ffff:0.0.0.0',
];
const WANTED = [...BOTH, '0.0.0.0', '127.0.0.1', '127.0.0.6'];
const TCP: readonly Kind[] = [
  'bound',
  'bound',
  'listening',
  'shut down',
  'with connection',
  'established',
  'FIN_WAIT2',
  'orphan',
  'CLOSE_WAIT',
  'TIME_WAIT',
  'TIME_WAIT',
  'outgoing',
  'autobound',
];
const UDP: readonly Kind[] = ['udp', 'udp connected'];
const LOOPBACK = 1;
/** A port that somebody else took meanwhile, or a packet that came late, makes no disagreement: so often it must come. */
const TIMES = 3;
/** Below the ports that the kernel chooses, and not those of freePorts in test/reuse/leftovers.ts. */
const [FIRST_PORT, LAST_PORT] = [2000, 9999];

/** The loopback, and one that is not; only those that this user may bind to. */
function devices(): number[] {
  const names = readdirSync('/sys/class/net').filter((name) => name !== 'lo' && name !== 'bonding_masters');
  const indices = [LOOPBACK, ...names.slice(0, 1).map((name) => if_nametoindex(name))];
  return indices.filter((interfaceIndex) => canBind({ address: '127.0.0.1', interfaceIndex }));
}

/** A random socket, without its state. */
function options(addresses: readonly string[]): fc.Arbitrary<WantedBind & Omit<Plan, 'kind' | 'turn' | 'overIPv4'>> {
  const uid = fc.constantFrom(...UIDS);
  return fc
    .record({
      address: fc.constantFrom(...addresses),
      v6only: fc.boolean(),
      reuseaddr: fc.boolean(),
      reuseport: fc.boolean(),
      uid,
      acceptUid: uid,
      interfaceIndex: fc.constantFrom(0, 0, 0, 0, 0, ...devices()),
    })
    .map(({ v6only, interfaceIndex, ...rest }) => ({
      ...rest,
      v6only: v6only && rest.address.includes(':') && !rest.address.startsWith('::ffff:'), // else EINVAL
      interfaceIndex: rest.address === '::1' ? Math.min(interfaceIndex, LOOPBACK) : interfaceIndex, // else EADDRNOTAVAIL
    }));
}

function plans(kinds: readonly Kind[], addresses: readonly string[]): fc.Arbitrary<Plan[]> {
  const plan = fc
    .record({
      place: options(addresses),
      kind: fc.constantFrom(...kinds),
      overIPv4: fc.boolean(),
      turn: fc.constantFrom<Plan['turn']>('none', 'none', 'none', 'none', 'reuseaddr', 'reuseport on'),
    })
    .map(({ place, ...rest }) => {
      const connects = !['bound', 'listening', 'shut down', 'udp'].includes(rest.kind);
      const acceptUid = rest.turn === 'none' ? place.acceptUid : place.uid;
      const interfaceIndex = connects ? Math.min(place.interfaceIndex, LOOPBACK) : place.interfaceIndex;
      return { ...place, ...rest, interfaceIndex, acceptUid };
    });
  return fc.array(plan, { minLength: 1, maxLength: 3 });
}

/** Sockets, and the binds to try beside them. */
interface Case {
  plans: Plan[];
  wanted: WantedBind[];
}

function cases(): fc.Arbitrary<Case> {
  const existing = BOTH.filter((address) => canBind({ address }));
  const addresses = WANTED.filter((address) => canBind({ address }));
  const make = (kinds: readonly Kind[], protocol: 'tcp' | 'udp'): fc.Arbitrary<Case> => {
    const bind = fc
      .record({ place: options(addresses), listen: fc.boolean() })
      .map(({ place, listen }) => ({ ...place, protocol, listen: listen && protocol === 'tcp' }));
    return fc.record({ plans: plans(kinds, existing), wanted: fc.array(bind, { minLength: 20, maxLength: 20 }) });
  };
  return fc.oneof({ arbitrary: make(TCP, 'tcp'), weight: 4 }, { arbitrary: make(UDP, 'udp'), weight: 1 });
}

/** Runs cases, and counts. */
export class LiveRule {
  /** Binds that the kernel answered, those that made the sockets too. */
  binds = 0;
  /** How often the rule said what. */
  readonly results = { ok: 0, EADDRINUSE: 0, unknown: 0 };
  /** Disagreements that did not come again. */
  unsettled = 0;

  /** Runs so many cases. Where the rule and the kernel disagree, the case is shrunk, and told. */
  check(numRuns: number, seed: number, untilMs = Infinity): string | null {
    const property = fc.property(cases(), (one) => {
      if (performance.now() > untilMs) return;
      const disagreement = this.#disagreement(one);
      if (disagreement !== null) throw new Error(disagreement);
    });
    const { failed, counterexamplePath, errorInstance } = fc.check(property, { numRuns, seed });
    return failed ? `seed ${String(seed)}, path ${String(counterexamplePath)}\n${String(errorInstance)}` : null;
  }

  #disagreement(one: Case): string | null {
    for (let time = 1; ; time++) {
      const found = this.#once(one);
      if (found === null || time === TIMES) return found;
      this.unsettled++;
    }
  }

  #once({ plans: planned, wanted }: Case): string | null {
    let sockets = new LiveSockets(freePort(), planned);
    try {
      for (const { before, wanted: bind, result } of sockets.binds) {
        const found = this.#compare(before, bind, result);
        if (found !== null) return found;
      }
      let remembers = false;
      for (const bind of wanted) {
        if (sockets.remembersOneGone && bind.reuseport === true) continue;
        if (remembers && bind.reuseport === true) {
          // The kernel remembers the last bind with SO_REUSEPORT, though it is closed: see explainBind.
          sockets.close();
          sockets = new LiveSockets(freePort(), planned);
        }
        const here = { ...bind, port: sockets.port };
        const { result, at } = tryBind(here);
        const found = this.#compare(sockets.existing, here, result);
        if (found !== null) return found;
        if (result === 'ok' || at === 'listen') remembers = bind.reuseport === true; // it was bound
      }
      return null;
    } finally {
      sockets.close();
    }
  }

  #compare(existing: readonly ExistingSocket[], wanted: WantedBind, result: string): string | null {
    const explained = explainBind(existing, wanted);
    this.binds++;
    this.results[explained.result]++;
    if (explained.result !== 'unknown' && explained.result !== result) {
      return disagreement(existing, wanted, result, explained);
    }
    return this.#hidden(existing, wanted, explained);
  }

  /** What is not told makes the answer unknown, or leaves it. */
  #hidden(existing: readonly ExistingSocket[], wanted: WantedBind, explained: BindExplanation): string | null {
    const [field, index] = [HIDDEN[this.binds % HIDDEN.length] as Hidden, this.binds % Math.max(existing.length, 1)];
    const less = existing.map((socket, at) => {
      if (at !== index) return socket;
      const rest = { ...socket };
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- one of six fields
      delete rest[field];
      return rest;
    });
    const { result } = explainBind(less, wanted);
    if (result === explained.result || result === 'unknown') return null;
    return `without ${field}: ${disagreement(less, wanted, result, explained)}`;
  }
}

type Hidden = (typeof HIDDEN)[number];
const HIDDEN = ['reuseaddr', 'reuseport', 'v6only', 'uid', 'interfaceIndex', 'orphan', 'port'] as const;

function disagreement(
  existing: readonly ExistingSocket[],
  wanted: WantedBind,
  result: string,
  explained: BindExplanation,
): string {
  const sockets = existing.map((socket) => `  there: ${JSON.stringify(socket)}`).join('\n');
  return `the kernel: ${result}, the rule: ${explained.result} (${explained.because})\n${sockets}\n  new: ${JSON.stringify(wanted)}`;
}

/** A port that nobody has, on any address. */
export function freePort(): number {
  for (let left = 1000; left > 0; left--) {
    const port = FIRST_PORT + Math.trunc(Math.random() * (LAST_PORT - FIRST_PORT));
    const everywhere = { address: canHaveIPv6 ? '::' : '0.0.0.0', port };
    if (tryBind(everywhere).result === 'ok' && tryBind({ ...everywhere, protocol: 'udp' }).result === 'ok') return port;
  }
  throw new Error('no free port');
}

const canHaveIPv6 = process.platform === 'linux' && canBind({ address: '::1' });

/** A case of serving many, round by round; everybody plays in each round, and another one begins each time. */
import { spread, type Spread } from '../statistics.js';
import type { Goal, ServedCase } from './case.js';
import {
  ServedPlayer,
  type Conditions,
  type Percentile,
  type PlayedRound,
  type PresentServer,
  type Round,
} from './run.js';
import type { Server, ServerName } from './servers.js';

/** One server in one case. */
export interface ServedStanding {
  readonly server: ServerName;
  /** Messages for each CPU second of the server, and that as a part of the first server's in the same round. */
  readonly perCpuSecond: Spread;
  readonly ofFirst: Spread;
  /** Messages by the clock, and that as a part of the first server's. */
  readonly perSecond: Spread;
  readonly perSecondOfFirst: Spread;
  /** How busy the load generator was: near 1 it is the limit by the clock. */
  readonly loadBusy: number;
  /** Datagrams without an answer, in all rounds. */
  readonly lost: number;
  /** How long an answer took, in microseconds, and p99 as a part of the first server's; undefined where none is noted. */
  readonly latency: (Readonly<Record<Percentile, Spread>> & { readonly p99OfFirst: Spread }) | undefined;
}

/** A goal, and what was reached; null where the other one did not play. */
export interface Verdict extends Omit<Goal, 'server' | 'least'> {
  readonly server: ServerName;
  readonly least: number;
  readonly reached: number | null;
  readonly met: boolean | null;
}

/** A case: a part of the table. */
export interface ServedComparison {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly date: string;
  readonly rounds: number;
  /** The part of the time in which other programs were on the first server's core. */
  readonly disturbed: number;
  readonly standings: readonly ServedStanding[];
  /** Who did not play, and why. */
  readonly absent: Readonly<Partial<Record<ServerName, string>>>;
  readonly verdicts: readonly Verdict[];
}

/** How a case is run: everybody is started `starts` times, and plays `rounds` rounds each time. */
export interface ServedPlan extends Conditions {
  readonly starts: number;
  readonly rounds: number;
  readonly progress: (text: string) => void;
}

type Servers = Readonly<Record<ServerName, Server>>;
type Rounds = Map<ServerName, PlayedRound[]>;
type Absent = Partial<Record<ServerName, string>>;

/**
 * Runs `what` with `names` of its servers.
 * @param before the cases that have been run, for goals that compare with them
 */
export async function compareServed(
  what: ServedCase,
  names: readonly ServerName[],
  servers: Servers,
  plan: ServedPlan,
  before: readonly ServedComparison[],
): Promise<ServedComparison> {
  const rounds: Rounds = new Map(names.map((name) => [name, []]));
  const absent: Absent = {};
  for (let start = 0; start < plan.starts; start++) {
    const players = await startAll(what, names, servers, plan, absent);
    try {
      await playRounds(what, players, rounds, start, plan, absent);
    } finally {
      for (const player of players.values()) await player.end();
    }
  }
  for (const name of Object.keys(absent)) rounds.set(name as ServerName, []);
  const standings = names.filter((name) => !(name in absent)).map((name) => stand(name, names, rounds));
  return {
    name: what.name,
    title: what.title,
    unit: what.unit,
    date: new Date().toISOString(),
    rounds: plan.starts * plan.rounds,
    disturbed: what.core === 0 ? 0 : middle((rounds.get(names[0] ?? 'c') ?? []).map(({ waited }) => waited)),
    standings,
    absent,
    verdicts: what.goals.map((goal) => judge(goal, rounds, before)).filter((verdict) => verdict !== undefined),
  };
}

async function startAll(
  what: ServedCase,
  names: readonly ServerName[],
  servers: Servers,
  plan: ServedPlan,
  absent: Absent,
): Promise<Map<ServerName, ServedPlayer>> {
  const players = new Map<ServerName, ServedPlayer>();
  try {
    for (const name of names) {
      const server = servers[name];
      if ('absent' in server) absent[name] = server.absent;
      if (name in absent) continue;
      plan.progress(`${what.name}: ${name} warms up`);
      try {
        players.set(name, await ServedPlayer.start(what, server as PresentServer, plan));
      } catch (error) {
        absent[name] = `failed when it was started: ${(error as Error).message}`;
      }
    }
    return players;
  } catch (error) {
    for (const player of players.values()) await player.end();
    throw error;
  }
}

async function playRounds(
  what: ServedCase,
  players: Map<ServerName, ServedPlayer>,
  rounds: Rounds,
  start: number,
  plan: ServedPlan,
  absent: Absent,
): Promise<void> {
  for (let round = start * plan.rounds; round < (start + 1) * plan.rounds; round++) {
    const all = [...players];
    const first = round % Math.max(all.length, 1);
    for (const [name, player] of [...all.slice(first), ...all.slice(0, first)]) {
      plan.progress(`${what.name}: ${String(round + 1)} of ${String(plan.starts * plan.rounds)}, ${name}`);
      try {
        rounds.get(name)?.push(await player.round());
      } catch (error) {
        absent[name] = `failed while it was measured: ${(error as Error).message}`;
        players.delete(name);
        await player.end();
      }
    }
  }
}

const perCpuSecond = ({ messages, serverCpuSeconds }: Round): number => messages / serverCpuSeconds;
const perSecond = ({ messages, seconds }: Round): number => messages / seconds;

/** Round by round, what part of `others` is `own`? */
function parts(own: readonly Round[], others: readonly Round[], rate: (round: Round) => number): number[] {
  return own.flatMap((round, i) => {
    const other = others[i];
    return other ? [rate(round) / rate(other)] : [];
  });
}

const middle = (values: readonly number[]): number => (values.length === 0 ? 0 : spread(values).median);

function stand(name: ServerName, names: readonly ServerName[], rounds: Rounds): ServedStanding {
  const own = rounds.get(name) ?? [];
  const first = rounds.get(names[0] ?? name) ?? [];
  return {
    server: name,
    perCpuSecond: spread(own.map(perCpuSecond)),
    ofFirst: spread(parts(own, first, perCpuSecond)),
    perSecond: spread(own.map(perSecond)),
    perSecondOfFirst: spread(parts(own, first, perSecond)),
    loadBusy: middle(own.map(({ seconds, loadCpuSeconds }) => loadCpuSeconds / seconds)),
    lost: own.reduce((sum, { lost }) => sum + lost, 0),
    latency: latencyOf(own, first),
  };
}

function latencyOf(own: readonly Round[], first: readonly Round[]): ServedStanding['latency'] {
  if (own.every(({ latencyNs }) => latencyNs.p50 === 0)) return undefined;
  const microseconds = (which: Percentile): Spread => spread(own.map(({ latencyNs }) => latencyNs[which] / 1000));
  const p99OfFirst = spread(parts(own, first, ({ latencyNs }) => latencyNs.p99));
  return { p50: microseconds('p50'), p99: microseconds('p99'), p999: microseconds('p999'), p99OfFirst };
}

/** Undefined where it cannot be said: one of the two was not asked to play, or ours did not. */
function judge(goal: Goal, rounds: Rounds, before: readonly ServedComparison[]): Verdict | undefined {
  const server = goal.server === 'default' ? (rounds.has('ours-uring') ? 'ours-uring' : 'ours') : goal.server;
  const own = rounds.get(server);
  const other = rounds.get(goal.of);
  if (!own || !other || own.length === 0) return undefined;
  const least = typeof goal.least === 'number' ? goal.least : ofFirstIn(before, goal.least, server);
  if (least === undefined) return undefined;
  const shares = parts(own, other, perCpuSecond);
  if (shares.length === 0) return { ...goal, server, least, reached: null, met: null };
  const reached = spread(shares).median;
  return { ...goal, server, least, reached, met: reached >= least };
}

function ofFirstIn(before: readonly ServedComparison[], name: string, server: ServerName): number | undefined {
  const standings = before.find((one) => one.name === name)?.standings;
  return standings?.find((one) => one.server === server)?.ofFirst.median;
}

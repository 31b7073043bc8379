/** A case, round by round: A B C, A B C … so that what disturbs the machine disturbs everybody. */
import type { Case, Goal, Metric } from './cases/case.js';
import { C, OURS, type Contestant, type ContestantName } from './contestants.js';
import type { Network } from './network.js';
import { Player, type Duration, type Measured } from './run.js';
import { spread, type Spread } from './statistics.js';

/** One contestant in one metric. */
export interface Standing {
  readonly contestant: ContestantName;
  /** Nanoseconds for one operation, by the clock or of CPU time. */
  readonly ns: Spread;
  /** Its rate as a part of C's in the same round. */
  readonly rate: Spread;
}

/** A case in one metric: a part of the table. */
export interface Comparison {
  readonly name: string;
  readonly title: string;
  readonly metric: Metric;
  readonly goal: Goal | null;
  /** Null where there is no goal. */
  readonly met: boolean | null;
  readonly standings: readonly Standing[];
  readonly note?: string;
}

/** How a case is run: everybody's processes are started `sets` times, and play `rounds` rounds each time. */
export interface Plan {
  readonly sets: number;
  readonly rounds: number;
  readonly duration: Duration;
  readonly network: Network;
  readonly progress: (text: string) => void;
  readonly say: (line: string) => void;
}

type Rounds = Map<ContestantName, Measured[]>;
type Contestants = Readonly<Record<ContestantName, Contestant>>;

/** Runs `what`; `progress` is told where it is, `say` of a peer that has to be left out. */
export async function compare(what: Case, contestants: Contestants, plan: Plan): Promise<Comparison[]> {
  const measured: Rounds = new Map();
  for (let set = 1; set <= plan.sets; set++) {
    const players = await startAll(what, contestants, plan);
    try {
      await playRounds(players, measured, plan, (round, name) => {
        plan.progress(
          `${what.name}: ${String(round + (set - 1) * plan.rounds)} of ${String(plan.sets * plan.rounds)}, ${name}`,
        );
      });
    } finally {
      for (const player of players.values()) await player.end();
    }
  }
  const metrics = Object.entries(what.metrics) as [Metric, Goal | null][];
  return metrics.map(([metric, goal]) => evaluate(what, metric, goal, measured));
}

type Players = Map<ContestantName, Player>;

async function startAll(what: Case, contestants: Contestants, plan: Plan): Promise<Players> {
  const { progress, say } = plan;
  const players: Players = new Map();
  for (const name of [C, OURS, ...what.peers] as const) {
    const contestant = contestants[name];
    if ('absent' in contestant) continue;
    progress(`${what.name}: ${name} warms up`);
    try {
      players.set(name, await Player.start(what, name, contestant.command, plan));
    } catch (error) {
      if (name === C || name === OURS) throw error;
      say(`${what.name}: without ${name}, which failed`);
    }
  }
  return players;
}

async function playRounds(
  players: Players,
  measured: Rounds,
  { rounds }: Plan,
  progress: (round: number, name: string) => void,
): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    for (const [name, player] of players) {
      progress(round, name);
      const own = measured.get(name) ?? [];
      own.push(await player.round());
      measured.set(name, own);
    }
  }
}

function evaluate({ name, title, note }: Case, metric: Metric, goal: Goal | null, rounds: Rounds): Comparison {
  const perOp = ({ ops, wallNs, cpuNs }: Measured): number => (metric === 'wall' ? wallNs : cpuNs) / ops;
  const reference = (rounds.get(C) ?? []).map(perOp);
  const standings = [...rounds].map(([contestant, measured]) => {
    const ns = measured.map(perOp);
    return { contestant, ns: spread(ns), rate: spread(ns.map((own, i) => (reference[i] ?? NaN) / own)) };
  });
  return { name, title, metric, goal, met: goal && isMet(goal, standings), standings, ...(note && { note }) };
}

/** A peer that is not here cannot be in front. */
function isMet(goal: Goal, standings: readonly Standing[]): boolean {
  const rateOf = (name: ContestantName): number | undefined =>
    standings.find(({ contestant }) => contestant === name)?.rate.median;
  const ours = rateOf(OURS) ?? 0;
  return ours >= goal.rate && (goal.aheadOf ?? []).every((peer) => ours > (rateOf(peer) ?? 0));
}

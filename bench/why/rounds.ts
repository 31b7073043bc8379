/** What the case `why` measures, and how its process is started. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../paths.js';
import { Program } from '../process.js';
import { spread, type Spread } from '../statistics.js';

/** Who is timed. */
export const NAMES = ['ss', 'api', 'cli', 'node'] as const;
export type Name = (typeof NAMES)[number];

/** The port that is asked about: that of the TIME_WAITs, or one that nobody has. */
export const PORTS = ['crowded', 'empty'] as const;
export type Port = (typeof PORTS)[number];

/** Everybody's time once, one after the other. */
export interface Round {
  /** How many sockets our API listed. */
  readonly seen: number;
  readonly ms: Readonly<Record<Name, number>>;
}

/** One of those who are timed. */
export interface WhyStanding {
  readonly name: Name;
  readonly ms: Spread;
  /** Its time as a multiple of ss's in the same round. */
  readonly ofSs: Spread;
}

/** A port's part of the table. */
export interface WhyComparison {
  readonly port: Port;
  readonly standings: readonly WhyStanding[];
  readonly verdicts: readonly { name: Name; most: number; reached: number; met: boolean }[];
}

export const WHY_CASE = {
  name: 'why',
  title: 'who has a port, with 30,000 TIME_WAITs about, beside ss with the same filter',
  timeWaits: 30_000,
  /** Our time shall be at most so many times that of ss. */
  goals: [
    { name: 'api', most: 2 },
    { name: 'cli', most: 2 },
  ],
} as const;

/** For each line of the process. */
const LIMIT_MS = 60_000;

/** Why the case cannot be played here; undefined: it can. */
export function whyNotHere(): string | undefined {
  if (process.platform !== 'linux') return 'the kernel of this system has no list of its sockets';
  return spawnSync('ss', ['-V']).status === 0 ? undefined : 'ss is not here (Debian: apt-get install iproute2)';
}

/** What ss says it is. */
export const versionOfSs = (): string => spawnSync('ss', ['-V'], { encoding: 'utf8' }).stdout.trim();

/** Plays the rounds, in a process of their own. */
export async function playRounds(
  rounds: number,
  namespace: readonly string[],
  progress: (text: string) => void,
): Promise<Record<Port, Round>[]> {
  const program = join(ROOT, 'dist/bench/why/program.js');
  const where = namespace.length > 0 ? 'namespace' : 'here';
  const args = [process.execPath, program, String(WHY_CASE.timeWaits), String(rounds), where];
  const player = new Program(undefined, [...namespace, ...args], LIMIT_MS);
  const played: Record<Port, Round>[] = [];
  try {
    progress('why: makes the TIME_WAITs');
    await player.line();
    for (;;) {
      progress(`why: ${String(played.length + 1)} of ${String(rounds)}`);
      const line = (await player.line()) as Record<Port, Round> | { over: true };
      if ('over' in line) return played;
      played.push(line);
    }
  } finally {
    await player.end();
  }
}

/** Makes of the rounds what is shown. Pure. @throws Error where the kernel kept fewer TIME_WAITs */
export function evaluateRounds(played: readonly Record<Port, Round>[]): WhyComparison[] {
  return PORTS.map((port) => {
    const rounds = played.map((round) => round[port]);
    const least = Math.min(...rounds.map(({ seen }) => seen));
    if (port === 'crowded' && least < WHY_CASE.timeWaits) {
      throw new Error(`only ${String(least)} sockets were on the port: see net.ipv4.tcp_max_tw_buckets`);
    }
    const standings = NAMES.map((name) => ({
      name,
      ms: spread(rounds.map(({ ms }) => ms[name])),
      ofSs: spread(rounds.map(({ ms }) => ms[name] / ms.ss)),
    }));
    const verdicts = WHY_CASE.goals.map((goal) => {
      const reached = standings.find(({ name }) => name === goal.name)?.ofSs.median ?? NaN;
      return { ...goal, reached, met: reached <= goal.most };
    });
    return { port, standings, verdicts };
  });
}

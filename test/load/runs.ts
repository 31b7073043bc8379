/** The runs of `npm run test:load`, at their full size: what each prints, and what is wrong. */
import { isDeepStrictEqual } from 'node:util';
import type { BackPressure } from './back-pressure.js';
import { fairness, FLOODS } from './fairness.js';
import { CLIENTS, flood, possibleConnections } from './flood.js';
import { allEqual, integrity, type IntegrityOptions } from './integrity.js';
import { FIRST_ADDRESS, whyNoLossyLink, withLossyLink } from './lossy-link.js';
import { rssTells } from '../support/usage.js';
import { Peer } from './peer.js';
import type { WorkerEchoes } from './worker-echoes.js';

/** What has come of a run. */
export interface Outcome {
  /** The figures. */
  figures: object;
  /** What was wrong: nothing, it should be. */
  wrong: string[];
}

/** A run. */
export interface Run {
  about: string;
  /** Why it cannot run here; `''` where it can. */
  whyNot: () => string;
  run: (progress: (text: string) => void) => Promise<Outcome>;
}

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** The most that memory may grow while a GiB is sent: sockets' buffers are the kernel's. */
const MOST_GROWTH_MIB = 64;
/** The most calls of a busy connection between a question on a quiet one and its answer. */
export const MOST_BETWEEN = 1000;
/** Two of a hundred packets are lost, two overtaken, two come twice. */
export const BAD = { loss: 20, reorder: 20, duplicate: 20 };

const linuxOnly = (): string => (process.platform === 'linux' ? '' : 'Linux only');
const never = (): string => '';

function check(figures: object, wrong: Record<string, boolean>): Outcome {
  return { figures, wrong: Object.keys(wrong).filter((what) => wrong[what]) };
}

async function runFlood(): Promise<Outcome> {
  const connections = possibleConnections(20_000);
  const result = await flood({ connections, backlog: 4096, limitMs: 180_000 });
  return check(
    { connections, processes: CLIENTS, ...result },
    {
      'not all were answered': result.clients.answered !== connections,
      'not all were served': result.server.served !== connections,
      'the backlog did not overflow': result.overflows === 0,
    },
  );
}

/** Sends so much to a slow reader. */
export async function backPressure(mib: number, progress: (text: string) => void): Promise<BackPressure> {
  await using peer = new Peer('back-pressure', [mib], { limitMs: 60_000, node: ['--expose-gc'] });
  for (;;) {
    const said = await peer.said<BackPressure | { doneMiB: number }>();
    if ('growthMiB' in said) return said;
    progress(`${String(said.doneMiB)} MiB`);
  }
}

/** What memory grew too much. */
export function tooMuch({ growthMiB }: BackPressure): string[] {
  const { rss, ...others } = growthMiB;
  const told = Object.entries(rssTells ? { rss, ...others } : others);
  return told.filter(([, mib]) => mib > MOST_GROWTH_MIB).map(([name, mib]) => `${name} by ${mib.toFixed(0)} MiB`);
}

async function runBackPressure(progress: (text: string) => void): Promise<Outcome> {
  const result = await backPressure(GIB / MIB, progress);
  const grown = tooMuch(result);
  return check(result, {
    'not all came': result.receivedMiB !== GIB / MIB || result.sentMiB !== GIB / MIB,
    [`memory grew: ${grown.join(', ')}`]: grown.length > 0,
  });
}

/** How much a run of {@link integrity} moves, each way. */
export function amount(bytes: number, connections: number, limitMs: number): IntegrityOptions {
  return { connections, bytesEach: Math.ceil(bytes / connections), seed: Date.now() % 1_000_000, limitMs };
}

async function runIntegrity(): Promise<Outcome> {
  const options = amount(GIB, 100, 300_000);
  const result = await integrity(options);
  const wrong = { 'not all bytes are equal': !isDeepStrictEqual(result, allEqual(options)) };
  return check({ seed: options.seed, ...result }, wrong);
}

/** {@link integrity} over a bad line. */
export async function overBadLine(options: IntegrityOptions) {
  return withLossyLink(BAD, options.seed, async (networks) => ({
    result: await integrity({ ...options, networks, address: FIRST_ADDRESS }),
  }));
}

async function runBadLine(): Promise<Outcome> {
  const options = amount(GIB, 100, 900_000);
  const { result, line } = await overBadLine(options);
  return check(
    { seed: options.seed, ...result, line },
    {
      'not all bytes are equal': !isDeepStrictEqual(result, allEqual(options)),
      'the line was not bad': Math.min(line.lost, line.reordered, line.duplicated) === 0,
    },
  );
}

/** Terminates workers that echo, so many times. */
export async function workerEchoes(rounds: number, progress: (text: string) => void): Promise<WorkerEchoes> {
  await using peer = new Peer('worker-echoes', [rounds], { limitMs: 60_000 });
  for (;;) {
    const said = await peer.said<WorkerEchoes | { done: number }>();
    if ('echoes' in said) {
      await peer.finished();
      return said;
    }
    progress(`${String(said.done)} of ${String(rounds)} rounds`);
  }
}

async function runWorkers(progress: (text: string) => void): Promise<Outcome> {
  const result = await workerEchoes(100, progress);
  return check(result, {
    'descriptors were left open': result.after.fds !== result.before.fds,
    'threads were left': result.after.threads !== result.before.threads,
  });
}

async function runFairness(progress: (text: string) => void): Promise<Outcome> {
  const results = [];
  for (const kind of FLOODS) {
    progress(kind);
    results.push({ kind, ...(await fairness(kind, 50, 1000, 60_000)) });
  }
  return check(results, { 'one starved the others': results.some(({ mostBetween }) => mostBetween > MOST_BETWEEN) });
}

/** All of them, by name. */
export const RUNS: Record<string, Run> = {
  flood: { about: '20,000 connections at once, the backlog overflowing', whyNot: linuxOnly, run: runFlood },
  'back-pressure': { about: 'sendAll of 1 GiB to a slow reader: memory', whyNot: never, run: runBackPressure },
  integrity: { about: '1 GiB each way over 100 connections at once: SHA-256', whyNot: never, run: runIntegrity },
  'bad-line': {
    about: '1 GiB each way over a line that loses, reorders and doubles 2 % (root)',
    whyNot: whyNoLossyLink,
    run: runBadLine,
  },
  workers: { about: '8 workers that echo, terminated in the middle, 100 times', whyNot: linuxOnly, run: runWorkers },
  fairness: { about: 'one busy connection and 50 quiet ones', whyNot: never, run: runFairness },
};

/** The comparison: the example programs, run and started again, with SO_REUSEADDR off and on. */
import { release, type } from 'node:os';
import { CompareFailed, type Comparison, type Flag, type Run } from './comparison.js';
import { HOST, readEvidence, requireFree } from './probe.js';
import { Programs, RUN_PROGRAM, type Program } from './programs.js';
import { Sampler } from './sampler.js';
import { clockMs, toTimeline } from './timeline.js';

const CASES: readonly (readonly [first: Flag, second: Flag])[] = [
  ['off', 'off'],
  ['off', 'on'],
  ['on', 'off'],
  ['on', 'on'],
];

/** The highest port that the first run can have: each run has one of its own. */
export const HIGHEST_PORT = 65536 - CASES.length;

/** So often a run is made until its TIME_WAIT is seen. */
const MOST_ATTEMPTS = 3;

/** All four runs take about a second; where this passes, something hangs. */
const LIMIT_MS = 30_000;

export interface CompareOptions {
  /** The ports are this one and the three after it; 0, or left out: the kernel chooses free ones. */
  port?: number;
  /** Stops everything; the comparison then rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Called at the start and when a run is over: how many of how many are. */
  onProgress?: (done: number, total: number) => void;
  /** Record the timelines? It slows the programs down a little; false where left out. */
  record?: boolean;
  /** What runs in the processes: tests have programs of their own. */
  module?: string;
}

/**
 * Runs the server and the client, then the server again, four times side by side. Each program is a process; all
 * of them have ended when this settles, and nothing listens any more.
 *
 * @throws CompareFailed where a port is taken or not allowed, or a program fails that should not
 */
export async function compare(options: CompareOptions = {}): Promise<Comparison> {
  const { port = 0, onProgress, record = false, module = RUN_PROGRAM } = options;
  const signals = [AbortSignal.timeout(LIMIT_MS), ...(options.signal ? [options.signal] : [])];
  const signal = AbortSignal.any(signals);
  signal.throwIfAborted();
  const ports = CASES.map((_, index) => (port === 0 ? 0 : port + index));
  if (port !== 0) ports.forEach(requireFree);
  const programs = new Programs(module);
  const sampler = record ? new Sampler() : undefined;
  const stop = (): void => void programs.stop();
  signal.addEventListener('abort', stop, { once: true });
  let done = 0;
  onProgress?.(done, CASES.length);
  try {
    const all = CASES.map(async (flags, index) => {
      const run = await runSeen(programs, sampler, ...flags, ports[index] ?? 0);
      onProgress?.(++done, CASES.length);
      return run;
    });
    return found(await Promise.all(all));
  } catch (error) {
    options.signal?.throwIfAborted();
    if (signal.aborted) throw new CompareFailed(`The programs had not ended after ${String(LIMIT_MS / 1000)} s.`);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    sampler?.stop();
    await programs.stop();
  }
}

interface Measured extends Run {
  readonly error?: string;
}

function found(runs: readonly Measured[]): Comparison {
  const error = runs.find((run) => run.error !== undefined)?.error;
  return {
    platform: process.platform,
    system: type(),
    kernel: release(),
    runs,
    ...(error === undefined ? {} : { evidenceError: error }),
  };
}

/** A run whose TIME_WAIT was not seen says nothing of the flag: it is made again, where another port can be had. */
async function runSeen(
  programs: Programs,
  sampler: Sampler | undefined,
  first: Flag,
  second: Flag,
  wanted: number,
): Promise<Measured> {
  for (let attempt = 1; ; attempt++) {
    const run = await runCase(programs, sampler, first, second, wanted);
    const seen = run.error !== undefined || run.evidence.some(({ state }) => state === 'TIME_WAIT');
    if (seen || wanted !== 0 || attempt === MOST_ATTEMPTS) return run;
  }
}

/** The server serves one client and ends, closing first; then it is started again. */
async function runCase(
  programs: Programs,
  sampler: Sampler | undefined,
  first: Flag,
  second: Flag,
  wanted: number,
): Promise<Measured> {
  const record = sampler !== undefined;
  const before = programs.start({ program: 'server', host: HOST, port: wanted, reuse: first === 'on', record });
  const port = await listening(before, wanted);
  sampler?.watch(port);
  const client = programs.start({ program: 'client', host: HOST, port, record });
  await serveOne(before, client);

  const restart = programs.start({ program: 'server', host: HOST, port, reuse: second === 'on', record });
  const said = await restart.says();
  const startMs = clockMs();
  const { sockets, error } = readEvidence(port);
  const readAtMs = performance.now();
  const last = error === undefined ? [{ startMs, endMs: clockMs(), sockets }] : [];
  const samples = sampler && [...sampler.samplesOf(port), ...last];
  await restart.stop('SIGTERM');
  const result = said.event === 'failed' ? said.code : 'ok';
  // The restart's own listener is no evidence of what was there before it.
  const evidence = result === 'ok' ? sockets.filter(({ state }) => state !== 'LISTEN') : sockets;
  const recordings = new Map([
    ['first run', before.recording()],
    ['client', client.recording()],
    ['restart', restart.recording()],
  ] as const);
  const timeline = samples && { timeline: toTimeline(recordings, samples) };
  return { first, second, port, result, evidence, readAtMs, ...timeline, ...(error === undefined ? {} : { error }) };
}

/** The server serves the client and ends; only then does the client close, so that TIME_WAIT is the server's. */
async function serveOne(server: Program, client: Program): Promise<void> {
  const [served, answered] = [server.succeeds(), client.succeeds()];
  await Promise.race([served, answered]);
  client.release();
  await Promise.all([served, answered]);
}

/** The port on which the first server listens. */
async function listening(server: Program, wanted: number): Promise<number> {
  const said = await server.says();
  if (said.event === 'listening') return said.port;
  if (wanted !== 0) requireFree(wanted); // it says who holds it
  throw new CompareFailed(
    said.event === 'failed' ? `The server failed: ${said.message}.` : 'The server did not listen.',
  );
}

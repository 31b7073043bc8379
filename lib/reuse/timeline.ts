/** What happened on a server's port, moment by moment. Data, and how it is put together. Pure. */
import type { TcpSocket } from '../doctor/kernel/observe.js';

/** Who made a call. */
export type Actor = 'first run' | 'client' | 'restart';

/** Which socket: the one that the program made, or the one that accept(2) returned or connect(2) connected. */
export type SocketRole = 'listener' | 'connection';

/** A system call of a program. */
export interface Call {
  readonly actor: Actor;
  /** `'bind'` */
  readonly name: string;
  /** The option of setsockopt(2): `'SO_REUSEADDR'`. */
  readonly option?: string;
  readonly socket: SocketRole;
  readonly startMs: number;
  readonly endMs: number;
  /** `'ok'` or the error's name: `'EADDRINUSE'`. */
  readonly result: string;
}

/** A state of one of the server's sockets, from the first to the last time that the kernel was asked and named it. */
export interface StateSpan {
  readonly socket: SocketRole;
  /** As the kernel names it: `'TIME_WAIT'`. */
  readonly state: string;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Both runs of the server and its client. All times are milliseconds since the first call. */
export interface Timeline {
  readonly calls: readonly Call[];
  readonly states: readonly StateSpan[];
  /** How often the list of sockets was read meanwhile, and how long it was from one reading to the next on average. */
  readonly samples: number;
  readonly sampleEveryMs: number | null;
}

/** What a program writes down about itself; the times are those of {@link clockMs}. */
export interface Recording {
  readonly calls: readonly Omit<Call, 'actor'>[];
  /** What the kernel said about the program's own sockets between its calls. */
  readonly seen: readonly Observation[];
}

/** A socket's state at a moment; null: there was no such socket. */
export interface Observation {
  readonly socket: SocketRole;
  readonly state: string | null;
  readonly atMs: number;
}

/** The kernel's list of the sockets on a port. It was read between two moments: nobody can say when exactly. */
export interface Sample {
  readonly startMs: number;
  readonly endMs: number;
  readonly sockets: readonly TcpSocket[];
}

/** What was called, and on what where that is not clear: `'setsockopt SO_REUSEADDR'`, `'close connection'`. */
export function callName({ actor, name, option, socket }: Call): string {
  if (option !== undefined) return `${name} ${option}`;
  return actor === 'first run' && name === 'close' ? `${name} ${socket}` : name;
}

/** A clock that all processes of this machine share, in milliseconds: CLOCK_MONOTONIC of clock_gettime(2). */
export function clockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The timeline of what programs wrote down, and of the samples that were taken meanwhile. */
export function toTimeline(recordings: ReadonlyMap<Actor, Recording>, samples: readonly Sample[]): Timeline {
  const calls = [...recordings]
    .flatMap(([actor, recording]) => recording.calls.map((call): Call => ({ actor, ...call })))
    .sort((a, b) => a.startMs - b.startMs);
  const zeroMs = calls[0]?.startMs ?? samples[0]?.startMs ?? 0;
  const seen = [...recordings.values()].flatMap((recording) => recording.seen);
  const [first, last] = [samples[0], samples.at(-1)];
  return {
    calls: calls.map((call) => ({ ...call, startMs: call.startMs - zeroMs, endMs: call.endMs - zeroMs })),
    states: [
      ...spans('listener', observations('listener', seen, samples, calls), zeroMs),
      ...spans('connection', observations('connection', seen, samples, calls), zeroMs),
    ],
    samples: samples.length,
    sampleEveryMs: first && last && samples.length > 1 ? (last.startMs - first.startMs) / (samples.length - 1) : null,
  };
}

/** What was seen of a socket, in order. */
function observations(
  socket: SocketRole,
  seen: readonly Observation[],
  samples: readonly Sample[],
  calls: readonly Omit<Call, 'actor'>[],
): Observation[] {
  const moments = calls.flatMap(({ startMs, endMs }) => [startMs, endMs]);
  // Was the list read before or after a call that was made meanwhile? Nobody knows, so that reading says nothing.
  const quiet = samples.filter(({ startMs, endMs }) => !moments.some((atMs) => startMs <= atMs && atMs <= endMs));
  const sampled = quiet.flatMap(({ startMs, endMs, sockets }) => {
    const state = sockets.find(({ remote }) => (remote.port === 0) === (socket === 'listener'))?.state ?? null;
    return [startMs, endMs].map((atMs): Observation => ({ socket, state, atMs }));
  });
  return [...seen.filter((observation) => observation.socket === socket), ...sampled].sort((a, b) => a.atMs - b.atMs);
}

function spans(socket: SocketRole, observed: readonly Observation[], zeroMs: number): StateSpan[] {
  const all: { socket: SocketRole; state: string | null; firstMs: number; lastMs: number }[] = [];
  for (const { state, atMs } of observed) {
    const last = all.at(-1);
    if (last?.state === state) last.lastMs = atMs - zeroMs;
    else all.push({ socket, state, firstMs: atMs - zeroMs, lastMs: atMs - zeroMs });
  }
  return all.flatMap(({ state, ...span }) => (state === null ? [] : [{ ...span, state }]));
}

/** What a comparison finds: data only. */
import type { TcpSocket } from '../doctor/kernel/observe.js';
import type { Timeline } from './timeline.js';

/** SO_REUSEADDR in one run of the server. */
export type Flag = 'off' | 'on';

/** A server ran, ended, and was started again: what became of that. */
export interface Run {
  readonly first: Flag;
  readonly second: Flag;
  /** The port of both runs: no other comparison of runs uses it. */
  readonly port: number;
  /** `'ok'`: the restart listened. Otherwise the name of its error, `'EADDRINUSE'`. */
  readonly result: string;
  /** The sockets on the port when the restart had its result, without the restart's own. */
  readonly evidence: readonly TcpSocket[];
  /** When the evidence was read, on the clock of `performance.now()`. */
  readonly readAtMs: number;
  /** What happened when, where that was recorded. */
  readonly timeline?: Timeline;
}

/** The four runs on this machine. */
export interface Comparison {
  /** `process.platform`: `'linux'`. */
  readonly platform: string;
  /** The name of the system, as `uname` gives it: `'Linux'`. */
  readonly system: string;
  /** The kernel's release: `'6.18.0'`. */
  readonly kernel: string;
  /** off/off, off/on, on/off, on/on. */
  readonly runs: readonly Run[];
  /** Why there is no evidence at all: the error's name, where this system has no list to read. */
  readonly evidenceError?: string;
}

/** How the wait for the off/off restart went. */
export interface Waited {
  /** How long TIME_WAIT would last, by the kernel's own word when the restart failed; null where it said nothing. */
  readonly kernelSaidMs: number | null;
  /** How long it was from that moment until a bind succeeded. */
  readonly tookMs: number;
  /** How many times bind was tried. */
  readonly attempts: number;
  /** Each time. */
  readonly tries: readonly Try[];
}

/** One attempt to bind. */
export interface Try {
  /** When it had its result, on the clock of {@link Waited.tookMs}. */
  readonly atMs: number;
  /** `'ok'` or the error's name. */
  readonly result: string;
  /** How long TIME_WAIT would still last, by the kernel's word after the attempt; null where it said nothing. */
  readonly remainingMs: number | null;
}

/** The milliseconds until the kernel drops the last of these sockets by itself; null where it drops none. */
export function remainingMs(sockets: readonly TcpSocket[]): number | null {
  const all = sockets.flatMap(({ expiresInMs }) => expiresInMs ?? []);
  return all.length === 0 ? null : Math.max(...all);
}

/** A comparison that could not be made. The message is for the user: it may have several lines. */
export class CompareFailed extends Error {}
CompareFailed.prototype.name = 'CompareFailed';

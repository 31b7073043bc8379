/**
 * Where things stand in a timeline that runs from top to bottom: its clock is stretched where calls follow each other
 * quickly, so that each has a line of its own, and pressed together where nothing happens. Pure.
 */
import type { Call, Timeline } from '../timeline.js';

/** A part of the timeline: the first run, the client, the restart. */
export interface Phase {
  /** The top of its heading, in pixels. */
  readonly top: number;
  /** How long nothing happened before it. */
  readonly quietMs: number;
}

/** A call on its line. */
export interface Line {
  readonly call: Call;
  /** The middle of the line, in pixels. */
  readonly pixel: number;
}

/** A line that is left empty, so that the four timelines can be laid side by side: a server did not call setsockopt. */
export interface EmptyLine {
  readonly pixel: number;
}

export interface Layout {
  readonly phases: readonly Phase[];
  readonly lines: readonly Line[];
  readonly empty: readonly EmptyLine[];
  /** The clock: at `moments[n]` milliseconds the timeline is at `pixels[n]`. Both rise. */
  readonly moments: readonly number[];
  readonly pixels: readonly number[];
  readonly height: number;
}

export const LINE = 19;
/** A line with two rows of text. */
export const TALL_LINE = 34;
export const HEADING = 26;
const SPACE = 10;
/** Room for the column heads, and for what lasts after the end. */
const TOP = 20;
const BOTTOM = 34;

/** Two moments are never the same, or there would be no clock. */
const SMALLEST_MS = 1e-6;

/** The layouts of timelines that stand side by side: their phases begin at the same height. */
export function layOut(timelines: readonly Timeline[]): Layout[] {
  const all = timelines.map(phasesOf);
  const heights = [0, 1, 2].map((phase) => Math.max(0, ...all.map((phases) => heightOf(phases[phase] ?? []))));
  return timelines.map((timeline, index) => place(timeline, all[index] ?? [], heights));
}

/** The calls of each phase that have a line of their own: all of the server's, of the client's the first and the last. */
function phasesOf({ calls }: Timeline): Call[][] {
  const startOf = (actor: Call['actor']): number => calls.find((call) => call.actor === actor)?.startMs ?? Infinity;
  const [client, restart] = [startOf('client'), startOf('restart')];
  const shown = calls.filter(({ actor, name }) => actor !== 'client' || name === 'connect' || name === 'close');
  return [
    shown.filter(({ startMs }) => startMs < client && startMs < restart),
    shown.filter(({ startMs }) => startMs >= client && startMs < restart),
    shown.filter(({ startMs }) => startMs >= restart),
  ];
}

/** Lines of a phase: a server that does not call setsockopt has an empty one after socket. */
function linesOf(calls: readonly Call[]): { call?: Call; height: number }[] {
  const has = (name: string): boolean => calls.some((call) => call.name === name);
  return calls.flatMap((call) => {
    const line = { call, height: isTall(call) ? TALL_LINE : LINE };
    return call.name === 'socket' && !has('setsockopt') ? [line, { height: TALL_LINE }] : [line];
  });
}

/** Does it need a second row? For the option or the error; and FIN_WAIT's name stands before the client's close. */
function isTall({ actor, name, result }: Call): boolean {
  return name === 'setsockopt' || name === 'bind' || result !== 'ok' || (actor === 'client' && name === 'close');
}

const heightOf = (calls: readonly Call[]): number => linesOf(calls).reduce((sum, { height }) => sum + height, 0);

function place(timeline: Timeline, phases: readonly Call[][], heights: readonly number[]): Layout {
  const stops: { atMs: number; pixel: number }[] = [];
  const placed = { phases: [] as Phase[], lines: [] as Line[], empty: [] as EmptyLine[] };
  let top = TOP;
  let beforeMs = 0;
  phases.forEach((calls, phase) => {
    const startMs = calls[0]?.startMs ?? beforeMs;
    placed.phases.push({ top, quietMs: startMs - beforeMs });
    let pixel = top + HEADING;
    for (const { call, height } of linesOf(calls)) {
      const middle = pixel + height / 2;
      if (call) {
        placed.lines.push({ call, pixel: middle });
        stops.push({ atMs: call.startMs, pixel: middle });
        beforeMs = call.startMs;
      } else placed.empty.push({ pixel: middle });
      pixel += height;
    }
    top += HEADING + (heights[phase] ?? 0) + SPACE;
  });
  const height = top + BOTTOM;
  return { ...placed, ...clock(stops, endOf(timeline), height), height };
}

/** Where calls have no length yet. */
const endOf = ({ calls, states }: Timeline): number =>
  Math.max(0, ...calls.map(({ endMs }) => endMs), ...states.map(({ lastMs }) => lastMs));

function clock(
  stops: readonly { atMs: number; pixel: number }[],
  endMs: number,
  height: number,
): Pick<Layout, 'moments' | 'pixels'> {
  const all = [{ atMs: -1, pixel: 0 }, ...stops, { atMs: endMs, pixel: height - BOTTOM }];
  let last = -Infinity;
  const moments = all.map(({ atMs }) => (last = Math.max(atMs, last + SMALLEST_MS)));
  // What was below the end is there still.
  return { moments: [...moments, last + 1], pixels: [...all.map(({ pixel }) => pixel), height] };
}

/** The moment at a pixel. */
export function momentAt({ moments, pixels }: Pick<Layout, 'moments' | 'pixels'>, pixel: number): number {
  return interpolate(pixels, moments, pixel);
}

/** The pixel of a moment. */
export function pixelAt({ moments, pixels }: Pick<Layout, 'moments' | 'pixels'>, atMs: number): number {
  return interpolate(moments, pixels, atMs);
}

function interpolate(from: readonly number[], to: readonly number[], value: number): number {
  const next = from.findIndex((stop) => stop >= value);
  const index = next === -1 ? from.length - 1 : Math.max(1, next);
  const [x0 = 0, x1 = 0, y0 = 0, y1 = 0] = [from[index - 1], from[index], to[index - 1], to[index]];
  return y0 + ((value - x0) / (x1 - x0)) * (y1 - y0);
}

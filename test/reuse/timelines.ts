/** Made-up timelines. */
import type { Comparison, Waited } from '../../lib/reuse/comparison.js';
import type { Call, Timeline } from '../../lib/reuse/timeline.js';

/** A call of a millisecond. */
export function call(actor: Call['actor'], name: string, startMs: number, more: Partial<Call> = {}): Call {
  return { actor, name, socket: 'listener', startMs, endMs: startMs + 1, result: 'ok', ...more };
}

/** Both runs and a client; `result` is that of the restart's bind. */
export function timeline(result: string): Timeline {
  return {
    calls: [
      call('first run', 'socket', 0),
      call('first run', 'bind', 2),
      call('first run', 'listen', 4),
      call('first run', 'accept', 6, { endMs: 92 }),
      call('client', 'socket', 90, { socket: 'connection' }),
      call('client', 'connect', 91.5, { socket: 'connection' }),
      call('first run', 'close', 94, { socket: 'connection' }),
      call('first run', 'close', 96),
      call('client', 'close', 110, { socket: 'connection' }),
      call('restart', 'socket', 200),
      call('restart', 'setsockopt', 202, { option: 'SO_REUSEADDR' }),
      call('restart', 'bind', 204, { result }),
    ],
    states: [
      { socket: 'listener', state: 'LISTEN', firstMs: 5, lastMs: 95 },
      { socket: 'connection', state: 'ESTABLISHED', firstMs: 93, lastMs: 94 },
      { socket: 'connection', state: 'TIME_WAIT', firstMs: 112, lastMs: 210 },
    ],
    samples: 20,
    sampleEveryMs: 10,
  };
}

/** A comparison with a timeline in each run. */
export function withTimelines({ runs, ...rest }: Comparison): Comparison {
  return { ...rest, runs: runs.map((run) => ({ ...run, timeline: timeline(run.result) })) };
}

/** A wait of a minute, with an attempt each second. */
export const WAITED: Waited = {
  kernelSaidMs: 59_980,
  tookMs: 60_040,
  attempts: 61,
  tries: Array.from({ length: 61 }, (_, index) => ({
    atMs: index === 60 ? 60_040 : index * 1000,
    result: index === 60 ? 'ok' : 'EADDRINUSE',
    remainingMs: index === 60 ? null : 59_980 - index * 1000,
  })),
};

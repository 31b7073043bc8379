import { describe, expect, test } from '@jest/globals';
import { compare } from '../../lib/reuse/compare.js';
import { toTimeline, type Actor, type Recording, type Sample } from '../../lib/reuse/timeline.js';
import { timeWait } from './comparisons.js';
import { call } from './timelines.js';

const onLinux = process.platform === 'linux' ? test : test.skip;
const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';

/** The recordings of a first run that only calls socket at 1000 and bind at 1010. */
function recordings(seen: Recording['seen'] = []): Map<Actor, Recording> {
  const calls = [call('first run', 'bind', 1010), call('first run', 'socket', 1000)];
  return new Map([['first run', { calls, seen }]]);
}

/** A reading of the list that takes two milliseconds. */
function sample(startMs: number, found: boolean): Sample {
  return { startMs, endMs: startMs + 2, sockets: found ? [timeWait(60_000)] : [] };
}

describe('a timeline', () => {
  test('begins with the first call, and has the calls in order', () => {
    const { calls } = toTimeline(recordings(), []);
    expect(calls.map(({ name, startMs, endMs }) => [name, startMs, endMs])).toEqual([
      ['socket', 0, 1],
      ['bind', 10, 11],
    ]);
  });

  test('has a state from the first to the last time that it was seen', () => {
    const samples = [sample(1020, true), sample(1030, true), sample(1040, false), sample(1050, true)];
    expect(toTimeline(recordings(), samples).states).toEqual([
      { socket: 'connection', state: 'TIME_WAIT', firstMs: 20, lastMs: 32 },
      { socket: 'connection', state: 'TIME_WAIT', firstMs: 50, lastMs: 52 },
    ]);
  });

  test('does not believe a reading during which a call was made', () => {
    const samples = [sample(1005, true), sample(1009, false), sample(1020, true)];
    expect(toTimeline(recordings(), samples).states).toEqual([
      { socket: 'connection', state: 'TIME_WAIT', firstMs: 5, lastMs: 22 },
    ]);
  });

  test('has what a program saw of its own sockets', () => {
    const seen = ['CLOSE', 'LISTEN', 'LISTEN'].map((state, index) => ({
      socket: 'listener' as const,
      state,
      atMs: 1002 + index,
    }));
    expect(toTimeline(recordings(seen), []).states).toEqual([
      { socket: 'listener', state: 'CLOSE', firstMs: 2, lastMs: 2 },
      { socket: 'listener', state: 'LISTEN', firstMs: 3, lastMs: 4 },
    ]);
  });

  test('says how often the list was read', () => {
    const { samples, sampleEveryMs } = toTimeline(
      recordings(),
      [1020, 1030, 1040].map((at) => sample(at, true)),
    );
    expect([samples, sampleEveryMs]).toEqual([3, 10]);
    expect(toTimeline(recordings(), []).sampleEveryMs).toBeNull();
  });
});

describe('a comparison that is recorded', () => {
  onLinux(`has every call of the servers, and the states that the kernel named${only}`, async () => {
    const { runs } = await compare({ record: true });
    const serve = ['bind', 'listen', 'accept', 'recv', 'send', 'close', 'close'];
    for (const { first, second, result, evidence, timeline } of runs) {
      const flag = (state: string): string[] => (state === 'on' ? ['setsockopt'] : []);
      const calls = timeline?.calls ?? [];
      const names = (actor: Actor): string[] => calls.filter((made) => made.actor === actor).map(({ name }) => name);
      expect(names('first run')).toEqual(['socket', ...flag(first), ...serve]);
      const ending = result === 'ok' ? ['bind', 'listen'] : ['bind', 'close'];
      expect(names('restart')).toEqual(['socket', ...flag(second), ...ending]);
      expect(names('client')).toEqual(['socket', 'connect', 'send', 'recv', 'close']);
      for (const { startMs, endMs } of calls) expect(endMs).toBeGreaterThanOrEqual(startMs);
      const bind = calls.find(({ actor, name }) => actor === 'restart' && name === 'bind');
      expect(bind?.result).toBe(result);

      const states = timeline?.states ?? [];
      const named = states.map(({ state }) => state);
      expect(evidence).toMatchObject([{ state: 'TIME_WAIT' }]);
      expect(named).toEqual(expect.arrayContaining(['LISTEN', 'ESTABLISHED', 'TIME_WAIT']));
      expect(named.filter((state) => state === 'LISTEN')).toHaveLength(result === 'ok' ? 2 : 1);
      const wait = states.find(({ state }) => state === 'TIME_WAIT');
      expect(wait?.lastMs).toBeGreaterThan(bind?.endMs ?? Infinity);
      expect(timeline?.samples).toBeGreaterThan(0);
    }
  });
});

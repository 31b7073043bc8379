import { describe, expect, test } from '@jest/globals';
import { waitForRestart, type Tick, type RestartWorld } from '../../lib/reuse/wait.js';
import { comparison } from './comparisons.js';

const [OFF_OFF] = comparison('no no no ok', 59_980).runs;
const [UNSAID] = comparison('no no no ok', null).runs;
if (OFF_OFF === undefined || UNSAID === undefined) throw new Error('no runs');

/** A world whose clock only runs while somebody sleeps, and whose port comes free at `freeAtMs`. */
function world(
  freeAtMs: number,
  saidMs: number | null,
  startMs = OFF_OFF?.readAtMs ?? 0,
): RestartWorld & { slept: number[] } {
  let now = startMs;
  const slept: number[] = [];
  return {
    slept,
    nowMs: () => now,
    remainingMs: () => (saidMs === null || now - startMs >= saidMs ? null : saidMs - (now - startMs)),
    tryBind: () => (now - startMs >= freeAtMs ? 'ok' : 'EADDRINUSE'),
    sleep: (ms) => {
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}

describe('the wait for the restart', () => {
  test('ends when bind works, and says how far that was from what the kernel had said', async () => {
    const waited = await waitForRestart(OFF_OFF, world(60_040, 59_980));
    expect(waited.kernelSaidMs).toBe(59_980);
    expect(waited.tookMs).toBeGreaterThanOrEqual(60_040);
    expect(waited.tookMs).toBeLessThan(60_040 + 50);
  });

  test('ends at the first attempt where the port is free already', async () => {
    expect(await waitForRestart(OFF_OFF, world(0, 59_980))).toEqual({
      kernelSaidMs: 59_980,
      tookMs: 0,
      attempts: 1,
      tries: [{ atMs: 0, result: 'ok', remainingMs: null }],
    });
  });

  test('looks rarely at first, and often in the last second', async () => {
    const { slept, ...rest } = world(59_980, 59_980);
    await waitForRestart(OFF_OFF, rest);
    expect(slept.length).toBeLessThan(350);
    expect(slept[0]).toBe(250);
    expect(slept.slice(-40).every((ms) => ms <= 50)).toBe(true);
  });

  test('tells each failed attempt with the time that the kernel still gives', async () => {
    const ticks: Tick[] = [];
    const { attempts } = await waitForRestart(OFF_OFF, world(1000, 1000), (tick) => ticks.push(tick));
    expect(ticks).toHaveLength(attempts - 1);
    expect(ticks[0]).toEqual({ saidMs: 59_980, remainingMs: 1000, attempts: 1 });
  });

  test('remembers each attempt', async () => {
    const { attempts, tries, tookMs } = await waitForRestart(OFF_OFF, world(1000, 1000));
    expect(tries).toHaveLength(attempts);
    expect(tries[0]).toEqual({ atMs: 0, result: 'EADDRINUSE', remainingMs: 1000 });
    expect(tries.at(-1)).toEqual({ atMs: tookMs, result: 'ok', remainingMs: null });
  });

  test('works where the kernel says no time', async () => {
    expect(await waitForRestart(UNSAID, world(30_000, null))).toMatchObject({ kernelSaidMs: null, tookMs: 30_000 });
  });

  test('gives up long after the time that the kernel gave', async () => {
    await expect(waitForRestart(OFF_OFF, world(Infinity, 59_980))).rejects.toThrow('still in use');
  });

  test('gives up where bind fails for another reason', async () => {
    const refused = { ...world(1000, 1000), tryBind: () => 'EACCES' };
    await expect(waitForRestart(OFF_OFF, refused)).rejects.toThrow('EACCES');
  });

  test('ends when its sleep is aborted', async () => {
    const reason = new Error('stop');
    const aborted = { ...world(1000, 1000), sleep: () => Promise.reject(reason) };
    await expect(waitForRestart(OFF_OFF, aborted)).rejects.toBe(reason);
  });
});

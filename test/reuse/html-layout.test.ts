import { describe, expect, test } from '@jest/globals';
import { layOut, momentAt, pixelAt, type Layout } from '../../lib/reuse/html/layout.js';
import { call, timeline } from './timelines.js';

/** Of one timeline. */
function layout(of = timeline('EADDRINUSE')): Layout {
  const [found] = layOut([of]);
  if (found === undefined) throw new Error('no layout');
  return found;
}

describe('the layout of a timeline', () => {
  test('gives each call of the server a line, in order, with room for its text', () => {
    const { lines } = layout();
    expect(lines.map(({ call: { actor, name } }) => `${actor} ${name}`)).toEqual([
      ...['first run socket', 'first run bind', 'first run listen', 'first run accept'],
      ...['client connect', 'first run close', 'first run close', 'client close'],
      ...['restart socket', 'restart setsockopt', 'restart bind'],
    ]);
    const gaps = lines.slice(1).map(({ pixel }, index) => pixel - (lines[index]?.pixel ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(15);
  });

  test('leaves a line empty where a server does not call setsockopt', () => {
    const { empty, lines } = layout();
    expect(empty).toHaveLength(1);
    expect(empty[0]?.pixel).toBeGreaterThan(lines[0]?.pixel ?? Infinity);
    expect(empty[0]?.pixel).toBeLessThan(lines[1]?.pixel ?? 0);
  });

  test('has a clock that rises, and leads to pixels and back', () => {
    const all = layout();
    for (const axis of [all.moments, all.pixels]) {
      expect(axis.every((value, index) => index === 0 || value > (axis[index - 1] ?? Infinity))).toBe(true);
    }
    for (const { call: made, pixel } of all.lines) {
      expect(pixelAt(all, made.startMs)).toBeCloseTo(pixel);
      expect(momentAt(all, pixel)).toBeCloseTo(made.startMs);
    }
  });

  test('has a clock also where two calls begin at the same moment, or none was made', () => {
    const both = [call('first run', 'socket', 0), call('first run', 'bind', 0)];
    for (const calls of [both, []]) {
      const { moments } = layout({ calls, states: [], samples: 0, sampleEveryMs: null });
      expect(moments.every((value, index) => index === 0 || value > (moments[index - 1] ?? Infinity))).toBe(true);
    }
  });

  test('begins the parts of several timelines at the same heights', () => {
    const short = { ...timeline('ok'), calls: timeline('ok').calls.filter(({ name }) => name !== 'listen') };
    const [one, other] = layOut([timeline('EADDRINUSE'), short]);
    expect(one?.phases.map(({ top }) => top)).toEqual(other?.phases.map(({ top }) => top));
    expect(one?.height).toBe(other?.height);
  });
});

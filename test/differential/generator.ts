/** Makes sequences of socket calls that mostly make sense: it remembers what is in the slots. */
import * as fc from 'fast-check';
import { CALLS } from './calls.js';
import { Chance } from './chance.js';
import { SCENES } from './scenes.js';
import { State } from './state.js';

/** Sequences of calls, one line each; what fails is shrunk by leaving out lines. */
export class Sequences extends fc.Arbitrary<string[]> {
  /** A sequence from the generator's random numbers. */
  override generate(random: fc.Random): fc.Value<string[]> {
    const state = new State(new Chance(random));
    const { chance } = state;
    chance.weighted(SCENES)(state);
    if (chance.happens(0.5)) chance.weighted(SCENES)(state);
    for (let left = chance.between(4, 30); left > 0; left--) {
      if (chance.happens(0.03)) chance.weighted(SCENES)(state);
      else chance.weighted(CALLS)(state);
    }
    return new fc.Value(state.lines, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is string[] {
    return Array.isArray(value);
  }

  /** Without its first half, without its second … and at the end without each line alone. */
  override shrink(lines: string[]): fc.Stream<fc.Value<string[]>> {
    return fc.stream(shorter(lines));
  }
}

function* shorter(lines: string[]): IterableIterator<fc.Value<string[]>> {
  for (let size = Math.ceil(lines.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < lines.length; at += size) {
      const rest = [...lines.slice(0, at), ...lines.slice(at + size)];
      if (rest.length > 0) yield new fc.Value(rest, undefined);
    }
  }
}

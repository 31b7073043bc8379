/** Where in arguments another value can stand, and what is put there. */
import type { Random } from './random.js';
import { anyHostile, detach, meddling, throwing } from './values.js';

/** An object, and the name of one of its properties. */
export type Place = [holder: object, key: PropertyKey];

/** The places in arguments where another value can stand: the arguments themselves, and what is in objects. */
export function* places(value: unknown, depth = 0): Generator<Place> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || depth > 4) return;
  const keys = Object.keys(value);
  for (const key of keys.slice(0, 8)) {
    yield [value, key];
    yield* places(Reflect.get(value, key), depth + 1);
  }
}

/** Spoils `holder[key]`, somewhere in `args`; `close` closes something of the run. */
export function meddle(random: Random, close: () => void, [holder, key]: Place, args: unknown[]): void {
  const ways: readonly (() => void)[] = [
    () => void Reflect.set(holder, key, anyHostile(random)),
    () => void Reflect.set(holder, key, anyHostile(random)),
    () => throwing(holder, key),
    () => meddling(holder, key, close),
    () => meddling(holder, key, detacher(random, args)),
    () => meddling(holder, key, () => Array.isArray(holder) && Reflect.set(holder, 'length', 0)),
    () => void Reflect.deleteProperty(holder, key),
  ];
  try {
    random.pick(holder === args ? ways.slice(0, 1) : ways)(); // an argument itself is no getter
  } catch {
    // a value of an earlier meddling, which cannot be changed
  }
}

function detacher(random: Random, args: unknown[]): () => void {
  const views = [...places(args)]
    .map(([holder, key]): unknown => Reflect.get(holder, key))
    .filter((value) => ArrayBuffer.isView(value));
  return () => {
    if (views.length > 0) detach(random.pick(views));
  };
}

/** Choices, made by fast-check's random numbers so that a seed repeats them. */
import type { Random } from 'fast-check';

/** Something to choose, and how often. */
export type Weighted<Item> = readonly (readonly [weight: number, item: Item])[];

/** Makes choices. */
export class Chance {
  readonly #random: Random;

  /** @param random - where the numbers come from */
  constructor(random: Random) {
    this.#random = random;
  }

  /** A whole number; both ends count. */
  between(min: number, max: number): number {
    return this.#random.nextInt(min, max);
  }

  /** True in this share of the times. */
  happens(share: number): boolean {
    return this.between(0, 999) < share * 1000;
  }

  /** One of them. */
  of<Item>(items: readonly Item[]): Item {
    return items[this.between(0, items.length - 1)] as Item;
  }

  /** One of them, the heavy ones more often. */
  weighted<Item>(items: Weighted<Item>): Item {
    let left = this.between(
      1,
      items.reduce((sum, [weight]) => sum + weight, 0),
    );
    const chosen = items.find(([weight]) => (left -= weight) <= 0) ?? items[0];
    return (chosen as readonly [number, Item])[1];
  }

  /** So many of them. */
  list<Item>(min: number, max: number, make: () => Item): Item[] {
    return Array.from({ length: this.between(min, max) }, make);
  }
}

/**
 * Who watches the calls: every one goes through it on its way into native code. Nobody: they go straight, and it costs
 * nothing.
 */

/**
 * Makes the call, and returns what it returned.
 *
 * @param name - of the native function
 * @param args - what it is given
 * @param functions - all functions that are observed
 */
export type Observer = (name: string, args: readonly unknown[], call: () => unknown, functions: object) => unknown;

/**
 * An observer that somebody outside put here before the package was loaded, for all its copies in this thread:
 * `bsd-sockets record` does that.
 */
const OUTSIDE = Symbol.for('bsd-sockets.observer');

/** From now on these functions go through the observer. */
export function observe<Functions extends object>(functions: Functions, observer: Observer): Functions {
  for (const [name, call] of Object.entries(functions)) {
    if (typeof call !== 'function') continue;
    const observed = (...args: unknown[]): unknown =>
      observer(name, args, () => (call as Observed)(...args), functions);
    Object.assign(functions, { [name]: observed });
  }
  return functions;
}

type Observed = (...args: readonly unknown[]) => unknown;

/** The same, by the observer from outside, if there is one. */
export function observedFromOutside<Functions extends object>(functions: Functions): Functions {
  const observer: unknown = Reflect.get(globalThis, OUTSIDE);
  return typeof observer === 'function' ? observe(functions, observer as Observer) : functions;
}

/** Watches every copy of the package that this thread loads from now on. */
export function observeFromOutside(observer: Observer): void {
  Reflect.set(globalThis, OUTSIDE, observer);
}

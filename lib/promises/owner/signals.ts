/** What an AbortSignal ends: one listener for all calls that share it, since Node warns of more than ten. */

interface Calls {
  readonly aborts: Set<() => void>;
  readonly listener: () => void;
}

const known = new WeakMap<AbortSignal, Calls>();

/** Calls `abort` once, when the signal says so. */
export function onAbort(signal: AbortSignal, abort: () => void): void {
  const calls = known.get(signal);
  if (calls !== undefined) {
    calls.aborts.add(abort);
    return;
  }
  const aborts = new Set([abort]);
  const listener = (): void => {
    known.delete(signal);
    for (const each of aborts) each();
  };
  known.set(signal, { aborts, listener });
  signal.addEventListener('abort', listener, { once: true });
}

/** Not any more. */
export function offAbort(signal: AbortSignal, abort: () => void): void {
  const calls = known.get(signal);
  if (!calls?.aborts.delete(abort) || calls.aborts.size > 0) return;
  known.delete(signal);
  signal.removeEventListener('abort', calls.listener);
}

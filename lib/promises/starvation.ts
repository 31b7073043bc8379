/** Listeners that cannot accept because there are no descriptors left: they go on when there are. */

/** How often to look, in milliseconds: other processes free descriptors too, and say nothing. */
const RETRY_MS = 100;

let starved: (() => void)[] = [];
let timer: NodeJS.Timeout | undefined;

/** Calls `retry` when a descriptor may be free. */
export function whenDescriptorIsFree(retry: () => void): void {
  starved.push(retry);
  timer ??= setTimeout(retryAll, RETRY_MS).unref(); // what waits keeps the process alive itself, or shall not
}

/** A descriptor has been closed. */
export function descriptorWasFreed(): void {
  if (starved.length > 0) setImmediate(retryAll);
}

function retryAll(): void {
  clearTimeout(timer);
  timer = undefined;
  const now = starved;
  starved = [];
  for (const retry of now) retry();
}

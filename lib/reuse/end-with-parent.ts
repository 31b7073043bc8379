/** Processes that block must not outlive who started them. */
import { constants } from 'node:os';
import { SocketError } from '../errors.js';
import { setParentDeathSignal } from '../syscalls/pidfd.js';

/**
 * Ends this process when its parent ends, whatever ended that: a blocking accept would go on listening for ever. Linux
 * does it; elsewhere nothing can, while this process blocks.
 */
export function endWithParent(parent: number | undefined): void {
  try {
    setParentDeathSignal(constants.signals.SIGKILL);
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
  }
  if (parent !== undefined && process.ppid !== parent) process.exit(1); // it has ended already
}

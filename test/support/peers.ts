/** What a peer of the example programs does, well-behaved or not. */
import { setsockopt, SO_LINGER, SOL_SOCKET } from 'bsd-sockets';
import { readdirSync, readlinkSync } from 'node:fs';
import { closeNow } from './sockets.js';

/** Closes `fd` with a reset: SO_LINGER with no seconds. */
export function reset(fd: number): void {
  setsockopt(fd, SOL_SOCKET, SO_LINGER, Buffer.from(new Int32Array([1, 0]).buffer));
  closeNow(fd);
}

/** The sockets that this process has open, sorted; none where the system does not tell. */
export function openSockets(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').flatMap(socketOf).sort();
}

function socketOf(fd: string): string[] {
  try {
    const link = readlinkSync(`/proc/self/fd/${fd}`);
    return link.startsWith('socket:') ? [link] : [];
  } catch {
    return []; // the descriptor that the folder was read with
  }
}

/** What a process holds: descriptors, threads, memory. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

/** What this process holds now. */
export interface Usage {
  fds: number;
  threads: number;
  rssKiB: number;
}

/** What this process holds now. */
export function usage(): Usage {
  const status = readFileSync('/proc/self/status', 'utf8');
  return {
    fds: readdirSync('/proc/self/fd').length - 1, // but for the one that the folder is read with
    threads: readdirSync('/proc/self/task').length,
    rssKiB: Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]),
  };
}

/** Does RSS tell what the process needs? AddressSanitizer keeps what was freed, to see who uses it still. */
export const rssTells = !(process.env['LD_PRELOAD'] ?? '').includes('asan');

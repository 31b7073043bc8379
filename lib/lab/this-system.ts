/** What the lab ran on. */
import { release, type } from 'node:os';

/** `Linux 6.18.5, Node 24.1.0`. */
export function thisSystem(): string {
  return `${type()} ${release()}, Node ${process.versions.node}`;
}

/** Ports for sessions. */
import { AF_INET, bind, close, SOCK_STREAM, socket, SocketError } from '../index.js';
import { passingPorts } from '../doctor/kernel/system.js';

const FIRST = 1024;
const LAST = 65535;

/**
 * A port that a socket without flags can be bound to on 127.0.0.1, and that the kernel gives to no connection by itself.
 * Where all are such, any.
 *
 * @param taken - ports that are not to be given, though they look free; the next one follows them closely, so that the
 * kernel is asked for a narrow range
 * @throws Error where there is none
 */
export function freePort(taken: ReadonlySet<number>): number {
  const [low, high] = leftOut();
  const below = Math.max(0, low - FIRST);
  const count = below + LAST - high;
  const indexOf = (port: number): number => (port > high ? below + port - high - 1 : port < low ? port - FIRST : 0);
  const start = taken.size > 0 ? indexOf(Math.max(...taken) + 1) : Math.floor(Math.random() * count);
  for (let i = 0; i < count; i++) {
    const index = (start + i) % count;
    const port = index < below ? FIRST + index : high + 1 + index - below;
    if (!taken.has(port) && isFree(port)) return port;
  }
  throw new Error('no port is free');
}

/** The range of passing ports; an empty one where it is not known, or leaves no other. */
function leftOut(): readonly [low: number, high: number] {
  const [low, high] = passingPorts() ?? [FIRST, LAST];
  return low <= FIRST && high >= LAST ? [LAST + 1, LAST] : [low, high];
}

function isFree(port: number): boolean {
  const fd = socket(AF_INET, SOCK_STREAM);
  try {
    bind(fd, { family: 'IPv4', address: '127.0.0.1', port });
    return true;
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
    return false;
  } finally {
    close(fd);
  }
}

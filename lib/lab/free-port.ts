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
  const ports = candidates();
  const next = Math.max(...taken) + 1; // of none: -Infinity
  const start = taken.size > 0 ? ports.indexOf(next) : Math.floor(Math.random() * ports.count);
  for (let i = 0; i < ports.count; i++) {
    const port = ports.at((start + i) % ports.count);
    if (!taken.has(port) && isFree(port)) return port;
  }
  throw new Error('no port is free');
}

/** Ports in their order. */
interface Ports {
  readonly count: number;
  at(index: number): number;
  /** 0 where it is none of them. */
  indexOf(port: number): number;
}

/** Those below and above the range of passing ports; all, where that range leaves none. */
function candidates(): Ports {
  const [low, high] = passingPorts() ?? [LAST + 1, LAST];
  const below = Math.max(0, low - FIRST);
  const count = below + LAST - high;
  if (count === 0) return allPorts;
  return {
    count,
    at: (index) => (index < below ? FIRST + index : high + 1 + index - below),
    indexOf: (port) => (port > high ? below + port - high - 1 : port < low ? port - FIRST : 0),
  };
}

const allPorts: Ports = { count: LAST - FIRST + 1, at: (index) => FIRST + index, indexOf: (port) => port - FIRST };

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

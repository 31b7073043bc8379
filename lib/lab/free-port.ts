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
  const [low, high] = passingPorts() ?? [LAST + 1, LAST + 1];
  const all = Array.from({ length: LAST - FIRST + 1 }, (_, index) => FIRST + index);
  const others = all.filter((port) => port < low || port > high);
  const ports = others.length > 0 ? others : all;
  const next = Math.max(...taken) + 1; // of none: -Infinity
  const start = taken.size > 0 ? Math.max(0, ports.indexOf(next)) : Math.floor(Math.random() * ports.length);
  for (const port of [...ports.slice(start), ...ports.slice(0, start)])
    if (!taken.has(port) && isFree(port)) return port;
  throw new Error('no port is free');
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

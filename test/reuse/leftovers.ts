/** What a comparison may have left behind: processes, and sockets that listen. */
import { readdirSync, readFileSync } from 'node:fs';
import { listTcpSockets } from '../../lib/doctor/kernel/observe.js';
import { tryBind } from '../../lib/reuse/probe.js';
import { until } from '../support/until.js';

const PORTS = 4;

/** The first of four ports that are free, below those that the kernel gives to others meanwhile. */
export function freePorts(): number {
  for (;;) {
    const port = 10_000 + Math.trunc(Math.random() * 20_000);
    const results = Array.from({ length: PORTS }, (_, index) => tryBind(port + index));
    if (results.every((result) => result === 'ok')) return port;
  }
}

/** Those of the four ports on which somebody listens. Linux only. */
export function listeningPorts(first: number): number[] {
  const listening = listTcpSockets().filter(({ state }) => state === 'LISTEN');
  return listening.map(({ local }) => local.port).filter((port) => port >= first && port < first + PORTS);
}

/** Resolves once somebody listens on one of the four ports. */
export async function someoneListens(first: number): Promise<void> {
  await until(() => listeningPorts(first).length > 0);
}

/** The command lines of the processes that have `mark` in their environment. Linux only. */
export function processesWith(mark: string): string[] {
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return ''; // it has ended, or is somebody else's
    }
  };
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => read(pid, 'environ').includes(mark)).map((pid) => read(pid, 'cmdline'));
}

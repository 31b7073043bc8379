/**
 * The process of the case `why`: makes the TIME_WAITs, then times everybody in turns. It runs in a network namespace of
 * its own where there can be one. A line of JSON for each thing done; what it made ends by itself, after a minute.
 */
import {
  accept,
  AF_INET,
  bind,
  close,
  connect,
  getsockname,
  listen,
  setsockopt,
  SO_REUSEADDR,
  SOCK_STREAM,
  socket,
  SocketError,
  SOL_SOCKET,
} from 'bsd-sockets';
import { why } from 'bsd-sockets/doctor';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../paths.js';
import type { Round } from './rounds.js';

const CLI = join(ROOT, 'dist/cli/main.js');
const [count = 0, rounds = 0] = process.argv.slice(2).map(Number);
const LIMIT_MS = 20_000;
/** TIME_WAIT lasts a minute: no round begins later. */
const LAST_ROUND_MS = 45_000;
/** Below the ports that the kernel gives to others. */
const [FIRST_PORT, PORTS] = [20_000, 10_000];

/** A listener without flags on a free port of every address, as most servers have. */
function listener(): { fd: number; port: number } {
  const fd = socket(AF_INET, SOCK_STREAM);
  bind(fd, { family: 'IPv4', address: '0.0.0.0', port: 0 });
  listen(fd);
  const address = getsockname(fd);
  if (!('port' in address)) throw new Error('no port');
  return { fd, port: address.port };
}

/** Connections that the server closes first. Each client has an address and port that no other had. */
function makeTimeWaits(): number {
  const { fd: listening, port } = listener();
  for (let made = 0, tried = 0; made < count; tried++) {
    if (tried > 2 * count) throw new Error(`only ${String(made)} connections could be made`);
    const client = socket(AF_INET, SOCK_STREAM);
    setsockopt(client, SOL_SOCKET, SO_REUSEADDR, true);
    const address = `127.77.${String(1 + Math.floor(tried / PORTS))}.1`;
    if (bindWorks(client, address, FIRST_PORT + (tried % PORTS))) {
      connect(client, { family: 'IPv4', address: '127.0.0.1', port });
      close(accept(listening).fd);
      made++;
    }
    close(client);
  }
  close(listening);
  return port;
}

/** Somebody else may have that port. */
function bindWorks(fd: number, address: string, port: number): boolean {
  try {
    bind(fd, { family: 'IPv4', address, port });
    return true;
  } catch (error) {
    if (error instanceof SocketError && error.code === 'EADDRINUSE') return false;
    throw error;
  }
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Runs a program to its end; 1 is the exit status of `why` for a port in use. */
function run(command: string, ...args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: LIMIT_MS });
  if (error) throw error;
  if (status !== 0 && status !== 1) throw new Error(`${command} ended with status ${String(status)}`);
}

function round(port: number): Round {
  let seen = 0;
  const text = String(port);
  const api = timed(() => (seen = why(port).holders.length));
  return {
    seen,
    ms: {
      ss: timed(() => run('ss', '-tan', `sport = :${text}`)),
      api,
      cli: timed(() => run(process.execPath, CLI, 'why', text)),
      node: timed(() => run(process.execPath, '-e', '0')),
    },
  };
}

const say = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

if (process.argv[4] === 'namespace') run('ip', 'link', 'set', 'lo', 'up');
const begin = performance.now();
const crowded = makeTimeWaits();
const { fd, port: empty } = listener();
close(fd);
say({ made: count });
// The first time everything is read from the disk.
for (const port of [crowded, empty]) round(port);
for (let i = 0; i < rounds && performance.now() - begin < LAST_ROUND_MS; i++) {
  say({ crowded: round(crowded), empty: round(empty) });
}
say({ over: true });

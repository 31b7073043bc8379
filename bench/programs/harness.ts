/** What every JavaScript contestant shares: it runs one case, warms up, measures, and prints JSON lines. */
import { readSync, writeSync } from 'node:fs';
import {
  AF_INET,
  bind,
  connect,
  getsockname,
  listen,
  setsockopt,
  SO_REUSEADDR,
  SOCK_DGRAM,
  SOCK_STREAM,
  socket,
  SOL_SOCKET,
  SOL_UDP,
  UDP_SEGMENT,
} from 'bsd-sockets';

/** Does the case's work `count` times. */
export type Body = (count: number) => void;

/** The cases that a contestant can play: each prepares its sockets and returns its loop. */
export type Bodies = Readonly<Record<string, () => Body>>;

/** How long a message of the served cases is. */
export const MESSAGE_BYTES = 40;

/** How long a message of the preloaded cases is. */
export const SMALL_BYTES = 64;

/** How many of them one `send` loads on a stream. Chunks are powers of two: a loop of whole bursts does all its work. */
export const STREAM_BURST = 64;

/** How many datagrams one `send` loads, cut by UDP_SEGMENT. */
export const DATAGRAM_BURST = 32;

/**
 * Two UDP sockets on loopback, the first connected to the second: what it sends arrives as datagrams of SMALL_BYTES.
 * So the refill is one plain `send`, which costs everybody the same.
 */
export function datagramPair(): [sender: number, receiver: number] {
  const sender = socket(AF_INET, SOCK_DGRAM);
  const receiver = socket(AF_INET, SOCK_DGRAM);
  bind(receiver, { family: 'IPv4', address: '127.0.0.1', port: 0 });
  connect(sender, getsockname(receiver));
  setsockopt(sender, SOL_UDP, UDP_SEGMENT, SMALL_BYTES);
  return [sender, receiver];
}

/**
 * A listener on every loopback address, whose port the generator is told. Ours for every contestant: descriptors
 * are plain numbers, and only what is called in the loop is measured.
 */
export function listenAndTell(): number {
  const fd = socket(AF_INET, SOCK_STREAM);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, true);
  bind(fd, { family: 'IPv4', address: '0.0.0.0', port: 0 });
  listen(fd, 128);
  const address = getsockname(fd);
  if (address.family !== 'IPv4') throw new Error(`a listener of ${address.family}`);
  say({ port: address.port });
  return fd;
}

/** A piece of `bytes` for each datagram of a burst. */
export function cut(bytes: Buffer): Buffer[] {
  const size = bytes.length / DATAGRAM_BURST;
  return Array.from({ length: DATAGRAM_BURST }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

const wallNs = (): number => Number(process.hrtime.bigint());

/** CPU time of the whole process, user and system: its other threads count too. */
function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/**
 * Warms up for `warmMs`, says that it is ready, and then measures `measureMs` for each byte on its standard input.
 * The clock is read every two milliseconds or so, not after each operation.
 */
function measure(body: Body, warmMs: number, measureMs: number): void {
  const warmUntil = wallNs() + warmMs * 1e6;
  let chunk = 1;
  while (wallNs() < warmUntil) {
    const started = wallNs();
    body(chunk);
    if (wallNs() - started < 2e6) chunk *= 2;
  }
  say({ ready: true });
  const go = Buffer.alloc(1);
  while (readSync(0, go) === 1) {
    const cpu = cpuNs();
    const wall = wallNs();
    const until = wall + measureMs * 1e6;
    let ops = 0;
    while (wallNs() < until) {
      body(chunk);
      ops += chunk;
    }
    say({ ops, wallNs: wallNs() - wall, cpuNs: cpuNs() - cpu });
  }
}

/** A contestant's program: `node CONTESTANT.js CASE WARM_MS MEASURE_MS`. */
export function play(bodies: Bodies): void {
  const [name = '', warmMs, measureMs] = process.argv.slice(2);
  const prepare = bodies[name];
  if (prepare === undefined) throw new Error(`no such case here: ${name}`);
  measure(prepare(), Number(warmMs), Number(measureMs));
  process.exit(0);
}

/** A flood of connections on one listener whose backlog overflows: each that the kernel accepts is served, once. */
import { readFileSync } from 'node:fs';
import type { FloodAnswered } from './flood-clients.js';
import type { FloodServed } from './flood-server.js';
import { Peer } from './peer.js';

/** How much, and how long at most. */
export interface FloodOptions {
  connections: number;
  backlog: number;
  /** How many descriptors the server may have; as many as the system allows where it is left out. */
  serverDescriptors?: number;
  limitMs: number;
}

/** What has come of it. */
export interface Flood {
  server: FloodServed;
  clients: FloodAnswered;
  /** How often the backlog of some listener in this network was full meanwhile. */
  overflows: number;
  /** How many connections in this network were made by SYN cookies meanwhile. */
  cookies: number;
}

/** So many processes connect. */
export const CLIENTS = 4;
/** Descriptors of a process that are no connection. */
const OTHER_DESCRIPTORS = 100;

/** How many of the wanted connections the clients' RLIMIT_NOFILE allows: Node raises it as far as it may. */
export function possibleConnections(wanted: number): number {
  const limit = Number(/Max open files\s+\S+\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
  return Math.min(wanted, (limit - OTHER_DESCRIPTORS) * CLIENTS);
}

/** Runs it. */
export async function flood({ connections, backlog, serverDescriptors, limitMs }: FloodOptions): Promise<Flood> {
  const few = ['sh', '-c', `ulimit -n ${String(serverDescriptors)}; exec "$@"`, 'sh'];
  await using server = new Peer('flood-server', [backlog, connections], {
    limitMs,
    wrapper: serverDescriptors === undefined ? [] : few,
  });
  const { port } = await server.said<{ port: number }>();
  const before = counts();
  const each = Math.ceil(connections / CLIENTS);
  await using clients = new Peers(
    Array.from({ length: CLIENTS }, (_, i) => {
      const count = Math.min(each, connections - i * each);
      return new Peer('flood-clients', [port, count, i * each], { limitMs });
    }),
  );
  await clients.said(); // all have called connect
  server.tell('accept');
  const answers = await clients.said<FloodAnswered>();
  server.tell('end');
  const served = await server.said<FloodServed>();
  const after = counts();
  return {
    server: served,
    clients: answers.reduce(add),
    overflows: after.overflows - before.overflows,
    cookies: after.cookies - before.cookies,
  };
}

/** TcpExt's ListenOverflows and SyncookiesRecv. */
function counts(): Pick<Flood, 'overflows' | 'cookies'> {
  const [names = [], values = []] = readFileSync('/proc/net/netstat', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'))
    .map((line) => line.split(' '));
  const count = (name: string): number => Number(values[names.indexOf(name)]);
  return { overflows: count('ListenOverflows'), cookies: count('SyncookiesRecv') };
}

/** Several processes of one kind. */
class Peers {
  readonly #peers: readonly Peer[];

  constructor(peers: readonly Peer[]) {
    this.#peers = peers;
  }

  said<Message>(): Promise<Message[]> {
    return Promise.all(this.#peers.map((peer) => peer.said<Message>()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#peers.map((peer) => peer[Symbol.asyncDispose]()));
  }
}

function add(one: FloodAnswered, other: FloodAnswered): FloodAnswered {
  const failed = { ...one.failed };
  for (const [what, count] of Object.entries(other.failed)) failed[what] = (failed[what] ?? 0) + count;
  return { answered: one.answered + other.answered, wrong: one.wrong + other.wrong, failed };
}

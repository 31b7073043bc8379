/** Many bytes both ways over many connections at once: what comes is what was sent. */
import type { IntegrityReport } from './integrity-peer.js';
import { Peer } from './peer.js';

/** How much, where, and how long at most. */
export interface IntegrityOptions {
  connections: number;
  /** On each connection, each way. */
  bytesEach: number;
  seed: number;
  limitMs: number;
  /** The server's address, as the clients reach it; the loopback where it is left out. */
  address?: string;
  /** The commands that run the server and the clients, each in a network of its own. */
  networks?: readonly [server: readonly string[], clients: readonly string[]];
}

/** What both ends say. */
export interface Integrity {
  server: IntegrityReport;
  clients: IntegrityReport;
}

/** Runs it. */
export async function integrity(options: IntegrityOptions): Promise<Integrity> {
  const { connections, bytesEach, seed, limitMs, address = '127.0.0.1', networks = [[], []] } = options;
  const numbers = [connections, bytesEach, seed];
  await using server = new Peer('integrity-peer', ['serve', address, ...numbers], { limitMs, wrapper: networks[0] });
  const { port } = await server.said<{ port: number }>();
  const there = `${address}:${String(port)}`;
  await using clients = new Peer('integrity-peer', ['connect', there, ...numbers], { limitMs, wrapper: networks[1] });
  const [atServer, atClients] = await Promise.all([server.said<IntegrityReport>(), clients.said<IntegrityReport>()]);
  await Promise.all([server.finished(), clients.finished()]);
  return { server: atServer, clients: atClients };
}

/** What both ends say where all is well. */
export function allEqual({ connections, bytesEach }: IntegrityOptions): Integrity {
  const total = connections * bytesEach;
  const report = { equal: connections, wrong: [], sentBytes: total, receivedBytes: total };
  return { server: report, clients: report };
}

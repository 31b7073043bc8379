/** Very many short conversations: what the two processes hold afterwards is what they held before. */
import { Peer } from './peer.js';
import { growing, type Sample } from './sample.js';

/** How much, and how long at most for each step. */
export interface SoakOptions {
  conversations: number;
  atOnce: number;
  /** How often samples are taken. */
  steps: number;
  limitMs: number;
  /** Told after each step. */
  onStep?: (step: SoakStep) => void;
}

/** What both processes held after so many conversations. */
export interface SoakStep {
  done: number;
  server: Sample;
  clients: Sample;
}

/** What has come of it. */
export interface Soak {
  /** Conversations that were right at both ends. */
  served: number;
  done: number;
  /** What grew to the end, and in which process. */
  growing: string[];
}

/** A young generation of a fixed size: V8 would make it larger while it feels like it, and RSS would tell nothing. */
const NODE = ['--expose-gc', '--min-semi-space-size=4', '--max-semi-space-size=4'];

/** What a process says after a step. */
interface Said {
  done: number;
  sample: Sample;
}

/** Runs it. */
export async function soak({ conversations, atOnce, steps, limitMs, onStep }: SoakOptions): Promise<Soak> {
  const options = { limitMs, node: NODE };
  await using server = new Peer('soak-server', [], options);
  const { port } = await server.said<{ port: number }>();
  await using clients = new Peer('soak-clients', [port, atOnce], options);
  const taken: SoakStep[] = [];
  let [served, done] = [0, 0];
  for (let step = 1; step <= steps; step++) {
    clients.tell({ conversations: Math.round((conversations * step) / steps) - done });
    const atClients = await clients.said<Said>();
    server.tell('sample');
    const atServer = await server.said<Said>();
    [served, done] = [atServer.done, atClients.done];
    const one = { done, server: atServer.sample, clients: atClients.sample };
    taken.push(one);
    onStep?.(one);
  }
  const grown = (['server', 'clients'] as const).flatMap((name) =>
    growing(taken.map((step) => step[name])).map((what) => `${name}: ${what}`),
  );
  return { served, done, growing: grown };
}

/** What a connection costs that has echoed once and waits: the server's own memory, with 10,000 of them. */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { LOAD } from '../contestants.js';
import { Program } from '../process.js';
import { spread, type Spread } from '../statistics.js';
import type { PresentServer } from './run.js';
import type { Server, ServerName } from './servers.js';

/** Some before the first look, so that what is made once is not counted. */
const BEFORE = 500;
const CONNECTIONS = 10_000;
const LIMIT_MS = 30_000;
/** V8 gives back what making connections needed when it has been idle for eight seconds: we look after that. */
const IDLE_MS = 12_000;

export const MEMORY_CASE = {
  name: 'idle',
  title: 'memory of a connection that has echoed once and waits, 10,000 of them',
  servers: ['c', 'ours', 'ours-uring', 'ours-loops', 'node', 'bun', 'deno', 'python', 'asyncio', 'streams', 'uvloop'],
  goals: [
    { server: 'ours', bytes: 1000 },
    { server: 'ours-uring', bytes: 1000 },
    { server: 'ours-loops', bytes: 1200 },
  ],
} as const satisfies { servers: readonly ServerName[]; [key: string]: unknown };

/** The memory case. */
export interface MemoryComparison {
  readonly name: string;
  readonly title: string;
  readonly date: string;
  readonly rounds: number;
  readonly standings: readonly { readonly server: ServerName; readonly bytes: Spread }[];
  readonly absent: Readonly<Partial<Record<ServerName, string>>>;
  readonly verdicts: readonly { server: ServerName; bytes: number; reached: number; met: boolean }[];
}

/** Measures everybody `rounds` times, in turns; each time in a new process. */
export async function compareMemory(
  names: readonly ServerName[],
  servers: Readonly<Record<ServerName, Server>>,
  rounds: number,
  progress: (text: string) => void,
): Promise<MemoryComparison> {
  const measured = new Map<ServerName, number[]>(names.map((name) => [name, []]));
  const absent: Partial<Record<ServerName, string>> = {};
  for (let round = 1; round <= rounds; round++) {
    for (const name of names) {
      const server = servers[name];
      if ('absent' in server) absent[name] = server.absent;
      if (name in absent) continue;
      progress(`${MEMORY_CASE.name}: ${String(round)} of ${String(rounds)}, ${name}`);
      try {
        measured.get(name)?.push(await bytesPerConnection(server as PresentServer));
      } catch (error) {
        absent[name] = `failed: ${(error as Error).message}`;
      }
    }
  }
  const { name, title, goals } = MEMORY_CASE;
  const standings = [...measured]
    .filter(([server]) => !(server in absent))
    .map(([server, bytes]) => ({ server, bytes: spread(bytes) }));
  const verdicts = goals.flatMap((goal) => {
    const reached = standings.find(({ server }) => server === goal.server)?.bytes.median;
    return reached === undefined ? [] : [{ ...goal, reached, met: reached <= goal.bytes }];
  });
  return { name, title, date: new Date().toISOString(), rounds, standings, absent, verdicts };
}

async function bytesPerConnection(server: PresentServer): Promise<number> {
  const own = new Program(0, server.command('echo'), LIMIT_MS, server.environment);
  const loads: Program[] = [];
  const open = async (port: number, connections: number): Promise<number> => {
    const load = new Program(1, [LOAD, 'idle', String(port), '--connections', String(connections)], LIMIT_MS);
    loads.push(load);
    await load.line();
    if (server.collects) await own.collect();
    if (server.onV8) await setTimeout(IDLE_MS);
    return anonymousBytes(own.pid);
  };
  try {
    const { port } = (await own.line()) as { port: number };
    const before = await open(port, BEFORE);
    const after = await open(port, CONNECTIONS);
    return (after - before) / CONNECTIONS;
  } finally {
    for (const program of [...loads, own]) await program.end();
  }
}

/** Memory that is the process's alone and comes from no file: heap, stacks, buffers; /proc/PID/smaps_rollup. */
function anonymousBytes(pid: number): number {
  const kib = /^Anonymous:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8'))?.[1];
  if (kib === undefined) throw new Error('no Anonymous in smaps_rollup');
  return Number(kib) * 1024;
}

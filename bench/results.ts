/** bench/results.json: what was measured last of each kind, and where. */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './paths.js';
import { canPin } from './process.js';

const FILE = join(ROOT, 'bench/results.json');

/** Where a benchmark says things: what it is doing, what the user must know, and what was asked for. */
export interface Output {
  readonly progress: (text: string) => void;
  readonly say: (line: string) => void;
  readonly print: (text: string) => void;
}

/** Where it was measured: figures of two machines cannot be compared. */
export function surroundings(): object {
  return {
    date: new Date().toISOString(),
    node: process.version,
    system: `${process.platform} ${release()} ${process.arch}`,
    cpu: `${String(availableParallelism())} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    pinned: canPin,
  };
}

/** The parts of the file. */
export type Kind = 'calls' | 'served' | 'idle' | 'why';

/** The part of the file that `kind` names, if there is one. */
export function readResults(kind: Kind): unknown {
  return read()[kind];
}

/** Replaces that part. */
export function writeResults(kind: Kind, results: object): void {
  writeFileSync(FILE, `${JSON.stringify({ ...read(), [kind]: results }, null, 2)}\n`);
}

function read(): Record<string, unknown> {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, unknown>;
}

/** A bad line between two networks that are made for it, by test/c/lossy_link.c. It needs neither ip(8) nor tc(8). */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compileFile } from '../support/compiler.js';

/** How many of a thousand packets are lost, overtaken by the next, and come twice. */
export interface Badness {
  loss: number;
  reorder: number;
  duplicate: number;
}

/** How many packets the line carried, and what it did to them. */
export interface Carried {
  carried: number;
  lost: number;
  reordered: number;
  duplicated: number;
}

/** The address of the first end. */
export const FIRST_ADDRESS = '10.77.0.1';

const SOURCE = join(import.meta.dirname, '..', '..', '..', 'test', 'c', 'lossy_link.c');

/** Why there can be no such line here; `''` where there can. */
export function whyNoLossyLink(): string {
  if (process.platform !== 'linux') return 'Linux only';
  if (process.getuid?.() !== 0) return 'needs root';
  if (!existsSync('/dev/net/tun')) return 'there is no /dev/net/tun';
  if (spawnSync('unshare', ['--net', 'true']).status !== 0) return 'no network namespace can be made here';
  return spawnSync('nsenter', ['--version']).status === 0 ? '' : 'there is no nsenter';
}

/** A line, while `use` runs: it is given the commands that run a program at each end. */
export async function withLossyLink<Result>(
  { loss, reorder, duplicate }: Badness,
  seed: number,
  use: (networks: [first: string[], second: string[]]) => Promise<Result>,
): Promise<Result & { line: Carried }> {
  const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-line-'));
  const program = join(folder, 'lossy_link');
  try {
    compileFile(SOURCE, program);
    const numbers = [loss, reorder, duplicate, seed].map(String);
    const line = spawn(program, numbers, { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      const said = createInterface({ input: line.stdout })[Symbol.asyncIterator]();
      const { pid, networks } = JSON.parse(String((await said.next()).value)) as { pid: number; networks: number[] };
      const [first = [], second = []] = networks.map((fd) => [
        'nsenter',
        `--net=/proc/${String(pid)}/fd/${String(fd)}`,
      ]);
      const result = await use([first, second]);
      line.stdin.end();
      return { ...result, line: JSON.parse(String((await said.next()).value)) as Carried };
    } finally {
      const gone = line.exitCode === null ? once(line, 'exit') : undefined;
      line.kill('SIGKILL');
      await gone;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A bad line between two networks that are made for it, by test/c/lossy_link.c. It needs neither ip(8) nor tc(8). */
import { spawn, spawnSync } from 'node:child_process';
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
  badness: Badness,
  seed: number,
  use: (networks: [first: string[], second: string[]]) => Promise<Result>,
): Promise<Result & { line: Carried }> {
  const line = await start(badness, seed);
  try {
    const result = await use(line.networks);
    return { ...result, line: await line.end() };
  } finally {
    line.kill();
  }
}

/** The program runs, and its file is gone already: whatever happens now, nothing of it stays. */
async function start({ loss, reorder, duplicate }: Badness, seed: number) {
  const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-line-'));
  try {
    const program = join(folder, 'lossy_link');
    compileFile(SOURCE, program);
    const numbers = [loss, reorder, duplicate, seed].map(String);
    const line = spawn(program, numbers, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: line.stdout })[Symbol.asyncIterator]();
    const said = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
    const { pid, networks } = (await said()) as { pid: number; networks: [number, number] };
    const inside = (fd: number): string[] => ['nsenter', `--net=/proc/${String(pid)}/fd/${String(fd)}`];
    return {
      networks: [inside(networks[0]), inside(networks[1])] as [string[], string[]],
      end: async (): Promise<Carried> => {
        line.stdin.end();
        return (await said()) as Carried;
      },
      kill: () => line.kill('SIGKILL'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

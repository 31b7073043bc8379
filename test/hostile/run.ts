/** Runs the hostile calls in processes of their own, and adds up what they say. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What a child says about itself. */
export interface Report {
  seed: number;
  count: number;
  seconds: number;
  /** The longest call, in milliseconds. */
  longestMs: number;
  rssMiB: number;
  /** What was wrong: nothing, it should be. */
  wrong: string[];
  /** How many calls ended with which code. */
  outcomes: Record<string, number>;
}

/** One child. It is killed, and the promise rejects, where it hangs; it rejects also where it crashes. */
export async function runChild(
  calls: number,
  seed: number,
  timeoutMs: number,
  script: 'child.js' | 'promised.js' = 'child.js',
): Promise<Report> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), String(calls), String(seed)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const last = output.stdout.trimEnd().split('\n').at(-1) ?? '';
  if (signal === null && last.startsWith('{')) return JSON.parse(last) as Report;
  throw new Error(
    `${script}, seed ${String(seed)} ended with ${String(signal ?? code)}: ${output.stderr.slice(-4000)}`,
  );
}

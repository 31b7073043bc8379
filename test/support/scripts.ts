/** Scripts in processes of their own, for what blocks, ends or gets signals. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The package's folder: from there a script can import the package by its name. */
export const PACKAGE_ROOT = join(import.meta.dirname, '..', '..', '..');

/** How a process ended, and what it printed. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A script that runs. */
export interface Running {
  child: ChildProcess;
  /** Resolves once standard output contains `text`; rejects when the process ends without it. */
  says(text: string): Promise<void>;
  /** Resolves when the process has ended. It is killed after 15 seconds. */
  ended: Promise<Ended>;
}

/** Runs the ES module `code` with Node, from the package's folder. */
export function runScript(code: string, ...nodeFlags: string[]): Running {
  const child = spawn(process.execPath, [...nodeFlags, '--input-type=module', '-e', code], {
    cwd: PACKAGE_ROOT,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 15_000,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }));
  return { child, ended, says };

  function says(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (stdout.includes(text)) resolve();
      };
      child.stdout.on('data', look);
      child.once('close', () => {
        reject(new Error(`it ended without saying ${text}: ${stdout}${stderr}`));
      });
      look();
    });
  }
}

/** Programs in processes of their own: our command, and C programs that are compiled here. */
import { afterAll, afterEach } from '@jest/globals';
import { spawn, type ChildProcess, type SpawnOptionsWithoutStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { compileFile } from './compiler.js';

/** The package's folder: from there a script can import the package by its name. */
export const PACKAGE_ROOT = join(import.meta.dirname, '..', '..', '..');

/** How a process ended, and what it printed. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** The file that `bsd-sockets` runs. */
export const MAIN = join(PACKAGE_ROOT, 'dist', 'cli', 'main.js');

/** A program that runs. */
export interface Program {
  child: ChildProcess;
  /** Resolves once its output, of either stream, matches; rejects when it ends without that. */
  says(pattern: RegExp | string): Promise<RegExpExecArray>;
  /** Gives it its standard input, all of it. */
  input(text: string | Uint8Array): void;
  /** Resolves when it has ended. It is killed after 15 seconds. */
  ended: Promise<Ended>;
}

const running = new Set<Program>();
afterEach(async () => {
  for (const program of running) program.child.kill('SIGKILL');
  await Promise.all([...running].map(({ ended }) => ended));
});

/** Starts a program; what is left of it after the test is killed. */
export function run(file: string, args: readonly string[], options: SpawnOptionsWithoutStdio = {}): Program {
  const child = spawn(file, args, { ...options, timeout: 60_000, killSignal: 'SIGKILL' });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      child.emit('output');
    });
  }
  child.stdin.on('error', () => undefined); // it may end without reading
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    running.delete(program);
    return { code, signal, ...output };
  });
  const says = (pattern: RegExp | string): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const expression = new RegExp(pattern);
      const look = (): void => {
        const match = expression.exec(output.stdout) ?? expression.exec(output.stderr);
        if (match !== null) resolve(match);
      };
      child.on('output', look);
      child.once('close', () => reject(new Error(`it never said ${String(pattern)}: ${JSON.stringify(output)}`)));
      look();
    });
  const program: Program = { child, says, ended, input: (text) => void child.stdin.end(text) };
  running.add(program);
  return program;
}

/** Starts `bsd-sockets ARGS`. */
export function command(...args: string[]): Program {
  return run(process.execPath, [MAIN, ...args]);
}

/**
 * Runs `bsd-sockets ARGS` in a thread, for what it answers at once, a refusal or its help: that takes half as long as to
 * start a process. A thread gets no signals and has no terminal.
 */
export async function answerOf(...args: string[]): Promise<Omit<Ended, 'signal'>> {
  const thread = new Worker(MAIN, { argv: args, stdout: true, stderr: true, execArgv: [] });
  const [[code], stdout, stderr] = await Promise.all([
    once(thread, 'exit') as Promise<[number]>,
    text(thread.stdout),
    text(thread.stderr),
  ]);
  return { code, stdout, stderr };
}

/** The port that a server says it listens on. */
export async function listeningPort(server: Program): Promise<number> {
  return Number((await server.says(/listening on \S+:(\d+)\n/))[1]);
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Makes a folder that goes when the test file has run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-test-'));
  folders.push(folder);
  return folder;
}

const compiled = new Map<string, string>();

/** Compiles test/c/NAME.c, once for each test file, and returns the program's path. */
export function compile(name: string): string {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const program = join(temporaryFolder(), name);
  compileFile(join(PACKAGE_ROOT, 'test', 'c', `${name}.c`), program);
  compiled.set(name, program);
  return program;
}

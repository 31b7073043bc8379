/** The processes of a benchmark: started on a core, spoken to by lines, and gone when this one goes. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Can processes be pinned to two cores here? */
export const canPin = spawnSync('taskset', ['-c', '0,1', 'true']).status === 0;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

/** A program, on a core of its own where it is given one. */
export class Program {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #limitMs: number;

  /** @param limitMs after so long without the line that is waited for it is ended */
  constructor(
    core: number | undefined,
    command: readonly string[],
    limitMs: number,
    environment: NodeJS.ProcessEnv = {},
  ) {
    const [program = '', ...args] =
      canPin && core !== undefined ? ['taskset', '-c', String(core), ...command] : command;
    this.#process = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    });
    const { stdin, stdout } = this.#process;
    if (!stdin || !stdout) throw new Error('no pipe');
    running.add(this.#process);
    this.#process.once('exit', () => running.delete(this.#process));
    this.#process.on('error', () => undefined); // as below
    stdin.on('error', () => undefined); // it ended: its missing line says so
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    this.#limitMs = limitMs;
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  /** Sends it text. */
  write(text: string): void {
    this.#process.stdin?.write(text);
  }

  /** Its next line of JSON. @throws Error where it ends, or says nothing in time */
  async line(): Promise<unknown> {
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), this.#limitMs);
    const { done, value } = await this.#lines.next();
    if (done && running.has(this.#process)) await once(this.#process, 'exit');
    clearTimeout(timer);
    if (done) throw this.#ended();
    return JSON.parse(value);
  }

  #ended(): Error {
    const { exitCode, signalCode, spawnargs } = this.#process;
    const how = signalCode ?? `status ${String(exitCode)}`;
    return new Error(`it ended, ${how}: ${spawnargs.join(' ')}`);
  }

  /** @throws Error if it has ended */
  mustRun(): void {
    if (!running.has(this.#process)) throw this.#ended();
  }

  /** Tells it to collect its garbage; it says so when that is done. */
  async collect(): Promise<void> {
    this.#process.kill('SIGUSR2');
    await this.line();
  }

  /** Ends it: the next case must not meet it. */
  async end(): Promise<void> {
    if (!running.has(this.#process)) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await gone;
  }
}

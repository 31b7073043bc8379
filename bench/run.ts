/** A contestant's process: started, pinned to its core, its generator beside it, its lines read. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Case } from './cases/case.js';
import { GENERATOR, type ContestantName } from './contestants.js';

/** What a contestant measured of itself. */
export interface Measured {
  readonly ops: number;
  readonly wallNs: number;
  readonly cpuNs: number;
}

/** How long a contestant runs: `warmMs` uncounted, then `measureMs`. */
export interface Duration {
  readonly warmMs: number;
  readonly measureMs: number;
}

/** Can processes be pinned to cores here? */
export const canPin = spawnSync('taskset', ['-c', '0,1', 'true']).status === 0;

function start(core: number, [program = '', ...args]: readonly string[]): ChildProcess {
  const stdio = ['pipe', 'pipe', 'inherit'] as const;
  if (!canPin) return spawn(program, args, { stdio: [...stdio] });
  return spawn('taskset', ['-c', String(core), program, ...args], { stdio: [...stdio] });
}

/** A contestant at one case: its process, and the generator that plays against it. */
export class Player {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #limitMs: number;
  #generator: ChildProcess | undefined;

  private constructor(loop: string, command: readonly string[], { warmMs, measureMs }: Duration) {
    this.#process = start(0, [...command, loop, String(warmMs), String(measureMs)]);
    if (!this.#process.stdout) throw new Error('no pipe');
    this.#process.stdin?.on('error', () => undefined); // it ended: its missing line says so
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.#limitMs = warmMs + measureMs + 10_000;
  }

  /** Starts a contestant; it is warm when this returns. */
  static async start(
    what: Case,
    name: ContestantName,
    command: readonly string[],
    duration: Duration,
  ): Promise<Player> {
    const player = new Player(what.loops?.[name] ?? what.loop, command, duration);
    try {
      if (what.generator) {
        const { port } = (await player.#line()) as { port: number };
        player.#generator = start(what.generator.core, [GENERATOR, what.generator.play, String(port)]);
      }
      await player.#line();
      return player;
    } catch (error) {
      await player.end();
      throw error;
    }
  }

  /** One round. @throws Error where the contestant failed, or said nothing within ten seconds of its time */
  async round(): Promise<Measured> {
    this.#process.stdin?.write('.');
    return (await this.#line()) as Measured;
  }

  async #line(): Promise<unknown> {
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), this.#limitMs);
    const { done, value } = await this.#lines.next();
    clearTimeout(timer);
    if (done) throw new Error(`it ended: ${this.#process.spawnargs.join(' ')}`);
    return JSON.parse(value);
  }

  /** Ends both processes: the next case must not meet them. */
  async end(): Promise<void> {
    for (const child of [this.#process, this.#generator]) {
      if (!child || child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
}

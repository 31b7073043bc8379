/** A contestant's process: started on its core, its generator beside it, its lines read. */
import type { Case } from './cases/case.js';
import { GENERATOR, type ContestantName } from './contestants.js';
import type { Network } from './network.js';
import { Program } from './process.js';

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

/** Where it is played, and how long. */
export interface Conditions {
  readonly duration: Duration;
  readonly network: Network;
}

/** A contestant at one case: its process, and the generator that plays against it. */
export class Player {
  readonly #program: Program;
  #generator: Program | undefined;

  private constructor(command: readonly string[], limitMs: number) {
    this.#program = new Program(0, command, limitMs);
  }

  /** Starts a contestant; it is warm when this returns. */
  static async start(
    what: Case,
    name: ContestantName,
    command: readonly string[],
    { duration: { warmMs, measureMs }, network: { inside } }: Conditions,
  ): Promise<Player> {
    const limitMs = warmMs + measureMs + 10_000;
    const loop = what.loops?.[name] ?? what.loop;
    const player = new Player([...inside, ...command, loop, String(warmMs), String(measureMs)], limitMs);
    try {
      if (what.generator) {
        const { port } = (await player.#program.line()) as { port: number };
        player.#generator = new Program(
          what.generator.core,
          [...inside, GENERATOR, what.generator.play, String(port)],
          limitMs,
        );
      }
      await player.#program.line();
      return player;
    } catch (error) {
      await player.end();
      throw error;
    }
  }

  /** One round. @throws Error where the contestant failed, or said nothing within ten seconds of its time */
  async round(): Promise<Measured> {
    this.#program.write('.');
    return (await this.#program.line()) as Measured;
  }

  /** Ends both processes: the next case must not meet them. */
  async end(): Promise<void> {
    await this.#program.end();
    await this.#generator?.end();
  }
}

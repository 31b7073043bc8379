/** A server's process, and the load generator that plays against it. */
import { readFileSync } from 'node:fs';
import { LOAD } from '../contestants.js';
import { Program } from '../process.js';
import type { ServedCase } from './case.js';
import type { Network } from '../network.js';
import type { Server } from './servers.js';

/** One round, as the load generator saw it. */
export interface Round {
  readonly messages: number;
  readonly seconds: number;
  /** CPU time of the server's process: all its threads, user and system. */
  readonly serverCpuSeconds: number;
  readonly loadCpuSeconds: number;
  /** Datagrams that had no answer. */
  readonly lost: number;
  /** How long answers took: so many did not take longer; 0 where there are none. */
  readonly latencyNs: Readonly<Record<Percentile, number>>;
}

/** Half of all, 99 %, 99.9 %. */
export type Percentile = 'p50' | 'p99' | 'p999';

/** A round, and the part of its time in which the server's main thread could run but something else was on its core. */
export interface PlayedRound extends Round {
  readonly waited: number;
}

/** How long it is played: `warmMs` uncounted at each start, then `measureMs` a round. */
export interface Times {
  readonly warmMs: number;
  readonly measureMs: number;
}

/** Where it is played, and how long. */
export interface Conditions {
  readonly times: Times;
  readonly network: Network;
}

/** A server that is present. */
export type PresentServer = Exclude<Server, { absent: string }>;

/** A server at one case. */
export class ServedPlayer {
  readonly server: Program;
  #load: Program | undefined;

  private constructor(command: readonly string[], { environment }: PresentServer, limitMs: number) {
    this.server = new Program(0, command, limitMs, environment);
  }

  /** Starts a server and its load; both are warm when this returns. */
  static async start(
    what: ServedCase,
    server: PresentServer,
    { times: { warmMs, measureMs }, network: { inside } }: Conditions,
  ): Promise<ServedPlayer> {
    const limitMs = warmMs + measureMs + 20_000;
    const player = new ServedPlayer([...inside, ...server.command(what.work)], server, limitMs);
    try {
      const { port } = (await player.server.line()) as { port: number };
      const times = ['--warm-ms', String(warmMs), '--for-ms', String(measureMs)];
      const [play = '', ...options] = what.load;
      const command = [
        ...inside,
        LOAD,
        play,
        String(port),
        '--server',
        String(player.server.pid),
        ...options,
        ...times,
      ];
      player.#load = new Program(what.core, command, limitMs);
      await player.#load.line();
      return player;
    } catch (error) {
      await player.end();
      throw error;
    }
  }

  /** One round. @throws Error where the server or the load failed */
  async round(): Promise<PlayedRound> {
    this.server.mustRun();
    const [waitedNs, startedNs] = [this.#waitedNs(), process.hrtime.bigint()];
    this.#load?.write('.');
    const round = (await this.#load?.line()) as Round;
    return { ...round, waited: (this.#waitedNs() - waitedNs) / Number(process.hrtime.bigint() - startedNs) };
  }

  #waitedNs(): number {
    return Number(readFileSync(`/proc/${String(this.server.pid)}/schedstat`, 'utf8').split(' ')[1]);
  }

  /** Ends both. */
  async end(): Promise<void> {
    await this.#load?.end();
    await this.server.end();
  }
}

/** Reads the kernel's list of sockets again and again while programs run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { listTcpSockets, type TcpSocket } from '../doctor/kernel/observe.js';
import { SocketError } from '../index.js';
import { clockMs, type Sample } from './timeline.js';

/** How long to wait between two readings, at least; where a reading takes longer, as long as it took. */
const PAUSE_MS = 2;

/** What was on some ports, as the kernel listed it: sock_diag(7). */
export class Sampler {
  readonly #stop = new AbortController();
  readonly #samples: { startMs: number; endMs: number; byPort: ReadonlyMap<number, TcpSocket[]> }[] = [];
  readonly #ports = new Set<number>();

  /** Samples this port too, until {@link stop}. The first call starts it. */
  watch(port: number): void {
    this.#ports.add(port);
    if (this.#ports.size === 1) void this.#run();
  }

  /** Ends it. */
  stop(): void {
    this.#stop.abort();
  }

  /** All samples of a port so far. */
  samplesOf(port: number): Sample[] {
    return this.#samples.flatMap(({ byPort, ...times }) => {
      const sockets = byPort.get(port); // none where it was not watched yet
      return sockets === undefined ? [] : [{ ...times, sockets }];
    });
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const tookMs = this.#read();
      await sleep(Math.max(PAUSE_MS, tookMs), undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  /** One reading for all ports, because the kernel walks through all its sockets for each. */
  #read(): number {
    const startMs = clockMs();
    let sockets: TcpSocket[];
    try {
      sockets = listTcpSockets();
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      return 0; // Where this system has no such list, the evidence says so.
    }
    const endMs = clockMs();
    const byPort = new Map([...this.#ports].map((port) => [port, sockets.filter(({ local }) => local.port === port)]));
    this.#samples.push({ startMs, endMs, byPort });
    return endMs - startMs;
  }
}

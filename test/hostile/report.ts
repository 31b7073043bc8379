/** What a process with hostile calls has seen: its last line of output, and its exit status. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** More would tell nothing new. */
const MOST_WRONG = 20;

export class Report {
  /** How many calls were made. */
  count = 0;
  readonly #seed: number;
  readonly #folder: string;
  readonly #started = performance.now();
  readonly #outcomes = new Map<string, number>();
  readonly #wrong: string[] = [];
  #longestMs = 0;

  /** The process works in a folder of its own: some calls make files. */
  constructor(name: string, seed: number) {
    this.#seed = seed;
    this.#folder = mkdtempSync(join(tmpdir(), `bsd-sockets-${name}-`));
    process.chdir(this.#folder);
  }

  /** A call ended so: `'ok'`, or the code of its error. */
  saw(outcome: string): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
  }

  /** A call lasted so long. */
  took(ms: number): void {
    this.#longestMs = Math.max(this.#longestMs, ms);
  }

  /** Something was wrong. */
  complain(what: string): void {
    this.#wrong.push(`call ${String(this.count)}: ${what}`);
    if (this.#wrong.length >= MOST_WRONG) this.finish();
  }

  /** Ends the process: it prints a line of JSON, and the status is 1 where something was wrong. */
  finish(): never {
    process.chdir('/');
    rmSync(this.#folder, { recursive: true, force: true });
    const [seed, count, longestMs, wrong] = [this.#seed, this.count, this.#longestMs, this.#wrong];
    const seconds = (performance.now() - this.#started) / 1000;
    const outcomes = Object.fromEntries([...this.#outcomes].sort(([, a], [, b]) => b - a));
    const rssMiB = Math.round(process.memoryUsage.rss() / 2 ** 20);
    process.stdout.write(`${JSON.stringify({ seed, count, seconds, longestMs, rssMiB, wrong, outcomes })}\n`);
    process.exit(wrong.length > 0 ? 1 : 0);
  }
}

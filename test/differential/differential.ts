/** The same sequences of calls through C and through bsd-sockets: every answer must be equal. */
import * as fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compileFile } from '../support/compiler.js';
import { canonical, type Side } from './canonical.js';
import { Sequences } from './generator.js';
import { Interpreter } from './interpreter.js';
import { CSide } from './side.js';

/**
 * The kernel does some things a moment later, and chooses ports that happen to be free: a difference counts when it
 * comes every one of so many times.
 */
const TIMES = 4;
/** From dist/test/differential. */
const SOURCE = join(import.meta.dirname, '..', '..', '..', 'test', 'differential', 'interpreter.c');

/** How often a call succeeded and failed in C. */
export interface Tally {
  succeeded: number;
  failed: number;
}

/** Runs sequences on both sides, and counts. */
export class Differential {
  /** Sequences that ran, not counting those of shrinking. */
  sequences = 0;
  /** Calls in them. */
  calls = 0;
  /** Sequences in which bytes were sent and received. */
  transferring = 0;
  /** Sequences that were equal at a later time only. */
  unsettled = 0;
  /** How the calls went, by their names. */
  readonly tallies = new Map<string, Tally>();
  readonly #folder: string;
  readonly #c: CSide;
  readonly #ours: Interpreter;
  #prefixes = 0;

  constructor() {
    this.#folder = mkdtempSync('/tmp/bsd-diff-'); // of known length: names as long as can be are in the sequences
    const [c, ours] = ['c', 'j'].map((name) => join(this.#folder, name)) as [string, string];
    for (const folder of [c, ours]) mkdirSync(folder);
    const program = join(this.#folder, 'interpreter');
    compileFile(SOURCE, program);
    this.#c = new CSide(program, c);
    this.#ours = new Interpreter(ours);
  }

  /** Ends the C side, and removes what it left. */
  close(): void {
    this.#c.close();
    this.#ours.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** Runs so many sequences. Where one differs, it is shrunk: the text tells seed, path, calls and both answers. */
  async check(numRuns: number, seed: number, untilMs = Infinity): Promise<string | null> {
    const property = fc.asyncProperty(new Sequences(), async (calls) => {
      if (performance.now() > untilMs) return;
      const difference = await this.#difference(calls);
      if (difference !== null) throw new Error(difference);
    });
    const { failed, counterexamplePath, counterexample, errorInstance } = await fc.check(property, { numRuns, seed });
    if (!failed) return null;
    const where = `seed ${String(seed)}, path ${String(counterexamplePath)}`;
    return `${where}\n${String(counterexample?.[0].join('\n'))}\n${String(errorInstance)}`;
  }

  /** What differs for good, or null. */
  async #difference(calls: readonly string[]): Promise<string | null> {
    let difference: string | null = null;
    for (let time = 0; time < TIMES; time++) {
      difference = await this.#once(calls, time === 0);
      if (difference === null) {
        if (time > 0) this.unsettled++;
        return null;
      }
    }
    return difference;
  }

  async #once(calls: readonly string[], counts: boolean): Promise<string | null> {
    const number = (this.#prefixes++).toString(16).padStart(8, '0');
    const [c, ours] = ['c', 'j'].map((side) => ({
      pid: side === 'c' ? this.#c.pid : process.pid,
      folder: join(this.#folder, side),
      prefix: `${side}${number}-`,
    })) as [Side, Side];
    const answersOfC = await this.#c.run(calls, c.prefix);
    if (counts) this.#count(calls, answersOfC);
    const expected = canonical(calls, answersOfC, c);
    const received = canonical(calls, this.#ours.run(calls, ours.prefix), ours);
    const differs = calls.flatMap((call, i) =>
      expected[i] === received[i]
        ? []
        : [`  ${call}\n    C:    ${String(expected[i])}\n    ours: ${String(received[i])}`],
    );
    return differs.length === 0 ? null : differs.join('\n');
  }

  #count(calls: readonly string[], answers: readonly string[]): void {
    const moved = { send: false, recv: false };
    for (const [index, answer] of answers.entries()) {
      const [name = ''] = (calls[index] as string).split(' ');
      const tally = this.tallies.get(name) ?? { succeeded: 0, failed: 0 };
      if (answer.startsWith('E')) tally.failed++;
      else tally.succeeded++;
      this.tallies.set(name, tally);
      const way = name.slice(0, 4);
      if ((way === 'send' || way === 'recv') && parseInt(answer, 10) > 0) moved[way] = true;
    }
    this.sequences++;
    this.calls += calls.length;
    if (moved.send && moved.recv) this.transferring++;
  }
}

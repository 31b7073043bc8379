/** `why --watch`: the wait until the address is free, and what is shown meanwhile. */
import { clearLine, cursorTo } from 'node:readline';
import type { WriteStream } from 'node:tty';
import { diagnose } from '../doctor/diagnose.js';
import type { Diagnosis } from '../doctor/diagnosis/diagnosis.js';
import type { Target } from '../doctor/kernel/observation.js';
import { look } from '../doctor/kernel/look.js';
import { thisMachine, waitForBind, type World } from '../doctor/wait-until-free.js';

/** Where it is shown. */
export type WatchOutput = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

/** What Linux gives a TIME_WAIT; and how wide the bar is for it. */
const TIME_WAIT_MS = 60_000;
const BAR = 30;

/** On the screen nothing is older than this. */
const LONGEST_SLEEP_MS = 1000;

/**
 * Waits until a bind without flags works, and returns the diagnosis that says so; the first one where no waiting helps.
 *
 * @param output - where to show how it stands: one line that changes on a terminal, otherwise a line for each change
 */
export async function watch(
  target: Target,
  first: Diagnosis,
  output: WatchOutput,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const line = new WatchLine(output);
  try {
    for (let found = first; ; found = diagnose(look(target))) {
      if (found.binds.none === 'ok') return found;
      if (found.binds.none !== 'EADDRINUSE') {
        line.say('Waiting does not help here.');
        return found;
      }
      await waitForBind(shownWorld(target, found, line, signal), target, 'none');
    }
  } finally {
    line.clear();
  }
}

/** This machine, where each look at the sockets is shown. */
function shownWorld(target: Target, first: Diagnosis, line: WatchLine, signal: AbortSignal): World {
  const machine = thisMachine(target, 'none', signal);
  let found = first;
  let seen: string | undefined;
  return {
    ...machine,
    expiries: () => {
      const expiries = machine.expiries();
      const picture = `${String(expiries.length)} ${String(expiries.includes(undefined))}`;
      if (seen !== undefined && picture !== seen) found = diagnose(look(target));
      seen = picture;
      line.show(found, expiries);
      return expiries;
    },
    sleep: (ms) => machine.sleep(Math.min(ms, LONGEST_SLEEP_MS)),
  };
}

/** One line that is written anew on a terminal; otherwise a line when something has changed. */
export class WatchLine {
  readonly #output: WatchOutput;
  #said: string | undefined;

  constructor(output: WatchOutput) {
    this.#output = output;
  }

  show({ summary }: Diagnosis, expiries: readonly (number | undefined)[]): void {
    if (!this.#output.isTTY) {
      this.say(`Waiting. ${summary}`);
      return;
    }
    this.clear();
    this.#output.write(shorten(liveWords(summary, expiries), this.#output.columns));
  }

  /** How long the kernel still takes, as a bar. */
  wait(leftMs: number): void {
    if (!this.#output.isTTY) {
      this.say('Waiting for the kernel.');
      return;
    }
    this.clear();
    const done = Math.round(BAR * Math.min(Math.max(1 - leftMs / TIME_WAIT_MS, 0), 1));
    const bar = '█'.repeat(done) + '░'.repeat(BAR - done);
    this.#output.write(
      shorten(`Waiting ${bar} ${(leftMs / 1000).toFixed(0)} s more. Ctrl-C ends it.`, this.#output.columns),
    );
  }

  say(text: string): void {
    if (text === this.#said) return;
    this.#said = text;
    this.clear();
    this.#output.write(`${text}\n`);
  }

  clear(): void {
    if (!this.#output.isTTY) return;
    cursorTo(this.#output, 0);
    clearLine(this.#output, 0);
  }
}

/** The time that is left runs; the rest stays as it was when something changed last. */
function liveWords(summary: string, expiries: readonly (number | undefined)[]): string {
  const known = expiries.filter((ms) => ms !== undefined);
  if (known.length === 0 || known.length < expiries.length) return `Waiting. ${summary}`;
  const longest = known.reduce((a, b) => Math.max(a, b), 0);
  return `Waiting for ${(longest / 1000).toFixed(0)} s more. Ctrl-C ends it.`;
}

/** A terminal that does not know its width says 0. */
function shorten(text: string, columns = 0): string {
  const width = columns > 0 ? columns : 80;
  return text.length < width ? text : `${text.slice(0, width - 2)}…`;
}

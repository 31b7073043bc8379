/** `why --watch`: the wait until the address is free, and what is shown meanwhile. */
import type { WriteStream } from 'node:tty';
import { diagnose } from '../doctor/diagnose.js';
import type { Diagnosis } from '../doctor/diagnosis/diagnosis.js';
import type { Target } from '../doctor/kernel/observation.js';
import { cutColumns, tellIn, type Language, type Tell } from '../language.js';
import { look } from '../doctor/kernel/look.js';
import { thisMachine, waitForBind, type World } from '../doctor/wait-until-free.js';

/** Where it is shown. */
export type WatchOutput = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

/** What Linux gives a TIME_WAIT; and how wide the bar is for it. */
const TIME_WAIT_MS = 60_000;
const BAR = 30;

/** As cursorTo and clearLine of node:readline, which takes a while to load. */
const LINE_START_AND_CLEAR = '\r\x1b[2K';

/** On the screen nothing is older than this. */
const LONGEST_SLEEP_MS = 1000;

/** How a wait is shown, and what ends it. */
export interface WatchOptions {
  /** Where: one line that changes on a terminal, otherwise a line for each change. */
  readonly output: WatchOutput;
  readonly language: Language;
  readonly signal: AbortSignal;
}

/**
 * Waits until a bind without flags works, and returns the diagnosis that says so; the first one where no waiting helps.
 */
export async function watch(
  target: Target,
  first: Diagnosis,
  { output, language, signal }: WatchOptions,
): Promise<Diagnosis> {
  const line = new WatchLine(output, language);
  const lookAgain = (): Diagnosis => diagnose(look(target), language);
  try {
    for (let found = first; ; found = lookAgain()) {
      if (found.binds.none === 'ok') return found;
      if (found.binds.none !== 'EADDRINUSE') {
        line.say(tellIn(language)('Waiting does not help here.', '在这里等是没有用的。'));
        return found;
      }
      await waitForBind(shownWorld(target, found, line, lookAgain, signal), target, 'none');
    }
  } finally {
    line.clear();
  }
}

/** This machine, where each look at the sockets is shown. */
function shownWorld(
  target: Target,
  first: Diagnosis,
  line: WatchLine,
  lookAgain: () => Diagnosis,
  signal: AbortSignal,
): World {
  const machine = thisMachine(target, 'none', signal);
  let found = first;
  let seen: string | undefined;
  return {
    ...machine,
    expiries: () => {
      const expiries = machine.expiries();
      const picture = `${String(expiries.length)} ${String(expiries.includes(undefined))}`;
      if (seen !== undefined && picture !== seen) found = lookAgain();
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
  readonly #t: Tell;
  #said: string | undefined;
  #isShown = false;

  constructor(output: WatchOutput, language: Language) {
    this.#output = output;
    this.#t = tellIn(language);
  }

  show({ summary }: Diagnosis, expiries: readonly (number | undefined)[]): void {
    if (!this.#output.isTTY) {
      this.say(`${this.#t('Waiting. ', '正在等待。')}${summary}`);
      return;
    }
    this.clear();
    this.#isShown = true;
    this.#output.write(shorten(liveWords(summary, expiries, this.#t), this.#output.columns));
  }

  /** How long the kernel still takes, as a bar. */
  wait(leftMs: number): void {
    if (!this.#output.isTTY) {
      this.say(this.#t('Waiting for the kernel.', '正在等待内核。'));
      return;
    }
    this.clear();
    this.#isShown = true;
    const left = (leftMs / 1000).toFixed(0);
    const done = Math.round(BAR * Math.min(Math.max(1 - leftMs / TIME_WAIT_MS, 0), 1));
    const bar = '█'.repeat(done) + '░'.repeat(BAR - done);
    this.#output.write(
      shorten(
        this.#t(`Waiting ${bar} ${left} s more. Ctrl-C ends it.`, `正在等待 ${bar} 还有 ${left} 秒。按 Ctrl-C 结束。`),
        this.#output.columns,
      ),
    );
  }

  say(text: string): void {
    if (text === this.#said) return;
    this.#said = text;
    this.clear();
    this.#output.write(`${text}\n`);
  }

  clear(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#output.write(LINE_START_AND_CLEAR);
  }
}

/** The time that is left runs; the rest stays as it was when something changed last. */
function liveWords(summary: string, expiries: readonly (number | undefined)[], t: Tell): string {
  const known = expiries.filter((ms) => ms !== undefined);
  if (known.length === 0 || known.length < expiries.length) return `${t('Waiting. ', '正在等待。')}${summary}`;
  const longest = known.reduce((a, b) => Math.max(a, b), 0);
  const left = (longest / 1000).toFixed(0);
  return t(`Waiting for ${left} s more. Ctrl-C ends it.`, `正在等待，还有 ${left} 秒。按 Ctrl-C 结束。`);
}

/** A terminal that does not know its width says 0. */
function shorten(text: string, columns = 0): string {
  const width = columns > 0 ? columns : 80;
  return cutColumns(text, width - 1);
}

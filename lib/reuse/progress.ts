/** How far it is, on a terminal or in a log. Everything goes to standard error. */
import { Presets, SingleBar } from 'cli-progress';
import { tellIn, type Language, type Tell } from '../language.js';
import type { Tick } from './wait.js';

const CLEAR_LINE = '\r\u001b[K';
const LOG_EVERY_MS = 10_000;
const seconds = (ms: number): string => (ms / 1000).toFixed(1);

/** Where progress is written. */
export type Output = NodeJS.WritableStream & { isTTY?: boolean };

/** The runs that are over, in one line that vanishes; nothing where `output` is no terminal. */
export class RunProgress {
  readonly #output: Output;
  readonly #t: Tell;

  constructor(output: Output, language: Language = 'en') {
    this.#output = output;
    this.#t = tellIn(language);
  }

  show(done: number, total: number): void {
    if (!this.#output.isTTY) return;
    const [some, all] = [String(done), String(total)];
    this.#output.write(
      CLEAR_LINE +
        this.#t(
          `running the server and the client: ${some} of ${all} done…`,
          `正在运行服务器和客户端：${all} 次已完成 ${some} 次…`,
        ),
    );
  }

  clear(): void {
    if (this.#output.isTTY) this.#output.write(CLEAR_LINE);
  }
}

/** The cells of the matrix that are there, in a bar that vanishes; nothing where `output` is no terminal. */
export class CellProgress {
  readonly #output: Output;
  readonly #t: Tell;
  #bar: SingleBar | undefined;

  constructor(output: Output, language: Language = 'en') {
    this.#output = output;
    this.#t = tellIn(language);
  }

  show(done: number, total: number): void {
    if (!this.#output.isTTY) return;
    if (this.#bar === undefined) {
      this.#bar = newBar(
        this.#output,
        this.#t('binding sockets [{bar}] {value} of {total}', '正在绑定套接字 [{bar}] {value} / {total}'),
      );
      this.#bar.start(total, done);
    }
    this.#bar.update(done);
  }

  clear(): void {
    this.#bar?.stop();
  }
}

/** A bar that goes when it is stopped. */
function newBar(stream: Output, format: string): SingleBar {
  // Signals are the command's business: gracefulExit would leave its processes behind.
  const options = { stream, format, barsize: 36, hideCursor: true, clearOnComplete: true, gracefulExit: false };
  return new SingleBar({ ...options, emptyOnZero: true }, Presets.legacy);
}

/** The wait against the kernel's remaining time: a bar on a terminal, otherwise a line now and then. */
export class WaitProgress {
  readonly #output: Output;
  readonly #t: Tell;
  #bar: SingleBar | undefined;
  #nextLogMs = Infinity;

  constructor(output: Output, language: Language = 'en') {
    this.#output = output;
    this.#t = tellIn(language);
  }

  show({ saidMs, remainingMs, attempts }: Tick): void {
    const left = remainingMs ?? 0;
    const words =
      saidMs === null
        ? this.#t('no time given', '内核没有说时间')
        : this.#t(`${seconds(left)} s left`, `还剩 ${seconds(left)} 秒`);
    if (this.#output.isTTY) this.#draw(saidMs ?? 0, left, { words, attempts });
    else if (left <= this.#nextLogMs) {
      this.#nextLogMs = left - LOG_EVERY_MS;
      const tries = String(attempts);
      this.#output.write(
        `${this.#t(`TIME_WAIT: ${words}, attempt ${tries}: EADDRINUSE`, `TIME_WAIT：${words}，第 ${tries} 次尝试：EADDRINUSE`)}\n`,
      );
    }
  }

  clear(): void {
    this.#bar?.stop();
  }

  #draw(totalMs: number, leftMs: number, payload: { words: string; attempts: number }): void {
    if (this.#bar === undefined) {
      this.#bar = newBar(
        this.#output,
        this.#t('TIME_WAIT [{bar}] {words}, attempt {attempts}', 'TIME_WAIT [{bar}] {words}，第 {attempts} 次尝试'),
      );
      this.#bar.start(totalMs, 0, payload);
    }
    this.#bar.update(Math.max(0, totalMs - leftMs), payload);
  }
}

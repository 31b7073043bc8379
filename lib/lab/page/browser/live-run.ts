/** A session of the server that this page came from: its stream of events, and its steps. */
import type { LabEvent, StepAnswer } from '../../protocol.js';
import type { Step } from '../../steps.js';
import type { Driver } from '../player.js';
import { after, NOTHING, type RunState } from '../run-state.js';

/** What is shown: a session, or what was recorded of one. */
export class Run {
  #state: RunState;
  readonly #onChange: () => void;
  #waiting: (() => void)[] = [];

  constructor(state: RunState, onChange: () => void) {
    this.#state = state;
    this.#onChange = onChange;
  }

  /** What is known now. */
  state(): RunState {
    return this.#state;
  }

  /** Something has happened. */
  protected add(event: LabEvent): void {
    this.#state = after(this.#state, event);
    this.#changed();
  }

  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
    this.#onChange();
  }

  /** Resolves when an event has come, or at the end of the time. */
  changed(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Tells those who wait, and who draws it. */
  protected touch(): void {
    this.#changed();
  }
}

/** A session: it lives as long as its stream. */
export class LiveRun extends Run implements Driver {
  // No server-sent events: of those a browser opens six to a host, in all its pages together.
  readonly #stream = new WebSocket(new URL('events', location.href).href.replace(/^http/, 'ws'));
  #language: string;
  #clock: { atMs: number; here: number } | undefined;
  /** The stream has ended, and with it the session. */
  isOver = false;

  constructor(language: string, onChange: () => void) {
    super(NOTHING, onChange);
    this.#language = language;
    this.#stream.addEventListener('message', ({ data }) => {
      const event = JSON.parse(data as string) as LabEvent;
      this.#clock = { atMs: event.atMs, here: performance.now() };
      this.add(event);
    });
    this.#stream.addEventListener('close', () => {
      this.isOver = true;
      this.touch();
    });
  }

  /** Ends the session. */
  close(): void {
    this.#stream.close();
    this.isOver = true;
    this.touch();
  }

  /** The time of the session, now. */
  nowMs(): number {
    return this.#clock === undefined ? 0 : this.#clock.atMs + performance.now() - this.#clock.here;
  }

  /** Answers of the server are in this language from now on. */
  speak(language: string): void {
    this.#language = language;
  }

  /** Asks for a step. */
  async post(step: Step): Promise<StepAnswer> {
    try {
      const response = await fetch(this.#path('steps'), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(step),
      });
      return (await response.json()) as StepAnswer;
    } catch (error) {
      return { code: 'ERR_LAB_GONE', message: String(error) };
    }
  }

  /** Why a call failed: the doctor's words; undefined where nobody answers. */
  async why(call: number): Promise<readonly string[] | undefined> {
    try {
      const response = await fetch(this.#path('why', { call: String(call) }));
      return response.ok ? ((await response.json()) as { lines: string[] }).lines : undefined;
    } catch {
      return undefined;
    }
  }

  /** Where the session can be had as a file. */
  exportPath(as: 'ts' | 'c' | 'page'): string {
    return this.#path('export', { as });
  }

  #path(what: string, query: Record<string, string> = {}): string {
    const search = new URLSearchParams({ ...query, lang: this.#language }).toString();
    return `sessions/${this.state().hello?.session ?? ''}/${what}?${search}`;
  }
}

/** Plays a story on its sessions: step by step, in both runs at once. */
import type { Story } from '../../stories/index.js';
import { playStep, type Played } from '../player.js';
import type { LiveRun } from './live-run.js';
import { lengthOf, type Progress } from './story-panel.js';

/** Of one story, on the sessions that were opened for it. */
export class StoryPlayer {
  readonly #runs: readonly LiveRun[];
  readonly #onChange: () => void;
  progress: Progress;

  constructor(story: Story, runs: readonly LiveRun[], onChange: () => void) {
    this.#runs = runs;
    this.#onChange = onChange;
    this.progress = { story, done: 0, isPlaying: false, isBusy: false };
  }

  /** The next step of each run. */
  async next(): Promise<void> {
    const { story, done } = this.progress;
    if (this.progress.isBusy || this.isOver) return;
    this.#set({ isBusy: true });
    const played = await Promise.all(
      story.runs.map(async ({ steps }, index): Promise<Played> => {
        const [step, run] = [steps[done], this.#runs[index]];
        return step === undefined || run === undefined ? 'ok' : playStep(run, step);
      }),
    );
    const trouble = played.find((one) => one !== 'ok');
    this.#set({ isBusy: false, done: done + 1, ...(trouble !== undefined && { trouble, isPlaying: false }) });
  }

  /** All that is left, until {@link pause}. */
  async playAll(): Promise<void> {
    this.#set({ isPlaying: true });
    while (this.#goesOn()) {
      await this.next();
      if (this.#goesOn()) await glance();
    }
    this.#set({ isPlaying: false });
  }

  /** After the step that is under way. */
  pause(): void {
    this.#set({ isPlaying: false });
  }

  /** Is there nothing left to play? */
  get isOver(): boolean {
    const { story, done, trouble } = this.progress;
    return done >= lengthOf(story) || trouble !== undefined;
  }

  #goesOn(): boolean {
    return this.progress.isPlaying && !this.isOver;
  }

  #set(change: Partial<Progress>): void {
    this.progress = { ...this.progress, ...change };
    this.#onChange();
  }
}

/** Between two steps, for the eye; none for whom movement is too much. */
const GLANCE_MS = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 350;

const glance = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, GLANCE_MS);
  });

/** Which story, how far, and what is to be seen. */
import type { JSX } from 'preact';
import type { Language } from '../../../language.js';
import { STORIES, type Story } from '../../stories/index.js';
import type { Played } from '../player.js';
import type { PageWords } from '../words/words.js';

/** How far a story has been played. */
export interface Progress {
  readonly story: Story;
  /** Steps that are done, in each of its runs. */
  readonly done: number;
  readonly isPlaying: boolean;
  /** A step is under way. */
  readonly isBusy: boolean;
  readonly trouble?: Played | undefined;
}

/** The most steps of a story's runs. */
export const lengthOf = ({ runs }: Story): number => Math.max(...runs.map(({ steps }) => steps.length));

interface Props {
  readonly progress: Progress | undefined;
  readonly language: Language;
  readonly words: PageWords;
  readonly choose: (story: Story | undefined) => void;
  readonly next: () => void;
  readonly playAll: () => void;
  readonly pause: () => void;
}

/** The choice of a story, its text, and the player's buttons. */
export function StoryPanel({ progress, language, words, choose, next, playAll, pause }: Props): JSX.Element {
  return (
    <section class="story" aria-labelledby="story">
      <h2 id="story" class="sr-only">
        {words.story}
      </h2>
      <label class="choice">
        {words.story}{' '}
        <select
          name="story"
          value={progress?.story.id ?? ''}
          onChange={({ currentTarget }) => {
            choose(STORIES.find(({ id }) => id === currentTarget.value));
          }}
        >
          <option value="">{words.freePlay}</option>
          {STORIES.map(({ id, title }) => (
            <option key={id} value={id}>
              {title[language]}
            </option>
          ))}
        </select>
      </label>
      <p class="about">{progress === undefined ? words.freePlayAbout : progress.story.about[language]}</p>
      {progress === undefined ? null : (
        <Player
          progress={progress}
          language={language}
          words={words}
          next={next}
          playAll={playAll}
          pause={pause}
          again={() => {
            choose(progress.story);
          }}
        />
      )}
    </section>
  );
}

type PlayerProps = Pick<Props, 'language' | 'words' | 'next' | 'playAll' | 'pause'> & {
  readonly progress: Progress;
  readonly again: () => void;
};

function Player({ progress, language, words, next, playAll, pause, again }: PlayerProps): JSX.Element {
  const { story, done, isPlaying, isBusy, trouble } = progress;
  const length = lengthOf(story);
  const isOver = done >= length || trouble !== undefined;
  return (
    <div class="player">
      <div class="player-buttons">
        {isPlaying ? (
          <button type="button" class="primary" onClick={pause}>
            {words.pause}
          </button>
        ) : (
          <button type="button" class="primary" disabled={isOver || isBusy} onClick={playAll}>
            {words.playAll}
          </button>
        )}
        <button type="button" disabled={isOver || isBusy || isPlaying} onClick={next}>
          {words.nextStep}
        </button>
        <button type="button" disabled={done === 0 && !isBusy && trouble === undefined} onClick={again}>
          {words.startAgain}
        </button>
        <span class="count">{words.steps(done, length)}</span>
        <progress value={done} max={length} aria-label={words.steps(done, length)} />
      </div>
      <Said progress={progress} language={language} words={words} />
    </div>
  );
}

/** What is to be seen now. */
function Said({ progress, language, words }: Pick<PlayerProps, 'progress' | 'language' | 'words'>): JSX.Element {
  const { story, done, trouble } = progress;
  return (
    <div class="said" aria-live="polite">
      {story.runs.map(({ title, steps }) => {
        const text = steps.slice(0, done).findLast((step) => step.words !== undefined)?.words;
        return text === undefined ? null : (
          <p key={title.en}>
            {story.runs.length > 1 ? <b>{`${title[language]}: `}</b> : null}
            {text[language]}
          </p>
        );
      })}
      {trouble === undefined || trouble === 'ok' ? null : <p class="trouble">{words[trouble]}</p>}
      {done >= lengthOf(story) ? (
        <p class="moral">
          <b>{`${words.moral}: `}</b>
          {story.moral[language]}
        </p>
      ) : null}
    </div>
  );
}

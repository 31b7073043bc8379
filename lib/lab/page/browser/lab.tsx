/** The page. */
import { Component, type JSX } from 'preact';
import { LANGUAGES, type Language } from '../../../language.js';
import type { PageStart, Recording } from '../../protocol.js';
import type { Story } from '../../stories/index.js';
import { after, NOTHING, type RunState } from '../run-state.js';
import { EN } from '../words/en.js';
import type { PageWords } from '../words/words.js';
import { ZH } from '../words/zh.js';
import { LiveRun } from './live-run.js';
import { RecordedView, RunView } from './run-view.js';
import { StoryPanel } from './story-panel.js';
import { StoryPlayer } from './story-player.js';
import { Timeline } from './timeline.js';

const WORDS: Readonly<Record<Language, PageWords>> = { en: EN, zh: ZH };
const NAMES: Readonly<Record<Language, string>> = { en: 'English', zh: '中文' };

interface State {
  readonly language: Language;
  /** Counts what has changed outside of this component. */
  readonly changes: number;
}

/** What is shown: sessions of its own, or a recording. */
export class Lab extends Component<{ start: PageStart }, State> {
  override state: State = { language: this.props.start.language, changes: 0 };
  #runs: readonly LiveRun[] = [];
  #player: StoryPlayer | undefined;
  readonly #recorded = stateOf(this.props.start.recording);

  override componentDidMount(): void {
    if (this.#recorded === undefined) this.#open(1);
  }

  override componentWillUnmount(): void {
    this.#open(0);
  }

  /** New sessions in place of those that there are. */
  #open(count: number): void {
    for (const run of this.#runs) run.close();
    this.#runs = Array.from({ length: count }, () => new LiveRun(this.state.language, this.#changed));
    this.#changed();
  }

  readonly #changed = (): void => {
    this.setState(({ changes }) => ({ changes: changes + 1 }));
  };

  readonly #choose = (story: Story | undefined): void => {
    this.#player?.pause();
    this.#player = undefined;
    this.#open(story?.runs.length ?? 1);
    if (story !== undefined) this.#player = new StoryPlayer(story, this.#runs, this.#changed);
    this.#changed();
  };

  readonly #speak = (language: Language): void => {
    document.documentElement.lang = language;
    for (const run of this.#runs) run.speak(language);
    this.setState({ language });
  };

  override render(): JSX.Element {
    const words = WORDS[this.state.language];
    const { recording } = this.props.start;
    return (
      <>
        <header>
          <div>
            <h1>{recording === undefined ? words.title : recording.title}</h1>
            <p>{recording === undefined ? words.subtitle : words.recordedAt(recording.recordedAt, recording.system)}</p>
          </div>
          {this.#settings(words)}
        </header>
        <main>{this.#recorded === undefined ? this.#live(words) : this.#past(this.#recorded, words)}</main>
      </>
    );
  }

  #settings(words: PageWords): JSX.Element {
    return (
      <div class="settings">
        <Choice
          name="language"
          label={words.language}
          value={this.state.language}
          options={NAMES}
          choose={this.#speak}
        />
      </div>
    );
  }

  #live(words: PageWords): JSX.Element {
    const { language } = this.state;
    const player = this.#player;
    const titles = player?.progress.story.runs.map(({ title }) => title[language]);
    const titleOf = (index: number): string | undefined => (this.#runs.length > 1 ? titles?.[index] : undefined);
    return (
      <>
        <StoryPanel
          progress={player?.progress}
          language={language}
          words={words}
          choose={this.#choose}
          next={() => void player?.next()}
          playAll={() => void player?.playAll()}
          pause={() => player?.pause()}
        />
        <div class={this.#runs.length > 1 ? 'runs two' : 'runs'}>
          {this.#runs.map((run, index) => (
            <RunView
              key={run.state().hello?.session ?? index}
              state={run.state()}
              title={titleOf(index)}
              index={index}
              words={words}
              live={run}
              isFree={player === undefined}
            />
          ))}
        </div>
        <Timeline
          runs={this.#runs.map((run, index) => ({ title: titles?.[index] ?? words.freePlay, state: run.state() }))}
          words={words}
        />
        <Exports runs={this.#runs} titleOf={titleOf} words={words} />
      </>
    );
  }

  #past(state: RunState, words: PageWords): JSX.Element {
    return (
      <>
        <h2 class="sr-only">{words.calls}</h2>
        <RecordedView state={state} words={words} />
        <Timeline runs={[{ title: this.props.start.recording?.title ?? '', state }]} words={words} />
      </>
    );
  }
}

/** What a recording ends with. */
function stateOf(recording: Recording | undefined): RunState | undefined {
  return recording?.events.reduce(after, NOTHING);
}

interface ChoiceProps<Value extends string> {
  readonly name: string;
  readonly label: string;
  readonly value: Value;
  readonly options: Readonly<Record<Value, string>>;
  readonly choose: (value: Value) => void;
}

function Choice<Value extends string>({ name: own, label, value, options, choose }: ChoiceProps<Value>): JSX.Element {
  const names = Object.keys(options) as Value[];
  return (
    <label class="choice">
      {label}{' '}
      <select
        name={own}
        value={value}
        onChange={({ currentTarget }) => {
          const chosen = names.find((name) => name === currentTarget.value);
          if (chosen !== undefined) choose(chosen);
        }}
      >
        {names.map((name) => (
          <option key={name} value={name} lang={LANGUAGES.find((one) => one === name)}>
            {options[name]}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ExportsProps {
  readonly runs: readonly LiveRun[];
  readonly titleOf: (index: number) => string | undefined;
  readonly words: PageWords;
}

function Exports({ runs, titleOf, words }: ExportsProps): JSX.Element {
  return (
    <footer class="exports">
      {runs.map((run, index) => (
        <p key={index}>
          {`${words.exportAs}${titleOf(index) === undefined ? '' : ` (${titleOf(index) ?? ''})`}: `}
          <a href={run.exportPath('ts')} download>
            {words.asScript}
          </a>
          <a href={run.exportPath('c')} download>
            {words.asC}
          </a>
          <a href={run.exportPath('page')} download>
            {words.asPage}
          </a>
        </p>
      ))}
    </footer>
  );
}

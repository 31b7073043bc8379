/** The calls of a process, the last one first. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { CallEntry } from '../run-state.js';
import type { PageWords } from '../words/words.js';
import { CodeLines } from './code-lines.js';

interface Props {
  readonly calls: readonly CallEntry[];
  readonly words: PageWords;
  /** Asks the doctor; left out where nobody can be asked. */
  readonly why?: ((call: number) => Promise<readonly string[] | undefined>) | undefined;
}

/** What was called, and what came of it. */
export function CallList({ calls, words, why }: Props): JSX.Element {
  if (calls.length === 0) return <p class="note">{words.noCalls}</p>;
  return (
    <ol class="calls" aria-live="polite" tabIndex={0} aria-label={words.calls} reversed>
      {calls.toReversed().map((entry) => (
        <li key={entry.called.call} class={kindOf(entry)}>
          <CodeLines lines={entry.called} />
          <Outcome entry={entry} words={words} />
          {entry.returned?.error !== undefined && why !== undefined ? (
            <Why call={entry.called.call} words={words} why={why} />
          ) : null}
        </li>
      ))}
    </ol>
  );
}

function kindOf({ returned, isLost }: CallEntry): string {
  if (returned === undefined) return isLost ? 'lost' : 'waiting';
  return returned.error === undefined ? 'done' : 'failed';
}

function Outcome({ entry: { returned, isLost }, words }: { entry: CallEntry; words: PageWords }): JSX.Element {
  if (returned === undefined) return <span class="outcome">{isLost ? words.neverReturned : words.waits}</span>;
  const { error, result = 0, text, durationMs } = returned;
  const took = durationMs >= 10 ? `, ${words.tookMs(durationMs.toFixed(0))}` : '';
  if (error !== undefined)
    return (
      <span class="outcome">
        <b>{error.code}</b> ({error.errno}) {error.message}
        {took}
      </span>
    );
  const value = text === undefined || text === '' ? String(result) : `${String(result)}: ${JSON.stringify(text)}`;
  return (
    <span class="outcome">
      {words.returns(value)}
      {took}
    </span>
  );
}

interface WhyProps {
  readonly call: number;
  readonly words: PageWords;
  readonly why: (call: number) => Promise<readonly string[] | undefined>;
}

/** "Why did that fail?", and the doctor's answer in its place. */
function Why({ call, words, why }: WhyProps): JSX.Element {
  const [answer, setAnswer] = useState<string>();
  const ask = async (): Promise<void> => {
    setAnswer(words.asking);
    setAnswer((await why(call))?.join('\n') ?? words.noAnswer);
  };
  return answer === undefined ? (
    <button type="button" class="why" onClick={() => void ask()}>
      {words.whyFailed}
    </button>
  ) : (
    <pre class="answer" tabIndex={0} role="status">
      {answer}
    </pre>
  );
}

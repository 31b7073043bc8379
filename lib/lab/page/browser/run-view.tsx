/** A session: server, kernel, client. */
import type { JSX } from 'preact';
import type { Step } from '../../steps.js';
import type { RunState } from '../run-state.js';
import type { PageWords } from '../words/words.js';
import { ActorColumn } from './actor-column.js';
import { CallList } from './call-list.js';
import { KernelColumn } from './kernel-column.js';
import type { LiveRun } from './live-run.js';

interface Props {
  readonly state: RunState;
  readonly title: string | undefined;
  readonly index: number;
  readonly words: PageWords;
  /** Left out where it was recorded. */
  readonly live?: LiveRun | undefined;
  /** May the reader make calls? In a story the story makes them. */
  readonly isFree: boolean;
}

/** Its three columns. */
export function RunView({ state, title, index, words, live, isFree }: Props): JSX.Element {
  const id = (name: string): string => `${name}-${String(index)}`;
  const make = live === undefined || !isFree ? undefined : (step: Step): void => void live.post(step);
  const why = live === undefined ? undefined : (call: number) => live.why(call);
  const nowMs = (): number => live?.nowMs() ?? state.lastMs;
  return (
    <section class="run" aria-label={title ?? words.title}>
      {title === undefined ? null : <h2>{title}</h2>}
      {live?.isOver === true ? (
        <p class="trouble" role="alert">
          {words.ended}
        </p>
      ) : null}
      <div class="columns">
        <ActorColumn actor="server" state={state} words={words} id={id('server')} make={make} why={why} />
        <KernelColumn state={state} nowMs={nowMs} words={words} id={id('kernel')} />
        <ActorColumn actor="client" state={state} words={words} id={id('client')} make={make} why={why} />
      </div>
    </section>
  );
}

/** What a script did: the calls of each of its threads, and the kernel. */
export function RecordedView({ state, words }: Pick<Props, 'state' | 'words'>): JSX.Element {
  const actors = [...new Set(state.calls.map(({ called }) => called.actor))];
  if (actors.every((actor) => actor === 'server' || actor === 'client'))
    return <RunView state={state} title={undefined} index={0} words={words} isFree={false} />;
  return (
    <section class="run" aria-label={words.title}>
      <div class="columns recorded">
        <div role="group" class="column server" aria-labelledby="recorded-calls">
          <h3 id="recorded-calls">{words.calls}</h3>
          {actors.map((actor) => (
            <div key={actor}>
              <h4>{actor}</h4>
              <CallList calls={state.calls.filter(({ called }) => called.actor === actor)} words={words} />
            </div>
          ))}
        </div>
        <KernelColumn state={state} nowMs={() => state.lastMs} words={words} id="kernel-0" />
      </div>
    </section>
  );
}

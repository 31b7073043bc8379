/** Calls and states on one time axis, of one run or of two. */
import type { JSX } from 'preact';
import type { CallEntry, RunState, StateSpan } from '../run-state.js';
import { sideOf } from '../run-state.js';
import type { PageWords } from '../words/words.js';

interface Props {
  readonly runs: readonly { readonly title: string; readonly state: RunState }[];
  readonly words: PageWords;
}

/** Each run begins at its first call. */
export function Timeline({ runs, words }: Props): JSX.Element {
  const begun = runs.filter(({ state }) => state.calls.length > 0);
  const lengthMs = Math.max(1, ...begun.map(({ state }) => state.lastMs - startOf(state)));
  return (
    <section class="timeline" aria-labelledby="timeline">
      <h2 id="timeline">
        {words.timeline} <small>{words.timelineAbout}</small>
      </h2>
      {begun.length === 0 ? <p class="note">{words.noTimeline}</p> : null}
      {begun.map(({ title, state }) => (
        <RunLines key={title} title={title} state={state} lengthMs={lengthMs} words={words} />
      ))}
      {begun.length === 0 ? null : (
        <p class="axis">
          <span>0</span>
          <span>{(lengthMs / 2).toFixed(0)}</span>
          <span>{`${lengthMs.toFixed(0)} ${words.milliseconds}`}</span>
        </p>
      )}
    </section>
  );
}

const startOf = (state: RunState): number => state.calls[0]?.called.atMs ?? 0;

interface LinesProps {
  readonly title: string;
  readonly state: RunState;
  readonly lengthMs: number;
  readonly words: PageWords;
}

/** A row for each process, and one for each socket that the kernel listed. */
function RunLines({ title, state, lengthMs, words }: LinesProps): JSX.Element {
  const start = startOf(state);
  const place = (fromMs: number, toMs: number): string =>
    `left:${percent((fromMs - start) / lengthMs)};width:${percent(Math.max(0, toMs - fromMs) / lengthMs)}`;
  const actors = [...new Set(state.calls.map(({ called }) => called.actor))];
  const sockets = [...new Set(state.spans.map(({ socket }) => socket.id))];
  return (
    <figure>
      <figcaption>{title}</figcaption>
      {actors.map((actor) => (
        <Row key={actor} label={nameOf(actor, words)}>
          {state.calls
            .filter(({ called }) => called.actor === actor)
            .map((entry) => (
              <CallBar key={entry.called.call} entry={entry} style={place(entry.called.atMs, endOf(entry, state))} />
            ))}
        </Row>
      ))}
      {sockets.map((id) => {
        const spans = state.spans.filter(({ socket }) => socket.id === id);
        return (
          <Row key={id} label={socketLabel(spans, state)}>
            {spans.map((span) => (
              <StateBand
                key={span.fromMs}
                span={span}
                side={sideOf(span.socket, state.hello?.port ?? 0)}
                style={place(span.fromMs, span.toMs ?? state.lastMs)}
              />
            ))}
          </Row>
        );
      })}
    </figure>
  );
}

const percent = (share: number): string => `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`;

const nameOf = (actor: string, words: PageWords): string =>
  actor === 'server' || actor === 'client' ? words.actors[actor] : actor;

const endOf = ({ returned, isLost, called }: CallEntry, { lastMs }: RunState): number =>
  returned?.atMs ?? (isLost ? called.atMs : lastMs);

function socketLabel(spans: readonly StateSpan[], { hello }: RunState): string {
  const socket = spans.at(-1)?.socket;
  if (socket === undefined) return '';
  const name = spans.find((span) => span.socket.name !== null)?.socket.name;
  return (
    name ?? (socket.local.port === hello?.port ? `:${String(socket.remote.port)}` : `:${String(socket.local.port)}`)
  );
}

function Row({ label, children }: { label: string; children: JSX.Element[] }): JSX.Element {
  return (
    <div class="row">
      <span class="label">{label}</span>
      <div class="track">{children}</div>
    </div>
  );
}

function CallBar({ entry: { called, returned }, style }: { entry: CallEntry; style: string }): JSX.Element {
  const name = /^(?:(?:int|const) .*?= )?(\w+)\(/.exec(called.c)?.[1] ?? '';
  const failed = returned?.error?.code;
  const text = failed === undefined ? name : `${name} ${failed}`;
  return (
    <span class={failed === undefined ? 'bar' : 'bar failed'} style={style} title={`${called.c} ${failed ?? ''}`}>
      {failed === undefined ? null : <b>{failed}</b>}
      <span class="sr-only">{text}</span>
    </span>
  );
}

function StateBand({ span, side, style }: { span: StateSpan; side: string; style: string }): JSX.Element {
  const { state, actor } = span.socket;
  return (
    <span class={`band ${side}${actor === null ? ' hollow' : ''}`} style={style} title={state}>
      {state}
    </span>
  );
}

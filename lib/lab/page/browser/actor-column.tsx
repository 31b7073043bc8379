/** A process: its sockets, what it can be told to do, and its calls. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { linesOf, type LabActor, type Lines, type Step } from '../../steps.js';
import { generalOffers, socketOffers, type Offer } from '../offers.js';
import { isIdle, type ActorState, type RunState } from '../run-state.js';
import type { PageWords } from '../words/words.js';
import { CallList } from './call-list.js';
import { CodeLines } from './code-lines.js';

interface Props {
  readonly actor: LabActor;
  readonly state: RunState;
  readonly words: PageWords;
  readonly id: string;
  /** Left out where the calls are not the reader's to make. */
  readonly make?: ((step: Step) => void) | undefined;
  readonly why?: ((call: number) => Promise<readonly string[] | undefined>) | undefined;
}

/** The server's column, or the client's. */
export function ActorColumn({ actor, state, words, id, make, why }: Props): JSX.Element {
  const process = state.actors.get(actor);
  return (
    <div role="group" class={`column ${actor}`} aria-labelledby={id}>
      <h3 id={id}>
        {words.actors[actor]} <small>{processWords(process, words)}</small>
      </h3>
      {make === undefined ? null : (
        <Buttons actor={actor} state={state} process={process} words={words} id={id} make={make} />
      )}
      <h4>{words.calls}</h4>
      <CallList calls={state.calls.filter(({ called }) => called.actor === actor)} words={words} why={why} />
    </div>
  );
}

function processWords(process: ActorState | undefined, words: PageWords): string {
  if (process === undefined) return words.connecting;
  return process.isAlive ? words.process(process.pid) : words.noProcess;
}

type ButtonsProps = Omit<Props, 'why' | 'make'> & {
  readonly process: ActorState | undefined;
  readonly make: (step: Step) => void;
};

function Buttons({ actor, state, process, words, id, make }: ButtonsProps): JSX.Element {
  const [wanted, choose] = useState<string>();
  const variables: ActorState['variables'] = process?.variables ?? new Map();
  const names = [...variables.keys()];
  const chosen = wanted !== undefined && variables.has(wanted) ? wanted : names.at(-1);
  const offers = [
    ...generalOffers(actor, variables),
    ...(chosen === undefined ? [] : socketOffers(actor, chosen, variables)),
  ];
  const isFree = isIdle(state, actor);
  return (
    <>
      <SocketChoice variables={variables} chosen={chosen} choose={choose} words={words} id={id} />
      <ul class="offers">
        {offers.map((offer) => (
          <OfferRow
            key={JSON.stringify(offer.step)}
            offer={offer}
            lines={linesOf(offer.step, state.hello?.port ?? 0)}
            isEnabled={isFree || (offer.step.call === 'restart' && process?.isAlive === true)}
            words={words}
            make={make}
          />
        ))}
      </ul>
    </>
  );
}

interface ChoiceProps {
  readonly variables: ActorState['variables'];
  readonly chosen: string | undefined;
  readonly choose: (name: string) => void;
  readonly words: PageWords;
  readonly id: string;
}

/** Which of its sockets the buttons are about. */
function SocketChoice({ variables, chosen, choose, words, id }: ChoiceProps): JSX.Element {
  const names = [...variables.keys()];
  return (
    <label class="choice">
      {words.socketChoice}{' '}
      <select
        name="socket"
        value={chosen ?? ''}
        disabled={names.length === 0}
        onChange={({ currentTarget }) => {
          choose(currentTarget.value);
        }}
        aria-describedby={id}
      >
        {names.length === 0 ? <option value="">{words.noSocket}</option> : null}
        {names.map((name) => (
          <option key={name} value={name}>
            {`${name} = ${String(variables.get(name)?.fd ?? -1)}`}
          </option>
        ))}
      </select>
    </label>
  );
}

interface OfferProps {
  readonly offer: Offer;
  readonly lines: Lines;
  readonly isEnabled: boolean;
  readonly words: PageWords;
  readonly make: (step: Step) => void;
}

function OfferRow({ offer: { step, detail, isOn }, lines, isEnabled, words, make }: OfferProps): JSX.Element {
  const value = isOn === undefined ? '' : ` ${isOn ? words.on : words.off}`;
  return (
    <li>
      <button
        type="button"
        disabled={!isEnabled}
        onClick={() => {
          make(step);
        }}
      >
        {words.buttons[step.call]}
        {detail === undefined ? null : <small>{` ${detail}${value}`}</small>}
      </button>
      <CodeLines lines={lines} />
    </li>
  );
}

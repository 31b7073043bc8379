/** Which steps are offered to a process: those that make sense for the socket that is chosen. Pure. */
import type { LabActor, Step } from '../steps.js';
import type { ActorState } from './run-state.js';

/** A step that is offered; `label` tells two of one call apart: `'SO_REUSEADDR on'`. */
export interface Offer {
  readonly step: Step;
  readonly detail?: string;
  readonly isOn?: boolean;
}

const FIRST: Readonly<Record<LabActor, string>> = { server: 'listener', client: 'client' };
const TEXT: Readonly<Record<LabActor, string>> = { server: 'welcome', client: 'hello' };
const BACKLOG = 5;
const SIZE = 64;

/** A name that no variable has yet: `'listener'`, `'listener2'`. */
function freeName(variables: ActorState['variables'], base: string): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}${String(number)}`;
    if (!variables.has(name)) return name;
  }
}

/** What a process can do without a socket. */
export function generalOffers(actor: LabActor, variables: ActorState['variables']): Offer[] {
  return [
    { step: { actor, call: 'socket', on: freeName(variables, FIRST[actor]) } },
    { step: { actor, call: 'restart' } },
  ];
}

/** What it can do with one of its sockets. */
export function socketOffers(actor: LabActor, on: string, variables: ActorState['variables']): Offer[] {
  const variable = variables.get(on);
  if (variable === undefined) return [];
  const talks = actor === 'client' || variable.isAccepted;
  const begins =
    actor === 'server' ? listenerOffers(on, variables) : [{ step: { actor, call: 'connect', on } } as const];
  return [
    ...flagOffers(actor, on),
    ...(variable.isAccepted ? [] : begins),
    ...(talks ? talkOffers(actor, on) : []),
    { step: { actor, call: 'close', on } },
  ];
}

function flagOffers(actor: LabActor, on: string): Offer[] {
  const flags: Offer[] = ([1, 0] as const).map((value) => ({
    step: { actor, call: 'setsockopt', on, option: 'SO_REUSEADDR', value },
    detail: 'SO_REUSEADDR',
    isOn: value === 1,
  }));
  return [
    ...flags,
    { step: { actor, call: 'setsockopt', on, option: 'SO_REUSEPORT', value: 1 }, detail: 'SO_REUSEPORT', isOn: true },
  ];
}

function listenerOffers(on: string, variables: ActorState['variables']): Offer[] {
  const actor = 'server';
  return [
    { step: { actor, call: 'bind', on } },
    { step: { actor, call: 'listen', on, backlog: BACKLOG } },
    { step: { actor, call: 'accept', on, as: freeName(variables, 'connection') } },
  ];
}

function talkOffers(actor: LabActor, on: string): Offer[] {
  return [
    { step: { actor, call: 'send', on, text: TEXT[actor] } },
    { step: { actor, call: 'recv', on, size: SIZE } },
    { step: { actor, call: 'shutdown', on, how: 'SHUT_WR' }, detail: 'SHUT_WR' },
    { step: { actor, call: 'setsockopt', on, option: 'SO_LINGER', value: 1 }, detail: 'SO_LINGER', isOn: true },
  ];
}

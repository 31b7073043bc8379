/** The variables of an exported program. Pure. */
import type { ActorName } from '../protocol.js';
import type { SessionCall } from '../session.js';
import type { Step } from '../steps.js';

/** What holds a descriptor; both actors may have one of that name. */
export interface Variable {
  readonly actor: ActorName;
  readonly name: string;
}

/** All of a session, each once, in the order in which they were first used. */
export function variablesOf(calls: readonly SessionCall[]): Variable[] {
  const found = new Map<string, Variable>();
  for (const { called } of calls)
    for (const name of namesIn(called.step)) found.set(`${called.actor} ${name}`, { actor: called.actor, name });
  return [...found.values()];
}

function namesIn(step: Step): string[] {
  if (step.call === 'restart') return [];
  return step.call === 'accept' ? [step.on, step.as] : [step.on];
}

/** What the program's line of output begins with: `server bind`. */
export const labelOf = (step: Step): string => `${step.actor} ${step.call}`;

/** From what was seen to the whole answer: judgement, then words. Pure. */
import type { Language } from '../language.js';
import type { Diagnosis } from './diagnosis/diagnosis.js';
import { judge } from './diagnosis/judge.js';
import type { Observation, Target } from './kernel/observation.js';
import { adviseOn } from './words/advice.js';
import { notesOn } from './words/notes.js';
import { summarize, whenFree } from './words/summary.js';

/** Makes a diagnosis of what was seen, in that language. */
export function diagnose(seen: Observation, language: Language = 'en'): Diagnosis {
  const found = judge(seen, language);
  return {
    ...nameOf(seen.target),
    verdict: found.verdict,
    summary: summarize(found),
    binds: seen.binds,
    ...(seen.bindsIPv4 !== undefined && { bindsIPv4: seen.bindsIPv4 }),
    holders: found.all,
    others: found.others,
    freeInMs: found.freeInMs,
    freeWhen: whenFree(found),
    advice: adviseOn(found),
    notes: notesOn(found),
  };
}

function nameOf({ protocol, address }: Target): Pick<Diagnosis, 'port' | 'host' | 'path' | 'protocol'> {
  if (protocol === 'unix') return { path: address.path, protocol };
  return { port: address.port, host: address.address, protocol };
}

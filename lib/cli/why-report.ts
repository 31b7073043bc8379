/** What `why` does, told where: it loads no more than that, since somebody waits for it. */
import type { Diagnosis } from '../doctor/diagnosis/diagnosis.js';
import type { Target } from '../doctor/kernel/observation.js';
import { diagnose } from '../doctor/diagnose.js';
import { asTarget } from '../doctor/kernel/target.js';
import { look } from '../doctor/kernel/look.js';
import { say } from '../doctor/words/say.js';
import { languageOf, type Language } from '../language.js';
import { wrap } from '../doctor/words/wrap.js';
import { orPerror, orPerrorThroughout } from './failure.js';
import { paintOfOutput, printAtOnce } from './output.js';
import { untilSignal } from './stoppable.js';
import { watch } from './watch.js';

/** How it is told. */
export interface ReportOptions {
  json?: boolean;
  watch?: boolean;
  lang: Language;
}

/** `why PORT` and nothing else, as most ask: there is nothing to read in the arguments. */
export function whyPort(port: number): Promise<void> {
  return report(() => asTarget(port), { lang: languageOf(process.env) });
}

/** Looks, tells and sets the exit status. */
export function report(targetOf: () => Target | Promise<Target>, options: ReportOptions): Promise<void> {
  if (options.watch) return orPerrorThroughout(async () => watchAndTell(await targetOf(), options));
  return orPerror(async () => {
    const found = diagnose(look(await targetOf()), languageIn(options));
    tell(found, options);
    setStatus(found);
  });
}

/** The same again and again, until it is free; a signal ends it. */
async function watchAndTell(target: Target, options: ReportOptions): Promise<void> {
  const language = languageIn(options);
  await untilSignal(async (signal) => {
    const first = diagnose(look(target), language);
    if (!options.json) {
      tell(first, options);
      if (!isFree(first)) printAtOnce(['']);
    }
    const last = await watch(target, first, { output: process.stderr, language, signal });
    if (options.json) tell(last, options);
    else if (last !== first) printAtOnce(wrap(last.summary));
    setStatus(last);
  }, options.lang);
}

const languageIn = ({ json, lang }: ReportOptions): Language => (json ? 'en' : lang);

function tell(found: Diagnosis, { json, lang }: ReportOptions): void {
  printAtOnce(json ? [JSON.stringify(found, null, 2)] : say(found, paintOfOutput(), lang));
}

const isFree = ({ binds }: Diagnosis): boolean => binds.none === 'ok';

function setStatus(found: Diagnosis): void {
  process.exitCode = isFree(found) ? 0 : 1;
}

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

/** Looks, tells and sets the exit status; a signal ends it. */
export function report(targetOf: () => Target | Promise<Target>, options: ReportOptions): Promise<void> {
  return (options.watch ? orPerrorThroughout : orPerror)(async () => {
    const target = await targetOf();
    await untilSignal((signal) => run(target, options, signal), options.lang);
  });
}

async function run(target: Target, options: ReportOptions, signal: AbortSignal): Promise<void> {
  const { json = false } = options;
  const language = json ? 'en' : options.lang;
  const first = diagnose(look(target), language);
  if (!json) printAtOnce(say(first, paintOfOutput(), language));
  if (options.watch && !json && !isFree(first)) printAtOnce(['']);
  const last = options.watch ? await watch(target, first, { output: process.stderr, language, signal }) : first;
  if (json) printAtOnce([JSON.stringify(last, null, 2)]);
  else if (last !== first) printAtOnce(wrap(last.summary));
  process.exitCode = isFree(last) ? 0 : 1;
}

const isFree = ({ binds }: Diagnosis): boolean => binds.none === 'ok';

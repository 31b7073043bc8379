/** Three sentences about a comparison. They say what was measured, and nothing else. Pure. */
import type { Comparison, Flag, Run } from './comparison.js';

const NUMBERS = ['none', 'one', 'two', 'three', 'four'];
const number = (count: number): string => NUMBERS[count] ?? String(count);

/** What the kernel held, what became of the restarts, and what that says about the flag. */
export function sentences(comparison: Comparison): [string, string, string] {
  return [whatWasThere(comparison), whatHappened(comparison.runs), whatDecided(comparison)];
}

function whatWasThere({ runs, evidenceError }: Comparison): string {
  if (evidenceError !== undefined) {
    return `What was on the ports is not known: this system has no list of its sockets to read (${evidenceError}).`;
  }
  const left = runs.flatMap(timeWaitLeftMs);
  const cases = runs.filter((run) => timeWaitLeftMs(run).length > 0).length;
  if (cases === 0) return 'When the restart came, the kernel listed no socket in TIME_WAIT on any of the ports.';
  const where = cases === runs.length ? `all ${number(cases)}` : `${number(cases)} of the ${number(runs.length)}`;
  const atLeast = (Math.floor(Math.min(...left) / 10) / 100).toFixed(2);
  return (
    'Whoever closes a connection first keeps it in TIME_WAIT for a while, in case late packets come: here it was the ' +
    `server, and in ${where} cases TIME_WAIT was still on its port at the restart, with ${atLeast} s or more to go.`
  );
}

function timeWaitLeftMs({ evidence }: Run): number[] {
  return evidence.filter(({ state }) => state === 'TIME_WAIT').map(({ expiresInMs }) => expiresInMs ?? 0);
}

function whatHappened(runs: readonly Run[]): string {
  const worked = runs.filter(({ result }) => result === 'ok');
  const codes = [...new Set(runs.flatMap(({ result }) => (result === 'ok' ? [] : [result])))];
  const refused = runs.length - worked.length;
  const got = `${number(worked.length)} got the port${worked.length === 0 ? '' : ` (${worked.map(pair).join(', ')})`}`;
  const not = refused === 0 ? 'none was refused' : `${number(refused)} ${refused === 1 ? 'was' : 'were'} refused`;
  return `Of the ${number(runs.length)} restarts ${got} and ${not}${refused === 0 ? '' : ` with ${words(codes)}`}.`;
}

const pair = ({ first, second }: Run): string => `${first}/${second}`;

function words(codes: readonly string[]): string {
  return codes.map((code) => (code === 'EADDRINUSE' ? 'EADDRINUSE, "Address already in use"' : code)).join(' and ');
}

/** The rule for each outcome that follows one; in the order off/off, off/on, on/off, on/on: did the restart work? */
const RULES: Readonly<Record<string, (system: string) => string>> = {
  'no no no ok': (system) =>
    `What surprises: on this ${system} both runs needed the flag, for what a run without it leaves on the port ` +
    'refuses even a restart that has it; so set it before bind() every time.',
  'no ok no ok': (system) =>
    `What surprises: on this ${system} the flag of the restart alone decided, whatever the first run had.`,
  'no no ok ok': (system) =>
    `What surprises: on this ${system} the flag of the first run alone decided, whatever the restart had.`,
  'no ok ok ok': (system) => `What surprises: on this ${system} the flag in one of the two runs was enough.`,
  'ok ok ok ok': (system) => `What surprises: on this ${system} the flag made no difference, for every restart worked.`,
  'no no no no': (system) =>
    `What surprises: on this ${system} the flag made no difference, for no restart worked, not even with it in both runs.`,
};

/** The outcomes of a rule in one sentence, without a reason. */
const HEADLINES: Readonly<Record<string, string>> = {
  'no no no ok': 'A restarted server gets its port back only if both runs set SO_REUSEADDR',
  'no ok no ok': 'A restarted server gets its port back if it sets SO_REUSEADDR itself',
  'no no ok ok': 'A restarted server gets its port back if the run before it set SO_REUSEADDR',
  'no ok ok ok': 'A restarted server gets its port back if one of the two runs sets SO_REUSEADDR',
  'ok ok ok ok': 'A restarted server gets its port back, with SO_REUSEADDR and without',
  'no no no no': 'A restarted server does not get its port back, not even with SO_REUSEADDR in both runs',
};

/** What was found, in one sentence. */
export function headline(comparison: Comparison): string {
  const { runs } = comparison;
  const worked = number(runs.filter(({ result }) => result === 'ok').length);
  const known = sawTimeWaitInAll(comparison) ? HEADLINES[pattern(runs)] : undefined;
  return known ?? `Of ${number(runs.length)} restarted servers ${worked} got the port back`;
}

/** What became of the restarts, in the order off/off, off/on, on/off, on/on. */
export function pattern(runs: readonly Run[]): string {
  const outcome = (first: Flag, second: Flag): string =>
    runs.some((run) => run.first === first && run.second === second && run.result === 'ok') ? 'ok' : 'no';
  return [outcome('off', 'off'), outcome('off', 'on'), outcome('on', 'off'), outcome('on', 'on')].join(' ');
}

/** Was what a rule would speak of there in every run, as far as anybody saw? */
export function sawTimeWaitInAll({ runs }: Comparison): boolean {
  return runs.every((run) => timeWaitLeftMs(run).length > 0);
}

function whatDecided(comparison: Comparison): string {
  const { system, runs } = comparison;
  if (!sawTimeWaitInAll(comparison)) {
    return `What decided on this ${system} is not said here: TIME_WAIT was not seen at the restart in each of the runs.`;
  }
  const rule = RULES[pattern(runs)];
  if (rule) return rule(system);
  return `What surprises: no simple rule about the flag explains this on this ${system}, so try the comparison again.`;
}

/** The blocking calls, one by one. */
import type { Case } from './cases/case.js';
import { CASES } from './cases/index.js';
import { compare, type Comparison } from './compare.js';
import { gather } from './contestants.js';
import type { Network } from './network.js';
import { table } from './report.js';
import { surroundings, writeResults, type Output } from './results.js';

const QUICK = { sets: 1, rounds: 5, duration: { warmMs: 200, measureMs: 100 } };
const FULL = { sets: 3, rounds: 7, duration: { warmMs: 300, measureMs: 150 } };

/** Runs `cases` and prints the table; all cases in full are written to results.json. */
export async function benchCalls(
  cases: readonly Case[],
  network: Network,
  options: { readonly quick?: true; readonly json?: true },
  { progress, say, print }: Output,
): Promise<object> {
  const plan = options.quick ? QUICK : FULL;
  const contestants = gather();
  for (const [name, contestant] of Object.entries(contestants)) {
    if ('absent' in contestant) say(`without ${name}: ${contestant.absent}`);
  }
  const comparisons: Comparison[] = [];
  for (const one of cases) {
    if (!process.stderr.isTTY) say(one.name);
    comparisons.push(...(await compare(one, contestants, { ...plan, network, progress, say })));
  }
  progress('');
  const versions = Object.fromEntries(
    Object.entries(contestants).map(([name, one]) => [name, 'absent' in one ? null : one.version]),
  );
  const results = { ...surroundings(), congestion: network.congestion, versions, ...plan, comparisons };
  if (!options.quick && cases.length === CASES.length) writeResults('calls', results);
  if (!options.json) print(`${table(comparisons, plan.sets * plan.rounds)}\n`);
  return results;
}

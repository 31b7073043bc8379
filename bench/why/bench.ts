/** `why` beside ss, where there are very many sockets. */
import { surroundings, writeResults, type Output } from '../results.js';
import { whySection } from './report.js';
import { namespaceCommand } from '../network.js';
import { evaluateRounds, playRounds, versionOfSs, WHY_CASE, whyNotHere } from './rounds.js';

const [QUICK, FULL] = [5, 15];

/** Plays the case and prints its table; in full it is written to results.json. undefined: it cannot be played here. */
export async function benchWhy(
  options: { readonly quick?: true; readonly json?: true },
  { progress, say, print }: Output,
): Promise<object | undefined> {
  const reason = whyNotHere();
  if (reason !== undefined) {
    say(`without ${WHY_CASE.name}: ${reason}`);
    return undefined;
  }
  const namespace = namespaceCommand();
  if (namespace.length === 0) {
    say(`${WHY_CASE.name}: without a network namespace of its own: for a minute its TIME_WAITs stay on loopback`);
  }
  const played = await playRounds(options.quick ? QUICK : FULL, namespace, progress);
  const rounds = played.length;
  const comparisons = evaluateRounds(played);
  progress('');
  const { name, title, timeWaits } = WHY_CASE;
  const versions = { ss: versionOfSs() };
  const results = { ...surroundings(), pinned: false, versions, name, title, timeWaits, rounds, comparisons };
  if (!options.quick) writeResults('why', results);
  if (!options.json) print(`${whySection(comparisons, rounds)}\n`);
  return results;
}

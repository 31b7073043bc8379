/**
 * The long run of the bind rule beside the live kernel.
 *
 *   npm run test:rule -- [BINDS [SEED]]
 *
 * Ctrl-C ends it after the cases of the current seed.
 */
import { LiveRule } from './live-rule.js';

/** So many cases come from one seed; the next ones from the next seed. */
const BATCH = 500;

const [binds = 100_000, firstSeed = Date.now() & 0x7fffffff] = process.argv.slice(2).map(Number);
const rule = new LiveRule();
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
let disagreements = 0;
for (let seed = firstSeed; rule.binds < binds && !stop.signal.aborted; seed++) {
  const found = rule.check(BATCH, seed);
  if (found !== null) {
    disagreements++;
    process.stdout.write(`DISAGREEMENT ${String(disagreements)}: ${found}\n\n`);
  }
  process.stderr.write(`${String(rule.binds)} of ${String(binds)} binds, ${String(disagreements)} disagreements\n`);
  await new Promise(setImmediate); // or Ctrl-C would not be heard
}

const { ok, EADDRINUSE, unknown } = rule.results;
process.stdout.write(
  `${String(rule.binds)} binds from seed ${String(firstSeed)}; the rule said ok ${String(ok)}, ` +
    `EADDRINUSE ${String(EADDRINUSE)}, unknown ${String(unknown)} times; ` +
    `${String(disagreements)} disagreements, and ${String(rule.unsettled)} that did not come again\n`,
);
process.exitCode = disagreements === 0 ? 0 : 1;

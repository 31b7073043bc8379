/**
 * The long run of the differential test.
 *
 *   npm run test:differential -- [SEQUENCES [SEED]]
 *
 * Ctrl-C ends it after the sequences of the current seed.
 */
import { Differential } from './differential.js';

/** So many sequences come from one seed; the next ones from the next seed. */
const BATCH = 1000;

const [sequences = 100_000, seed = Date.now() & 0x7fffffff] = process.argv.slice(2).map(Number);
const differential = new Differential();
const started = performance.now();
let differences = 0;
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.stderr.write(`seed ${String(seed)}\n`);
for (let batch = 0; batch * BATCH < sequences && !stop.signal.aborted; batch++) {
  const found = await differential.check(Math.min(BATCH, sequences - batch * BATCH), seed + batch);
  if (found !== null) {
    differences++;
    process.stdout.write(`DIFFERENCE ${String(differences)}: ${found}\n\n`);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stderr.write(
    `${String(differential.sequences)} of ${String(sequences)}, ${seconds} s, ${String(differences)} differences\n`,
  );
}
differential.close();

for (const [name, { succeeded, failed }] of [...differential.tallies].sort(([a], [b]) => (a < b ? -1 : 1))) {
  process.stdout.write(
    `${name.padEnd(16)} ${String(succeeded).padStart(9)} succeeded ${String(failed).padStart(9)} failed\n`,
  );
}
const { sequences: ran, calls, transferring, unsettled } = differential;
process.stdout.write(
  `${String(ran)} sequences, ${String(calls)} calls, ${String(differences)} differences; ` +
    `in ${String(transferring)} sequences bytes were sent and received; ${String(unsettled)} were equal at a later time\n`,
);
process.exitCode = differences === 0 ? 0 : 1;

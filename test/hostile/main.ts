/**
 * `npm run test:hostile [CALLS [SEED]]`: the long run, 1,000,000 calls of the raw API and as many of the promise layer,
 * in children of 100,000 calls each, as many at a time as the machine has processors. A seed that failed is run again
 * by `node dist/test/hostile/child.js CALLS SEED`, or promised.js.
 */
import { availableParallelism } from 'node:os';
import { runChild, type Report } from './run.js';

const EACH = 100_000;
const [calls, firstSeed] = [Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? Date.now() % 1_000_000)];
const seeds = Array.from({ length: Math.ceil(calls / EACH) }, (_, i) => firstSeed + i);
const started = performance.now();
const reports: Report[] = [];
const failures: string[] = [];

async function work(): Promise<void> {
  for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
    try {
      for (const script of ['child.js', 'promised.js'] as const) {
        const report = await runChild(EACH, seed, 600_000, script);
        reports.push(report);
        failures.push(...report.wrong.map((what) => `${script}, seed ${String(seed)}, ${what}`));
        console.log(`${script}, seed ${String(seed)}: ${String(report.count)} calls in ${report.seconds.toFixed(1)} s`);
      }
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));

const outcomes = new Map<string, number>();
for (const [code, count] of reports.flatMap((report) => Object.entries(report.outcomes))) {
  outcomes.set(code, (outcomes.get(code) ?? 0) + count);
}
for (const [code, count] of [...outcomes].sort(([, a], [, b]) => b - a)) console.log(String(count).padStart(9), code);
const total = reports.reduce((sum, { count }) => sum + count, 0);
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(
  `${String(total)} calls in ${seconds} s from seed ${String(firstSeed)} on, ${String(failures.length)} wrong`,
);
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;

/** `npm run bench`: this package beside C and its peers, in one run, as rates of C's. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { CASES } from './cases/index.js';
import { compare, type Comparison } from './compare.js';
import { gather, type Contestant } from './contestants.js';
import { ROOT } from './paths.js';
import { table } from './report.js';
import { canPin } from './run.js';

interface Options {
  quick?: true;
  only?: string[];
  json?: true;
  install: boolean;
}

const QUICK = { sets: 1, rounds: 5, duration: { warmMs: 200, measureMs: 100 } };
const FULL = { sets: 3, rounds: 7, duration: { warmMs: 300, measureMs: 150 } };

const program = new Command('npm run bench --')
  .description('Measures bsd-sockets beside C and its peers in one run, and writes bench/results.json.')
  .option('--quick', 'a look in a minute: fewer and shorter rounds, nothing written')
  .option('--only <name...>', `only these cases, nothing written: ${CASES.map(({ name }) => name).join(', ')}`)
  .option('--json', 'print JSON, not the table')
  .option('--no-install', 'leave out peers that are not installed yet')
  .action(bench);

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function say(line: string): void {
  process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[K' : ''}${line}\n`);
}

async function bench(options: Options): Promise<void> {
  const unknown = options.only?.filter((name) => !CASES.some((one) => one.name === name)) ?? [];
  if (unknown.length > 0) program.error(`no such case: ${unknown.join(', ')}`);
  const plan = options.quick ? QUICK : FULL;
  const contestants = gather(options.install, say);
  for (const [name, contestant] of Object.entries(contestants)) {
    if ('absent' in contestant) say(`without ${name}: ${contestant.absent}`);
  }
  if (!canPin) say('taskset cannot pin processes to two cores here: they run where they like');
  const comparisons: Comparison[] = [];
  for (const one of CASES) {
    if (options.only && !options.only.includes(one.name)) continue;
    if (!process.stderr.isTTY) say(one.name);
    comparisons.push(...(await compare(one, contestants, { ...plan, progress, say })));
  }
  progress('');
  const results = JSON.stringify({ ...surroundings(contestants), ...plan, comparisons }, null, 2);
  if (!options.quick && !options.only) writeFileSync(join(ROOT, 'bench/results.json'), `${results}\n`);
  process.stdout.write(`${options.json ? results : table(comparisons, plan.sets * plan.rounds)}\n`);
}

/** Where it was measured: figures of two machines cannot be compared. */
function surroundings(contestants: Readonly<Record<string, Contestant>>): object {
  return {
    date: new Date().toISOString(),
    node: process.version,
    system: `${process.platform} ${release()} ${process.arch}`,
    cpu: `${String(availableParallelism())} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    pinned: canPin,
    versions: Object.fromEntries(
      Object.entries(contestants).map(([name, one]) => [name, 'absent' in one ? null : one.version]),
    ),
  };
}

await program.parseAsync();

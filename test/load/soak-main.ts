/** `npm run test:soak [-- --conversations N --at-once N --steps N]`: the long soak, as a table. */
import { parseArgs } from 'node:util';
import { TOLERANCE, type Sample } from './sample.js';
import { soak, type SoakStep } from './soak.js';

const HELP = `usage: npm run test:soak [-- OPTIONS]

Has many short conversations (connect, 40 bytes each way, close) between two processes of ours on the loopback, and
prints what both hold in between, once their garbage is collected. A minute or two.

  --conversations N   how many in all (1000000)
  --at-once N         how many at the same time (64)
  --steps N           how often to look (30)

It fails where something grew: where the median of the last third of the table lies above that of the middle third by
more than ${tolerances()}.
Exit status: 0 where all is flat, 1 where something grew or went wrong, 2 for a wrong option.
`;

const KIB = 1024;
const COUNTS = ['fds', 'threads', 'resources'] as const;
const BYTES = ['heapUsed', 'external', 'rss'] as const;

function tolerances(): string {
  const { heapUsed, external, rss, ...counts } = TOLERANCE;
  const bytes = Object.entries({ heapUsed, external, rss }).map(
    ([name, most]) => `${String(most / 1024)} KiB of ${name}`,
  );
  return [...Object.entries(counts).map(([name, most]) => `${String(most)} ${name}`), ...bytes].join(', ');
}

function row(process: string, done: string, cells: readonly string[]): string {
  return [done.padStart(10), process.padEnd(8), ...cells.map((cell) => cell.padStart(10))].join(' ');
}

function cells(sample: Sample): string[] {
  return [
    ...COUNTS.map((name) => String(sample[name])),
    ...BYTES.map((name) => (sample[name] / KIB).toFixed(0)), // KiB
  ];
}

function print({ done, server, clients }: SoakStep): void {
  console.log(row('server', String(done), cells(server)));
  console.log(row('clients', '', cells(clients)));
}

/** A whole number of at least 1; NaN for anything else. */
const count = (text: string): number => (/^[1-9]\d*$/.test(text) ? Number(text) : NaN);

function readOptions(): { conversations: number; atOnce: number; steps: number } | undefined {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      conversations: { type: 'string', default: '1000000' },
      'at-once': { type: 'string', default: '64' },
      steps: { type: 'string', default: '30' },
    },
  });
  if (values.help === true) return undefined;
  const options = {
    conversations: count(values.conversations),
    atOnce: count(values['at-once']),
    steps: count(values.steps),
  };
  if (Object.values(options).every((value) => value > 0) && options.steps >= 3) return options;
  throw new RangeError('the numbers must be whole, 1 or more, and the steps 3 or more');
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  if (process.platform !== 'linux') {
    console.error('it needs /proc: Linux only');
    return 1;
  }
  console.log(row('process', 'done', [...COUNTS, ...BYTES.map((name) => `${name.slice(0, 6)} KiB`)]));
  const started = performance.now();
  const { done, served, growing } = await soak({ ...options, limitMs: 600_000, onStep: print });
  const seconds = (performance.now() - started) / 1000;
  const rate = (done / seconds).toFixed(0);
  console.log(
    `${String(done)} conversations, ${String(served)} served, in ${seconds.toFixed(0)} s: ${rate} per second`,
  );
  for (const what of growing) console.log(`NOT FLAT: ${what}`);
  const all = done === options.conversations && served === options.conversations;
  if (!all) console.log('NOT ALL of them went well');
  if (all && growing.length === 0) console.log('flat to the end');
  return all && growing.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode =
    (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') || error instanceof RangeError ? 2 : 1;
}

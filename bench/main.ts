/** `npm run bench`: this package beside C and its peers, in one run, as rates of C's. */
import { Command, InvalidArgumentError } from 'commander';
import { count, seconds } from './arguments.js';
import { benchCalls } from './calls.js';
import { CASES } from './cases/index.js';
import { installPeers } from './contestants.js';
import { openNetwork } from './network.js';
import { canPin } from './process.js';
import { benchServed } from './serve/bench.js';
import { SERVED_CASES } from './serve/cases.js';
import { CURVES } from './serve/curves.js';
import { MEMORY_CASE } from './serve/memory.js';
import { TITLES, type ServerName } from './serve/servers.js';
import { benchWhy } from './why/bench.js';
import { WHY_CASE } from './why/rounds.js';

/** What the command line says. */
export interface Options {
  readonly quick?: true;
  readonly json?: true;
  readonly install: boolean;
  readonly servers?: readonly ServerName[];
  readonly starts?: number;
  readonly rounds?: number;
  readonly seconds?: number;
  readonly warm?: number;
}

const CALLS = CASES.map(({ name }) => name);
const SERVED = [...SERVED_CASES.map(({ name }) => name), MEMORY_CASE.name];

const GROWING = CURVES.map(({ name }) => name);

const program = new Command('npm run bench --')
  .description('Measures bsd-sockets beside C and its peers in one run, and writes bench/results.json.')
  .argument(
    '[case...]',
    `only these: the calls ${CALLS.join(', ')}; serving many ${SERVED.join(', ')}; the doctor ${WHY_CASE.name}; ` +
      `and, only where they are named, how cost grows: ${GROWING.join(', ')}`,
  )
  .option('--quick', 'a short look: fewer and shorter rounds, nothing written')
  .option('--json', 'print JSON, not the table')
  .option('--no-install', 'leave out peers that are not installed yet')
  .option(
    '--servers <names>',
    `serving many: only these, nothing written: ${Object.keys(TITLES).join(',')}`,
    serverNames,
  )
  .option('--starts <n>', 'serving many: start everybody so often', count)
  .option('--rounds <n>', 'serving many: rounds for each start', count)
  .option('--seconds <s>', 'serving many: how long a round counts', seconds)
  .option('--warm <s>', 'serving many: how long everybody warms up after a start', seconds)
  .action(bench);

function serverNames(value: string): ServerName[] {
  return value.split(',').map((name) => {
    if (!(name in TITLES)) throw new InvalidArgumentError(`There is no ${name}.`);
    return name as ServerName;
  });
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function say(line: string): void {
  process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[K' : ''}${line}\n`);
}

async function bench(names: readonly string[], options: Options): Promise<void> {
  const unknown = names.filter((name) => ![...CALLS, ...SERVED, ...GROWING, WHY_CASE.name].includes(name));
  if (unknown.length > 0) program.error(`no such case: ${unknown.join(', ')}`);
  const wanted = (name: string): boolean => names.length === 0 || names.includes(name);
  const ask = wanted(WHY_CASE.name) && !options.servers;
  if (!canPin) say('taskset cannot pin processes to two cores here: they run where they like');
  const calls = options.servers ? [] : CASES.filter(({ name }) => wanted(name));
  const served = SERVED_CASES.filter(({ name }) => wanted(name));
  const curves = CURVES.filter(({ name }) => names.includes(name));
  const idle = wanted(MEMORY_CASE.name);
  const serves = served.length > 0 || curves.length > 0 || idle;
  const plays = calls.length > 0 || serves;
  if (options.install && plays) installPeers(say);
  const output = { progress, say, print: (text: string) => process.stdout.write(`${text}\n`) };
  const results: { calls?: object; served?: object; why?: object | undefined } = {};
  if (plays) {
    const network = await openNetwork();
    if (network.inside.length === 0)
      say(`no network of our own can be had here: TCP's congestion control is ${network.congestion}`);
    if (calls.length > 0) results.calls = await benchCalls(calls, network, options, output);
    if (serves) {
      if (process.platform === 'linux')
        results.served = await benchServed({ cases: served, curves, idle }, network, options, output);
      else say('Serving many is measured on Linux only: its servers in C use epoll.');
    }
    await network.end();
  }
  if (ask) results.why = await benchWhy(options, output);
  if (options.json) output.print(JSON.stringify(results, null, 2));
}

await program.parseAsync();

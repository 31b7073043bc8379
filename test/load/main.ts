/** `npm run test:load [-- NAME …]`: the load runs at their full size. */
import { parseArgs } from 'node:util';
import { RUNS, type Run } from './runs.js';

const HELP = `usage: npm run test:load [-- NAME ...]

Runs all of these, or those that are named, and says what came of each. About five minutes.

${Object.entries(RUNS)
  .map(([name, { about }]) => `  ${name.padEnd(14)} ${about}`)
  .join('\n')}

Exit status: 0 where all went well, 1 where not, 2 for a name that it does not know.
`;

const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
};

/** Did it go well? */
async function report(name: string, { about, whyNot, run }: Run): Promise<boolean> {
  const reason = whyNot();
  if (reason !== '') {
    console.log(`${name}: skipped: ${reason}`);
    return true;
  }
  console.log(`${name}: ${about}`);
  const started = performance.now();
  const { figures, wrong } = await run((text) => progress(`  ${text}`));
  progress('');
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`  ${wrong.length === 0 ? 'ok' : `WRONG: ${wrong.join('; ')}`}, ${seconds} s`);
  for (const [key, value] of Object.entries(figures)) console.log(`  ${key}: ${JSON.stringify(value)}`);
  return wrong.length === 0;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: { help: { type: 'boolean' } }, allowPositionals: true });
  const unknown = positionals.filter((name) => !(name in RUNS));
  if (values.help === true || unknown.length > 0) {
    for (const name of unknown) console.error(`there is no run ${name}\n`);
    process.stdout.write(HELP);
    return unknown.length > 0 ? 2 : 0;
  }
  let failed = 0;
  for (const [name, run] of Object.entries(RUNS)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    if (!(await report(name, run))) failed++;
  }
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main();

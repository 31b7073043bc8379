/** `bsd-sockets compare`: what SO_REUSEADDR does on this machine. */
import { Command, InvalidArgumentError } from 'commander';
import { compare, HIGHEST_PORT } from '../reuse/compare.js';
import { CompareFailed, type Comparison, type Waited } from '../reuse/comparison.js';
import { RunProgress, WaitProgress } from '../reuse/progress.js';
import { report, reportWait, toJson } from '../reuse/report.js';
import { thisMachine, waitForRestart } from '../reuse/wait.js';
import type { Language } from '../language.js';
import { languageOption } from './language.js';
import { parsePort } from './options.js';
import { paintOfOutput, print } from './output.js';
import { htmlOption, writePage } from './page-file.js';
import { untilSignal } from './stoppable.js';

interface Options {
  port?: number;
  wait?: boolean;
  json?: boolean;
  html?: string;
  lang: Language;
}

const DETAILS = `
The exit status is 0 whatever the restarts did, 1 where they could not be tried.

Examples:
  bsd-sockets compare
  bsd-sockets compare --wait
  bsd-sockets compare --html compare.html --lang zh
  bsd-sockets compare --json > compare.json`;

/** The command `compare [--port PORT] [--wait] [--json] [--html FILE]`. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('Runs the server, the client, and the server again, with SO_REUSEADDR off and on: can it bind?')
    .option('--port <port>', 'the ports are this one and the next three; 0: free ones (the default)', parseFirstPort)
    .option('--wait', 'then tries to bind the off/off port (without the flag) until TIME_WAIT has ended')
    .option('--json', 'prints one JSON document instead')
    .addOption(htmlOption())
    .addOption(languageOption())
    .addHelpText('after', DETAILS)
    .action((options: Options) => untilSignal((signal) => orFail(run(options, signal), signal)));
}

/** The four runs have four ports. */
function parseFirstPort(text: string): number {
  const port = parsePort(text);
  if (port > HIGHEST_PORT) {
    throw new InvalidArgumentError(`Four ports are needed, so it is ${String(HIGHEST_PORT)} at most.`);
  }
  return port;
}

/** A comparison that could not be made: what was in the way, and exit status 1. */
async function orFail(running: Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await running;
  } catch (error) {
    if (signal.aborted || !(error instanceof CompareFailed)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

async function run({ port = 0, wait = false, json = false, html, lang }: Options, signal: AbortSignal): Promise<void> {
  const comparison = await runAll(port, html !== undefined, lang, signal);
  if (!json) print(report(comparison, paintOfOutput(), lang));
  const waited = wait ? await waitFor(comparison, { json, lang }, signal) : undefined;
  if (json) print([toJson(comparison, waited)]);
  if (html === undefined) return;
  // What draws the charts takes a while to load, so nobody else has to wait for it.
  const { comparePage } = await import('../reuse/html/compare-page.js');
  await writePage(html, await comparePage(comparison, waited, lang), lang);
}

async function runAll(port: number, record: boolean, lang: Language, signal: AbortSignal): Promise<Comparison> {
  const progress = new RunProgress(process.stderr, lang);
  try {
    return await compare({
      port,
      record,
      signal,
      onProgress: (done, total) => {
        progress.show(done, total);
      },
    });
  } finally {
    progress.clear();
  }
}

const NOTHING_TO_WAIT_FOR: Readonly<Record<Language, string>> = {
  en: 'The off/off restart was not refused with EADDRINUSE: there is nothing to wait for.',
  zh: '两次都没有设置标志的那次重启没有因 EADDRINUSE 被拒绝：没有什么可等的。',
};
const WAITING: Readonly<Record<Language, (port: number) => string>> = {
  en: (port) => `Now port ${String(port)} (off/off) again and again, until bind() works. Ctrl-C ends it.`,
  zh: (port) => `现在反复尝试端口 ${String(port)}（关/关），直到 bind() 成功。按 Ctrl-C 结束。`,
};

/** Waits for the off/off restart; undefined where it worked at once. */
async function waitFor(
  { runs }: Comparison,
  { json, lang }: { json: boolean; lang: Language },
  signal: AbortSignal,
): Promise<Waited | undefined> {
  const say = (lines: string[]): void => {
    if (!json) print(['', ...lines]);
  };
  const run = runs.find(({ first, second }) => first === 'off' && second === 'off');
  if (run?.result !== 'EADDRINUSE') {
    say([NOTHING_TO_WAIT_FOR[lang]]);
    return undefined;
  }
  say([WAITING[lang](run.port)]);
  const progress = new WaitProgress(process.stderr, lang);
  let waited: Waited;
  try {
    waited = await waitForRestart(run, thisMachine(run.port, signal), (tick) => {
      progress.show(tick);
    });
  } finally {
    progress.clear();
  }
  if (!json) print(reportWait(waited, lang));
  return waited;
}

/** `bsd-sockets record SCRIPT`: what a script asks of the kernel, and what the kernel says. */
import { Command } from 'commander';
import { constants } from 'node:os';
import { pageOf } from '../lab/page/page.js';
import { recordScript, type Recorded } from '../lab/record/record-script.js';
import { textOf } from '../lab/record/text.js';
import type { Language } from '../language.js';
import { languageOption } from './language.js';
import { print } from './output.js';
import { htmlOption, writePage } from './page-file.js';
import { untilSecondSignal } from './stoppable.js';

interface Options {
  json?: boolean;
  html?: string;
  lang: Language;
}

const DETAILS = `
It runs the script with node, and prints its socket calls with their results,
and the states of its TCP sockets, when the script has ended. Calls of promises
and of worker threads are seen too; of the kernel's list what a look every 10 ms
finds. Calls that only read, such as getsockname, are left out.

With --json the script's own output goes to standard error. Ctrl-C is for the
script; a second one ends it at once. The exit status is the script's.

Examples:
  bsd-sockets record server.mjs
  bsd-sockets record --html calls.html client.mjs 127.0.0.1 8080
  bsd-sockets record --json server.mjs > calls.json
  bsd-sockets record -- --import tsx server.ts`;

/** The command `record [--json] [--html FILE] SCRIPT [ARGUMENT…]`. */
export function recordCommand(): Command {
  return new Command('record')
    .description('Runs a script and writes down its socket calls and the states of its sockets.')
    .argument('<script...>', 'what node runs, and its arguments')
    .option('--json', 'prints one JSON document instead')
    .addOption(htmlOption())
    .addOption(languageOption())
    .passThroughOptions()
    .addHelpText('after', DETAILS)
    .action((words: string[], options: Options) => run(words, options));
}

async function run(words: readonly string[], { json = false, html, lang }: Options): Promise<void> {
  let recorded: Recorded | undefined;
  await untilSecondSignal(async (stop, cut) => {
    stop.addEventListener('abort', () =>
      process.stderr.write('Waiting for the script to end; Ctrl-C again ends it.\n'),
    );
    recorded = await recordScript(words, { cut, stdout: json ? 2 : 'inherit' });
  });
  if (recorded === undefined) return;
  const { recording, left, code, signal } = recorded;
  print(json ? [JSON.stringify(recording, null, 2)] : ['', ...textOf(recording)]);
  if (left > 0) process.stderr.write(`It was longer: ${String(left)} more events are left out.\n`);
  if (html !== undefined) await writePage(html, pageOf({ language: lang, recording }).html, lang);
  process.exitCode ||= signal === null ? (code ?? 1) : 128 + constants.signals[signal];
}

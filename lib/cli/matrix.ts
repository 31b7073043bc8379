/** `bsd-sockets matrix`: which bind works beside which socket, on this machine. */
import { Command } from 'commander';
import type { Matrix } from '../reuse/matrix/matrix.js';
import { matrixReport, matrixToJson } from '../reuse/matrix/matrix-report.js';
import { runMatrix } from '../reuse/matrix/run-matrix.js';
import { CellProgress } from '../reuse/progress.js';
import type { Language } from '../language.js';
import { languageOption } from './language.js';
import { paintOfOutput, print } from './output.js';
import { htmlOption, writePage } from './page-file.js';
import { untilSignal } from './stoppable.js';

interface Options {
  json?: boolean;
  html?: string;
  lang: Language;
}

const DETAILS = `
Each cell is what this kernel did a moment ago: sockets of this process, on
loopback, on ports that the kernel chose. It needs no rights, takes a second,
and leaves nothing behind: even the TIME_WAITs that it made are ended. (Where
net.ipv4.tcp_rfc1337 is 1 they stay for a minute, on ports that nobody needs.)

The exit status is 0 also where a cell differs from what our model of Linux's
rule expects: that is a finding, and the report says which cell it is.

Examples:
  bsd-sockets matrix
  bsd-sockets matrix --html matrix.html --lang zh
  bsd-sockets matrix --json > matrix.json`;

/** The command `matrix [--json] [--html FILE]`. */
export function matrixCommand(): Command {
  return new Command('matrix')
    .description('Makes every kind of socket on a port and binds another beside it, with every flag: which binds work?')
    .option('--json', 'prints one JSON document instead')
    .addOption(htmlOption())
    .addOption(languageOption())
    .addHelpText('after', DETAILS)
    .action((options: Options) => untilSignal((signal) => run(options, signal)));
}

async function run({ json = false, html, lang }: Options, signal: AbortSignal): Promise<void> {
  const matrix = await measure(lang, signal);
  if (json) print([matrixToJson(matrix)]);
  else print(matrixReport(matrix, paintOfOutput(), lang));
  if (matrix.rows.length === 0) process.exitCode = 1;
  if (html === undefined) return;
  // What draws the charts takes a while to load, so nobody else has to wait for it.
  const { matrixPage } = await import('../reuse/html/matrix-page.js');
  await writePage(html, await matrixPage(matrix, lang), lang);
}

async function measure(lang: Language, signal: AbortSignal): Promise<Matrix> {
  const progress = new CellProgress(process.stderr, lang);
  try {
    return await runMatrix({
      signal,
      onProgress: (done, total) => {
        progress.show(done, total);
      },
    });
  } finally {
    progress.clear();
  }
}

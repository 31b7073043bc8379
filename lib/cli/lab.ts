/** `bsd-sockets lab`: make socket calls by hand, and watch what the kernel does. */
import { Command } from 'commander';
import { once } from 'node:events';
import { asyncStep } from '../examples/perror.js';
import type { Lab } from '../lab/server/lab-server.js';
import type { Language } from '../language.js';
import { orPerrorThroughout } from './failure.js';
import { languageOption } from './language.js';
import { openInBrowser } from './open-in-browser.js';
import { parsePort } from './options.js';
import { print } from './output.js';
import { untilSecondSignal } from './stoppable.js';

interface Options {
  port: number;
  open?: boolean;
  lang: Language;
}

const DETAILS = `
It serves one page, to this machine only: whoever has the address below can use
it, and nobody else. Each button there is a socket call that a real process
makes; beside it stands what the kernel then says of its sockets. As root it
also shows the packets. The processes end with the page, all of it with Ctrl-C.

The exit status is 0 after Ctrl-C, 1 where the port cannot be had.

Examples:
  bsd-sockets lab --open
  bsd-sockets lab --port 8000 --lang zh`;

/** The command `lab [--port PORT] [--open] [--lang en|zh]`. */
export function labCommand(): Command {
  return new Command('lab')
    .description('A page on which one makes the socket calls oneself, and watches what the kernel does.')
    .option('--port <port>', "the page's port; 0: a free one", parsePort, 0)
    .option('--open', 'opens the page in the browser')
    .addOption(languageOption())
    .addHelpText('after', DETAILS)
    .action((options: Options) => orPerrorThroughout(() => untilSecondSignal((stop) => run(options, stop))));
}

const SAY: Readonly<Record<Language, (url: string) => string[]>> = {
  en: (url) => [
    url,
    '',
    'Open this page: there you make the socket calls, and see what the kernel does.',
    'Ctrl-C ends it.',
  ],
  zh: (url) => [url, '', '请打开这个页面：在那里亲手进行套接字调用，观察内核的反应。', '按 Ctrl-C 结束。'],
};

async function run({ port, open = false, lang }: Options, stop: AbortSignal): Promise<void> {
  const lab = await start(port, lang);
  try {
    print(SAY[lang](lab.url));
    if (open) openInBrowser(lab.url, process.stderr);
    if (!stop.aborted) await once(stop, 'abort');
  } finally {
    await lab.close();
  }
}

async function start(port: number, lang: Language): Promise<Lab> {
  const { startLab } = await import('../lab/server/lab-server.js');
  return asyncStep('the lab cannot listen', () => startLab(port, lang));
}

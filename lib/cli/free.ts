/** `bsd-sockets free PORT`: shows who has it, asks, and does what frees it. */
import { Command, InvalidArgumentError } from 'commander';
import { createInterface } from 'node:readline/promises';
import type { Diagnosis } from '../doctor/diagnosis/diagnosis.js';
import { free, NOT_DONE, rescue, type FreeOptions, type FreeStep } from '../doctor/free.js';
import { SocketError } from '../doctor/kernel/calls.js';
import type { Place } from '../doctor/kernel/target.js';
import { say } from '../doctor/words/say.js';
import { count } from '../doctor/words/words.js';
import { wrap } from '../doctor/words/wrap.js';
import { tellIn, type Language, type Tell } from '../language.js';
import { orPerrorThroughout } from './failure.js';
import { languageOption } from './language.js';
import { paintOfOutput, print } from './output.js';
import { chosenPlace, targetOf, withPlace, type PlaceChoice } from './place.js';
import { untilSignal } from './stoppable.js';
import { WatchLine } from './watch.js';

interface Options extends PlaceChoice {
  yes?: boolean;
  dryRun?: boolean;
  force?: boolean;
  grace?: number;
  json?: boolean;
  rescue?: number;
  lang: Language;
}

const DETAILS = `
It ends a program with SIGTERM, and with SIGKILL only if --force says so; where
a supervisor or a container has it, that is asked to stop it. First it sets
SO_REUSEADDR on the server's sockets where it is off, so that the next server
need not wait. As root it ends what is in TIME_WAIT; otherwise it waits for
that, a minute at most. It never touches PID 1, itself, or what started it.

The exit status is 0 where in the end a bind without flags works, else 1.

Examples:
  bsd-sockets free 3000
  bsd-sockets free 3000 --yes && npm run dev
  bsd-sockets free --rescue 4242`;

/** The command `free [PLACE] [--host ADDRESS] [--udp] [--unix PATH] [--yes] [--dry-run] [--force] [--grace S] [--rescue PID]`. */
export function freeCommand(): Command {
  const command = withPlace(
    new Command('free').description(
      'Frees a port: ends what has it, or waits for what is over, and proves it by a bind. It asks first.',
    ),
  )
    .option('-y, --yes', 'does it without a question')
    .option('--dry-run', 'only says what it would do')
    .option('--force', 'sends SIGKILL to what has not ended in time after SIGTERM, or ignores it')
    .option('--grace <s>', 'how long a program has to end after SIGTERM, in seconds; default 5', parseGrace)
    .option('--rescue <pid>', 'only sets SO_REUSEADDR on the TCP sockets of this running process', parsePid)
    .addOption(languageOption())
    .option('--json', 'prints one JSON document instead; it asks nothing, so it takes --yes or --dry-run')
    .addHelpText('after', DETAILS);
  return command.action((words: string[], options: Options) => {
    if (options.rescue !== undefined) {
      if (words.length > 0 || options.unix !== undefined)
        command.error("error: option '--rescue <pid>' takes no place");
      rescueProcess(options.rescue, options);
      return;
    }
    if (options.json && !options.yes && !options.dryRun) {
      command.error("error: option '--json' takes '--yes' or '--dry-run'");
    }
    const choice = chosenPlace(command, words, options);
    return orPerrorThroughout(async () => {
      const { protocol, address } = await targetOf(choice);
      const place = 'port' in choice && choice.host === undefined ? choice.port : (address as Place);
      const asked = protocol === 'unix' ? {} : { protocol };
      await untilSignal((signal) => run(place, { ...asked, signal }, options), options.lang);
    });
  });
}

function parseGrace(text: string): number {
  if (!/^\d{1,6}(\.\d{1,3})?$/.test(text)) throw new InvalidArgumentError('A time is a number of seconds, 0 or more.');
  return Number(text) * 1000;
}

function parsePid(text: string): number {
  const pid = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (pid < 1 || pid > 2 ** 31 - 1) throw new InvalidArgumentError('A process is a whole number from 1 on.');
  return pid;
}

function rescueProcess(pid: number, { json, lang }: Options): void {
  const t = tellIn(lang);
  try {
    const { sockets, changed } = rescue(pid);
    if (json) print([JSON.stringify({ pid, sockets, changed }, null, 2)]);
    else {
      print([
        t(
          `PID ${String(pid)} has ${count(sockets, 'TCP socket')}: SO_REUSEADDR was switched on for ${String(changed)}.`,
          `PID ${String(pid)} 有 ${String(sockets)} 个 TCP 套接字：给其中 ${String(changed)} 个打开了 SO_REUSEADDR。`,
        ),
      ]);
    }
    if (sockets === 0) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
    const what = t(`The sockets of PID ${String(pid)} could not be reached: `, `够不到 PID ${String(pid)} 的套接字：`);
    process.stderr.write(`${what}${error.code}\n`);
    process.exitCode = 1;
  }
}

async function run(place: Place, asked: FreeOptions, options: Options): Promise<void> {
  const { json = false, dryRun = false, force = false, grace } = options;
  const language = json ? 'en' : options.lang;
  const t = tellIn(language);
  const paint = paintOfOutput();
  const line = new WatchLine(process.stderr, language);
  const result = await free(place, {
    ...asked,
    language,
    dryRun,
    force,
    ...(grace !== undefined && { graceMs: grace }),
    confirm: (steps, found) => (json ? true : confirm(steps, found, options, asked.signal)),
    onStep: (step) => {
      line.clear();
      if (!json) print(stepLines(step, t));
    },
    onWait: (leftMs) => {
      line.wait(leftMs);
    },
  });
  line.clear();
  const { freed, steps, diagnosis } = result;
  process.exitCode = freed || diagnosis.verdict === 'free' ? 0 : 1;
  if (json) print([JSON.stringify(result, null, 2)]);
  else if (dryRun) {
    print([
      ...say(diagnosis, paint, language),
      '',
      t('It would:', '会这样做：'),
      ...steps.flatMap((step) => stepLines(step, t)),
    ]);
  } else print(wrap(diagnosis.summary).map(freed ? paint.green : paint.red));
}

function stepLines({ do: what, result }: FreeStep, t: Tell): string[] {
  const end = result === undefined || result === NOT_DONE ? '' : `${t(': ', '：')}${result}`;
  return wrap(`${what}${end}${t('.', '。')}`, '  - ', '    ');
}

async function confirm(
  steps: readonly string[],
  found: Diagnosis,
  { yes = false, lang }: Options,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const paint = paintOfOutput();
  const t = tellIn(lang);
  print([
    ...say({ ...found, advice: [] }, paint, lang),
    '',
    t('To do:', '要做的：'),
    ...steps.flatMap((step) => stepLines({ do: step }, t)),
    '',
  ]);
  if (yes) return true;
  if (!process.stdin.isTTY) {
    process.stderr.write(
      t(
        'Nothing was done: there is nobody to ask. --yes does it.\n',
        '什么也没做：没有人可以问。加上 --yes 就会做。\n',
      ),
    );
    return false;
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  asking.on('SIGINT', () => process.kill(process.pid, 'SIGINT')); // on a terminal in raw mode Ctrl-C is a key
  try {
    const answer = await asking.question(
      t('Do that? [y/N] ', '要这样做吗？[y/N] '),
      signal === undefined ? {} : { signal },
    );
    return /^(y(es)?|是|好)$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}

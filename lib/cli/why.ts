/** `bsd-sockets why PORT`: who has it, which bind works now, when it is free, and what to do. */
import { Command, InvalidArgumentError } from 'commander';
import picocolors from 'picocolors';
import type { Diagnosis, Target } from '../doctor/diagnosis.js';
import { diagnose } from '../doctor/diagnose.js';
import { look } from '../doctor/look.js';
import { say, type Paint } from '../doctor/say.js';
import { sayInChinese } from '../doctor/say-zh.js';
import { asTarget, DEFAULT_HOST, type Place } from '../doctor/target.js';
import { orPerror } from './failure.js';
import { parseHost, parsePort, resolveHost } from './options.js';
import type { Language } from '../language.js';
import { languageOption } from './language.js';
import { isColorful, print } from './output.js';
import { untilSignal } from './stoppable.js';

interface Options {
  host?: string;
  udp?: boolean;
  unix?: string;
  json?: boolean;
  watch?: boolean;
  lang: Language;
}

const DETAILS = `
It binds the address four times, with each choice of the flags, and closes the
socket at once; nothing ever listens. Then it reads the kernel's list of
sockets. As root it sees the processes and flags of all users.

The exit status is 0 where a bind without flags works, 1 where it does not.

Examples:
  bsd-sockets why 8080
  bsd-sockets why 53 --udp --host 127.0.0.1
  bsd-sockets why --unix /run/app.sock
  bsd-sockets why 8080 --watch && ./start-my-server`;

/** The command `why [PORT] [--host ADDRESS] [--udp] [--unix PATH] [--json] [--watch]`. */
export function whyCommand(): Command {
  const command = new Command('why')
    .description('Why can a port not be bound? Who has it, which flags would help, when it is free, and what to do.')
    .argument('[port]', 'the port, 1 to 65535', parseOnePort)
    .option('--host <address>', `the address to bind (default: ${DEFAULT_HOST}, all IPv4 addresses)`, parseHost)
    .option('--udp', 'the port of UDP, not of TCP')
    .option('--unix <path>', 'the path of a unix socket instead of a port; @name: an abstract name', parsePath)
    .option('--json', 'prints one JSON document instead')
    .addOption(languageOption())
    .option('--watch', 'then waits until a bind without flags works')
    .addHelpText('after', DETAILS);
  return command.action((port: number | undefined, options: Options) => {
    refuseMisuse(command, port, options);
    return orPerror(async () => {
      const target = asTarget(await placeOf(port, options), { protocol: options.udp ? 'udp' : 'tcp' });
      await untilSignal((signal) => run(target, options, signal));
    });
  });
}

function parseOnePort(text: string): number {
  const port = parsePort(text);
  if (port === 0) throw new InvalidArgumentError('Port 0 stands for any free port: there is nothing to ask.');
  return port;
}

/** `@name` is the usual way to write an abstract name, which begins with a NUL. */
function parsePath(text: string): string {
  const path = text.replace(/^@/, '\0');
  try {
    asTarget({ path });
    return path;
  } catch {
    throw new InvalidArgumentError('A path is not empty, and no longer than a socket address: 108 bytes on Linux.');
  }
}

function refuseMisuse(command: Command, port: number | undefined, { unix, host, udp }: Options): void {
  if (port === undefined && unix === undefined) command.error("error: give a port, or '--unix <path>'");
  if (unix === undefined) return;
  const others = { 'a port': port, "option '--host <address>'": host, "option '--udp'": udp };
  for (const [name, value] of Object.entries(others)) {
    if (value !== undefined) command.error(`error: option '--unix <path>' cannot be used with ${name}`);
  }
}

async function placeOf(port = 0, { host = DEFAULT_HOST, unix }: Options): Promise<Place> {
  if (unix !== undefined) return { path: unix };
  return { port, address: await resolveHost(host) };
}

const SAY: Readonly<Record<Language, (diagnosis: Diagnosis, paint: Paint) => string[]>> = { en: say, zh: sayInChinese };

async function run(target: Target, options: Options, signal: AbortSignal): Promise<void> {
  const { json = false } = options;
  const first = diagnose(look(target));
  if (!json) print(SAY[options.lang](first, picocolors.createColors(isColorful(process.stdout))));
  if (options.watch && !json && !isFree(first)) print(['']);
  const last = options.watch ? await watchOn(target, first, signal) : first;
  if (json) print([JSON.stringify(last, null, 2)]);
  else if (last !== first) print([last.summary]);
  process.exitCode = isFree(last) ? 0 : 1;
}

/** Loaded only now: most ask once. */
async function watchOn(target: Target, first: Diagnosis, signal: AbortSignal): Promise<Diagnosis> {
  const { watch } = await import('./watch.js');
  return watch(target, first, process.stderr, signal);
}

const isFree = ({ binds }: Diagnosis): boolean => binds.none === 'ok';

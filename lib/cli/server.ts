/** `bsd-sockets server`: the article's server. */
import { Command } from 'commander';
import type { IPv4Address, IPv6Address, SocketAddress } from '../index.js';
import type { StepFailed } from '../examples/perror.js';
import { GRACE_MS, keepServing } from '../examples/promises/keep-serving.js';
import { server, type ServerOptions } from '../examples/server.js';
import { count } from '../doctor/words/words.js';
import { endpoint } from '../doctor/kernel/holder.js';
import { orPerrorThroughout } from './failure.js';
import { parseHost, parsePort, resolveHost } from './options.js';
import { untilSecondSignal } from './stoppable.js';

interface Options {
  host: string;
  port: number;
  reuse?: boolean;
  keep?: boolean;
}

const GRACE = `${String(GRACE_MS / 1000)} seconds`;

const DETAILS = `
With --keep it serves one client after another, many at once, until Ctrl-C. It
then accepts no more. A client that is in the middle of a message has ${GRACE}
to finish it, and is answered; a second Ctrl-C ends at once. A client that fails
is a line on standard error, and so is one that sends no message for a minute.

The exit status is 0 after Ctrl-C with --keep, 130 after the second one.

Examples:
  bsd-sockets server
  bsd-sockets server --reuse --port 8080
  bsd-sockets server --keep --host ::1`;

/** The command `server [--host HOST] [--port PORT] [--reuse | --no-reuse] [--keep]`. */
export function serverCommand(): Command {
  const command = new Command('server')
    .description('The C server of the article: receives one message, answers it and ends.')
    .option('--host <host>', 'the address to listen on', parseHost, '0.0.0.0')
    .option('--port <port>', 'the port to listen on; 0: a free one', parsePort, 12000)
    .option('--reuse', 'set SO_REUSEADDR before bind, as the second C server does')
    .option('--no-reuse', 'do not set it, as the first C server (the default)')
    .option('--keep', 'serve clients until Ctrl-C, many at once')
    .addHelpText('after', DETAILS)
    .action((options: Options) => orPerrorThroughout(() => run(options)));
  refuseBoth(command);
  return command;
}

/** Both flags are one option to commander: the last one would win without a word. */
function refuseBoth(command: Command): void {
  const seen = new Set<string>();
  for (const name of ['reuse', 'no-reuse']) {
    command.on(`option:${name}`, () => {
      if (seen.add(name).size > 1) command.error("error: option '--reuse' cannot be used with option '--no-reuse'");
    });
  }
}

async function run({ host, port, reuse = false, keep = false }: Options): Promise<void> {
  const options: ServerOptions = { host: await resolveHost(host), port, reuse, onListening: sayWhere };
  if (!keep) server(options);
  else {
    await untilSecondSignal((stop, cut) =>
      keepServing({ ...options, stop, cut, onStopping: sayUnfinished, onFailure: sayFailure }),
    );
  }
}

// On standard error: standard output is the C program's, to the letter.
const say = (text: string): void => void process.stderr.write(`${text}\n`);

function isIp(address: SocketAddress): address is IPv4Address | IPv6Address {
  return address.family === 'IPv4' || address.family === 'IPv6';
}

function sayWhere(address: SocketAddress): void {
  if (isIp(address)) say(`listening on ${endpoint(address)}`);
}

function sayUnfinished(clients: number): void {
  if (clients === 0) return;
  say(`stopping: ${count(clients, 'client')} in the middle of a message, ${GRACE} at most; Ctrl-C again ends at once`);
}

function sayFailure(failure: StepFailed, client?: SocketAddress): void {
  say(client && isIp(client) ? `client ${endpoint(client)}: ${failure.message}` : failure.message);
}

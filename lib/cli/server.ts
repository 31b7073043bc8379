/** `bsd-sockets server`: the article's server. */
import { Command } from 'commander';
import { server } from '../examples/server.js';
import { orPerror } from './failure.js';
import { parseHost, parsePort, resolveHost } from './options.js';

interface Options {
  host: string;
  port: number;
  reuse?: boolean;
}

/** The command `server [--host HOST] [--port PORT] [--reuse | --no-reuse]`. */
export function serverCommand(): Command {
  const command = new Command('server')
    .description('The C server of the article: receives one message, answers it and ends.')
    .option('--host <host>', 'the address to listen on', parseHost, '0.0.0.0')
    .option('--port <port>', 'the port to listen on; 0: a free one', parsePort, 12000)
    .option('--reuse', 'set SO_REUSEADDR before bind, as the second C server does')
    .option('--no-reuse', 'do not set it, as the first C server (the default)')
    .action((options: Options) => orPerror(() => run(options)));
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

async function run({ host, port, reuse = false }: Options): Promise<void> {
  server({
    host: await resolveHost(host),
    port,
    reuse,
    onListening: (address) => {
      // On standard error: standard output is the C program's, to the letter.
      if ('port' in address) process.stderr.write(`listening on ${authority(address)}\n`);
    },
  });
}

function authority({ family, address, port }: { family: string; address: string; port: number }): string {
  return `${family === 'IPv6' ? `[${address}]` : address}:${String(port)}`;
}

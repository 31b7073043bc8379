/** `bsd-sockets client`: the article's client. */
import { Command, InvalidArgumentError } from 'commander';
import { client } from '../examples/client.js';
import { BUFFER_SIZE, encodeFrame, UnfitMessage } from '../examples/frame.js';
import { orPerrorThroughout } from './failure.js';
import { parseHost, parsePort, resolveHost } from './options.js';

interface Options {
  host: string;
  port: number;
}

const DETAILS = `
The exit status is 0 where the answer has come, else 1.

Examples:
  bsd-sockets client hello
  bsd-sockets client --host ::1 --port 8080 'two words'
  echo word | bsd-sockets client`;

/** The command `client [--host HOST] [--port PORT] [MESSAGE]`. */
export function clientCommand(): Command {
  return new Command('client')
    .description('The C client of the article: sends one message and prints the answer.')
    .argument('[message]', 'at most 39 bytes; without it, asks for a word on standard input', parseMessage)
    .option('--host <host>', "the server's address", parseHost, '127.0.0.1')
    .option('--port <port>', "the server's port", parsePort, 12000)
    .addHelpText('after', DETAILS)
    .action((message: string | undefined, options: Options) => orPerrorThroughout(() => run(message, options)));
}

/** A message that fits a frame, refused before there is a socket. */
function parseMessage(text: string): string {
  try {
    encodeFrame(text);
    return text;
  } catch (error) {
    if (!(error instanceof UnfitMessage)) throw error;
    throw new InvalidArgumentError(`A message has at most ${String(BUFFER_SIZE - 1)} bytes.`);
  }
}

async function run(message: string | undefined, { host, port }: Options): Promise<void> {
  client({ host: await resolveHost(host), port, ...(message !== undefined && { message }) });
}

/** `bsd-sockets why PORT`: who has it, which bind works now, when it is free, and what to do. */
import { Command } from 'commander';
import { languageOption } from './language.js';
import { listPorts } from '../doctor/list.js';
import { listLines } from '../doctor/words/list-lines.js';
import { wrap } from '../doctor/words/wrap.js';
import { chosenPlace, targetOf, withPlace, type PlaceChoice } from './place.js';
import { print } from './output.js';
import { report, type ReportOptions } from './why-report.js';

type Options = PlaceChoice & ReportOptions;

const DETAILS = `
It binds the address four times, with each choice of the flags, and closes the
socket at once; nothing ever listens. Then it reads the kernel's list of
sockets. As root it sees the processes and flags of all users.

The exit status is 0 where a bind without flags works, 1 where it does not.

Without a place it lists every port in use.

PLACE is a port, or what stands in a message: :3000, :::3000, 127.0.0.1:3000,
[::1]:3000, http://localhost:3000/x, or the whole line of an error in quotes.
A port alone is asked about as Node's listen(port) takes it: IPv6 and IPv4.

Examples:
  bsd-sockets why 8080
  bsd-sockets why 'Error: listen EADDRINUSE: address already in use :::8080'
  bsd-sockets why 53 --udp --host 127.0.0.1
  bsd-sockets why --unix /run/app.sock
  bsd-sockets why 8080 --watch && ./start-my-server`;

/** The command `why [PLACE] [--host ADDRESS] [--udp] [--unix PATH] [--json] [--watch]`. */
export function whyCommand(): Command {
  const command = withPlace(
    new Command('why').description(
      'Why can a port not be bound? Who has it, which flags would help, when it is free, and what to do.',
    ),
  )
    .option('--json', 'prints one JSON document instead')
    .addOption(languageOption())
    .option('--watch', 'then waits until a bind without flags works')
    .addHelpText('after', DETAILS);
  return command.action((words: string[], options: Options) => {
    if (words.length === 0 && options.unix === undefined) {
      if (options.watch || options.host !== undefined || options.udp) command.error('error: which port? Give one');
      list(options);
      return;
    }
    const choice = chosenPlace(command, words, options);
    return report(() => targetOf(choice), options);
  });
}

/** All ports in use. */
function list({ json = false, lang }: Options): void {
  const language = json ? 'en' : lang;
  const found = listPorts({ language });
  if (json) print([JSON.stringify(found, null, 2)]);
  else
    print([
      ...listLines(found.ports, process.stdout.isTTY ? process.stdout.columns || 80 : Infinity, language),
      ...found.notes.flatMap((note) => ['', ...wrap(note)]),
    ]);
}

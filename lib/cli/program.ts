/** The commands, and what is common to them. */
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../root.js';
import { write } from './output.js';

const { version } = JSON.parse(readFileSync(join(packageRoot() ?? '', 'package.json'), 'utf8')) as { version: string };

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  server: async () => (await import('./server.js')).serverCommand(),
  client: async () => (await import('./client.js')).clientCommand(),
  compare: async () => (await import('./compare.js')).compareCommand(),
  matrix: async () => (await import('./matrix.js')).matrixCommand(),
  lab: async () => (await import('./lab.js')).labCommand(),
  why: async () => (await import('./why.js')).whyCommand(),
  free: async () => (await import('./free.js')).freeCommand(),
  record: async () => (await import('./record.js')).recordCommand(),
};

const EXAMPLES = `
Examples:
  bsd-sockets compare
  bsd-sockets why 8080
  bsd-sockets free 8080 --dry-run`;

/**
 * `bsd-sockets`, with the commands that these arguments are about: to load them all takes longer than most of them
 * take.
 *
 * @param args - what follows the program's name on the command line
 */
export async function program(args: readonly string[]): Promise<Command> {
  const top = new Command('bsd-sockets')
    .description(
      'What SO_REUSEADDR does, on this machine: the two example programs, and a comparison of their restarts.',
    )
    .version(version)
    .configureOutput({ writeOut: write })
    .helpCommand(true)
    .addHelpText('after', EXAMPLES)
    .enablePositionalOptions();
  for (const load of loadersFor(args)) top.addCommand((await load()).copyInheritedSettings(top));
  for (const command of [top, ...top.commands]) command.exitOverride().showHelpAfterError('(--help tells more)');
  return top;
}

/** The command that is named, or the one whose help is asked for; none for the version; else all. */
function loadersFor([first = '', second = '']: readonly string[]): (() => Promise<Command>)[] {
  if (first === '--version' || first === '-V') return [];
  const name = first === 'help' ? second : first;
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return load === undefined ? Object.values(COMMANDS) : [load];
}

#!/usr/bin/env node
/** `bsd-sockets COMMAND`: reads the arguments, runs the command, sets the exit status (2: misuse). */
import { Command, CommanderError } from 'commander';
import { createRequire } from 'node:module';
import { clientCommand } from './client.js';
import { compareCommand } from './compare.js';
import { serverCommand } from './server.js';

const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };

const program = new Command('bsd-sockets')
  .description('What SO_REUSEADDR does, on this machine: the two example programs, and a comparison of their restarts.')
  .version(version)
  .helpCommand(true);
for (const command of [serverCommand(), clientCommand(), compareCommand()]) {
  program.addCommand(command.copyInheritedSettings(program));
}

for (const command of [program, ...program.commands]) command.exitOverride().showHelpAfterError('(--help tells more)');
if (process.argv.length <= 2) program.outputHelp();
else {
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}

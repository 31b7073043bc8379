/** The commands, and what is common to them. */
import { Command } from 'commander';
import { createRequire } from 'node:module';
import { clientCommand } from './client.js';
import { compareCommand } from './compare.js';
import { matrixCommand } from './matrix.js';
import { serverCommand } from './server.js';
import { whyCommand } from './why.js';

const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };

/** `bsd-sockets`, with all its commands. */
export function program(): Command {
  const top = new Command('bsd-sockets')
    .description(
      'What SO_REUSEADDR does, on this machine: the two example programs, and a comparison of their restarts.',
    )
    .version(version)
    .helpCommand(true);
  for (const command of [serverCommand(), clientCommand(), compareCommand(), matrixCommand(), whyCommand()]) {
    top.addCommand(command.copyInheritedSettings(top));
  }
  for (const command of [top, ...top.commands]) command.exitOverride().showHelpAfterError('(--help tells more)');
  return top;
}

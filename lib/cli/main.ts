#!/usr/bin/env node
/** `bsd-sockets COMMAND`: reads the arguments, runs the command, sets the exit status (2: misuse). */
import { CommanderError } from 'commander';
import * as modules from 'node:module';

// Node 22.8 and later: keeps what was compiled, so that the next start is faster.
(modules as { enableCompileCache?: () => void }).enableCompileCache?.();

async function main(): Promise<void> {
  try {
    // Only now: without the addon this fails, with a message that says what to do.
    const { program } = await import('./program.js');
    const top = await program(process.argv.slice(2));
    if (process.argv.length <= 2) top.outputHelp();
    else await top.parseAsync();
  } catch (error) {
    process.exitCode = exitStatus(error);
  }
}

function exitStatus(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_DLOPEN_FAILED' && code !== 'ERR_UNSUPPORTED_PLATFORM') throw error;
  process.stderr.write(`${message}\n`);
  return 1;
}

void main();

#!/usr/bin/env node
/** `bsd-sockets COMMAND`: reads the arguments, runs the command, sets the exit status (2: misuse). */
import * as modules from 'node:module';

// Node 22.8 and later: keeps what was compiled, so that the next start is faster. It serves what is loaded after this: so
// this file loads nothing else at first.
(modules as { enableCompileCache?: () => void }).enableCompileCache?.();

async function main(): Promise<void> {
  try {
    // Only now: without the addon these fail, with a message that says what to do.
    const port = askedPort();
    if (port !== undefined) {
      const { whyPort } = await import('./why-report.js');
      await whyPort(port);
      return;
    }
    const { program } = await import('./program.js');
    const top = await program(process.argv.slice(2));
    if (process.argv.length <= 2) top.outputHelp();
    else await top.parseAsync();
  } catch (error) {
    process.exitCode = exitStatus(error);
  }
}

/** Of `why PORT`, which is asked most: to load what reads any arguments would take as long as the answer. */
function askedPort(): number | undefined {
  const [name, digits = '', ...others] = process.argv.slice(2);
  if (name !== 'why' || others.length > 0 || !/^[1-9]\d{0,4}$/.test(digits)) return undefined;
  const port = Number(digits);
  return port <= 65_535 ? port : undefined; // what is wrong is for the parser to say
}

function exitStatus(error: unknown): number {
  const { code, message, exitCode } = error as NodeJS.ErrnoException & { exitCode?: number };
  if (code?.startsWith('commander.')) return exitCode === 0 ? 0 : 2;
  if (code !== 'ERR_DLOPEN_FAILED' && code !== 'ERR_UNSUPPORTED_PLATFORM') throw error;
  process.stderr.write(`${message}\n`);
  return 1;
}

void main();

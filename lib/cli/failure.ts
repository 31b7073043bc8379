/** How a command ends that could not do what it was told. */
import { ownCommand } from '../doctor/kernel/own-command.js';
import { SocketError } from '../errors.js';
import { StepFailed, type Failure } from '../examples/perror.js';

let outputFailed = false;

/** Runs a command: what perror prints goes to standard error, and the exit status is 1. */
export async function orPerror(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    report(failureOf(error));
  }
}

/**
 * The same for a command that says something again and again. Whoever read it may be gone, which comes as an event: the
 * conversation is not cut short by it.
 */
export function orPerrorThroughout(run: () => Promise<void>): Promise<void> {
  process.stdout.on('error', (error: Failure) => {
    if (!outputFailed) report(new StepFailed('output failed', error));
    outputFailed = true;
  });
  process.stderr.on('error', () => undefined); // and nobody is left to be told
  return orPerror(run);
}

function failureOf(error: unknown): StepFailed {
  if (error instanceof StepFailed) return error;
  const { syscall } = error as NodeJS.ErrnoException;
  if (syscall !== 'write') throw error;
  return new StepFailed('output failed', error as Failure);
}

function report(error: StepFailed): void {
  process.stderr.write(`${error.message}\n`);
  const { cause } = error;
  if (cause instanceof SocketError && cause.why !== undefined) {
    process.stderr.write(`who has it: ${cause.why.replace(/^npx bsd-sockets/, ownCommand().program)}\n`);
  }
  process.exitCode = 1;
}

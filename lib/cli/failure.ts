/** How a command ends that could not do what it was told. */
import { ownCommand } from '../doctor/kernel/own-command.js';
import { SocketError } from '../errors.js';
import { StepFailed, type Failure } from '../examples/perror.js';

let outputFailed = false;

/** Runs an example program: what perror prints goes to standard error, and the exit status is 1. */
export async function orPerror(run: () => Promise<void>): Promise<void> {
  // Whoever read our output may be gone, which comes as an event: the conversation is not cut short by it.
  process.stdout.on('error', (error: Failure) => {
    if (!outputFailed) report(new StepFailed('output failed', error));
    outputFailed = true;
  });
  process.stderr.on('error', () => undefined); // and nobody is left to be told
  try {
    await run();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    report(error);
  }
}

function report(error: StepFailed): void {
  process.stderr.write(`${error.message}\n`);
  const { cause } = error;
  if (cause instanceof SocketError && cause.why !== undefined) {
    process.stderr.write(`who has it: ${cause.why.replace(/^npx bsd-sockets/, ownCommand().program)}\n`);
  }
  process.exitCode = 1;
}

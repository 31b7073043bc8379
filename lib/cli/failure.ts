/** How a command ends that could not do what it was told. */
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
  process.exitCode = 1;
}

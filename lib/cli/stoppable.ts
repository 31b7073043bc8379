/** Commands that a signal stops. */
import { constants } from 'node:os';
import { tellIn, type Language } from '../language.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a command. The signals of Ctrl-C and kill(1) abort it; then the exit status tells which signal it was. Resolves
 * when the command has cleaned up.
 */
export async function untilSignal(
  run: (signal: AbortSignal) => Promise<void>,
  language: Language = 'en',
): Promise<void> {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    process.exitCode = statusOf(name);
    controller.abort();
  };
  try {
    await onSignals(stop, () => run(controller.signal));
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    process.stderr.write(
      tellIn(language)('Stopped. Nothing is left running.\n', '已停止。没有留下任何还在运行的东西。\n'),
    );
  }
}

/**
 * Runs a command that a signal ends as it should end: the first one aborts `stop`, and the exit status stays what it
 * is. A second one aborts `cut`; then the exit status tells which signal it was. Resolves when the command has ended.
 */
export async function untilSecondSignal(run: (stop: AbortSignal, cut: AbortSignal) => Promise<void>): Promise<void> {
  const [stop, cut] = [new AbortController(), new AbortController()];
  const onSignal = (name: NodeJS.Signals): void => {
    if (stop.signal.aborted) {
      process.exitCode = statusOf(name);
      cut.abort();
    }
    stop.abort();
  };
  await onSignals(onSignal, () => run(stop.signal, cut.signal));
}

const statusOf = (name: NodeJS.Signals): number => 128 + constants.signals[name];

async function onSignals(listener: (name: NodeJS.Signals) => void, run: () => Promise<void>): Promise<void> {
  for (const name of SIGNALS) process.on(name, listener);
  try {
    await run();
  } finally {
    for (const name of SIGNALS) process.off(name, listener);
  }
}

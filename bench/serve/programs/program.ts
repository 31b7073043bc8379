/** What every server in JavaScript shares. */
import { writeSync } from 'node:fs';

/** Says on which port the server is. */
export function tell(port: number): void {
  writeSync(1, `${JSON.stringify({ port })}\n`);
}

/** Collects garbage when SIGUSR2 arrives, where `--expose-gc` allows it: idle memory is measured after it. */
export function collectOnRequest(): void {
  process.on('SIGUSR2', () => {
    globalThis.gc?.();
    writeSync(1, '{"collected":true}\n');
  });
}

/** What every server in JavaScript shares. */
import { writeSync } from 'node:fs';

/** What a server sends that sends block after block: the load generator knows it. */
export const BLOCK = Buffer.from(Uint8Array.from({ length: 65_536 }, (_, i) => 97 + (i % 26)));

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

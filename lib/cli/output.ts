/** Standard output of a command. */
import { fstatSync, statSync, writeSync } from 'node:fs';
import { COLORED, PLAIN, type Paint } from '../paint.js';

const STDOUT = 1;

let isStreaming = false;

/** Prints lines. */
export function print(lines: readonly string[]): void {
  write(textOf(lines));
}

/** Prints text. Where nobody reads it any more, as behind `| head -1`, the command ends, and says nothing of it. */
export function write(text: string | Uint8Array): void {
  if (!isStreaming) process.stdout.prependListener('error', endWithoutReader);
  isStreaming = true;
  process.stdout.write(text);
}

/**
 * Prints lines without the stream, which takes Node a while to load.
 *
 * @throws the error of write(2): ENOSPC
 */
export function printAtOnce(lines: readonly string[]): void {
  let left: Uint8Array = Buffer.from(textOf(lines));
  try {
    while (!isStreaming && left.length > 0) left = left.subarray(writeSync(STDOUT, left));
  } catch (error) {
    endWithoutReader(error as NodeJS.ErrnoException);
    // Whoever started us may have left the output non-blocking, and read slowly: the stream waits.
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
  if (left.length > 0) write(left);
}

const textOf = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

function endWithoutReader({ code }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit();
}

/**
 * Colours are for terminals whose user has not said NO_COLOR (https://no-color.org). FORCE_COLOR (https://force-color.org)
 * wants them everywhere; 0 or false: nowhere, as in Node.
 */
export function paintOfOutput(): Paint {
  return isColorful() ? COLORED : PLAIN;
}

function isColorful(): boolean {
  const forced = process.env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb' && isTerminal();
}

/** A file, a pipe and /dev/null are none: only of another device Node is asked. */
function isTerminal(): boolean {
  const output = fstatSync(STDOUT);
  return output.isCharacterDevice() && output.rdev !== statSync('/dev/null').rdev && process.stdout.isTTY;
}

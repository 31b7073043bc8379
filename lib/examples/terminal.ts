/** What the example programs read and print. */
import { readSync } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { BUFFER_SIZE } from './frame.js';

/** Standard input ended before a word came. */
export class NoWord extends Error {
  readonly code = 'EOF';
}
NoWord.prototype.name = 'NoWord';

// isspace(3) in the C locale.
const SPACE: ReadonlySet<number> = new Set(Buffer.from(' \t\n\v\f\r'));
const RETRY_MS = 10;

/**
 * The next word of standard input: `scanf(3)` with `%s`, which has no bound; here it stops at 40 bytes, one more
 * than a frame carries. It blocks the event loop. It reads byte by byte, so what follows the word is still there.
 *
 * @param fd - where to read; it stays yours
 * @throws NoWord at the end of the input, and read's system errors
 */
export function scanWord(fd = 0): Buffer {
  const word = Buffer.alloc(BUFFER_SIZE);
  let length = 0;
  while (length < BUFFER_SIZE && readByte(fd, word.subarray(length, length + 1))) {
    if (!SPACE.has(word[length] as number)) length++;
    else if (length > 0) break;
  }
  if (length === 0) throw new NoWord('standard input ended before a word came');
  return word.subarray(0, length);
}

/**
 * The next word of an input, as {@link scanWord} finds it, without blocking the event loop. It closes the input: what
 * follows the word is not read.
 *
 * @param input - where to read; standard input where left out
 * @param signal - ends the wait, and closes the input
 * @throws NoWord at the end of the input, read's system errors, and the reason of the signal
 */
export async function readWord(input: Readable = process.stdin, signal?: AbortSignal): Promise<Buffer> {
  const word: number[] = [];
  try {
    for await (const chunk of signal ? addAbortSignal(signal, input) : input) {
      for (const byte of Buffer.from(chunk as Uint8Array)) {
        if (!SPACE.has(byte)) word.push(byte);
        if (word.length === BUFFER_SIZE || (SPACE.has(byte) && word.length > 0)) return Buffer.from(word);
      }
    }
  } catch (error) {
    signal?.throwIfAborted(); // the stream has an error of its own
    throw error;
  }
  if (word.length === 0) throw new NoWord('standard input ended before a word came');
  return Buffer.from(word);
}

/** Reads one byte; false at the end of the input. */
function readByte(fd: number, byte: Buffer): boolean {
  for (;;) {
    try {
      return readSync(fd, byte) > 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    // Whoever started us left the input non-blocking: C's scanf would give up.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
  }
}

/** `printf(3)`: to standard output. */
export function printOut(text: string): void {
  process.stdout.write(text);
}

/** A case of socket behaviour: what is done, and what Linux answers. */
import * as s from 'bsd-sockets';
import { thrownBy } from '../support/sockets.js';

/** One case of a table. */
export interface Case {
  /** The group and a number: BIND-03. */
  id: string;
  /** What is done, in a sentence without a full stop. */
  what: string;
  /** Does it, and says what came back: results, error codes. */
  run: () => unknown;
  /** What Linux answers. */
  expected: unknown;
  /** Why it cannot run here, or undefined where it can. */
  skip?: string | undefined;
  /** How our answer differs from C's, and why. */
  differs?: string;
}

/** 'ok', or the code of the error that `call` throws. */
export function outcome(call: () => unknown): string {
  try {
    call();
    return 'ok';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** What `call` returns, or the code of the error that it throws. */
export function answer<Value>(call: () => Value): Value | string {
  try {
    return call();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** The text that recv(2) gets: '' at the end of the stream, or the error's code. */
export function received(fd: number, length = 64, flags: number = s.MSG_DONTWAIT): string {
  const buffer = Buffer.alloc(length);
  return answer(() => buffer.toString('latin1', 0, s.recv(fd, buffer, flags)));
}

/** The skip for a case that needs root. */
export const NEEDS_ROOT = process.getuid?.() === 0 ? undefined : 'it needs root';

export { thrownBy };

/** perror(3) for the example programs: which step failed, and why, in the words of C. */
import { errnoName } from '../errors.js';

/** Where glibc's words for an errno are not Node's, for the errors that these programs can meet. */
export const GLIBC_WORDS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EAFNOSUPPORT: 'Address family not supported by protocol',
  EHOSTUNREACH: 'No route to host',
  EIO: 'Input/output error',
  EISCONN: 'Transport endpoint is already connected',
  EISDIR: 'Is a directory',
  ENFILE: 'Too many open files in system',
  ENOMEM: 'Cannot allocate memory',
  ENOTCONN: 'Transport endpoint is not connected',
  EOPNOTSUPP: 'Operation not supported',
};

/** The words of a positive errno: `strerror(3)`, as glibc has them: "Address already in use". */
export function strerror(errno: number): string {
  const [code, words] = errnoName(errno);
  return GLIBC_WORDS[code] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * A step of an example program failed. Its message is what `perror(3)` prints:
 * "server socket bind failed: Address already in use".
 */
export class StepFailed extends Error {
  /** Which step: "server socket bind failed". */
  readonly step: string;
  /** Why: a system error's POSIX name, `EOF` (the other side ended too early) or `EMSGSIZE` (too long a message). */
  readonly code: string;

  /**
   * @param step - the text that the C program gives to perror
   * @param cause - a system error, or an error of frame.ts or terminal.ts
   */
  constructor(step: string, cause: Failure) {
    super(`${step}: ${cause.errno === undefined ? cause.message : strerror(Math.abs(cause.errno))}`, { cause });
    this.step = step;
    this.code = cause.code;
  }
}
StepFailed.prototype.name = 'StepFailed';

/** An error of the system, or one of the examples' own: it has a code, and is no mistake in an argument. */
export interface Failure extends Error {
  code: string;
  errno?: number;
}

function isFailure(error: unknown): error is Failure {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && !error.code.startsWith('ERR_');
}

/**
 * What `call(...given)` returns. C: `if (call(given) < 0) { perror(failed); exit(EXIT_FAILURE); }`
 *
 * @throws StepFailed where the call fails; a mistake in an argument (`ERR_*`) is thrown as it is
 */
export function step<Given extends unknown[], Value>(
  failed: string,
  call: (...given: Given) => Value,
  ...given: Given
): Value {
  try {
    return call(...given);
  } catch (error) {
    throw perror(failed, error);
  }
}

/**
 * What `call()` resolves with: {@link step} for a call that waits.
 *
 * @throws StepFailed where the call fails; a mistake in an argument (`ERR_*`) and an abort are thrown as they are
 */
export async function asyncStep<Value>(failed: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw perror(failed, error);
  }
}

/** What to throw where a step has failed. */
function perror(failed: string, error: unknown): unknown {
  return isFailure(error) ? new StepFailed(failed, error) : error;
}

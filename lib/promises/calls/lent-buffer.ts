/**
 * Receives into a buffer that all sockets share, so that those that wait hold none: a socket that is idle costs no
 * buffer, and what it receives is as long as what came.
 */
import { native } from '../../native.js';

let lent = Buffer.allocUnsafeSlow(0);

/** Room for `size` bytes. It is anybody's again after the next {@link take}, or without one. */
export function lend(size: number): Buffer {
  if (lent.length < size) lent = Buffer.allocUnsafeSlow(size);
  return lent.length === size ? lent : lent.subarray(0, size);
}

/** The first `length` bytes of what was lent last, to keep: a copy, or where it is mostly full the buffer itself. */
export function take(buffer: Buffer, length: number): Buffer {
  if (length < buffer.length / 2) return Buffer.from(buffer.subarray(0, length));
  lent = Buffer.allocUnsafeSlow(0);
  return buffer.subarray(0, length);
}

/** What one of a batch has room for, in bytes. */
export const SMALL = 4096;
let smalls: Buffer[] | undefined;
let next = 0;

/** Room for so many bytes at most, for one of a batch: it is another's again in the next batch. */
export function lendSmall(most: number): Buffer {
  smalls ??= Array.from({ length: native.batch.most }, () => Buffer.allocUnsafeSlow(SMALL));
  next = (next + 1) % native.batch.most;
  const small = smalls[next] as Buffer;
  return most < SMALL ? small.subarray(0, most) : small;
}

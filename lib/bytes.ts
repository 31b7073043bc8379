/** The fields of C structs in bytes: unsigned and signed numbers in the host's byte order. Pure. */
import { endianness } from 'node:os';
import type { Field } from './native.js';

/** Is the host little-endian? As DataView asks it. */
export const LITTLE = endianness() === 'LE';

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** An unsigned number of 1, 2 or 4 bytes, or of 8 bytes up to 2^53. */
export function readField(bytes: Uint8Array, [offset, size]: Field): number {
  const view = viewOf(bytes);
  if (size === 1) return view.getUint8(offset);
  if (size === 2) return view.getUint16(offset, LITTLE);
  return size === 4 ? view.getUint32(offset, LITTLE) : Number(view.getBigUint64(offset, LITTLE));
}

/** Writes a number of 1, 2, 4 or 8 bytes; a negative one as its two's complement. */
export function writeField(bytes: Uint8Array, [offset, size]: Field, value: number): void {
  const view = viewOf(bytes);
  if (size === 1) view.setUint8(offset, value);
  else if (size === 2) view.setUint16(offset, value, LITTLE);
  else if (size === 4) view.setUint32(offset, value, LITTLE);
  else view.setBigInt64(offset, BigInt(value), LITTLE);
}

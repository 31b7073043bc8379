/** The fields of C structs in bytes: unsigned and signed numbers in the host's byte order, and text. Pure. */
import { endianness } from 'node:os';
import type { Field } from './native.js';

/** Is the host little-endian? As DataView asks it. */
export const LITTLE = endianness() === 'LE';

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** An unsigned number of 1, 2 or 4 bytes, or of 8 bytes up to 2^53. */
export function readField(bytes: Uint8Array, [offset, size]: Field): number {
  if (size === 1) return bytes[offset] as number;
  if (size === 2) return readPair(bytes, LITTLE ? offset + 1 : offset, LITTLE ? offset : offset + 1);
  const view = viewOf(bytes);
  return size === 4 ? view.getUint32(offset, LITTLE) : Number(view.getBigUint64(offset, LITTLE));
}

/** Two bytes as a number: accept(2) reads a family and a port each time, and a DataView would be garbage. */
export function readPair(bytes: Uint8Array, high: number, low: number): number {
  return ((bytes[high] as number) << 8) | (bytes[low] as number);
}

/** Writes a number of 1, 2, 4 or 8 bytes; a negative one as its two's complement. */
export function writeField(bytes: Uint8Array, [offset, size]: Field, value: number): void {
  if (size <= 2) {
    // A family each time that an address is made: without the garbage of a DataView.
    bytes[offset] = LITTLE || size === 1 ? value : value >> 8;
    if (size === 2) bytes[offset + 1] = LITTLE ? value >> 8 : value;
    return;
  }
  const view = viewOf(bytes);
  if (size === 4) view.setUint32(offset, value, LITTLE);
  else view.setBigInt64(offset, BigInt(value), LITTLE);
}

/** Text in UTF-8, up to the first zero byte. */
export function readText(bytes: Uint8Array, [offset, size]: Field): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + offset, size);
  const end = text.indexOf(0);
  return text.toString('utf8', 0, end === -1 ? size : end);
}

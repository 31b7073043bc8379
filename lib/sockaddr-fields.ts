/** What the addresses of all families have in common: a family in front, and numbers in network byte order. */
import { readPair, writeField } from './bytes.js';
import { native, type Field } from './native.js';

const { sa_family, sa_len } = native.layout.sockaddr;

/** An address of this family, all else zero. */
export function blank(size: number, family: number): Uint8Array {
  const bytes = new Uint8Array(size);
  writeField(bytes, sa_family, family);
  if (sa_len) writeField(bytes, sa_len, size); // macOS
  return bytes;
}

/** Writes two bytes in network byte order: a port, a protocol. */
export function writeNetworkOrder(bytes: Uint8Array, [offset]: Field, value: number): void {
  bytes[offset] = value >> 8;
  bytes[offset + 1] = value & 255;
}

/** Reads two bytes in network byte order. */
export function readNetworkOrder(bytes: Uint8Array, [offset]: Field): number {
  return readPair(bytes, offset, offset + 1);
}

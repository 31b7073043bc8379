/** Netlink messages, made by hand. */
import { endianness } from 'node:os';
import { decodeAnswer, type Part } from '../../lib/doctor/kernel/netlink.js';

export const LITTLE = endianness() === 'LE';
export const [ERROR, DONE, SOCKET] = [2, 3, 20];

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

/** A netlink message: its header, and this body. */
export function message(type: number, ...body: readonly Uint8Array[]): Buffer {
  const header = new DataView(new ArrayBuffer(16));
  const bytes = Buffer.concat(body);
  header.setUint32(0, 16 + bytes.length, LITTLE);
  header.setUint16(4, type, LITTLE);
  return padded(Buffer.concat([Buffer.from(header.buffer), bytes]));
}

/** An attribute. */
export function attribute(type: number, value: Uint8Array): Buffer {
  const header = new DataView(new ArrayBuffer(4));
  header.setUint16(0, 4 + value.length, LITTLE);
  header.setUint16(2, type, LITTLE);
  return padded(Buffer.concat([Buffer.from(header.buffer), value]));
}

/** 32-bit numbers, signed or not. */
export function ints(...values: readonly number[]): Buffer {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, index) => view.setInt32(4 * index, value, LITTLE));
  return Buffer.from(view.buffer);
}

/** What is in one buffer of an answer, and whether it is the last one. */
export function answer<Item>(
  bytes: Uint8Array,
  decode: (body: Part) => Item | undefined,
): { items: Item[]; done: boolean } {
  const items: Item[] = [];
  const done = decodeAnswer(bytes, decode, items);
  return { items, done };
}

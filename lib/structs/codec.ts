/** How an object becomes the bytes of a C struct and back: a table of fields for each struct. */
import { LITTLE, readField, writeField } from '../bytes.js';
import { formatIPv4, formatIPv6, parseIPv4, parseIPv6 } from '../ip.js';
import type { Field, StructLayout } from '../layout.js';
import { asObject, asPlainBytes, asText, integer, invalidType, invalidValue } from '../validate.js';

/** A C struct: its size, and the way there and back. `Given` is what `encode` takes. */
export interface Struct<Value, Given = Value> {
  /** The size of the struct, in bytes: the `length` for getsockopt(2). 0 where this system lacks it. */
  readonly size: number;
  /**
   * The bytes of the struct.
   *
   * @param value - the struct
   * @param name - what errors call it
   * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE, ERR_INVALID_IP_ADDRESS
   */
  readonly encode: (value: Given, name?: string) => Buffer;
  /**
   * The struct in bytes that the kernel wrote.
   *
   * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE where the bytes are not as long as the struct
   */
  readonly decode: (bytes: NodeJS.ArrayBufferView) => Value;
}

/** How one field is read and written. */
export interface Kind<Value> {
  read(bytes: Uint8Array, field: Field): Value;
  write(bytes: Uint8Array, field: Field, value: unknown, name: string): void;
}

const slice = (bytes: Uint8Array, [offset, size]: Field): Uint8Array => bytes.subarray(offset, offset + size);

/** A signed number that may be `min` to 2^31 - 1; where the field has 8 bytes, to 2^53 - 1. */
function signed(min: number, max?: number): Kind<number> {
  return {
    read: (bytes, field) => {
      const bits = 8 * field[1];
      if (bits === 64) return safe(bytes, field);
      const value = readField(bytes, field);
      return value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
    },
    write: (bytes, field, value, name) => {
      const most = field[1] === 8 ? Number.MAX_SAFE_INTEGER : 2 ** (8 * field[1] - 1) - 1;
      writeField(bytes, field, integer(value, name, min, max ?? most));
    },
  };
}

/** A number of 64 bits that a JavaScript number holds exactly. */
function safe(bytes: Uint8Array, field: Field): number {
  const value = BigInt.asIntN(64, unsigned64(bytes, field));
  if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) return Number(value);
  throw invalidValue('bytes', 'must hold numbers that JavaScript can represent', value);
}

/** An unsigned number of 64 bits. */
export function unsigned64(bytes: Uint8Array, [offset]: Field): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset + offset).getBigUint64(0, LITTLE);
}

/** An int that is not negative: seconds, an interface's index, a process id. */
export const count = signed(0);

/** As {@link count}, up to `max`. */
export const upTo = (max: number): Kind<number> => signed(0, max);

/** An unsigned number that fills its field. */
export const unsigned: Kind<number> = {
  read: readField,
  write: (bytes, field, value, name) => {
    writeField(bytes, field, integer(value, name, 0, 2 ** (8 * field[1]) - 1));
  },
};

/** A number of 32 bits that C writes signed or unsigned, -1 as 2^32 - 1. It is read unsigned. */
export const word: Kind<number> = {
  read: readField,
  write: (bytes, field, value, name) => {
    writeField(bytes, field, integer(value, name, -(2 ** 31), 2 ** 32 - 1) >>> 0);
  },
};

/** An int that says yes or no. */
export const flag: Kind<boolean> = {
  read: (bytes, field) => readField(bytes, field) !== 0,
  write: (bytes, field, value, name) => {
    if (typeof value !== 'boolean') throw invalidType(name, 'of type boolean', value);
    writeField(bytes, field, value ? 1 : 0);
  },
};

/** A struct in_addr: text in dotted form. */
export const ipv4: Kind<string> = {
  read: (bytes, field) => formatIPv4(bytes, field[0]),
  write: (bytes, field, value, name) => {
    parseIPv4(value, name, slice(bytes, field));
  },
};

/** A struct in6_addr: text without a zone, which these structs tell in a field of its own. */
export const ipv6: Kind<string> = {
  read: (bytes, field) => formatIPv6(slice(bytes, field)),
  write: (bytes, field, value, name) => {
    const zone = parseIPv6(value, name, slice(bytes, field));
    if (zone !== '') throw invalidValue(name, 'must have no zone: the interface is a field of its own', value);
  },
};

/** The fields of a struct: C's name of each, and its kind. */
export type Fields<Value, CName extends string> = { [Name in keyof Value]: readonly [CName, Kind<Value[Name]>] };

/** This system has no such struct. The code is Node's. */
export function missing(name: string): Error {
  const code = 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM';
  return Object.assign(new TypeError(`struct ${name} is not available on ${process.platform}`), { code });
}

/** The bytes to decode, at least `least` of them. */
export function bytesToDecode(bytes: NodeJS.ArrayBufferView, name: string, least: number, most = Infinity): Uint8Array {
  const view = asPlainBytes(bytes, 'bytes');
  if (view.length >= least && view.length <= most) return view;
  const expected = most === least ? String(least) : `at least ${String(least)}`;
  throw invalidValue('bytes', `must be ${expected} bytes long, as struct ${name} is`, view.length);
}

/** The codec of a struct from the table of its fields. */
export function struct<Value extends object, CName extends string>(
  name: string,
  layout: StructLayout<CName> | undefined,
  fields: Fields<Value, CName>,
): Struct<Value> {
  const table = Object.entries<readonly [CName, Kind<unknown>]>(fields);
  const place = (cName: CName): Field => {
    if (layout === undefined) throw missing(name);
    return layout[cName];
  };
  const size = layout?.size ?? 0;
  return {
    size,
    encode(value, argument = 'value') {
      const given = asObject(value, asText(argument, 'name'));
      const bytes = Buffer.alloc(size);
      for (const [key, [cName, kind]] of table) kind.write(bytes, place(cName), given[key], `${argument}.${key}`);
      return bytes;
    },
    decode(given) {
      if (layout === undefined) throw missing(name);
      const bytes = bytesToDecode(given, name, size, size);
      const values = table.map(([key, [cName, kind]]): [string, unknown] => [key, kind.read(bytes, place(cName))]);
      return Object.fromEntries<unknown>(values) as Value;
    },
  };
}

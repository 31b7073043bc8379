/**
 * Arguments, checked before they reach the kernel: Node-API would turn NaN into fd 0 and 2^32 + 5
 * into 5. What is wrong is a TypeError or RangeError with one of Node's `ERR_*` codes.
 */
import { inspect, types, type InspectOptions } from 'node:util';

/** The largest int of C. */
export const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);
/** The largest numbers of C's unsigned types. */
export const UINT8_MAX = 2 ** 8 - 1;
export const UINT16_MAX = 2 ** 16 - 1;
export const UINT32_MAX = 2 ** 32 - 1;

type ErrorClass = new (message: string) => Error;

function coded(Class: ErrorClass, code: string, message: string): Error {
  const error = Object.assign(new Class(message), { code });
  Error.captureStackTrace(error, coded);
  if (error.stack !== undefined) error.stack = error.stack.replace(error.name, `${error.name} [${code}]`);
  return error;
}

/** The text of a value in a message, which has to be made whatever the value does when it is looked at. */
function shown(value: unknown, options: InspectOptions = {}): string {
  try {
    return inspect(value, options);
  } catch {
    return typeof value;
  }
}

function received(value: unknown): string {
  try {
    return described(value);
  } catch {
    return `Received type ${typeof value}`;
  }
}

function described(value: unknown): string {
  if (value === null || value === undefined) return `Received ${String(value)}`;
  if (typeof value === 'function') return `Received function ${value.name}`;
  if (typeof value === 'object') {
    const { constructor } = value as { constructor?: { name?: unknown } };
    const name = typeof constructor === 'function' ? constructor.name : '';
    return name ? `Received an instance of ${name}` : `Received ${shown(value, { depth: -1 })}`;
  }
  const text = shown(value);
  return `Received type ${typeof value} (${text.length > 28 ? `${text.slice(0, 25)}...` : text})`;
}

/** `address.port` is a property, `fd` an argument: as Node words it. */
function named(name: string): string {
  return name.includes('.') ? `"${name}" property` : `"${name}" argument`;
}

/** A value of the wrong type: `ERR_INVALID_ARG_TYPE`. `expected` reads "of type number". */
export function invalidType(name: string, expected: string, value: unknown): Error {
  return coded(TypeError, 'ERR_INVALID_ARG_TYPE', `The ${named(name)} must be ${expected}. ${received(value)}`);
}

/** A function. `name` as the documentation spells it. */
export function asFunction<Type>(value: Type, name: string): Type {
  if (typeof value !== 'function') throw invalidType(name, 'of type function', value);
  return value;
}

/** A value of the right type that makes no sense: `ERR_INVALID_ARG_VALUE`. */
export function invalidValue(name: string, reason: string, value: unknown): Error {
  const text = shown(value, { depth: 0, maxStringLength: 128 });
  return coded(TypeError, 'ERR_INVALID_ARG_VALUE', `The ${named(name)} ${reason}. Received ${text}`);
}

/** A number out of range: `ERR_OUT_OF_RANGE`. `range` reads ">= 0 && <= 255". */
export function outOfRange(name: string, range: string, value: unknown): Error {
  return coded(
    RangeError,
    'ERR_OUT_OF_RANGE',
    `The value of "${name}" is out of range. It must be ${range}. Received ${shown(value)}`,
  );
}

/** Text that is no IP address: `ERR_INVALID_IP_ADDRESS`. */
export function invalidAddress(family: string, text: string): Error {
  return coded(
    TypeError,
    'ERR_INVALID_IP_ADDRESS',
    `Not an ${family} address: ${inspect(text, { maxStringLength: 128 })}. A host name must be looked up first: node:dns does that`,
  );
}

/** A whole number from `min` to `max`. */
export function integer(value: unknown, name: string, min: number, max: number): number {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < min || value > max) throw outOfRange(name, `>= ${String(min)} && <= ${String(max)}`, value);
  return value;
}

/** A file descriptor: 0 to 2^31 - 1. */
export function asFd(fd: unknown): number {
  return typeof fd === 'number' && (fd | 0) === fd && fd >= 0 ? fd : integer(fd, 'fd', 0, INT32_MAX);
}

/** An int of C: -2^31 to 2^31 - 1. */
export function asInt(value: unknown, name: string): number {
  return typeof value === 'number' && (value | 0) === value ? value : integer(value, name, INT32_MIN, INT32_MAX);
}

/** A port: 0 to 65535, or `ERR_SOCKET_BAD_PORT`. */
export function asPort(port: unknown, name: string): number {
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw coded(RangeError, 'ERR_SOCKET_BAD_PORT', `${name} should be >= 0 and < 65536. ${received(port)}.`);
}

/** A string without NUL bytes, at which C would cut it. */
export function asText(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalidType(name, 'of type string', value);
  if (value.includes('\0')) throw invalidValue(name, 'must be a string without null bytes', value);
  return value;
}

/** An object that is not null. */
export function asObject(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw invalidType(name, 'of type object', value);
  return value as Record<string, unknown>;
}

/** The first items of an array, `most` of them at most. Each is looked up once; a hole is undefined. */
export function firstItems(value: unknown, name: string, most: number): unknown[] {
  if (!Array.isArray(value)) throw invalidType(name, 'an instance of Array', value);
  const length = Math.min(value.length, most);
  const items: unknown[] = [];
  for (let i = 0; i < length; i++) items.push(value[i]);
  return items;
}

/** The items of an array that may have `most`. Each is looked up once; a hole is undefined. */
export function asList(value: unknown, name: string, most: number): unknown[] {
  const items = Array.isArray(value) && value.length > most ? undefined : firstItems(value, name, most);
  if (items === undefined) throw outOfRange(`${name}.length`, `<= ${String(most)}`, (value as unknown[]).length);
  return items;
}

/**
 * The bytes of a Buffer, typed array or DataView, without a copy. A view whose buffer was
 * transferred away is refused: receiving into its zero bytes would throw a datagram away.
 *
 * @param index - of the view among several; the name is made only where it is needed
 */
export function asBytes(view: unknown, name: string, index?: number): Uint8Array {
  if (ArrayBuffer.isView(view) && view instanceof Uint8Array && lengthOf(view) > 0) return view;
  return asPlainBytes(view, index === undefined ? name : `${name}[${String(index)}]`);
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
const length = Object.getOwnPropertyDescriptor(typedArray, 'length') as { get: () => number };

/** The length that a view has, whatever properties the caller put on it. */
export function lengthOf(view: Uint8Array): number {
  return length.get.call(view);
}

/** As {@link asBytes}, but a view of our own: properties that the caller put on his do not tell its length. */
export function asPlainBytes(view: unknown, name: string): Uint8Array {
  if (!ArrayBuffer.isView(view)) throw invalidType(name, 'an instance of Buffer, TypedArray, or DataView', view);
  return bytesOf(view, name);
}

function bytesOf(view: ArrayBufferView, name: string): Uint8Array {
  try {
    if (!types.isDataView(view)) (view as Uint8Array).keys(); // throws where the view is out of bounds; its length is 0
    return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  } catch {
    throw invalidValue(name, 'must not be detached or out of bounds of its buffer', view);
  }
}

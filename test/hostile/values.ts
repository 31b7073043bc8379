/** Values that no call expects, each made anew. */
import { Random } from './random.js';

/** What getters and traps of ours throw: it has to come through as it is. */
export class Thrown extends Error {}

const fail = (): never => {
  throw new Thrown('a getter');
};

type Resizable = ArrayBuffer & { resize(length: number): void };
type Growable = SharedArrayBuffer & { grow(length: number): void };
const resizable = (length: number): Resizable =>
  Reflect.construct(ArrayBuffer, [length, { maxByteLength: 64 }]) as Resizable;
const growable = (length: number): Growable =>
  Reflect.construct(SharedArrayBuffer, [length, { maxByteLength: 64 }]) as Growable;

/** Takes the bytes away, as a transfer to a worker does. */
export function detach(view: ArrayBufferView): void {
  const { buffer } = view;
  if (buffer instanceof ArrayBuffer && buffer.byteLength > 0) structuredClone(buffer, { transfer: [buffer] });
}

function detached<View extends ArrayBufferView>(view: View): View {
  detach(view);
  return view;
}

function outOfBounds(make: (buffer: ArrayBuffer) => ArrayBufferView): ArrayBufferView {
  const buffer = resizable(32);
  const view = make(buffer);
  buffer.resize(4);
  return view;
}

/** A view into the middle of a buffer, of every type there is. */
export const TYPED_ARRAYS = [
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
  ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array],
] as const;

class Lying extends Uint8Array {
  override get length(): number {
    return 2 ** 20;
  }
  override get byteLength(): number {
    return 2 ** 20;
  }
}

class Thrower extends Uint8Array {
  override get buffer(): ArrayBuffer {
    return fail();
  }
  override get length(): number {
    return fail();
  }
}

class OwnSlice extends Array<unknown> {
  override slice(): unknown[] {
    return 7 as never;
  }
  override map(): never[] {
    return 7 as never;
  }
}

const NUMBERS = [NaN, Infinity, -Infinity, -1, 1.5, 2 ** 31, -(2 ** 31) - 1, 2 ** 32 + 5, 2 ** 53, -(2 ** 53), 1e308];
const INTS = [2 ** 31 - 1, -(2 ** 31), 65536, 1000];
const TEXTS = [
  '',
  '80',
  'a\0b',
  '\0',
  '\ud800',
  'a'.repeat(109),
  'a'.repeat(100_000),
  '::1%lo',
  '%',
  '0x7f.1',
  'lo',
  '1.2.3',
];
const OTHERS: readonly unknown[] = [undefined, null, true, false, Symbol('s'), 10n, 2n ** 64n, fail, Uint8Array, Math];

function lies<Made extends object>(made: Made, property: string, value: unknown): Made {
  return Object.defineProperty(made, property, { value });
}

const traps = (): ProxyHandler<object> => ({ get: fail, has: fail, ownKeys: fail, getOwnPropertyDescriptor: fail });

const OBJECTS: readonly (() => unknown)[] = [
  () => ({}),
  () => Object.create(null) as unknown,
  () => Object.freeze({ fd: 3, events: 1, family: 'IPv4' }),
  () => ({
    valueOf: fail,
    toString: fail,
    [Symbol.toPrimitive]: fail,
    [Symbol.for('nodejs.util.inspect.custom')]: fail,
  }),
  () => Object.defineProperty({}, 'constructor', { get: fail }),
  () => ({ constructor: lies(() => 0, 'name', Symbol('name')) }),
  () => new Proxy({}, traps()),
  () => new Proxy([], traps()),
  () => new Proxy(new Uint8Array(8), {}),
  () => new Proxy([new Uint8Array(8)], {}),
  () => new Proxy([], { get: (target, key) => (key === 'length' ? Infinity : (Reflect.get(target, key) as unknown)) }),
  () => [],
  () => new Array<unknown>(3),
  () => [undefined, null],
  () => new Array<unknown>(2 ** 32 - 1),
  () => Object.defineProperty([1, 2], 0, { get: fail }),
  () => OwnSlice.from([new Uint8Array(4)]),
  () => ({ length: 3, 0: new Uint8Array(1) }),
  () => new Date(0),
  () => new Map(),
  () => new Number(3),
  () => new String('127.0.0.1'),
  () => Promise.resolve(1),
  () => new Error('given'),
];

const VIEWS: readonly (() => unknown)[] = [
  ...TYPED_ARRAYS.flatMap((Type) => [() => new Type(new ArrayBuffer(64), 16, 3), () => new Type(0)]),
  () => new DataView(new ArrayBuffer(64), 3, 11),
  () => new DataView(new ArrayBuffer(0)),
  () => new ArrayBuffer(8),
  () => new SharedArrayBuffer(8),
  () => new Uint8Array(new SharedArrayBuffer(8), 1, 6),
  () => detached(new Uint8Array(8)),
  () => detached(new DataView(new ArrayBuffer(8))),
  () => detached(new Float64Array(4)),
  () => new Uint8Array(resizable(16)),
  () => outOfBounds((buffer) => new Uint8Array(buffer, 8, 16)),
  () => outOfBounds((buffer) => new Uint8Array(buffer, 8)),
  () => outOfBounds((buffer) => new DataView(buffer, 8)),
  () => outOfBounds((buffer) => new Float64Array(buffer, 8)),
  () => {
    const buffer = growable(8);
    const view = new Uint8Array(buffer);
    buffer.grow(32);
    return view;
  },
  () => new Lying(4),
  () => detached(new Lying(4)),
  () => new Thrower(4),
  () => lies(new Uint8Array(4), 'length', 100_000),
  () => lies(new Float64Array(4), 'BYTES_PER_ELEMENT', 1),
  () => lies(lies(new DataView(new ArrayBuffer(4)), 'BYTES_PER_ELEMENT', 1), 'length', 4),
  () => lies(new Uint8Array(4), 'buffer', 7),
  () => lies(new DataView(new ArrayBuffer(4)), 'byteLength', 2 ** 30),
];

/** One maker for each value. */
export const HOSTILE: readonly (() => unknown)[] = [
  ...[...NUMBERS, ...INTS, ...TEXTS, ...OTHERS].map((value) => () => value),
  ...OBJECTS,
  ...VIEWS,
];

/** Makes `object[key]` throw when it is read. */
export function throwing(object: object, key: PropertyKey): void {
  Object.defineProperty(object, key, { get: fail, configurable: true, enumerable: true });
}

/** Runs `first` whenever `object[key]` is read. */
export function meddling(object: object, key: PropertyKey, first: () => void): void {
  const value = Reflect.get(object, key) as unknown;
  const get = (): unknown => {
    first();
    return value;
  };
  Object.defineProperty(object, key, { get, configurable: true, enumerable: true });
}

export const anyHostile = (random: Random): unknown => random.pick(HOSTILE)();

import { native } from '../native.js';

declare const structBrand: unique symbol;

declare const stringBrand: unique symbol;

/** An option whose value is a string: a name of an interface, of a congestion control. */
export type StringOption = number & {
  /** For the compiler only: there is no such property. */
  readonly [stringBrand]: true;
};

/**
 * An option whose value is a struct: `setsockopt` takes its bytes only, and `getsockopt` its length. The
 * codecs of this library make the bytes: `setsockopt(fd, SOL_SOCKET, SO_LINGER, linger.encode(…))`.
 */
export type StructOption = number & {
  /** For the compiler only: there is no such property. */
  readonly [structBrand]: true;
};

/** A constant that every Linux has: see the comment of constants.ts. */
export const known = (name: string): number => native.constants[name] as number;

/** As known: an option that takes a struct. */
export const knownStruct = (name: string): StructOption => known(name) as StructOption;

/** As known: an option that takes a string. */
export const knownString = (name: string): StringOption => known(name) as StringOption;

/** A constant that only some systems have. */
export const perhaps = (name: string): number | undefined => native.constants[name];

import { native } from '../native.js';

/** A constant that every Linux has: see the comment of constants.ts. */
export const known = (name: string): number => native.constants[name] as number;

/** A constant that only some systems have. */
export const perhaps = (name: string): number | undefined => native.constants[name];

/** What the lab and an actor's process say to each other. */
import type { CallError } from '../protocol.js';
import type { Step } from '../steps.js';

/** A step that the process itself makes: to end and start it again is its parent's work. */
export type CallStep = Exclude<Step, { call: 'restart' }>;

/** One call that is to be made. The process blocks in it, so that one order is given at a time. */
export interface Order {
  readonly call: number;
  readonly step: CallStep;
  readonly port: number;
}

/** What a call gave. */
export interface Outcome {
  /** A descriptor, a number of bytes, 0. Left out where it failed. */
  readonly result?: number;
  readonly text?: string;
  readonly error?: CallError;
  /** Of a new socket the number that the kernel's list has it by. */
  readonly inode?: number;
}

/** The answer to an order; the times are those of `clockMs`, which all processes share. */
export interface Answer extends Outcome {
  readonly call: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** What one attempt of a call comes to, as one number: a result, an error, or one of three that are neither. */
import { constants } from 'node:os';
import type { Result } from '../../native.js';
import { native } from '../../native.js';

/**
 * 0 and more: the system call's result. {@link MUST_WAIT}, {@link GO_ON_LATER}, {@link DETACHED}: see there. Any other
 * negative number: -errno.
 */
export type Outcome = number;

/** EAGAIN: the call waits for its queue's next event. */
export const MUST_WAIT = -constants.errno.EAGAIN;
/** The call could go on at once, but others shall have their turn first. */
export const GO_ON_LATER = -(2 ** 30);
/** The caller's buffer has been transferred away: native code saw no bytes where there had been some. */
export const { DETACHED } = native.batch;

/** Is the call over? */
export const isOver = (outcome: Outcome): boolean => outcome !== MUST_WAIT && outcome !== GO_ON_LATER;

/** What a system call returned, as an outcome. */
export const outcomeOf = (result: Result): Outcome => result as unknown as number;

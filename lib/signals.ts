/**
 * To which signals the program listens: those end a blocking call (EINTR), and no others do.
 *
 * The addon asks when a call was interrupted, which is seldom; nothing is kept, so nothing can be out of date.
 */
import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { runInThisContext } from 'node:vm';
import { native } from './native.js';

// Node keeps the size of standard output up to date by these.
const NODES_OWN = new Set(['refreshStdoutOnSigWinch', 'refreshStderrOnSigWinch']);

/** Has the program a listener for a signal? Node's own listeners do not count. */
export function listensTo(signum: number): boolean {
  // The process that signals reach: jest gives each test a copy, on which no listener is ever called. And asked as
  // EventEmitter does, since tsx hides its own listeners, without which Ctrl-C would not end the program.
  const real = runInThisContext('process') as NodeJS.Process;
  return Object.entries(constants.signals)
    .filter(([, number]) => number === signum)
    .flatMap(([name]) => EventEmitter.prototype.listeners.call(real, name))
    .some((listener) => !NODES_OWN.has(listener.name));
}

native.setListensTo(listensTo);

/** fcntl(2) */
import * as constants from '../constants.js';
import { check } from '../errors.js';
import { native, reply } from '../native.js';
import { asFd, asInt, invalidValue } from '../validate.js';

// The commands whose argument is an int or nothing. The others take a pointer, which JavaScript must not make.
const COMMANDS = new Set([
  constants.F_DUPFD,
  constants.F_DUPFD_CLOEXEC,
  constants.F_GETFD,
  constants.F_SETFD,
  constants.F_GETFL,
  constants.F_SETFL,
  constants.F_GETOWN,
  constants.F_SETOWN,
  constants.F_GETSIG,
  constants.F_SETSIG,
]);

/**
 * Reads or changes what a descriptor is: `fcntl(2)`.
 *
 * @param fd - any descriptor; it stays yours
 * @param command - `F_GETFL`, `F_SETFL` (`O_NONBLOCK`, for every holder of the open file), `F_GETFD`, `F_SETFD`
 * (`FD_CLOEXEC`), `F_DUPFD_CLOEXEC`, `F_GETOWN`, `F_SETOWN` …: those that take an int
 * @param argument - the int
 * @returns the flags, the new descriptor (which is yours), the owner …; 0 where there is nothing to say
 * @throws SocketError EBADF, EINVAL, EMFILE, EPERM; ERR_INVALID_ARG_VALUE for a command that takes a pointer
 * @example
 * fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK)
 * const copy = fcntl(fd, F_DUPFD_CLOEXEC, 0) // dup(2), close-on-exec
 */
export function fcntl(fd: number, command: number, argument = 0): number {
  asFd(fd);
  if (!COMMANDS.has(asInt(command, 'command'))) {
    throw invalidValue('command', 'must be an F_* command that takes an int, not a pointer', command);
  }
  check(native.fcntl(fd, command, asInt(argument, 'argument')), 'fcntl');
  return reply.value();
}

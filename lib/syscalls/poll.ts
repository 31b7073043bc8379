/** poll(2), fcntl(2) */
import * as constants from '../constants.js';
import { check } from '../errors.js';
import { native } from '../native.js';
import { LITTLE } from '../bytes.js';
import { asFd, asInt, asObject, integer, invalidType, invalidValue } from '../validate.js';

const { size, fd: fdField, events: eventsField, revents: reventsField } = native.layout.pollfd;
const INT16_MAX = 2 ** 15 - 1;
const INT32_MAX = 2 ** 31 - 1;

/** A descriptor to watch: `struct pollfd`. */
export interface PollFd {
  /** The descriptor; it stays yours. A negative one is passed over, as in C. */
  fd: number;
  /** What to wait for: `POLLIN`, `POLLOUT` …, or-ed. */
  events: number;
  /** What has come: poll writes it. `POLLERR`, `POLLHUP` and `POLLNVAL` (a closed descriptor) come unasked. */
  revents?: number;
}

/**
 * Waits until one of many descriptors is ready: `poll(2)`. **It blocks the event loop** for `timeoutMs`.
 *
 * @param fds - what to watch. `revents` of each is written
 * @param timeoutMs - milliseconds; 0 only looks, -1 waits for ever
 * @returns how many are ready; 0 after the timeout
 * @throws SocketError EINTR (a signal with a listener arrived), EINVAL (more than RLIMIT_NOFILE), ENOMEM
 */
export function poll(fds: PollFd[], timeoutMs: number): number {
  if (!Array.isArray(fds)) throw invalidType('fds', 'an instance of Array', fds);
  const view = new DataView(new ArrayBuffer(fds.length * size));
  fds.forEach((entry: unknown, index) => {
    const name = `fds[${String(index)}]`;
    const { fd, events } = asObject(entry, name);
    view.setInt32(index * size + fdField[0], asInt(fd, `${name}.fd`), LITTLE);
    view.setInt16(index * size + eventsField[0], integer(events, `${name}.events`, 0, INT16_MAX), LITTLE);
  });
  const bytes = new Uint8Array(view.buffer);
  const ready = check(native.poll(bytes, integer(timeoutMs, 'timeoutMs', -1, INT32_MAX)), 'poll');
  fds.forEach((entry, index) => {
    entry.revents = view.getInt16(index * size + reventsField[0], LITTLE);
  });
  return ready;
}

// The commands whose argument is an int or nothing. The others take a pointer, which JavaScript must not make.
const COMMANDS = new Set(
  [
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
  ].filter((command) => command !== undefined),
);

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
 */
export function fcntl(fd: number, command: number, argument = 0): number {
  asFd(fd);
  if (!COMMANDS.has(asInt(command, 'command'))) {
    throw invalidValue('command', 'must be an F_* command that takes an int, not a pointer', command);
  }
  return check(native.fcntl(fd, command, asInt(argument, 'argument')), 'fcntl');
}

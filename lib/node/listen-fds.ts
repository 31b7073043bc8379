/** What a service manager gives to a process: sd_listen_fds(3), sd_watchdog_enabled(3). */
import { F_GETFD, F_SETFD, FD_CLOEXEC, fcntl } from '../index.js';
import { INT32_MAX, invalidValue } from '../validate.js';

/** The first descriptor that is handed over: SD_LISTEN_FDS_START. */
const FIRST = 3;
const LONGEST = 2 ** 16;

/** A descriptor that the service manager has given to this process. */
export interface InheritedFd {
  /** The descriptor, which is yours to close. It is close-on-exec. */
  fd: number;
  /** Its FileDescriptorName=, 'unknown' where it has none. */
  name: string;
}

/**
 * The sockets that systemd, or another manager that speaks its protocol, has opened for this process: `sd_listen_fds(3)`.
 * LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES are taken from the environment, so that neither a second call nor a child
 * takes them for its own.
 *
 * @returns the descriptors, in the order of the unit's file; none where there are none for this process
 * @throws TypeError ERR_INVALID_ARG_VALUE where the environment makes no sense; SocketError EBADF where a descriptor is not
 * open. None is closed then
 * @example
 * const [{ fd }] = listenFds()
 * await listenWith(http.createServer(answer), fd)
 */
export function listenFds(): InheritedFd[] {
  const { LISTEN_PID: pid, LISTEN_FDS: count, LISTEN_FDNAMES: names } = process.env;
  if (pid === undefined || count === undefined) return [];
  if (wholeNumber('LISTEN_PID', pid, INT32_MAX) !== process.pid) return []; // an ancestor's
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) Reflect.deleteProperty(process.env, name);
  const length = wholeNumber('LISTEN_FDS', count, LONGEST);
  const named = names?.split(':') ?? [];
  return Array.from({ length }, (_, index) => {
    const fd = FIRST + index;
    fcntl(fd, F_SETFD, fcntl(fd, F_GETFD) | FD_CLOEXEC);
    return { fd, name: named[index] || 'unknown' };
  });
}

/**
 * How often the service manager wants to hear `notify({ watchdog: true })`: `sd_watchdog_enabled(3)`. Tell it twice as often.
 *
 * @returns milliseconds; undefined where it does not want to
 * @throws TypeError ERR_INVALID_ARG_VALUE where the environment makes no sense
 */
export function watchdogIntervalMs(): number | undefined {
  const { WATCHDOG_USEC: usec, WATCHDOG_PID: pid } = process.env;
  if (usec === undefined) return undefined;
  if (pid !== undefined && wholeNumber('WATCHDOG_PID', pid, INT32_MAX) !== process.pid) return undefined;
  return wholeNumber('WATCHDOG_USEC', usec, Number.MAX_SAFE_INTEGER) / 1000;
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= max) return value;
  throw invalidValue(`process.env.${name}`, `must be a whole number up to ${String(max)}`, text);
}

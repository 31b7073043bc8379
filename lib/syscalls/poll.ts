/** poll(2) */
import { check } from '../errors.js';
import { native } from '../native.js';
import { LITTLE } from '../bytes.js';
import { asInt, asObject, integer, invalidType } from '../validate.js';

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
  for (const [index, entry] of fds.entries()) {
    const name = `fds[${String(index)}]`;
    const { fd, events } = asObject(entry, name); // also a hole in the array
    view.setInt32(index * size + fdField[0], asInt(fd, `${name}.fd`), LITTLE);
    view.setInt16(index * size + eventsField[0], integer(events, `${name}.events`, 0, INT16_MAX), LITTLE);
  }
  const bytes = new Uint8Array(view.buffer);
  const ready = check(native.poll(bytes, integer(timeoutMs, 'timeoutMs', -1, INT32_MAX)), 'poll');
  fds.forEach((entry, index) => {
    entry.revents = view.getInt16(index * size + reventsField[0], LITTLE);
  });
  return ready;
}

/** poll(2) */
import { check } from '../errors.js';
import { native } from '../native.js';
import { LITTLE } from '../bytes.js';
import { asInt, asList, asObject, INT32_MAX, integer, invalidValue } from '../validate.js';

const { size, fd: fdField, events: eventsField, revents: reventsField } = native.layout.pollfd;
const INT16_MAX = 2 ** 15 - 1;
/** As many descriptors as a process can have where nobody raised /proc/sys/fs/nr_open. */
const MOST = 2 ** 20;

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
  const entries = asList(fds, 'fds', MOST).map((entry, index) => asObject(entry, `fds[${String(index)}]`));
  const view = new DataView(new ArrayBuffer(entries.length * size));
  for (const [index, { fd, events }] of entries.entries()) {
    const name = `fds[${String(index)}]`;
    view.setInt32(index * size + fdField[0], asInt(fd, `${name}.fd`), LITTLE);
    view.setInt16(index * size + eventsField[0], integer(events, `${name}.events`, 0, INT16_MAX), LITTLE);
  }
  const bytes = new Uint8Array(view.buffer);
  const ready = check(native.poll(bytes, integer(timeoutMs, 'timeoutMs', -1, INT32_MAX)), 'poll');
  entries.forEach((entry, index) => {
    const revents = view.getInt16(index * size + reventsField[0], LITTLE);
    if (!Reflect.set(entry, 'revents', revents)) {
      throw invalidValue(`fds[${String(index)}].revents`, 'must be one that can be written', entry);
    }
  });
  return ready;
}

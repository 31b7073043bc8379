/** The `events` and `revents` of poll(2). */
import { known } from './define.js';

/** poll(2): something can be read, or accepted, or the stream has ended. */
export const POLLIN = known('POLLIN');
/** poll(2): out-of-band data. */
export const POLLPRI = known('POLLPRI');
/** poll(2): something can be written, or connect(2) is done. */
export const POLLOUT = known('POLLOUT');
/** poll(2) reports: an error is pending. */
export const POLLERR = known('POLLERR');
/** poll(2) reports: both directions are shut down, or never were open. */
export const POLLHUP = known('POLLHUP');
/** poll(2) reports: the descriptor is not open. */
export const POLLNVAL = known('POLLNVAL');
/** poll(2): the peer sends no more. */
export const POLLRDHUP = known('POLLRDHUP');
/** poll(2): as POLLIN. */
export const POLLRDNORM = known('POLLRDNORM');
/** poll(2): priority data can be read. */
export const POLLRDBAND = known('POLLRDBAND');
/** poll(2): as POLLOUT. */
export const POLLWRNORM = known('POLLWRNORM');
/** poll(2): priority data can be written. */
export const POLLWRBAND = known('POLLWRBAND');
/** poll(2): not used. */
export const POLLMSG = known('POLLMSG');
/** Not for poll(2). */
export const POLLREMOVE = known('POLLREMOVE');

/** Times: struct timeval and timespec, and struct linger. */
import { native } from '../native.js';
import { asText, integer } from '../validate.js';
import { count, flag, struct, upTo, type Struct } from './codec.js';

const { layout } = native;

/** `struct timeval`: SO_RCVTIMEO, SO_SNDTIMEO, SCM_TIMESTAMP; socket(7). */
export interface Timeval {
  /** Seconds. */
  sec: number;
  /** Microseconds beside them: 0 to 999,999. */
  usec: number;
}

/** `struct timespec`: SCM_TIMESTAMPNS, SCM_TIMESTAMPING; socket(7). */
export interface Timespec {
  /** Seconds. */
  sec: number;
  /** Nanoseconds beside them: 0 to 999,999,999. */
  nsec: number;
}

/** `struct linger`: SO_LINGER; socket(7). */
export interface Linger {
  /** Does close(2) wait until the data are sent? With 0 seconds it resets the connection instead. */
  onoff: boolean;
  /** How long it waits, in seconds. */
  linger: number;
}

const timevalFields = struct<Timeval, 'tv_sec' | 'tv_usec'>('timeval', layout.timeval, {
  sec: ['tv_sec', count],
  usec: ['tv_usec', upTo(999_999)],
});

/**
 * `struct timeval`: SO_RCVTIMEO and SO_SNDTIMEO of socket(7). A plain number is milliseconds.
 *
 * @example
 * setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeval.encode(1500)) // 1.5 seconds
 */
export const timeval: Struct<Timeval, Timeval | number> = {
  size: timevalFields.size,
  encode(value, name = 'value') {
    if (typeof value !== 'number') return timevalFields.encode(value, name);
    const timeMs = integer(value, asText(name, 'name'), 0, Number.MAX_SAFE_INTEGER);
    return timevalFields.encode({ sec: Math.trunc(timeMs / 1000), usec: (timeMs % 1000) * 1000 }, name);
  },
  decode: (bytes) => timevalFields.decode(bytes),
};

/** `struct timespec`: SCM_TIMESTAMPNS and SCM_TIMESTAMPING of socket(7). */
export const timespec: Struct<Timespec> = struct('timespec', layout.timespec, {
  sec: ['tv_sec', count],
  nsec: ['tv_nsec', upTo(999_999_999)],
});

/** `struct linger`: SO_LINGER of socket(7). */
export const linger: Struct<Linger> = struct('linger', layout.linger, {
  onoff: ['l_onoff', flag],
  linger: ['l_linger', count],
});

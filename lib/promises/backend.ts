/** What the promise layer runs on. */
import { isError } from '../errors.js';
import { native } from '../native.js';
import { invalidValue } from '../validate.js';

/** What readiness and batches come from. */
export type Backend = 'io_uring' | 'epoll' | 'kqueue';

const VARIABLE = 'BSD_SOCKETS_BACKEND';
let chosen: Backend | undefined;

/**
 * What `bsd-sockets/promises` runs on, in this thread. Readiness comes from epoll(7), on macOS from kqueue(2). Where
 * the kernel has io_uring(7) and allows it (Linux 6.0, and no container's or system's rule against it), the receives
 * and sends of many sockets go through it, in one system call for all of them. Nothing else differs.
 *
 * `BSD_SOCKETS_BACKEND=epoll` in the environment does without io_uring.
 *
 * @throws TypeError ERR_INVALID_ARG_VALUE: BSD_SOCKETS_BACKEND is neither `io_uring` nor `epoll`
 */
export function backend(): Backend {
  return (chosen ??= choose());
}

function choose(): Backend {
  const wish = process.env[VARIABLE] ?? 'io_uring';
  if (wish !== 'io_uring' && wish !== 'epoll') {
    throw invalidValue(VARIABLE, "must be 'io_uring' or 'epoll' in the environment", wish);
  }
  if (wish === 'io_uring' && !isError(native.openUring())) return 'io_uring';
  return process.platform === 'linux' ? 'epoll' : 'kqueue';
}

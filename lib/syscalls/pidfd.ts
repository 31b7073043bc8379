/** pidfd_open(2), pidfd_getfd(2): another process's descriptors. Linux; the doctor's, not public. */
import { check, onLinux } from '../errors.js';
import { native } from '../native.js';
import { asFd, INT32_MAX, integer } from '../validate.js';

/**
 * A descriptor that stands for a process: `pidfd_open(2)`.
 *
 * @param pid - a process, not a thread
 * @returns a descriptor, close-on-exec, which is yours to `close`
 * @throws SocketError ESRCH (no such process), EINVAL, EMFILE, ENFILE; EPERM in some sandboxes; ENOSYS before Linux 5.3
 * and on other systems
 */
export function pidfd_open(pid: number): number {
  const open = onLinux(native.pidfd_open, 'pidfd_open');
  return check(open(integer(pid, 'pid', 1, INT32_MAX), 0), 'pidfd_open');
}

/**
 * A duplicate of another process's descriptor: `pidfd_getfd(2)`. It is the same open file: what is done to it is done
 * to the other process's.
 *
 * @param pidfd - what `pidfd_open` returned; it stays yours
 * @param fd - the number that the descriptor has in that process
 * @returns a descriptor, close-on-exec, which is yours to `close`
 * @throws SocketError EPERM (the right to trace that process is needed, ptrace(2)), ESRCH (it has ended), EBADF,
 * EMFILE; ENOSYS before Linux 5.6 and on other systems
 */
export function pidfd_getfd(pidfd: number, fd: number): number {
  const get = onLinux(native.pidfd_getfd, 'pidfd_getfd');
  return check(get(asFd(pidfd), asFd(fd), 0), 'pidfd_getfd');
}

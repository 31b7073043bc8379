/**
 * pidfd_open(2), pidfd_getfd(2), pidfd_send_signal(2): other processes and their descriptors; PR_SET_PDEATHSIG of
 * prctl(2). Linux; not public.
 */
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

/**
 * Sends a signal to the very process that a descriptor stands for, never to another one that has its number by now:
 * `pidfd_send_signal(2)`.
 *
 * @param pidfd - what `pidfd_open` returned; it stays yours
 * @param signal - its number; 0 only asks whether the process is there
 * @throws SocketError ESRCH (it has ended), EPERM (of another user), EINVAL, EBADF; ENOSYS before Linux 5.1 and on
 * other systems
 */
export function pidfd_send_signal(pidfd: number, signal: number): void {
  const send = onLinux(native.pidfd_send_signal, 'pidfd_send_signal');
  check(send(asFd(pidfd), integer(signal, 'signal', 0, INT32_MAX)), 'pidfd_send_signal');
}

/**
 * Has the kernel send this process a signal when the thread that started it ends, whatever ended it: `PR_SET_PDEATHSIG`
 * of `prctl(2)`. Where that has happened already no signal comes: look at `process.ppid` afterwards.
 *
 * @param signal - its number; 0: none any more
 * @throws SocketError EINVAL; ENOSYS on other systems
 */
export function setParentDeathSignal(signal: number): void {
  const set = onLinux(native.setParentDeathSignal, 'prctl');
  check(set(integer(signal, 'signal', 0, INT32_MAX)), 'prctl');
}

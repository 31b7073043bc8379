/** Looking into other processes, where the system allows it. */
import { readFileSync } from 'node:fs';
import { close } from 'bsd-sockets';
import { pidfd_getfd, pidfd_open } from '../../lib/syscalls/pidfd.js';

/** Why the descriptors of a child cannot be had here; `''` where they can. */
export function whyNoDescriptorsOfOthers(): string {
  if (process.platform !== 'linux') return 'Linux only';
  if (ptraceScope() >= 2) return 'kernel.yama.ptrace_scope forbids it';
  try {
    const pidfd = pidfd_open(process.pid); // itself: only a sandbox or an old kernel refuses that
    try {
      close(pidfd_getfd(pidfd, pidfd));
    } finally {
      close(pidfd);
    }
    return '';
  } catch (error) {
    const { syscall = '', code = '' } = error as NodeJS.ErrnoException;
    return `${syscall} says ${code} here`;
  }
}

/** 0: any process of this user; 1: descendants; 2: with CAP_SYS_PTRACE; 3: none. */
function ptraceScope(): number {
  try {
    return Number(readFileSync('/proc/sys/kernel/yama/ptrace_scope', 'utf8'));
  } catch {
    return 0; // a kernel without Yama
  }
}

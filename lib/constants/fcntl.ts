/** Commands and flags of fcntl(2). */
import { known } from './define.js';

/** A copy of the descriptor, with the lowest free number from the argument on. */
export const F_DUPFD = known('F_DUPFD');
/** As F_DUPFD; the copy is closed on exec. */
export const F_DUPFD_CLOEXEC = known('F_DUPFD_CLOEXEC');
/** The flags of the descriptor: FD_CLOEXEC. */
export const F_GETFD = known('F_GETFD');
/** Sets the flags of the descriptor. */
export const F_SETFD = known('F_SETFD');
/** The flags of the open file: O_NONBLOCK and others. */
export const F_GETFL = known('F_GETFL');
/** Sets the flags of the open file, for every descriptor that shares it. */
export const F_SETFL = known('F_SETFL');
/** Who gets SIGIO and SIGURG: a process, or negative a group. */
export const F_GETOWN = known('F_GETOWN');
/** Sets who gets SIGIO and SIGURG: a process, or negative a group. */
export const F_SETOWN = known('F_SETOWN');
/** The signal in place of SIGIO; 0 for SIGIO. */
export const F_GETSIG = known('F_GETSIG');
/** Sets the signal in place of SIGIO. */
export const F_SETSIG = known('F_SETSIG');
/** F_SETFD: the descriptor is closed on exec. */
export const FD_CLOEXEC = known('FD_CLOEXEC');
/** F_SETFL: no call waits: EAGAIN. */
export const O_NONBLOCK = known('O_NONBLOCK');
/** F_SETFL: SIGIO when something can be read or written. */
export const O_ASYNC = known('O_ASYNC');
/** F_SETFL: write at the end of the file. */
export const O_APPEND = known('O_APPEND');
/** The bits of F_GETFL that say how the file was opened. */
export const O_ACCMODE = known('O_ACCMODE');
/** O_ACCMODE: for reading. */
export const O_RDONLY = known('O_RDONLY');
/** O_ACCMODE: for writing. */
export const O_WRONLY = known('O_WRONLY');
/** O_ACCMODE: for both; every socket is. */
export const O_RDWR = known('O_RDWR');

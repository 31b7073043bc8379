/**
 * The names of C's headers, with the values of the system this runs on, in one file for each header.
 *
 * A constant that this system lacks is undefined. A name that every Linux has is typed as a number
 * all the same: on macOS the Linux-only ones are undefined, and a call that is given one throws
 * ERR_INVALID_ARG_TYPE with the argument's name. Where a constant is newer than the running kernel,
 * the kernel answers ENOPROTOOPT or EINVAL.
 *
 * A new constant goes into its file here; `node native/constants.mjs` then writes the addon's table.
 */
export * from './constants/socket.js';
export * from './constants/sockopt.js';
export * from './constants/level.js';
export * from './constants/in.js';
export * from './constants/in6.js';
export * from './constants/tcp.js';
export * from './constants/udp.js';
export * from './constants/errqueue.js';
export * from './constants/fcntl.js';
export * from './constants/ioctl.js';
export * from './constants/poll.js';
export * from './constants/filter.js';
export * from './constants/netlink.js';
export * from './constants/packet.js';
export * from './constants/can.js';
export * from './constants/vsock.js';
export * from './constants/rtnetlink.js';
export * from './constants/alg.js';
export * from './constants/can_bcm.js';
export * from './constants/j1939.js';
export * from './constants/tipc.js';
export * from './constants/pf.js';

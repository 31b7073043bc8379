// Emulation of arm64 by qemu-user: what its system calls cannot do.

/** Files of tests that are not for it: a filter ends qemu-user, and strace sees its calls, or makes those fail. */
export const NOT_FOR_QEMU = ['syscalls/filter', 'promises/failing-calls', 'promises/backend'];

/** Tests that fail in it, with what it does instead. */
export const NOT_IN_QEMU = [
  '(and MSG_CTRUNC says so|MSG_CTRUNC, and the rest of it)', // control data that is cut: qemu tells another length
  'a descriptor of the sender', // SCM_PIDFD is not translated
  'none leaks', // a descriptor that is cut off stays open in qemu
  'told as bytes', // MSG_ZEROCOPY's notification
  'sendmmsg and recvmmsg', // only the first message is looked at
  'of no buffers', // no MSG_TRUNC
  'when a datagram came', // timestamps are not translated
  'TCP_INFO', // qemu gives one int
  'joinGroup (hears|with a source|joins an IPv6 group|tells the errors)', // no struct ip_mreqn, no struct group_req
  'joined by the index', // the same
  'interface for groups that it was given', // no IP_MULTICAST_IF
  'an address in an option', // no SO_PEERNAME
  'set as one, and read back without', // SO_BINDTODEVICE is read with the room of an int
  'left unacknowledged', // no SIOCOUTQNSD
  'flow labels (of a connection|travel)', // sin6_flowinfo comes in the other byte order
  'a packet socket (of raw type|tells by recvmsg)', // its addresses are not translated both ways
  'takes a filter of ICMP types', // no ICMP_FILTER
  'leaves nothing open where it fails', // another errno of a protocol that there is not
  'its memory stays flat', // it is qemu's own, too
  'systemd-socket-activate', // what that starts gives no answer
];

// Emulation of arm64 by qemu-user: what its system calls cannot do.

/** Files of tests that end qemu-user, or keep it busy for minutes: a filter does, and signals that interrupt calls. */
export const NOT_FOR_QEMU = [
  'syscalls/filter',
  'promises/failing-calls',
  'promises/backend',
  'node/proxy',
  'node/service',
];

/** Tests that fail in it, with what it does instead. */
export const NOT_IN_QEMU = [
  'MSG_CTRUNC', // control data that is cut: qemu tells another length
  'a descriptor of the sender', // SCM_PIDFD is not translated
  'none leaks', // a descriptor that is cut off stays open in qemu
  'told as bytes', // MSG_ZEROCOPY's notification
  'sendmmsg and recvmmsg', // only the first message is looked at
  'of no buffers', // no MSG_TRUNC
  'when a datagram came', // timestamps are not translated
  'TCP_INFO', // qemu gives one int
  'joinGroup', // no struct ip_mreqn, no struct group_req
  'joined by the index', // the same
  'interface for groups that it was given', // no IP_MULTICAST_IF
  'an address in an option', // no SO_PEERNAME
  'set as one, and read back without', // SO_BINDTODEVICE is read with the room of an int
  'left unacknowledged', // no SIOCOUTQNSD
  'IPv6 flow labels', // sin6_flowinfo comes in the other byte order
  'a packet socket', // its addresses are not translated both ways
  'takes a filter of ICMP types', // no ICMP_FILTER
  'leaves nothing open where it fails', // another errno of a protocol that there is not
];

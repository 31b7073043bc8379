/** Files of tests that end qemu-user: a filter does. */
export const ENDS_QEMU = /syscalls\/filter\.test\.js$/;

/** Tests of what the system calls of qemu-user cannot do, with what it does instead. */
export const NOT_IN_QEMU = [
  'MSG_CTRUNC, and the rest of it', // control data that is cut: qemu tells another length
  'a descriptor of the sender', // SCM_PIDFD is not translated
  'none leaks', // a descriptor that is cut off stays open in qemu
  'told as bytes', // MSG_ZEROCOPY's notification
  'sendmmsg and recvmmsg', // only the first message is looked at
  'of no buffers', // no MSG_TRUNC
  'when a datagram came', // timestamps are not translated
  'of another process', // it starts a process, as those before TCP_INFO do
  'ICMP without the right to it',
  'a raw socket without CAP_NET_RAW',
  'while no loopback interface is up',
  'in the table of the addon',
  'that nobody handles says',
  'to that process, and says when',
  'TCP_INFO', // qemu gives one int
  'joined by the index', // no struct ip_mreqn
  'interface for groups that it was given', // no IP_MULTICAST_IF
  'an address in an option', // no SO_PEERNAME
  'set as one, and read back without', // SO_BINDTODEVICE is read with the room of an int
  'left unacknowledged', // no SIOCOUTQNSD
];

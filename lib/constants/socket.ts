/** The families, types and flags of <sys/socket.h>: socket(2), recv(2), send(2), shutdown(2), listen(2). */
import { known, perhaps } from './define.js';

// Address families: the `domain` of socket(2).
/** No family: connect(2) to it dissolves the association. */
export const AF_UNSPEC = known('AF_UNSPEC');
/** Sockets of this machine, named by paths: unix(7). */
export const AF_UNIX = known('AF_UNIX');
/** Another name of AF_UNIX. */
export const AF_LOCAL = known('AF_LOCAL');
/** Another name of AF_UNIX (Linux). */
export const AF_FILE = perhaps('AF_FILE');
/** IPv4: ip(7). */
export const AF_INET = known('AF_INET');
/** IPv6: ipv6(7). */
export const AF_INET6 = known('AF_INET6');
/** Messages between the kernel and programs: netlink(7). */
export const AF_NETLINK = known('AF_NETLINK');
/** Another name of AF_NETLINK on Linux; on macOS the routing sockets. */
export const AF_ROUTE = known('AF_ROUTE');
/** Frames of a network device, as they come and go: packet(7). */
export const AF_PACKET = known('AF_PACKET');
/** A virtual machine and its host: vsock(7). */
export const AF_VSOCK = known('AF_VSOCK');
/** The Controller Area Network of cars and machines. */
export const AF_CAN = known('AF_CAN');
/** Bluetooth. */
export const AF_BLUETOOTH = known('AF_BLUETOOTH');
/** The kernel's cryptography. */
export const AF_ALG = known('AF_ALG');
/** TIPC, messages within a cluster. */
export const AF_TIPC = known('AF_TIPC');
/** Frames at high speed past the network stack. */
export const AF_XDP = known('AF_XDP');
/** AppleTalk: ddp(7). */
export const AF_APPLETALK = known('AF_APPLETALK');
/** Ash. */
export const AF_ASH = known('AF_ASH');
/** ATM, permanent circuits. */
export const AF_ATMPVC = known('AF_ATMPVC');
/** ATM, switched circuits. */
export const AF_ATMSVC = known('AF_ATMSVC');
/** Amateur radio AX.25. */
export const AF_AX25 = known('AF_AX25');
/** Ethernet bridges. */
export const AF_BRIDGE = known('AF_BRIDGE');
/** CAIF, to modems. */
export const AF_CAIF = known('AF_CAIF');
/** DECnet; gone from Linux 6.1. */
export const AF_DECnet = known('AF_DECnet');
/** Acorn Econet; gone from Linux. */
export const AF_ECONET = known('AF_ECONET');
/** InfiniBand addresses. */
export const AF_IB = known('AF_IB');
/** IEEE 802.15.4, low-power radio. */
export const AF_IEEE802154 = known('AF_IEEE802154');
/** IPX of Novell; gone from Linux. */
export const AF_IPX = known('AF_IPX');
/** Infrared; gone from Linux. */
export const AF_IRDA = known('AF_IRDA');
/** ISDN. */
export const AF_ISDN = known('AF_ISDN');
/** IUCV, between virtual machines of z/VM. */
export const AF_IUCV = known('AF_IUCV');
/** The kernel's connection multiplexer, over TCP. */
export const AF_KCM = known('AF_KCM');
/** Management of IPsec keys. */
export const AF_KEY = known('AF_KEY');
/** IEEE 802.2 LLC. */
export const AF_LLC = known('AF_LLC');
/** Management components: MCTP. */
export const AF_MCTP = known('AF_MCTP');
/** MPLS labels. */
export const AF_MPLS = known('AF_MPLS');
/** NetBEUI; never implemented. */
export const AF_NETBEUI = known('AF_NETBEUI');
/** Amateur radio NET/ROM. */
export const AF_NETROM = known('AF_NETROM');
/** Near-field communication. */
export const AF_NFC = known('AF_NFC');
/** Phonet, to phones' modems. */
export const AF_PHONET = known('AF_PHONET');
/** PPP over Ethernet, L2TP and PPTP. */
export const AF_PPPOX = known('AF_PPPOX');
/** Qualcomm's router between processors. */
export const AF_QIPCRTR = known('AF_QIPCRTR');
/** Reliable datagrams: rds(7). */
export const AF_RDS = known('AF_RDS');
/** Amateur radio X.25 PLP. */
export const AF_ROSE = known('AF_ROSE');
/** RxRPC, the calls of AFS. */
export const AF_RXRPC = known('AF_RXRPC');
/** A callback of the security modules; no sockets. */
export const AF_SECURITY = known('AF_SECURITY');
/** Shared memory communications: TCP over RDMA. */
export const AF_SMC = known('AF_SMC');
/** SNA of IBM; never implemented. */
export const AF_SNA = known('AF_SNA');
/** Wanpipe; gone from Linux. */
export const AF_WANPIPE = known('AF_WANPIPE');
/** X.25: x25(7). */
export const AF_X25 = known('AF_X25');
/** One more than the highest family that the headers know. */
export const AF_MAX = perhaps('AF_MAX');
/** Link-layer addresses (macOS). */
export const AF_LINK = perhaps('AF_LINK');
/** The kernel's events and controls (macOS). */
export const AF_SYSTEM = perhaps('AF_SYSTEM');
/** Raw access to network devices (macOS). */
export const AF_NDRV = perhaps('AF_NDRV');

// Socket types of socket(2); NONBLOCK and CLOEXEC are or-ed to one.
/** A stream of bytes: TCP. */
export const SOCK_STREAM = known('SOCK_STREAM');
/** Datagrams: UDP. */
export const SOCK_DGRAM = known('SOCK_DGRAM');
/** Raw network packets: raw(7). */
export const SOCK_RAW = known('SOCK_RAW');
/** A sequence of records. */
export const SOCK_SEQPACKET = known('SOCK_SEQPACKET');
/** Datagrams that arrive, in any order. */
export const SOCK_RDM = known('SOCK_RDM');
/** Datagrams with congestion control; gone from Linux 6.16. */
export const SOCK_DCCP = known('SOCK_DCCP');
/** Frames, the old way; use AF_PACKET. */
export const SOCK_PACKET = known('SOCK_PACKET');
/** Or-ed to a type: no call on the socket waits. */
export const SOCK_NONBLOCK = known('SOCK_NONBLOCK');
/** Or-ed to a type: closed on exec; this library always sets it. */
export const SOCK_CLOEXEC = known('SOCK_CLOEXEC');

// Flags of recv(2) and send(2), and what recvmsg(2) reports.
/** Out-of-band data. */
export const MSG_OOB = known('MSG_OOB');
/** Leave the data in the queue. */
export const MSG_PEEK = known('MSG_PEEK');
/** As SO_DONTROUTE, for one call. */
export const MSG_DONTROUTE = known('MSG_DONTROUTE');
/** Another name of MSG_DONTROUTE. */
export const MSG_TRYHARD = perhaps('MSG_TRYHARD');
/** Control data was cut. */
export const MSG_CTRUNC = known('MSG_CTRUNC');
/** Not used. */
export const MSG_PROXY = known('MSG_PROXY');
/** The real length of a datagram, also where the buffer is shorter. */
export const MSG_TRUNC = known('MSG_TRUNC');
/** This call does not wait: EAGAIN. */
export const MSG_DONTWAIT = known('MSG_DONTWAIT');
/** The end of a record. */
export const MSG_EOR = known('MSG_EOR');
/** Wait until the buffer is full. */
export const MSG_WAITALL = known('MSG_WAITALL');
/** Not for programs: the kernel's own. */
export const MSG_FIN = known('MSG_FIN');
/** Not for programs: the kernel's own. */
export const MSG_SYN = known('MSG_SYN');
/** The neighbour answered: no need to ask again with ARP (UDP, raw sockets). */
export const MSG_CONFIRM = known('MSG_CONFIRM');
/** Not for programs: the kernel's own. */
export const MSG_RST = known('MSG_RST');
/** Receive from the queue of errors, as with IP_RECVERR. */
export const MSG_ERRQUEUE = known('MSG_ERRQUEUE');
/** No SIGPIPE (Node ignores it anyway). */
export const MSG_NOSIGNAL = known('MSG_NOSIGNAL');
/** More data will follow: hold back partial segments. */
export const MSG_MORE = known('MSG_MORE');
/** recvmmsg(2): do not wait after the first message. */
export const MSG_WAITFORONE = known('MSG_WAITFORONE');
/** sendmmsg(2): more messages will follow; the kernel's own. */
export const MSG_BATCH = known('MSG_BATCH');
/** Send without a copy; the error queue tells when the buffer is free again. */
export const MSG_ZEROCOPY = known('MSG_ZEROCOPY');
/** Data in the SYN of a TCP connection: sendto(2) connects too. */
export const MSG_FASTOPEN = known('MSG_FASTOPEN');
/** Received descriptors are closed on exec. */
export const MSG_CMSG_CLOEXEC = known('MSG_CMSG_CLOEXEC');
/** Receive into a device's memory: TCP (Linux 6.12). */
export const MSG_SOCK_DEVMEM = known('MSG_SOCK_DEVMEM');
/** The data are complete: the connection's sending half is closed (macOS). */
export const MSG_EOF = perhaps('MSG_EOF');
/** Start of a hold sequence: dump the data that were held (macOS). */
export const MSG_FLUSH = perhaps('MSG_FLUSH');
/** Hold a fragment in the receive buffer (macOS). */
export const MSG_HOLD = perhaps('MSG_HOLD');
/** Send the packet that was held (macOS). */
export const MSG_SEND = perhaps('MSG_SEND');
/** Data are ready to be read (macOS). */
export const MSG_HAVEMORE = perhaps('MSG_HAVEMORE');
/** Data remain in the current packet (macOS). */
export const MSG_RCVMORE = perhaps('MSG_RCVMORE');
/** Fail a receive if no address could be told (macOS). */
export const MSG_NEEDSA = perhaps('MSG_NEEDSA');

// Types of control messages at SOL_SOCKET: unix(7), cmsg(3).
/** File descriptors: unix(7). */
export const SCM_RIGHTS = known('SCM_RIGHTS');
/** Who sent: struct ucred, with SO_PASSCRED: unix(7). */
export const SCM_CREDENTIALS = known('SCM_CREDENTIALS');
/** The sender's security label, with SO_PASSSEC: unix(7). */
export const SCM_SECURITY = known('SCM_SECURITY');
/** A descriptor of the sender's process, with SO_PASSPIDFD (Linux 6.5). */
export const SCM_PIDFD = known('SCM_PIDFD');
/** When it arrived: struct timeval, with SO_TIMESTAMP. */
export const SCM_TIMESTAMP = known('SCM_TIMESTAMP');
/** When it arrived: struct timespec, with SO_TIMESTAMPNS. */
export const SCM_TIMESTAMPNS = known('SCM_TIMESTAMPNS');
/** When it was sent or arrived: three struct timespec, with SO_TIMESTAMPING. */
export const SCM_TIMESTAMPING = known('SCM_TIMESTAMPING');
/** Statistics of TCP beside a timestamp. */
export const SCM_TIMESTAMPING_OPT_STATS = known('SCM_TIMESTAMPING_OPT_STATS');
/** Interface and length beside a hardware timestamp. */
export const SCM_TIMESTAMPING_PKTINFO = known('SCM_TIMESTAMPING_PKTINFO');
/** When to send: nanoseconds in 64 bits, with SO_TXTIME. */
export const SCM_TXTIME = known('SCM_TXTIME');
/** Was the frame acknowledged? With SO_WIFI_STATUS. */
export const SCM_WIFI_STATUS = known('SCM_WIFI_STATUS');
/** The id of a send's timestamps: 32 bits (Linux 6.13). */
export const SCM_TS_OPT_ID = known('SCM_TS_OPT_ID');
/** How many bytes are left to read: an int, with SO_INQ (Linux 6.17). */
export const SCM_INQ = known('SCM_INQ');
/** Data that went into plain memory: struct dmabuf_cmsg (Linux 6.12). */
export const SCM_DEVMEM_LINEAR = known('SCM_DEVMEM_LINEAR');
/** Data that went into a device's memory: struct dmabuf_cmsg (Linux 6.12). */
export const SCM_DEVMEM_DMABUF = known('SCM_DEVMEM_DMABUF');
/** Who sent (macOS). */
export const SCM_CREDS = perhaps('SCM_CREDS');
/** When it arrived, in ticks of the machine's clock (macOS). */
export const SCM_TIMESTAMP_MONOTONIC = perhaps('SCM_TIMESTAMP_MONOTONIC');

// Which half shutdown(2) closes, and the longest backlog of listen(2).
/** shutdown(2): no more receiving. */
export const SHUT_RD = known('SHUT_RD');
/** shutdown(2): no more sending: the peer reads to the end of the stream. */
export const SHUT_WR = known('SHUT_WR');
/** shutdown(2): both. */
export const SHUT_RDWR = known('SHUT_RDWR');
/** The longest backlog of listen(2) that makes sense. */
export const SOMAXCONN = known('SOMAXCONN');

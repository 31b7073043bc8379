/** Options of every socket, at level SOL_SOCKET: socket(7), <asm/socket.h>. */
import { known, knownString, knownStruct, perhaps } from './define.js';

/** The level of the options of every socket. */
export const SOL_SOCKET = known('SOL_SOCKET');
/** Debugging in the kernel. */
export const SO_DEBUG = known('SO_DEBUG');
/** bind(2) may take an address that other sockets still keep busy, if they have the flag too (on Linux) and none listens. */
export const SO_REUSEADDR = known('SO_REUSEADDR');
/** The type. Read only. */
export const SO_TYPE = known('SO_TYPE');
/** The pending error, as a positive errno; reading clears it. */
export const SO_ERROR = known('SO_ERROR');
/** Only to hosts that are directly connected. */
export const SO_DONTROUTE = known('SO_DONTROUTE');
/** May send to broadcast addresses. */
export const SO_BROADCAST = known('SO_BROADCAST');
/** The send buffer, in bytes; Linux doubles what is set. */
export const SO_SNDBUF = known('SO_SNDBUF');
/** The receive buffer, in bytes; Linux doubles what is set. */
export const SO_RCVBUF = known('SO_RCVBUF');
/** As SO_SNDBUF, past the system's limit: CAP_NET_ADMIN. */
export const SO_SNDBUFFORCE = known('SO_SNDBUFFORCE');
/** As SO_RCVBUF, past the system's limit: CAP_NET_ADMIN. */
export const SO_RCVBUFFORCE = known('SO_RCVBUFFORCE');
/** Probe an idle connection. */
export const SO_KEEPALIVE = known('SO_KEEPALIVE');
/** Out-of-band data among the other data. */
export const SO_OOBINLINE = known('SO_OOBINLINE');
/** No checksum on what UDP sends over IPv4. */
export const SO_NO_CHECK = known('SO_NO_CHECK');
/** The priority of what is sent: 0 to 6, higher with CAP_NET_ADMIN. */
export const SO_PRIORITY = known('SO_PRIORITY');
/** What close(2) does with unsent data: struct linger. */
export const SO_LINGER = knownStruct('SO_LINGER');
/** Has no effect on Linux any more. */
export const SO_BSDCOMPAT = known('SO_BSDCOMPAT');
/** Several sockets may bind one address, if all have the flag. */
export const SO_REUSEPORT = known('SO_REUSEPORT');
/** Receive the sender's credentials with each message: unix(7). */
export const SO_PASSCRED = known('SO_PASSCRED');
/** Who connected: struct ucred. Read only: unix(7). */
export const SO_PEERCRED = knownStruct('SO_PEERCRED');
/** How many bytes make a socket readable. */
export const SO_RCVLOWAT = known('SO_RCVLOWAT');
/** How many bytes of room make a socket writable. */
export const SO_SNDLOWAT = known('SO_SNDLOWAT');
/** How long a receive may wait: struct timeval. */
export const SO_RCVTIMEO = knownStruct('SO_RCVTIMEO');
/** SO_RCVTIMEO with a struct timeval of C longs. */
export const SO_RCVTIMEO_OLD = knownStruct('SO_RCVTIMEO_OLD');
/** SO_RCVTIMEO with a struct timeval of 64-bit seconds everywhere. */
export const SO_RCVTIMEO_NEW = knownStruct('SO_RCVTIMEO_NEW');
/** How long a send may wait: struct timeval. */
export const SO_SNDTIMEO = knownStruct('SO_SNDTIMEO');
/** SO_SNDTIMEO with a struct timeval of C longs. */
export const SO_SNDTIMEO_OLD = knownStruct('SO_SNDTIMEO_OLD');
/** SO_SNDTIMEO with a struct timeval of 64-bit seconds everywhere. */
export const SO_SNDTIMEO_NEW = knownStruct('SO_SNDTIMEO_NEW');
/** Has no effect. */
export const SO_SECURITY_AUTHENTICATION = known('SO_SECURITY_AUTHENTICATION');
/** Has no effect. */
export const SO_SECURITY_ENCRYPTION_TRANSPORT = known('SO_SECURITY_ENCRYPTION_TRANSPORT');
/** Has no effect. */
export const SO_SECURITY_ENCRYPTION_NETWORK = known('SO_SECURITY_ENCRYPTION_NETWORK');
/** Only the packets of one interface: its name, '' for all. */
export const SO_BINDTODEVICE = knownString('SO_BINDTODEVICE');
/** Only the packets of one interface: its index, 0 for all. */
export const SO_BINDTOIFINDEX = known('SO_BINDTOIFINDEX');
/** Only the packets that a classic BPF program lets through: struct sock_fprog. */
export const SO_ATTACH_FILTER = knownStruct('SO_ATTACH_FILTER');
/** Another name of SO_ATTACH_FILTER, for reading the program. */
export const SO_GET_FILTER = knownStruct('SO_GET_FILTER');
/** Removes the filter. */
export const SO_DETACH_FILTER = known('SO_DETACH_FILTER');
/** Another name of SO_DETACH_FILTER. */
export const SO_DETACH_BPF = known('SO_DETACH_BPF');
/** The filter can be changed no more. */
export const SO_LOCK_FILTER = known('SO_LOCK_FILTER');
/** As SO_ATTACH_FILTER: the descriptor of an eBPF program. */
export const SO_ATTACH_BPF = known('SO_ATTACH_BPF');
/** A classic BPF program chooses among the sockets of a SO_REUSEPORT group: struct sock_fprog. */
export const SO_ATTACH_REUSEPORT_CBPF = knownStruct('SO_ATTACH_REUSEPORT_CBPF');
/** As SO_ATTACH_REUSEPORT_CBPF: the descriptor of an eBPF program. */
export const SO_ATTACH_REUSEPORT_EBPF = known('SO_ATTACH_REUSEPORT_EBPF');
/** Removes the program of a SO_REUSEPORT group. */
export const SO_DETACH_REUSEPORT_BPF = known('SO_DETACH_REUSEPORT_BPF');
/** Which SKF_AD extensions the kernel knows. Read only. */
export const SO_BPF_EXTENSIONS = known('SO_BPF_EXTENSIONS');
/** The peer's address, as getpeername(2). */
export const SO_PEERNAME = known('SO_PEERNAME');
/** When each datagram arrived, as struct timeval: SCM_TIMESTAMP. */
export const SO_TIMESTAMP = known('SO_TIMESTAMP');
/** SO_TIMESTAMP with a struct timeval of C longs. */
export const SO_TIMESTAMP_OLD = known('SO_TIMESTAMP_OLD');
/** SO_TIMESTAMP with 64-bit seconds everywhere. */
export const SO_TIMESTAMP_NEW = known('SO_TIMESTAMP_NEW');
/** When each datagram arrived, as struct timespec: SCM_TIMESTAMPNS. */
export const SO_TIMESTAMPNS = known('SO_TIMESTAMPNS');
/** SO_TIMESTAMPNS with a struct timespec of C longs. */
export const SO_TIMESTAMPNS_OLD = known('SO_TIMESTAMPNS_OLD');
/** SO_TIMESTAMPNS with 64-bit seconds everywhere. */
export const SO_TIMESTAMPNS_NEW = known('SO_TIMESTAMPNS_NEW');
/** Timestamps of sending and receiving: SOF_TIMESTAMPING flags. */
export const SO_TIMESTAMPING = known('SO_TIMESTAMPING');
/** SO_TIMESTAMPING with struct timespecs of C longs. */
export const SO_TIMESTAMPING_OLD = known('SO_TIMESTAMPING_OLD');
/** SO_TIMESTAMPING with 64-bit seconds everywhere. */
export const SO_TIMESTAMPING_NEW = known('SO_TIMESTAMPING_NEW');
/** Is it listening? Read only. */
export const SO_ACCEPTCONN = known('SO_ACCEPTCONN');
/** The peer's security label. Read only: unix(7). */
export const SO_PEERSEC = known('SO_PEERSEC');
/** Receive the sender's security label with each message: unix(7). */
export const SO_PASSSEC = known('SO_PASSSEC');
/** The mark of what is sent, for routing and packet filters: CAP_NET_ADMIN. */
export const SO_MARK = known('SO_MARK');
/** Receive the mark of each packet, as a SO_MARK control message (Linux 5.19). */
export const SO_RCVMARK = known('SO_RCVMARK');
/** The protocol. Read only. */
export const SO_PROTOCOL = known('SO_PROTOCOL');
/** The family. Read only. */
export const SO_DOMAIN = known('SO_DOMAIN');
/** Receive with each datagram how many were dropped so far. */
export const SO_RXQ_OVFL = known('SO_RXQ_OVFL');
/** Receive whether the frame was acknowledged: SCM_WIFI_STATUS. */
export const SO_WIFI_STATUS = known('SO_WIFI_STATUS');
/** Where MSG_PEEK begins, in bytes; -1 for the front. */
export const SO_PEEK_OFF = known('SO_PEEK_OFF');
/** The last four bytes of a sent frame are its checksum. */
export const SO_NOFCS = known('SO_NOFCS');
/** poll(2) reports POLLPRI too when the error queue has something. */
export const SO_SELECT_ERR_QUEUE = known('SO_SELECT_ERR_QUEUE');
/** How long a receive may poll the device, in microseconds. */
export const SO_BUSY_POLL = known('SO_BUSY_POLL');
/** Prefer busy polling to interrupts (Linux 5.11). */
export const SO_PREFER_BUSY_POLL = known('SO_PREFER_BUSY_POLL');
/** How many packets one busy poll may take (Linux 5.11). */
export const SO_BUSY_POLL_BUDGET = known('SO_BUSY_POLL_BUDGET');
/** The highest sending rate, in bytes a second. */
export const SO_MAX_PACING_RATE = known('SO_MAX_PACING_RATE');
/** The CPU that received the last packet. */
export const SO_INCOMING_CPU = known('SO_INCOMING_CPU');
/** The id of the device queue that received the last packet. Read only. */
export const SO_INCOMING_NAPI_ID = known('SO_INCOMING_NAPI_ID');
/** 1: the connection does badly, look for another route. */
export const SO_CNX_ADVICE = known('SO_CNX_ADVICE');
/** The socket's memory, as an array of 32-bit numbers. Read only. */
export const SO_MEMINFO = known('SO_MEMINFO');
/** The socket's number in this kernel, 64 bits. Read only. */
export const SO_COOKIE = known('SO_COOKIE');
/** The network namespace's number, 64 bits. Read only (Linux 5.14). */
export const SO_NETNS_COOKIE = known('SO_NETNS_COOKIE');
/** The groups of who connected: an array of gid_t. Read only. */
export const SO_PEERGROUPS = known('SO_PEERGROUPS');
/** MSG_ZEROCOPY is allowed. */
export const SO_ZEROCOPY = known('SO_ZEROCOPY');
/** Each packet may carry the time when to send it: SCM_TXTIME. */
export const SO_TXTIME = knownStruct('SO_TXTIME');
/** Which buffer sizes are fixed: SOCK_SNDBUF_LOCK, SOCK_RCVBUF_LOCK (Linux 5.15). */
export const SO_BUF_LOCK = known('SO_BUF_LOCK');
/** Memory reserved for the socket, in bytes (Linux 5.16). */
export const SO_RESERVE_MEM = known('SO_RESERVE_MEM');
/** Another path after a timeout: SOCK_TXREHASH_ENABLED … (Linux 5.18). */
export const SO_TXREHASH = known('SO_TXREHASH');
/** Receive a descriptor of the sender's process: SCM_PIDFD (Linux 6.5). */
export const SO_PASSPIDFD = known('SO_PASSPIDFD');
/** A descriptor of the peer's process; it is yours to close. Read only (Linux 6.5). */
export const SO_PEERPIDFD = known('SO_PEERPIDFD');
/** In control messages: data that went into plain memory (Linux 6.12). */
export const SO_DEVMEM_LINEAR = known('SO_DEVMEM_LINEAR');
/** In control messages: data that went into a device's memory (Linux 6.12). */
export const SO_DEVMEM_DMABUF = known('SO_DEVMEM_DMABUF');
/** Gives received device memory back (Linux 6.12). */
export const SO_DEVMEM_DONTNEED = known('SO_DEVMEM_DONTNEED');
/** Receive the priority of each packet, as a SO_PRIORITY control message (Linux 6.14). */
export const SO_RCVPRIORITY = known('SO_RCVPRIORITY');
/** May descriptors be received? On by default: unix(7) (Linux 6.16). */
export const SO_PASSRIGHTS = known('SO_PASSRIGHTS');
/** Receive how many bytes are left to read: SCM_INQ, unix(7) (Linux 6.17). */
export const SO_INQ = known('SO_INQ');

// Values of SO_BUF_LOCK and SO_TXREHASH.
/** SO_BUF_LOCK: the size of the send buffer is fixed. */
export const SOCK_SNDBUF_LOCK = known('SOCK_SNDBUF_LOCK');
/** SO_BUF_LOCK: the size of the receive buffer is fixed. */
export const SOCK_RCVBUF_LOCK = known('SOCK_RCVBUF_LOCK');
/** SO_BUF_LOCK: every flag. */
export const SOCK_BUF_LOCK_MASK = known('SOCK_BUF_LOCK_MASK');
/** SO_TXREHASH: as the system is set. */
export const SOCK_TXREHASH_DEFAULT = known('SOCK_TXREHASH_DEFAULT');
/** SO_TXREHASH: never. */
export const SOCK_TXREHASH_DISABLED = known('SOCK_TXREHASH_DISABLED');
/** SO_TXREHASH: after a timeout. */
export const SOCK_TXREHASH_ENABLED = known('SOCK_TXREHASH_ENABLED');

// macOS only.
/** Bypass hardware where possible (macOS). */
export const SO_USELOOPBACK = perhaps('SO_USELOOPBACK');
/** As SO_LINGER, in seconds; SO_LINGER itself counts ticks (macOS). */
export const SO_LINGER_SEC = perhaps('SO_LINGER_SEC');
/** When each datagram arrived, in ticks of the machine's clock (macOS). */
export const SO_TIMESTAMP_MONOTONIC = perhaps('SO_TIMESTAMP_MONOTONIC');
/** Keep the unread rest of a datagram (macOS). */
export const SO_DONTTRUNC = perhaps('SO_DONTTRUNC');
/** A hint when more data are ready (macOS). */
export const SO_WANTMORE = perhaps('SO_WANTMORE');
/** MSG_OOB in the flags of a receive (macOS). */
export const SO_WANTOOBFLAG = perhaps('SO_WANTOOBFLAG');
/** Deprecated (macOS). */
export const SO_LABEL = perhaps('SO_LABEL');
/** Deprecated (macOS). */
export const SO_PEERLABEL = perhaps('SO_PEERLABEL');
/** How many bytes can be read; of datagrams, of the first. Read only (macOS). */
export const SO_NREAD = perhaps('SO_NREAD');
/** Installs a kernel extension on the socket (macOS). */
export const SO_NKE = perhaps('SO_NKE');
/** No SIGPIPE (macOS). */
export const SO_NOSIGPIPE = perhaps('SO_NOSIGPIPE');
/** EADDRNOTAVAIL when the source address is gone (macOS). */
export const SO_NOADDRERR = perhaps('SO_NOADDRERR');
/** How many bytes wait in the send buffer. Read only (macOS). */
export const SO_NWRITE = perhaps('SO_NWRITE');
/** Several users may share a port (macOS). */
export const SO_REUSESHAREUID = perhaps('SO_REUSESHAREUID');
/** Tell who tries to bind the same port (macOS). */
export const SO_NOTIFYCONFLICT = perhaps('SO_NOTIFYCONFLICT');
/** close(2) waits for an upcall (macOS). */
export const SO_UPCALLCLOSEWAIT = perhaps('SO_UPCALLCLOSEWAIT');
/** A random local port (macOS). */
export const SO_RANDOMPORT = perhaps('SO_RANDOMPORT');
/** Turns off some behaviour of POSIX (macOS). */
export const SO_NP_EXTENSIONS = perhaps('SO_NP_EXTENSIONS');
/** How many datagrams wait in the receive buffer. Read only (macOS). */
export const SO_NUMRCVPKT = perhaps('SO_NUMRCVPKT');
/** The kind of traffic, for its quality of service (macOS). */
export const SO_NET_SERVICE_TYPE = perhaps('SO_NET_SERVICE_TYPE');
/** The marking of the traffic that is in effect. Read only (macOS). */
export const SO_NETSVC_MARKING_LEVEL = perhaps('SO_NETSVC_MARKING_LEVEL');
/** A signed answer of the resolver (macOS). */
export const SO_RESOLVER_SIGNATURE = perhaps('SO_RESOLVER_SIGNATURE');

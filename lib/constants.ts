/**
 * The names of C's headers, with the values of the system this runs on: socket(7), ip(7), ipv6(7),
 * tcp(7), netlink(7). A constant that this system lacks is undefined.
 */
import { native } from './native.js';

/** A constant that every supported system has. */
const known = (name: string): number => native.constants[name] as number;

/** A constant that some systems lack. */
const perhaps = (name: string): number | undefined => native.constants[name];

// Address families: the `domain` of socket(2).
/** No family: connect(2) to it dissolves the association. */
export const AF_UNSPEC = known('AF_UNSPEC');
/** Sockets of this machine, named by paths. */
export const AF_UNIX = known('AF_UNIX');
/** IPv4. */
export const AF_INET = known('AF_INET');
/** IPv6. */
export const AF_INET6 = known('AF_INET6');
/** Messages between the kernel and programs. */
export const AF_NETLINK = perhaps('AF_NETLINK');

// Socket types of socket(2); NONBLOCK and CLOEXEC are or-ed to one.
/** A stream of bytes: TCP. */
export const SOCK_STREAM = known('SOCK_STREAM');
/** Datagrams: UDP. */
export const SOCK_DGRAM = known('SOCK_DGRAM');
/** Raw network packets. */
export const SOCK_RAW = known('SOCK_RAW');
/** A sequence of records. */
export const SOCK_SEQPACKET = known('SOCK_SEQPACKET');
/** Or-ed to a type: no call on the socket waits. */
export const SOCK_NONBLOCK = perhaps('SOCK_NONBLOCK');
/** Or-ed to a type: closed on exec; this library always sets it. */
export const SOCK_CLOEXEC = perhaps('SOCK_CLOEXEC');

// Options of every socket, at level SOL_SOCKET: socket(7).
/** The level of the options of every socket. */
export const SOL_SOCKET = known('SOL_SOCKET');
/** Is it listening? Read only. */
export const SO_ACCEPTCONN = known('SO_ACCEPTCONN');
/** May send to broadcast addresses. */
export const SO_BROADCAST = known('SO_BROADCAST');
/** Debugging in the kernel. */
export const SO_DEBUG = known('SO_DEBUG');
/** The family. Read only. */
export const SO_DOMAIN = perhaps('SO_DOMAIN');
/** Only to hosts that are directly connected. */
export const SO_DONTROUTE = known('SO_DONTROUTE');
/** The pending error, as a positive errno; reading clears it. */
export const SO_ERROR = known('SO_ERROR');
/** Probe an idle connection. */
export const SO_KEEPALIVE = known('SO_KEEPALIVE');
/** What close(2) does with unsent data: struct linger. */
export const SO_LINGER = known('SO_LINGER');
/** Out-of-band data among the other data. */
export const SO_OOBINLINE = known('SO_OOBINLINE');
/** The protocol. Read only. */
export const SO_PROTOCOL = perhaps('SO_PROTOCOL');
/** The receive buffer, in bytes; Linux doubles what is set. */
export const SO_RCVBUF = known('SO_RCVBUF');
/** How many bytes make a socket readable. */
export const SO_RCVLOWAT = known('SO_RCVLOWAT');
/** How long a receive may wait: struct timeval. */
export const SO_RCVTIMEO = known('SO_RCVTIMEO');
/** bind(2) may take an address that other sockets still keep busy, if they have the flag too (on Linux) and none listens. */
export const SO_REUSEADDR = known('SO_REUSEADDR');
/** Several sockets may bind one address, if all have the flag. */
export const SO_REUSEPORT = known('SO_REUSEPORT');
/** The send buffer, in bytes; Linux doubles what is set. */
export const SO_SNDBUF = known('SO_SNDBUF');
/** How many bytes of room make a socket writable. */
export const SO_SNDLOWAT = known('SO_SNDLOWAT');
/** How long a send may wait: struct timeval. */
export const SO_SNDTIMEO = known('SO_SNDTIMEO');
/** The type. Read only. */
export const SO_TYPE = known('SO_TYPE');

// Flags of recv(2) and send(2).
/** Control data was cut. */
export const MSG_CTRUNC = known('MSG_CTRUNC');
/** As SO_DONTROUTE, for one call. */
export const MSG_DONTROUTE = known('MSG_DONTROUTE');
/** This call does not wait: EAGAIN. */
export const MSG_DONTWAIT = known('MSG_DONTWAIT');
/** The end of a record. */
export const MSG_EOR = known('MSG_EOR');
/** No SIGPIPE (Node ignores it anyway). */
export const MSG_NOSIGNAL = perhaps('MSG_NOSIGNAL');
/** Out-of-band data. */
export const MSG_OOB = known('MSG_OOB');
/** Leave the data in the queue. */
export const MSG_PEEK = known('MSG_PEEK');
/** The real length of a datagram, also where the buffer is shorter. */
export const MSG_TRUNC = known('MSG_TRUNC');
/** Wait until the buffer is full. */
export const MSG_WAITALL = known('MSG_WAITALL');

// Which half shutdown(2) closes, and the longest backlog of listen(2).
/** shutdown(2): no more receiving. */
export const SHUT_RD = known('SHUT_RD');
/** shutdown(2): no more sending: the peer reads to the end of the stream. */
export const SHUT_WR = known('SHUT_WR');
/** shutdown(2): both. */
export const SHUT_RDWR = known('SHUT_RDWR');
/** The longest backlog of listen(2) that makes sense. */
export const SOMAXCONN = known('SOMAXCONN');

// IPv4 addresses as numbers in host byte order: ip(7).
/** 0.0.0.0 as a number in host byte order: every address of this host. */
export const INADDR_ANY = known('INADDR_ANY');
/** 255.255.255.255 as a number in host byte order. */
export const INADDR_BROADCAST = known('INADDR_BROADCAST');
/** 127.0.0.1 as a number in host byte order. */
export const INADDR_LOOPBACK = known('INADDR_LOOPBACK');
/** 255.255.255.255, in C the sign of a bad address. */
export const INADDR_NONE = known('INADDR_NONE');

// Protocols: the `protocol` of socket(2), and levels of options.
/** ICMP. */
export const IPPROTO_ICMP = known('IPPROTO_ICMP');
/** IPv4: also the level of its options. */
export const IPPROTO_IP = known('IPPROTO_IP');
/** IPv6: also the level of its options. */
export const IPPROTO_IPV6 = known('IPPROTO_IPV6');
/** Raw IP. */
export const IPPROTO_RAW = known('IPPROTO_RAW');
/** TCP: also the level of its options. */
export const IPPROTO_TCP = known('IPPROTO_TCP');
/** UDP: also the level of its options. */
export const IPPROTO_UDP = known('IPPROTO_UDP');

// Options of IPv4 and IPv6: ip(7), ipv6(7).
/** An IPv6 socket keeps off IPv4: ipv6(7). */
export const IPV6_V6ONLY = known('IPV6_V6ONLY');
/** The type-of-service byte: ip(7). */
export const IP_TOS = known('IP_TOS');
/** The time to live, in hops: ip(7). */
export const IP_TTL = known('IP_TTL');

// Options of TCP, at level IPPROTO_TCP: tcp(7).
/** Hold back partial segments. */
export const TCP_CORK = perhaps('TCP_CORK');
/** accept(2) only once data have come, in seconds. */
export const TCP_DEFER_ACCEPT = perhaps('TCP_DEFER_ACCEPT');
/** Data in the SYN: the length of the queue. */
export const TCP_FASTOPEN = perhaps('TCP_FASTOPEN');
/** The state of the connection: struct tcp_info. */
export const TCP_INFO = perhaps('TCP_INFO');
/** How many keepalive probes before giving up. */
export const TCP_KEEPCNT = known('TCP_KEEPCNT');
/** Idle seconds before the first keepalive probe. */
export const TCP_KEEPIDLE = perhaps('TCP_KEEPIDLE');
/** Seconds between keepalive probes. */
export const TCP_KEEPINTVL = known('TCP_KEEPINTVL');
/** Seconds that an orphan stays in FIN_WAIT2. */
export const TCP_LINGER2 = perhaps('TCP_LINGER2');
/** The largest segment, in bytes. */
export const TCP_MAXSEG = known('TCP_MAXSEG');
/** Send small segments at once. */
export const TCP_NODELAY = known('TCP_NODELAY');
/** Acknowledge at once. */
export const TCP_QUICKACK = perhaps('TCP_QUICKACK');
/** How many SYNs before giving up. */
export const TCP_SYNCNT = perhaps('TCP_SYNCNT');
/** Milliseconds that sent data may stay unacknowledged. */
export const TCP_USER_TIMEOUT = perhaps('TCP_USER_TIMEOUT');

// Netlink protocols (Linux): netlink(7), sock_diag(7).
/** The kernel's list of sockets: sock_diag(7). */
export const NETLINK_SOCK_DIAG = perhaps('NETLINK_SOCK_DIAG');

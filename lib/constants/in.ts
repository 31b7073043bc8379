/** IPv4, protocols and multicast: ip(7), <netinet/in.h>. */
import { known, knownStruct, perhaps } from './define.js';

// IPv4 addresses as numbers in host byte order: ip(7).
/** 0.0.0.0 as a number in host byte order: every address of this host. */
export const INADDR_ANY = known('INADDR_ANY');
/** 255.255.255.255 as a number in host byte order. */
export const INADDR_BROADCAST = known('INADDR_BROADCAST');
/** 127.0.0.1 as a number in host byte order. */
export const INADDR_LOOPBACK = known('INADDR_LOOPBACK');
/** 255.255.255.255, in C the sign of a bad address. */
export const INADDR_NONE = known('INADDR_NONE');
/** 192.0.0.8 as a number in host byte order: the source of ICMP where a host has no address. */
export const INADDR_DUMMY = perhaps('INADDR_DUMMY');
/** 224.0.0.0 as a number in host byte order. */
export const INADDR_UNSPEC_GROUP = known('INADDR_UNSPEC_GROUP');
/** 224.0.0.1 as a number in host byte order: every host. */
export const INADDR_ALLHOSTS_GROUP = known('INADDR_ALLHOSTS_GROUP');
/** 224.0.0.2 as a number in host byte order: every router. */
export const INADDR_ALLRTRS_GROUP = known('INADDR_ALLRTRS_GROUP');
/** 224.0.0.106 as a number in host byte order: every switch that watches multicast. */
export const INADDR_ALLSNOOPERS_GROUP = perhaps('INADDR_ALLSNOOPERS_GROUP');
/** 224.0.0.255 as a number in host byte order: the last group that no router forwards. */
export const INADDR_MAX_LOCAL_GROUP = known('INADDR_MAX_LOCAL_GROUP');

// Protocols: the `protocol` of socket(2), and levels of options.
/** IPv4: also the level of its options. */
export const IPPROTO_IP = known('IPPROTO_IP');
/** The hop-by-hop header of IPv6. */
export const IPPROTO_HOPOPTS = known('IPPROTO_HOPOPTS');
/** ICMP. */
export const IPPROTO_ICMP = known('IPPROTO_ICMP');
/** IGMP, the membership in multicast groups. */
export const IPPROTO_IGMP = known('IPPROTO_IGMP');
/** IPv4 in IPv4. */
export const IPPROTO_IPIP = known('IPPROTO_IPIP');
/** TCP: also the level of its options. */
export const IPPROTO_TCP = known('IPPROTO_TCP');
/** EGP. */
export const IPPROTO_EGP = known('IPPROTO_EGP');
/** PUP. */
export const IPPROTO_PUP = known('IPPROTO_PUP');
/** UDP: also the level of its options. */
export const IPPROTO_UDP = known('IPPROTO_UDP');
/** IDP of Xerox. */
export const IPPROTO_IDP = known('IPPROTO_IDP');
/** TP, transport of OSI. */
export const IPPROTO_TP = known('IPPROTO_TP');
/** DCCP; gone from Linux 6.16. */
export const IPPROTO_DCCP = known('IPPROTO_DCCP');
/** IPv6: also the level of its options. */
export const IPPROTO_IPV6 = known('IPPROTO_IPV6');
/** The routing header of IPv6. */
export const IPPROTO_ROUTING = known('IPPROTO_ROUTING');
/** The fragment header of IPv6. */
export const IPPROTO_FRAGMENT = known('IPPROTO_FRAGMENT');
/** RSVP. */
export const IPPROTO_RSVP = known('IPPROTO_RSVP');
/** GRE. */
export const IPPROTO_GRE = known('IPPROTO_GRE');
/** ESP, encryption of IPsec. */
export const IPPROTO_ESP = known('IPPROTO_ESP');
/** AH, authentication of IPsec. */
export const IPPROTO_AH = known('IPPROTO_AH');
/** ICMPv6: also the level of its options. */
export const IPPROTO_ICMPV6 = known('IPPROTO_ICMPV6');
/** Nothing follows this header of IPv6. */
export const IPPROTO_NONE = known('IPPROTO_NONE');
/** The destination options of IPv6. */
export const IPPROTO_DSTOPTS = known('IPPROTO_DSTOPTS');
/** MTP. */
export const IPPROTO_MTP = known('IPPROTO_MTP');
/** The pseudo header of IPsec's BEET mode. */
export const IPPROTO_BEETPH = known('IPPROTO_BEETPH');
/** Encapsulation. */
export const IPPROTO_ENCAP = known('IPPROTO_ENCAP');
/** PIM, multicast routing. */
export const IPPROTO_PIM = known('IPPROTO_PIM');
/** Compression of payloads. */
export const IPPROTO_COMP = known('IPPROTO_COMP');
/** L2TP. */
export const IPPROTO_L2TP = known('IPPROTO_L2TP');
/** SCTP: sctp(7). */
export const IPPROTO_SCTP = known('IPPROTO_SCTP');
/** The mobility header of IPv6. */
export const IPPROTO_MH = known('IPPROTO_MH');
/** UDP-Lite: udplite(7). */
export const IPPROTO_UDPLITE = known('IPPROTO_UDPLITE');
/** MPLS in IP. */
export const IPPROTO_MPLS = known('IPPROTO_MPLS');
/** Ethernet in IPv6. */
export const IPPROTO_ETHERNET = known('IPPROTO_ETHERNET');
/** Aggregates and fragments of IPsec (Linux 6.14). */
export const IPPROTO_AGGFRAG = known('IPPROTO_AGGFRAG');
/** Raw IP. */
export const IPPROTO_RAW = known('IPPROTO_RAW');
/** Shared memory communications (Linux 6.11). */
export const IPPROTO_SMC = known('IPPROTO_SMC');
/** Multipath TCP. */
export const IPPROTO_MPTCP = known('IPPROTO_MPTCP');

// Options of IPv4, at level IPPROTO_IP: ip(7).
/** The type-of-service byte: ip(7). */
export const IP_TOS = known('IP_TOS');
/** The time to live, in hops: ip(7). */
export const IP_TTL = known('IP_TTL');
/** The program writes the IP header itself: raw(7). */
export const IP_HDRINCL = known('IP_HDRINCL');
/** The options in the header of what is sent: bytes. */
export const IP_OPTIONS = known('IP_OPTIONS');
/** Receive forwarded packets with the router-alert option. */
export const IP_ROUTER_ALERT = known('IP_ROUTER_ALERT');
/** Receive the packet's options as a control message. */
export const IP_RECVOPTS = known('IP_RECVOPTS');
/** As IP_RECVOPTS, not yet processed. */
export const IP_RETOPTS = known('IP_RETOPTS');
/** Another name of IP_RETOPTS. */
export const IP_RECVRETOPTS = known('IP_RECVRETOPTS');
/** Receive interface and address of each datagram: struct in_pktinfo. */
export const IP_PKTINFO = known('IP_PKTINFO');
/** The control data of a stream's SYN. Read only. */
export const IP_PKTOPTIONS = known('IP_PKTOPTIONS');
/** Path MTU discovery: IP_PMTUDISC_DONT, _WANT, _DO, _PROBE … */
export const IP_MTU_DISCOVER = known('IP_MTU_DISCOVER');
/** Another name of IP_MTU_DISCOVER. */
export const IP_PMTUDISC = perhaps('IP_PMTUDISC');
/** Errors of ICMP go to the error queue: MSG_ERRQUEUE. */
export const IP_RECVERR = known('IP_RECVERR');
/** Receive each datagram's time to live. */
export const IP_RECVTTL = known('IP_RECVTTL');
/** Receive each datagram's type-of-service byte. */
export const IP_RECVTOS = known('IP_RECVTOS');
/** The path MTU of a connected socket, in bytes. Read only. */
export const IP_MTU = known('IP_MTU');
/** bind(2) may take an address that no interface has. */
export const IP_FREEBIND = known('IP_FREEBIND');
/** The IPsec policy. */
export const IP_IPSEC_POLICY = known('IP_IPSEC_POLICY');
/** The IPsec policy of Linux. */
export const IP_XFRM_POLICY = known('IP_XFRM_POLICY');
/** Receive each datagram's security label. */
export const IP_PASSSEC = known('IP_PASSSEC');
/** A transparent proxy: any local address, CAP_NET_ADMIN. */
export const IP_TRANSPARENT = known('IP_TRANSPARENT');
/** In control messages: the address that the datagram was sent to, before any redirection. */
export const IP_ORIGDSTADDR = known('IP_ORIGDSTADDR');
/** Another name of IP_ORIGDSTADDR: receive it. */
export const IP_RECVORIGDSTADDR = known('IP_RECVORIGDSTADDR');
/** Drop what arrives with a lower time to live, in hops. */
export const IP_MINTTL = known('IP_MINTTL');
/** Raw sockets: leave fragments as they are. */
export const IP_NODEFRAG = known('IP_NODEFRAG');
/** Receive each datagram's checksum. */
export const IP_CHECKSUM = known('IP_CHECKSUM');
/** bind(2) to port 0 leaves the choice of a port to connect(2). */
export const IP_BIND_ADDRESS_NO_PORT = known('IP_BIND_ADDRESS_NO_PORT');
/** Receive the size of the largest fragment, in bytes. */
export const IP_RECVFRAGSIZE = known('IP_RECVFRAGSIZE');
/** Extended errors of ICMP too. */
export const IP_RECVERR_RFC4884 = known('IP_RECVERR_RFC4884');
/** The interface that multicast leaves by: struct ip_mreqn. */
export const IP_MULTICAST_IF = known('IP_MULTICAST_IF');
/** The time to live of multicast, in hops. */
export const IP_MULTICAST_TTL = known('IP_MULTICAST_TTL');
/** This host hears its own multicast. */
export const IP_MULTICAST_LOOP = known('IP_MULTICAST_LOOP');
/** Join a group: struct ip_mreqn or ip_mreq. */
export const IP_ADD_MEMBERSHIP = knownStruct('IP_ADD_MEMBERSHIP');
/** Leave a group: struct ip_mreqn or ip_mreq. */
export const IP_DROP_MEMBERSHIP = knownStruct('IP_DROP_MEMBERSHIP');
/** Hear a sender again: struct ip_mreq_source. */
export const IP_UNBLOCK_SOURCE = knownStruct('IP_UNBLOCK_SOURCE');
/** Do not hear a sender: struct ip_mreq_source. */
export const IP_BLOCK_SOURCE = knownStruct('IP_BLOCK_SOURCE');
/** Join a group, one sender only: struct ip_mreq_source. */
export const IP_ADD_SOURCE_MEMBERSHIP = knownStruct('IP_ADD_SOURCE_MEMBERSHIP');
/** Leave a group of one sender: struct ip_mreq_source. */
export const IP_DROP_SOURCE_MEMBERSHIP = knownStruct('IP_DROP_SOURCE_MEMBERSHIP');
/** Which senders of a group to hear: struct ip_msfilter. */
export const IP_MSFILTER = knownStruct('IP_MSFILTER');
/** Hear the groups that any socket of the host has joined. */
export const IP_MULTICAST_ALL = known('IP_MULTICAST_ALL');
/** The interface that datagrams leave by: its index in network byte order. */
export const IP_UNICAST_IF = known('IP_UNICAST_IF');
/** The range of ports to choose from: low 16 bits the first, high 16 bits the last (Linux 6.3). */
export const IP_LOCAL_PORT_RANGE = known('IP_LOCAL_PORT_RANGE');
/** The protocol of a raw socket. Read only (Linux 6.4). */
export const IP_PROTOCOL = known('IP_PROTOCOL');

// Values of IP_MTU_DISCOVER, and limits.
/** IP_MTU_DISCOVER: never forbid fragments. */
export const IP_PMTUDISC_DONT = known('IP_PMTUDISC_DONT');
/** IP_MTU_DISCOVER: as each route says. */
export const IP_PMTUDISC_WANT = known('IP_PMTUDISC_WANT');
/** IP_MTU_DISCOVER: always forbid fragments: EMSGSIZE. */
export const IP_PMTUDISC_DO = known('IP_PMTUDISC_DO');
/** IP_MTU_DISCOVER: forbid fragments, ignore the path MTU. */
export const IP_PMTUDISC_PROBE = known('IP_PMTUDISC_PROBE');
/** IP_MTU_DISCOVER: use the interface's MTU, ignore the path's. */
export const IP_PMTUDISC_INTERFACE = known('IP_PMTUDISC_INTERFACE');
/** IP_MTU_DISCOVER: as INTERFACE, but fragments are allowed. */
export const IP_PMTUDISC_OMIT = known('IP_PMTUDISC_OMIT');
/** The value of IP_MULTICAST_TTL at first, in hops. */
export const IP_DEFAULT_MULTICAST_TTL = known('IP_DEFAULT_MULTICAST_TTL');
/** The value of IP_MULTICAST_LOOP at first. */
export const IP_DEFAULT_MULTICAST_LOOP = known('IP_DEFAULT_MULTICAST_LOOP');
/** How many groups a socket may join, says the header; Linux has a setting for it. */
export const IP_MAX_MEMBERSHIPS = perhaps('IP_MAX_MEMBERSHIPS');

// Multicast of both families, at level IPPROTO_IP or IPPROTO_IPV6: RFC 3678.
/** Join a group: struct group_req. */
export const MCAST_JOIN_GROUP = knownStruct('MCAST_JOIN_GROUP');
/** Do not hear a sender: struct group_source_req. */
export const MCAST_BLOCK_SOURCE = knownStruct('MCAST_BLOCK_SOURCE');
/** Hear a sender again: struct group_source_req. */
export const MCAST_UNBLOCK_SOURCE = knownStruct('MCAST_UNBLOCK_SOURCE');
/** Leave a group: struct group_req. */
export const MCAST_LEAVE_GROUP = knownStruct('MCAST_LEAVE_GROUP');
/** Join a group, one sender only: struct group_source_req. */
export const MCAST_JOIN_SOURCE_GROUP = knownStruct('MCAST_JOIN_SOURCE_GROUP');
/** Leave a group of one sender: struct group_source_req. */
export const MCAST_LEAVE_SOURCE_GROUP = knownStruct('MCAST_LEAVE_SOURCE_GROUP');
/** Which senders of a group to hear: struct group_filter. */
export const MCAST_MSFILTER = knownStruct('MCAST_MSFILTER');
/** MCAST_MSFILTER: all senders but these. */
export const MCAST_EXCLUDE = known('MCAST_EXCLUDE');
/** MCAST_MSFILTER: these senders only. */
export const MCAST_INCLUDE = known('MCAST_INCLUDE');

// Raw sockets: raw(7), icmp(7).
/** Which types of ICMP a raw socket does not want: a mask, at SOL_RAW. */
export const ICMP_FILTER = known('ICMP_FILTER');
/** Which types of ICMPv6 a raw socket does not want: a mask, at IPPROTO_ICMPV6. */
export const ICMP6_FILTER = known('ICMP6_FILTER');

// macOS only: ip(4).
/** Receive the address that each datagram was sent to (macOS). */
export const IP_RECVDSTADDR = perhaps('IP_RECVDSTADDR');
/** Receive the interface of each datagram (macOS). */
export const IP_RECVIF = perhaps('IP_RECVIF');
/** Another name of IP_PKTINFO (macOS). */
export const IP_RECVPKTINFO = perhaps('IP_RECVPKTINFO');
/** Only the packets of one interface: its index (macOS). */
export const IP_BOUND_IF = perhaps('IP_BOUND_IF');
/** Raw sockets: receive without the IP header (macOS). */
export const IP_STRIPHDR = perhaps('IP_STRIPHDR');
/** Forbid fragments (macOS). */
export const IP_DONTFRAG = perhaps('IP_DONTFRAG');
/** The range of ports to choose from: IP_PORTRANGE_DEFAULT … (macOS). */
export const IP_PORTRANGE = perhaps('IP_PORTRANGE');
/** IP_PORTRANGE: the default range (macOS). */
export const IP_PORTRANGE_DEFAULT = perhaps('IP_PORTRANGE_DEFAULT');
/** IP_PORTRANGE: the high range (macOS). */
export const IP_PORTRANGE_HIGH = perhaps('IP_PORTRANGE_HIGH');
/** IP_PORTRANGE: the low range, for root (macOS). */
export const IP_PORTRANGE_LOW = perhaps('IP_PORTRANGE_LOW');
/** The virtual interface of multicast (macOS). */
export const IP_MULTICAST_VIF = perhaps('IP_MULTICAST_VIF');
/** The interface that multicast leaves by: its index (macOS). */
export const IP_MULTICAST_IFINDEX = perhaps('IP_MULTICAST_IFINDEX');
/** Ports below it are for root. */
export const IPPORT_RESERVED = known('IPPORT_RESERVED');
/** Ports below it are for servers, said BSD. */
export const IPPORT_USERRESERVED = known('IPPORT_USERRESERVED');
/** Where a redirected connection was going, at SOL_IP: struct sockaddr_in. Read only: netfilter's. */
export const SO_ORIGINAL_DST = knownStruct('SO_ORIGINAL_DST');

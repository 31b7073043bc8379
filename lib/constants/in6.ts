/** IPv6, at level IPPROTO_IPV6: ipv6(7), RFC 3542, <netinet/in.h>, <linux/in6.h>. */
import { known, knownStruct, perhaps } from './define.js';

/** An IPv6 socket keeps off IPv4: ipv6(7). */
export const IPV6_V6ONLY = known('IPV6_V6ONLY');
/** The hop limit; -1 for the system's. */
export const IPV6_UNICAST_HOPS = known('IPV6_UNICAST_HOPS');
/** The interface that multicast leaves by: its index. */
export const IPV6_MULTICAST_IF = known('IPV6_MULTICAST_IF');
/** The hop limit of multicast; -1 for the system's. */
export const IPV6_MULTICAST_HOPS = known('IPV6_MULTICAST_HOPS');
/** This host hears its own multicast. */
export const IPV6_MULTICAST_LOOP = known('IPV6_MULTICAST_LOOP');
/** Join a group: struct ipv6_mreq. */
export const IPV6_JOIN_GROUP = knownStruct('IPV6_JOIN_GROUP');
/** Another name of IPV6_JOIN_GROUP. */
export const IPV6_ADD_MEMBERSHIP = knownStruct('IPV6_ADD_MEMBERSHIP');
/** Leave a group: struct ipv6_mreq. */
export const IPV6_LEAVE_GROUP = knownStruct('IPV6_LEAVE_GROUP');
/** Another name of IPV6_LEAVE_GROUP. */
export const IPV6_DROP_MEMBERSHIP = knownStruct('IPV6_DROP_MEMBERSHIP');
/** Turns a connected socket with an IPv4-mapped address into an IPv4 one: AF_INET. */
export const IPV6_ADDRFORM = known('IPV6_ADDRFORM');
/** Raw sockets: where in the packet the checksum goes, in bytes; -1 for none. */
export const IPV6_CHECKSUM = known('IPV6_CHECKSUM');
/** The address of the next router. */
export const IPV6_NEXTHOP = known('IPV6_NEXTHOP');
/** The authentication header; Linux has no such option any more. */
export const IPV6_AUTHHDR = known('IPV6_AUTHHDR');
/** Receive each datagram's flow label. */
export const IPV6_FLOWINFO = known('IPV6_FLOWINFO');
/** Raw sockets: receive forwarded packets with this router-alert value; -1 for none. */
export const IPV6_ROUTER_ALERT = known('IPV6_ROUTER_ALERT');
/** Router alerts stay in the network namespace. */
export const IPV6_ROUTER_ALERT_ISOLATE = known('IPV6_ROUTER_ALERT_ISOLATE');
/** Path MTU discovery: IPV6_PMTUDISC_DONT, _WANT, _DO, _PROBE … */
export const IPV6_MTU_DISCOVER = known('IPV6_MTU_DISCOVER');
/** The path MTU, in bytes. */
export const IPV6_MTU = known('IPV6_MTU');
/** Errors of ICMPv6 go to the error queue: MSG_ERRQUEUE. */
export const IPV6_RECVERR = known('IPV6_RECVERR');
/** Extended errors of ICMPv6 too. */
export const IPV6_RECVERR_RFC4884 = known('IPV6_RECVERR_RFC4884');
/** Take an anycast address: struct ipv6_mreq. */
export const IPV6_JOIN_ANYCAST = known('IPV6_JOIN_ANYCAST');
/** Give an anycast address back: struct ipv6_mreq. */
export const IPV6_LEAVE_ANYCAST = known('IPV6_LEAVE_ANYCAST');
/** Hear the groups that any socket of the host has joined. */
export const IPV6_MULTICAST_ALL = known('IPV6_MULTICAST_ALL');
/** Takes and gives back flow labels: struct in6_flowlabel_req. */
export const IPV6_FLOWLABEL_MGR = known('IPV6_FLOWLABEL_MGR');
/** Send the flow label of sin6_flowinfo. */
export const IPV6_FLOWINFO_SEND = known('IPV6_FLOWINFO_SEND');
/** The IPsec policy. */
export const IPV6_IPSEC_POLICY = known('IPV6_IPSEC_POLICY');
/** The IPsec policy of Linux. */
export const IPV6_XFRM_POLICY = known('IPV6_XFRM_POLICY');
/** The program writes the IPv6 header itself: raw sockets. */
export const IPV6_HDRINCL = known('IPV6_HDRINCL');
/** Receive interface and address of each datagram: IPV6_PKTINFO. */
export const IPV6_RECVPKTINFO = known('IPV6_RECVPKTINFO');
/** Interface and address of a datagram: struct in6_pktinfo. */
export const IPV6_PKTINFO = known('IPV6_PKTINFO');
/** Receive each datagram's hop limit: IPV6_HOPLIMIT. */
export const IPV6_RECVHOPLIMIT = known('IPV6_RECVHOPLIMIT');
/** The hop limit of one datagram: an int, in a control message. */
export const IPV6_HOPLIMIT = known('IPV6_HOPLIMIT');
/** Receive the hop-by-hop options. */
export const IPV6_RECVHOPOPTS = known('IPV6_RECVHOPOPTS');
/** The hop-by-hop options: bytes. */
export const IPV6_HOPOPTS = known('IPV6_HOPOPTS');
/** Another name of IPV6_HOPOPTS. */
export const IPV6_RXHOPOPTS = known('IPV6_RXHOPOPTS');
/** The destination options before the routing header: bytes. */
export const IPV6_RTHDRDSTOPTS = known('IPV6_RTHDRDSTOPTS');
/** Receive the routing header. */
export const IPV6_RECVRTHDR = known('IPV6_RECVRTHDR');
/** The routing header: bytes. */
export const IPV6_RTHDR = known('IPV6_RTHDR');
/** Receive the destination options. */
export const IPV6_RECVDSTOPTS = known('IPV6_RECVDSTOPTS');
/** The destination options: bytes. */
export const IPV6_DSTOPTS = known('IPV6_DSTOPTS');
/** Another name of IPV6_DSTOPTS. */
export const IPV6_RXDSTOPTS = known('IPV6_RXDSTOPTS');
/** Receive a control message when the path MTU changes. */
export const IPV6_RECVPATHMTU = known('IPV6_RECVPATHMTU');
/** The path MTU: struct ip6_mtuinfo. Read only. */
export const IPV6_PATHMTU = known('IPV6_PATHMTU');
/** Forbid fragments: EMSGSIZE. */
export const IPV6_DONTFRAG = known('IPV6_DONTFRAG');
/** Receive each datagram's traffic class: IPV6_TCLASS. */
export const IPV6_RECVTCLASS = known('IPV6_RECVTCLASS');
/** The traffic class: 0 to 255, -1 for the system's. */
export const IPV6_TCLASS = known('IPV6_TCLASS');
/** Flow labels made by the kernel. */
export const IPV6_AUTOFLOWLABEL = known('IPV6_AUTOFLOWLABEL');
/** Which source addresses to prefer: IPV6_PREFER_SRC_TMP … */
export const IPV6_ADDR_PREFERENCES = known('IPV6_ADDR_PREFERENCES');
/** Drop what arrives with a lower hop limit. */
export const IPV6_MINHOPCOUNT = known('IPV6_MINHOPCOUNT');
/** In control messages: the address that the datagram was sent to, before any redirection. */
export const IPV6_ORIGDSTADDR = known('IPV6_ORIGDSTADDR');
/** Another name of IPV6_ORIGDSTADDR: receive it. */
export const IPV6_RECVORIGDSTADDR = known('IPV6_RECVORIGDSTADDR');
/** A transparent proxy: any local address, CAP_NET_ADMIN. */
export const IPV6_TRANSPARENT = known('IPV6_TRANSPARENT');
/** The interface that datagrams leave by: its index in network byte order. */
export const IPV6_UNICAST_IF = known('IPV6_UNICAST_IF');
/** Receive the size of the largest fragment, in bytes. */
export const IPV6_RECVFRAGSIZE = known('IPV6_RECVFRAGSIZE');
/** bind(2) may take an address that no interface has. */
export const IPV6_FREEBIND = known('IPV6_FREEBIND');

// The options of RFC 2292, before they got new numbers.
/** IPV6_PKTINFO of RFC 2292. */
export const IPV6_2292PKTINFO = known('IPV6_2292PKTINFO');
/** IPV6_HOPOPTS of RFC 2292. */
export const IPV6_2292HOPOPTS = known('IPV6_2292HOPOPTS');
/** IPV6_DSTOPTS of RFC 2292. */
export const IPV6_2292DSTOPTS = known('IPV6_2292DSTOPTS');
/** IPV6_RTHDR of RFC 2292. */
export const IPV6_2292RTHDR = known('IPV6_2292RTHDR');
/** The control data of a stream, of RFC 2292. */
export const IPV6_2292PKTOPTIONS = known('IPV6_2292PKTOPTIONS');
/** IPV6_HOPLIMIT of RFC 2292. */
export const IPV6_2292HOPLIMIT = known('IPV6_2292HOPLIMIT');

// Values of the options.
/** IPV6_MTU_DISCOVER: never forbid fragments. */
export const IPV6_PMTUDISC_DONT = known('IPV6_PMTUDISC_DONT');
/** IPV6_MTU_DISCOVER: as each route says. */
export const IPV6_PMTUDISC_WANT = known('IPV6_PMTUDISC_WANT');
/** IPV6_MTU_DISCOVER: always forbid fragments: EMSGSIZE. */
export const IPV6_PMTUDISC_DO = known('IPV6_PMTUDISC_DO');
/** IPV6_MTU_DISCOVER: forbid fragments, ignore the path MTU. */
export const IPV6_PMTUDISC_PROBE = known('IPV6_PMTUDISC_PROBE');
/** IPV6_MTU_DISCOVER: use the interface's MTU, ignore the path's. */
export const IPV6_PMTUDISC_INTERFACE = known('IPV6_PMTUDISC_INTERFACE');
/** IPV6_MTU_DISCOVER: as INTERFACE, but fragments are allowed. */
export const IPV6_PMTUDISC_OMIT = known('IPV6_PMTUDISC_OMIT');
/** The routing header: a hop need not be a neighbour. */
export const IPV6_RTHDR_LOOSE = known('IPV6_RTHDR_LOOSE');
/** The routing header: a hop must be a neighbour. */
export const IPV6_RTHDR_STRICT = known('IPV6_RTHDR_STRICT');
/** The routing header of type 0. */
export const IPV6_RTHDR_TYPE_0 = known('IPV6_RTHDR_TYPE_0');
/** IPV6_ADDR_PREFERENCES: a temporary address. */
export const IPV6_PREFER_SRC_TMP = known('IPV6_PREFER_SRC_TMP');
/** IPV6_ADDR_PREFERENCES: a public address. */
export const IPV6_PREFER_SRC_PUBLIC = known('IPV6_PREFER_SRC_PUBLIC');
/** IPV6_ADDR_PREFERENCES: temporary or public, as the system is set. */
export const IPV6_PREFER_SRC_PUBTMP_DEFAULT = known('IPV6_PREFER_SRC_PUBTMP_DEFAULT');
/** IPV6_ADDR_PREFERENCES: a care-of address. */
export const IPV6_PREFER_SRC_COA = known('IPV6_PREFER_SRC_COA');
/** IPV6_ADDR_PREFERENCES: a home address. */
export const IPV6_PREFER_SRC_HOME = known('IPV6_PREFER_SRC_HOME');
/** IPV6_ADDR_PREFERENCES: a cryptographic address. */
export const IPV6_PREFER_SRC_CGA = known('IPV6_PREFER_SRC_CGA');
/** IPV6_ADDR_PREFERENCES: no cryptographic address. */
export const IPV6_PREFER_SRC_NONCGA = known('IPV6_PREFER_SRC_NONCGA');

// Parts of sin6_flowinfo, and IPV6_FLOWLABEL_MGR.
/** The bits of the flow label in sin6_flowinfo, in host byte order. */
export const IPV6_FLOWINFO_FLOWLABEL = known('IPV6_FLOWINFO_FLOWLABEL');
/** The bits of the traffic class in sin6_flowinfo, in host byte order. */
export const IPV6_FLOWINFO_PRIORITY = known('IPV6_FLOWINFO_PRIORITY');
/** IPV6_FLOWLABEL_MGR: take a label. */
export const IPV6_FL_A_GET = known('IPV6_FL_A_GET');
/** IPV6_FLOWLABEL_MGR: give a label back. */
export const IPV6_FL_A_PUT = known('IPV6_FL_A_PUT');
/** IPV6_FLOWLABEL_MGR: keep a label longer. */
export const IPV6_FL_A_RENEW = known('IPV6_FL_A_RENEW');
/** IPV6_FLOWLABEL_MGR: make the label if it does not exist. */
export const IPV6_FL_F_CREATE = known('IPV6_FL_F_CREATE');
/** IPV6_FLOWLABEL_MGR: with CREATE, fail if the label exists. */
export const IPV6_FL_F_EXCL = known('IPV6_FL_F_EXCL');
/** IPV6_FLOWLABEL_MGR: answer with the label that came. */
export const IPV6_FL_F_REFLECT = known('IPV6_FL_F_REFLECT');
/** IPV6_FLOWLABEL_MGR: tell the label that the peer sent. */
export const IPV6_FL_F_REMOTE = known('IPV6_FL_F_REMOTE');
/** IPV6_FLOWLABEL_MGR: shared with nobody. */
export const IPV6_FL_S_NONE = known('IPV6_FL_S_NONE');
/** IPV6_FLOWLABEL_MGR: for one socket. */
export const IPV6_FL_S_EXCL = known('IPV6_FL_S_EXCL');
/** IPV6_FLOWLABEL_MGR: shared within a process. */
export const IPV6_FL_S_PROCESS = known('IPV6_FL_S_PROCESS');
/** IPV6_FLOWLABEL_MGR: shared among a user's processes. */
export const IPV6_FL_S_USER = known('IPV6_FL_S_USER');
/** IPV6_FLOWLABEL_MGR: shared with everybody. */
export const IPV6_FL_S_ANY = known('IPV6_FL_S_ANY');

// Priorities of sin6_flowinfo, from RFC 1883; obsolete.
/** A priority of RFC 1883: 0. */
export const IPV6_PRIORITY_UNCHARACTERIZED = known('IPV6_PRIORITY_UNCHARACTERIZED');
/** A priority of RFC 1883: 1. */
export const IPV6_PRIORITY_FILLER = known('IPV6_PRIORITY_FILLER');
/** A priority of RFC 1883: 2. */
export const IPV6_PRIORITY_UNATTENDED = known('IPV6_PRIORITY_UNATTENDED');
/** A priority of RFC 1883: 3. */
export const IPV6_PRIORITY_RESERVED1 = known('IPV6_PRIORITY_RESERVED1');
/** A priority of RFC 1883: 4. */
export const IPV6_PRIORITY_BULK = known('IPV6_PRIORITY_BULK');
/** A priority of RFC 1883: 5. */
export const IPV6_PRIORITY_RESERVED2 = known('IPV6_PRIORITY_RESERVED2');
/** A priority of RFC 1883: 6. */
export const IPV6_PRIORITY_INTERACTIVE = known('IPV6_PRIORITY_INTERACTIVE');
/** A priority of RFC 1883: 7. */
export const IPV6_PRIORITY_CONTROL = known('IPV6_PRIORITY_CONTROL');
/** A priority of RFC 1883: 8. */
export const IPV6_PRIORITY_8 = known('IPV6_PRIORITY_8');
/** A priority of RFC 1883: 9. */
export const IPV6_PRIORITY_9 = known('IPV6_PRIORITY_9');
/** A priority of RFC 1883: 10. */
export const IPV6_PRIORITY_10 = known('IPV6_PRIORITY_10');
/** A priority of RFC 1883: 11. */
export const IPV6_PRIORITY_11 = known('IPV6_PRIORITY_11');
/** A priority of RFC 1883: 12. */
export const IPV6_PRIORITY_12 = known('IPV6_PRIORITY_12');
/** A priority of RFC 1883: 13. */
export const IPV6_PRIORITY_13 = known('IPV6_PRIORITY_13');
/** A priority of RFC 1883: 14. */
export const IPV6_PRIORITY_14 = known('IPV6_PRIORITY_14');
/** A priority of RFC 1883: 15. */
export const IPV6_PRIORITY_15 = known('IPV6_PRIORITY_15');

// Options inside of the hop-by-hop and destination headers.
/** One byte of padding. */
export const IPV6_TLV_PAD1 = known('IPV6_TLV_PAD1');
/** Several bytes of padding. */
export const IPV6_TLV_PADN = known('IPV6_TLV_PADN');
/** A router alert. */
export const IPV6_TLV_ROUTERALERT = known('IPV6_TLV_ROUTERALERT');
/** A CALIPSO security label. */
export const IPV6_TLV_CALIPSO = known('IPV6_TLV_CALIPSO');
/** Measurements on the way: IOAM. */
export const IPV6_TLV_IOAM = known('IPV6_TLV_IOAM');
/** A payload longer than 65535 bytes. */
export const IPV6_TLV_JUMBO = known('IPV6_TLV_JUMBO');
/** The home address. */
export const IPV6_TLV_HAO = known('IPV6_TLV_HAO');

// macOS only: ip6(4).
/** Only the packets of one interface: its index (macOS). */
export const IPV6_BOUND_IF = perhaps('IPV6_BOUND_IF');
/** The range of ports to choose from (macOS). */
export const IPV6_PORTRANGE = perhaps('IPV6_PORTRANGE');
/** Send no more than the smallest MTU at once (macOS). */
export const IPV6_USE_MIN_MTU = perhaps('IPV6_USE_MIN_MTU');
/** Which senders of a group to hear (macOS). */
export const IPV6_MSFILTER = perhaps('IPV6_MSFILTER');
/** Where a redirected connection was going, at SOL_IPV6: struct sockaddr_in6. Read only: netfilter's. */
export const IP6T_SO_ORIGINAL_DST = knownStruct('IP6T_SO_ORIGINAL_DST');

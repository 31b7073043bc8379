/** Links, addresses and routes, over netlink: rtnetlink(7), netlink(7), <linux/rtnetlink.h>. */
import { known } from './define.js';

// Messages of NETLINK_ROUTE.
/** The first of these types. */
export const RTM_BASE = known('RTM_BASE');
/** A link: make it, or it was made or changed. */
export const RTM_NEWLINK = known('RTM_NEWLINK');
/** A link: delete it, or it has gone. */
export const RTM_DELLINK = known('RTM_DELLINK');
/** A link: tell it. */
export const RTM_GETLINK = known('RTM_GETLINK');
/** A link: change it. */
export const RTM_SETLINK = known('RTM_SETLINK');
/** An address: add it, or it was added or changed. */
export const RTM_NEWADDR = known('RTM_NEWADDR');
/** An address: delete it, or it has gone. */
export const RTM_DELADDR = known('RTM_DELADDR');
/** An address: tell it. */
export const RTM_GETADDR = known('RTM_GETADDR');
/** A route: add it, or it was added or changed. */
export const RTM_NEWROUTE = known('RTM_NEWROUTE');
/** A route: delete it, or it has gone. */
export const RTM_DELROUTE = known('RTM_DELROUTE');
/** A route: tell it. */
export const RTM_GETROUTE = known('RTM_GETROUTE');
/** A neighbour: add it, or it was added or changed. */
export const RTM_NEWNEIGH = known('RTM_NEWNEIGH');
/** A neighbour: delete it, or it has gone. */
export const RTM_DELNEIGH = known('RTM_DELNEIGH');
/** A neighbour: tell it. */
export const RTM_GETNEIGH = known('RTM_GETNEIGH');
/** A rule of routing: add it, or it was added. */
export const RTM_NEWRULE = known('RTM_NEWRULE');
/** A rule of routing: delete it, or it has gone. */
export const RTM_DELRULE = known('RTM_DELRULE');
/** A rule of routing: tell it. */
export const RTM_GETRULE = known('RTM_GETRULE');

// Multicast groups as bits, for `groups` of a netlink address.
/** Links. */
export const RTMGRP_LINK = known('RTMGRP_LINK');
/** Notifications. */
export const RTMGRP_NOTIFY = known('RTMGRP_NOTIFY');
/** Neighbours. */
export const RTMGRP_NEIGH = known('RTMGRP_NEIGH');
/** Traffic control. */
export const RTMGRP_TC = known('RTMGRP_TC');
/** IPv4 addresses. */
export const RTMGRP_IPV4_IFADDR = known('RTMGRP_IPV4_IFADDR');
/** IPv4 multicast routes. */
export const RTMGRP_IPV4_MROUTE = known('RTMGRP_IPV4_MROUTE');
/** IPv4 routes. */
export const RTMGRP_IPV4_ROUTE = known('RTMGRP_IPV4_ROUTE');
/** IPv4 rules. */
export const RTMGRP_IPV4_RULE = known('RTMGRP_IPV4_RULE');
/** IPv6 addresses. */
export const RTMGRP_IPV6_IFADDR = known('RTMGRP_IPV6_IFADDR');
/** IPv6 multicast routes. */
export const RTMGRP_IPV6_MROUTE = known('RTMGRP_IPV6_MROUTE');
/** IPv6 routes. */
export const RTMGRP_IPV6_ROUTE = known('RTMGRP_IPV6_ROUTE');
/** IPv6 states of links. */
export const RTMGRP_IPV6_IFINFO = known('RTMGRP_IPV6_IFINFO');
/** IPv6 prefixes. */
export const RTMGRP_IPV6_PREFIX = known('RTMGRP_IPV6_PREFIX');

// Multicast groups as numbers, for NETLINK_ADD_MEMBERSHIP.
/** No group. */
export const RTNLGRP_NONE = known('RTNLGRP_NONE');
/** Links. */
export const RTNLGRP_LINK = known('RTNLGRP_LINK');
/** Notifications. */
export const RTNLGRP_NOTIFY = known('RTNLGRP_NOTIFY');
/** Neighbours. */
export const RTNLGRP_NEIGH = known('RTNLGRP_NEIGH');
/** Traffic control. */
export const RTNLGRP_TC = known('RTNLGRP_TC');
/** IPv4 addresses. */
export const RTNLGRP_IPV4_IFADDR = known('RTNLGRP_IPV4_IFADDR');
/** IPv4 multicast routes. */
export const RTNLGRP_IPV4_MROUTE = known('RTNLGRP_IPV4_MROUTE');
/** IPv4 routes. */
export const RTNLGRP_IPV4_ROUTE = known('RTNLGRP_IPV4_ROUTE');
/** IPv4 rules. */
export const RTNLGRP_IPV4_RULE = known('RTNLGRP_IPV4_RULE');
/** IPv6 addresses. */
export const RTNLGRP_IPV6_IFADDR = known('RTNLGRP_IPV6_IFADDR');
/** IPv6 multicast routes. */
export const RTNLGRP_IPV6_MROUTE = known('RTNLGRP_IPV6_MROUTE');
/** IPv6 routes. */
export const RTNLGRP_IPV6_ROUTE = known('RTNLGRP_IPV6_ROUTE');
/** IPv6 states of links. */
export const RTNLGRP_IPV6_IFINFO = known('RTNLGRP_IPV6_IFINFO');
/** IPv6 prefixes. */
export const RTNLGRP_IPV6_PREFIX = known('RTNLGRP_IPV6_PREFIX');
/** IPv6 rules. */
export const RTNLGRP_IPV6_RULE = known('RTNLGRP_IPV6_RULE');
/** Options of neighbour discovery. */
export const RTNLGRP_ND_USEROPT = known('RTNLGRP_ND_USEROPT');
/** IPv4 settings. */
export const RTNLGRP_IPV4_NETCONF = known('RTNLGRP_IPV4_NETCONF');
/** IPv6 settings. */
export const RTNLGRP_IPV6_NETCONF = known('RTNLGRP_IPV6_NETCONF');
/** Multicast groups of bridges. */
export const RTNLGRP_MDB = known('RTNLGRP_MDB');
/** Ids of network namespaces. */
export const RTNLGRP_NSID = known('RTNLGRP_NSID');
/** Next hops. */
export const RTNLGRP_NEXTHOP = known('RTNLGRP_NEXTHOP');

// Attributes of a link.
/** No attribute. */
export const IFLA_UNSPEC = known('IFLA_UNSPEC');
/** Its hardware address. */
export const IFLA_ADDRESS = known('IFLA_ADDRESS');
/** Its hardware broadcast address. */
export const IFLA_BROADCAST = known('IFLA_BROADCAST');
/** Its name: a string that ends with a zero byte. */
export const IFLA_IFNAME = known('IFLA_IFNAME');
/** Its MTU, in bytes. */
export const IFLA_MTU = known('IFLA_MTU');
/** The index of the link below it. */
export const IFLA_LINK = known('IFLA_LINK');
/** Its queueing discipline: a string. */
export const IFLA_QDISC = known('IFLA_QDISC');
/** Its counters: struct rtnl_link_stats. */
export const IFLA_STATS = known('IFLA_STATS');
/** The index of its bridge or bond. */
export const IFLA_MASTER = known('IFLA_MASTER');
/** The length of its queue, in packets. */
export const IFLA_TXQLEN = known('IFLA_TXQLEN');
/** Its state: RFC 2863. */
export const IFLA_OPERSTATE = known('IFLA_OPERSTATE');
/** How its state changes. */
export const IFLA_LINKMODE = known('IFLA_LINKMODE');
/** Its kind, and what the kind tells. */
export const IFLA_LINKINFO = known('IFLA_LINKINFO');
/** The network namespace, by a process. */
export const IFLA_NET_NS_PID = known('IFLA_NET_NS_PID');
/** Its alias: a string. */
export const IFLA_IFALIAS = known('IFLA_IFALIAS');
/** Its counters: struct rtnl_link_stats64. */
export const IFLA_STATS64 = known('IFLA_STATS64');
/** Attributes of each family. */
export const IFLA_AF_SPEC = known('IFLA_AF_SPEC');
/** Its group. */
export const IFLA_GROUP = known('IFLA_GROUP');
/** The network namespace, by a descriptor. */
export const IFLA_NET_NS_FD = known('IFLA_NET_NS_FD');
/** More to be told. */
export const IFLA_EXT_MASK = known('IFLA_EXT_MASK');
/** Has it a carrier? */
export const IFLA_CARRIER = known('IFLA_CARRIER');
/** Another name of it: a string. */
export const IFLA_ALT_IFNAME = known('IFLA_ALT_IFNAME');
/** Its permanent hardware address. */
export const IFLA_PERM_ADDRESS = known('IFLA_PERM_ADDRESS');
/** In IFLA_LINKINFO, its kind: a string. */
export const IFLA_INFO_KIND = known('IFLA_INFO_KIND');
/** In IFLA_LINKINFO, what its kind tells. */
export const IFLA_INFO_DATA = known('IFLA_INFO_DATA');

// Attributes of an address.
/** No attribute. */
export const IFA_UNSPEC = known('IFA_UNSPEC');
/** The address; the peer's of a point-to-point link. */
export const IFA_ADDRESS = known('IFA_ADDRESS');
/** The local address. */
export const IFA_LOCAL = known('IFA_LOCAL');
/** The name of its interface: a string that ends with a zero byte. */
export const IFA_LABEL = known('IFA_LABEL');
/** The broadcast address. */
export const IFA_BROADCAST = known('IFA_BROADCAST');
/** The anycast address. */
export const IFA_ANYCAST = known('IFA_ANYCAST');
/** How long it is valid: struct ifa_cacheinfo. */
export const IFA_CACHEINFO = known('IFA_CACHEINFO');
/** The multicast address. */
export const IFA_MULTICAST = known('IFA_MULTICAST');
/** Its flags, in 32 bits: IFA_F_PERMANENT … */
export const IFA_FLAGS = known('IFA_FLAGS');
/** A flag: not the first of its network. */
export const IFA_F_SECONDARY = known('IFA_F_SECONDARY');
/** A flag: a temporary address. */
export const IFA_F_TEMPORARY = known('IFA_F_TEMPORARY');
/** A flag: no detection of duplicates. */
export const IFA_F_NODAD = known('IFA_F_NODAD');
/** A flag: another host has it. */
export const IFA_F_DADFAILED = known('IFA_F_DADFAILED');
/** A flag: not for new connections. */
export const IFA_F_DEPRECATED = known('IFA_F_DEPRECATED');
/** A flag: not yet known to be free. */
export const IFA_F_TENTATIVE = known('IFA_F_TENTATIVE');
/** A flag: it stays. */
export const IFA_F_PERMANENT = known('IFA_F_PERMANENT');

// Attributes of a route.
/** No attribute. */
export const RTA_UNSPEC = known('RTA_UNSPEC');
/** Where to. */
export const RTA_DST = known('RTA_DST');
/** Where from. */
export const RTA_SRC = known('RTA_SRC');
/** The index of the interface that it came by. */
export const RTA_IIF = known('RTA_IIF');
/** The index of the interface that it leaves by. */
export const RTA_OIF = known('RTA_OIF');
/** The gateway. */
export const RTA_GATEWAY = known('RTA_GATEWAY');
/** Its metric. */
export const RTA_PRIORITY = known('RTA_PRIORITY');
/** The source address to prefer. */
export const RTA_PREFSRC = known('RTA_PREFSRC');
/** Metrics: RTAX_MTU … */
export const RTA_METRICS = known('RTA_METRICS');
/** Several next hops. */
export const RTA_MULTIPATH = known('RTA_MULTIPATH');
/** Its realm. */
export const RTA_FLOW = known('RTA_FLOW');
/** Of a cached route: struct rta_cacheinfo. */
export const RTA_CACHEINFO = known('RTA_CACHEINFO');
/** Its table. */
export const RTA_TABLE = known('RTA_TABLE');
/** The mark of the packet. */
export const RTA_MARK = known('RTA_MARK');
/** A gateway of another family. */
export const RTA_VIA = known('RTA_VIA');
/** Its preference: RFC 4191. */
export const RTA_PREF = known('RTA_PREF');
/** When it ends. */
export const RTA_EXPIRES = known('RTA_EXPIRES');
/** The user it is asked for. */
export const RTA_UID = known('RTA_UID');
/** No table. */
export const RT_TABLE_UNSPEC = known('RT_TABLE_UNSPEC');
/** The table of defaults. */
export const RT_TABLE_DEFAULT = known('RT_TABLE_DEFAULT');
/** The usual table. */
export const RT_TABLE_MAIN = known('RT_TABLE_MAIN');
/** The table of local addresses. */
export const RT_TABLE_LOCAL = known('RT_TABLE_LOCAL');
/** A route to a host or network. */
export const RTN_UNICAST = known('RTN_UNICAST');
/** A route to this host. */
export const RTN_LOCAL = known('RTN_LOCAL');
/** A broadcast address. */
export const RTN_BROADCAST = known('RTN_BROADCAST');
/** A multicast address. */
export const RTN_MULTICAST = known('RTN_MULTICAST');
/** Packets are dropped. */
export const RTN_BLACKHOLE = known('RTN_BLACKHOLE');
/** Packets are answered with EHOSTUNREACH. */
export const RTN_UNREACHABLE = known('RTN_UNREACHABLE');
/** Packets are answered with EACCES. */
export const RTN_PROHIBIT = known('RTN_PROHIBIT');

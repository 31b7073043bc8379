/** Netlink: netlink(7), <linux/netlink.h>. */
import { known } from './define.js';

// Protocols: the `protocol` of socket(2) with AF_NETLINK.
/** Routes, links and addresses: rtnetlink(7). */
export const NETLINK_ROUTE = known('NETLINK_ROUTE');
/** Not used. */
export const NETLINK_UNUSED = known('NETLINK_UNUSED');
/** Between programs. */
export const NETLINK_USERSOCK = known('NETLINK_USERSOCK');
/** Gone from Linux 3.5. */
export const NETLINK_FIREWALL = known('NETLINK_FIREWALL');
/** The kernel's list of sockets: sock_diag(7). */
export const NETLINK_SOCK_DIAG = known('NETLINK_SOCK_DIAG');
/** Another name of NETLINK_SOCK_DIAG. */
export const NETLINK_INET_DIAG = known('NETLINK_INET_DIAG');
/** The packet filter's log, the old one. */
export const NETLINK_NFLOG = known('NETLINK_NFLOG');
/** IPsec. */
export const NETLINK_XFRM = known('NETLINK_XFRM');
/** Events of SELinux. */
export const NETLINK_SELINUX = known('NETLINK_SELINUX');
/** iSCSI. */
export const NETLINK_ISCSI = known('NETLINK_ISCSI');
/** The audit log. */
export const NETLINK_AUDIT = known('NETLINK_AUDIT');
/** Look-ups of routes. */
export const NETLINK_FIB_LOOKUP = known('NETLINK_FIB_LOOKUP');
/** The kernel's connector: events of processes for one. */
export const NETLINK_CONNECTOR = known('NETLINK_CONNECTOR');
/** The packet filter. */
export const NETLINK_NETFILTER = known('NETLINK_NETFILTER');
/** Gone from Linux. */
export const NETLINK_IP6_FW = known('NETLINK_IP6_FW');
/** Routes of DECnet. */
export const NETLINK_DNRTMSG = known('NETLINK_DNRTMSG');
/** Devices that come and go. */
export const NETLINK_KOBJECT_UEVENT = known('NETLINK_KOBJECT_UEVENT');
/** Any other subsystem, by its name. */
export const NETLINK_GENERIC = known('NETLINK_GENERIC');
/** SCSI transports. */
export const NETLINK_SCSITRANSPORT = known('NETLINK_SCSITRANSPORT');
/** eCryptfs. */
export const NETLINK_ECRYPTFS = known('NETLINK_ECRYPTFS');
/** RDMA. */
export const NETLINK_RDMA = known('NETLINK_RDMA');
/** Cryptography. */
export const NETLINK_CRYPTO = known('NETLINK_CRYPTO');
/** Shared memory communications. */
export const NETLINK_SMC = known('NETLINK_SMC');

// Options, at level SOL_NETLINK.
/** Join a multicast group: its number. */
export const NETLINK_ADD_MEMBERSHIP = known('NETLINK_ADD_MEMBERSHIP');
/** Leave a multicast group: its number. */
export const NETLINK_DROP_MEMBERSHIP = known('NETLINK_DROP_MEMBERSHIP');
/** Receive the group of each message. */
export const NETLINK_PKTINFO = known('NETLINK_PKTINFO');
/** Report every failed delivery of a multicast to its sender. */
export const NETLINK_BROADCAST_ERROR = known('NETLINK_BROADCAST_ERROR');
/** No ENOBUFS where messages were lost. */
export const NETLINK_NO_ENOBUFS = known('NETLINK_NO_ENOBUFS');
/** Receive through mapped memory; gone from Linux 4.6. */
export const NETLINK_RX_RING = known('NETLINK_RX_RING');
/** Send through mapped memory; gone from Linux 4.6. */
export const NETLINK_TX_RING = known('NETLINK_TX_RING');
/** Hear every network namespace. */
export const NETLINK_LISTEN_ALL_NSID = known('NETLINK_LISTEN_ALL_NSID');
/** The groups that the socket is in: a bit mask. Read only. */
export const NETLINK_LIST_MEMBERSHIPS = known('NETLINK_LIST_MEMBERSHIPS');
/** Acknowledgements without the request that they answer. */
export const NETLINK_CAP_ACK = known('NETLINK_CAP_ACK');
/** Acknowledgements that say in words what was wrong. */
export const NETLINK_EXT_ACK = known('NETLINK_EXT_ACK');
/** Check the requests for dumps strictly. */
export const NETLINK_GET_STRICT_CHK = known('NETLINK_GET_STRICT_CHK');

// Messages of every protocol: nlmsg_type.
/** Nothing: to be passed over. */
export const NLMSG_NOOP = known('NLMSG_NOOP');
/** An error, or with errno 0 an acknowledgement: struct nlmsgerr. */
export const NLMSG_ERROR = known('NLMSG_ERROR');
/** The end of an answer in several parts. */
export const NLMSG_DONE = known('NLMSG_DONE');
/** Data were lost. */
export const NLMSG_OVERRUN = known('NLMSG_OVERRUN');
/** The first type that a protocol may give a meaning. */
export const NLMSG_MIN_TYPE = known('NLMSG_MIN_TYPE');

// Flags of a message: nlmsg_flags.
/** It asks for something. */
export const NLM_F_REQUEST = known('NLM_F_REQUEST');
/** One part of several; NLMSG_DONE ends them. */
export const NLM_F_MULTI = known('NLM_F_MULTI');
/** Acknowledge it, please. */
export const NLM_F_ACK = known('NLM_F_ACK');
/** Tell its effect back. */
export const NLM_F_ECHO = known('NLM_F_ECHO');
/** What was told changed meanwhile: ask again. */
export const NLM_F_DUMP_INTR = known('NLM_F_DUMP_INTR');
/** The answer was filtered as asked. */
export const NLM_F_DUMP_FILTERED = known('NLM_F_DUMP_FILTERED');
/** Tell the whole table. */
export const NLM_F_ROOT = known('NLM_F_ROOT');
/** Tell all that match. */
export const NLM_F_MATCH = known('NLM_F_MATCH');
/** Tell one moment's state. */
export const NLM_F_ATOMIC = known('NLM_F_ATOMIC');
/** NLM_F_ROOT and NLM_F_MATCH: tell all. */
export const NLM_F_DUMP = known('NLM_F_DUMP');
/** Replace what there is. */
export const NLM_F_REPLACE = known('NLM_F_REPLACE');
/** Fail with EEXIST where there is one. */
export const NLM_F_EXCL = known('NLM_F_EXCL');
/** Make it where there is none. */
export const NLM_F_CREATE = known('NLM_F_CREATE');
/** Add it at the end of the list. */
export const NLM_F_APPEND = known('NLM_F_APPEND');
/** Do not delete what hangs on it. */
export const NLM_F_NONREC = known('NLM_F_NONREC');
/** Delete all that match. */
export const NLM_F_BULK = known('NLM_F_BULK');
/** In an error: the request is told without its data. */
export const NLM_F_CAPPED = known('NLM_F_CAPPED');
/** In an error: attributes follow. */
export const NLM_F_ACK_TLVS = known('NLM_F_ACK_TLVS');

/** Levels of options, the `level` of getsockopt(2) and setsockopt(2). SOL_SOCKET is with its options. */
import { known, perhaps } from './define.js';

/** Options of IPv4: IPPROTO_IP. */
export const SOL_IP = known('SOL_IP');
/** Options of IPv6: IPPROTO_IPV6. */
export const SOL_IPV6 = known('SOL_IPV6');
/** Options of ICMPv6: IPPROTO_ICMPV6. */
export const SOL_ICMPV6 = known('SOL_ICMPV6');
/** Options of TCP: IPPROTO_TCP. */
export const SOL_TCP = known('SOL_TCP');
/** Options of UDP: IPPROTO_UDP. */
export const SOL_UDP = known('SOL_UDP');
/** Options of raw sockets: raw(7). */
export const SOL_RAW = known('SOL_RAW');
/** Options of AF_PACKET: packet(7). */
export const SOL_PACKET = known('SOL_PACKET');
/** Options of AF_NETLINK: netlink(7). */
export const SOL_NETLINK = known('SOL_NETLINK');
/** Control messages of AF_VSOCK; its options are at level AF_VSOCK. */
export const SOL_VSOCK = known('SOL_VSOCK');
/** SOL_CAN_RAW is this plus CAN_RAW, and so on. */
export const SOL_CAN_BASE = known('SOL_CAN_BASE');
/** Options of AF_CAN with CAN_RAW. */
export const SOL_CAN_RAW = known('SOL_CAN_RAW');
/** Options of AF_ALG. */
export const SOL_ALG = known('SOL_ALG');
/** Options of TLS in the kernel, over TCP. */
export const SOL_TLS = known('SOL_TLS');
/** Options of Multipath TCP. */
export const SOL_MPTCP = known('SOL_MPTCP');
/** Options of AF_XDP. */
export const SOL_XDP = known('SOL_XDP');
/** Options of AF_KCM. */
export const SOL_KCM = known('SOL_KCM');
/** Options of AF_SMC. */
export const SOL_SMC = known('SOL_SMC');
/** Options of AF_MCTP. */
export const SOL_MCTP = known('SOL_MCTP');
/** Options of AF_TIPC. */
export const SOL_TIPC = known('SOL_TIPC');
/** Options of AF_BLUETOOTH. */
export const SOL_BLUETOOTH = known('SOL_BLUETOOTH');
/** Options of AF_RXRPC. */
export const SOL_RXRPC = known('SOL_RXRPC');
/** Options of AF_RDS. */
export const SOL_RDS = known('SOL_RDS');
/** Options of DCCP. */
export const SOL_DCCP = known('SOL_DCCP');
/** Options of AF_LLC. */
export const SOL_LLC = known('SOL_LLC');
/** Options of AF_IUCV. */
export const SOL_IUCV = known('SOL_IUCV');
/** Options of AF_CAIF. */
export const SOL_CAIF = known('SOL_CAIF');
/** Options of AF_NFC. */
export const SOL_NFC = known('SOL_NFC');
/** Options of Phonet pipes. */
export const SOL_PNPIPE = known('SOL_PNPIPE');
/** Options of PPP over L2TP. */
export const SOL_PPPOL2TP = known('SOL_PPPOL2TP');
/** Options of AF_X25. */
export const SOL_X25 = known('SOL_X25');
/** Options of AF_DECnet. */
export const SOL_DECNET = known('SOL_DECNET');
/** Options of AF_NETBEUI. */
export const SOL_NETBEUI = known('SOL_NETBEUI');
/** Options of AF_IRDA. */
export const SOL_IRDA = known('SOL_IRDA');
/** Options of ATM sockets. */
export const SOL_ATM = known('SOL_ATM');
/** Options of ATM adaptation layers. */
export const SOL_AAL = known('SOL_AAL');
/** Options of AF_UNIX: LOCAL_PEERCRED … (macOS). */
export const SOL_LOCAL = perhaps('SOL_LOCAL');

// Options of AF_UNIX sockets at SOL_LOCAL: unix(4) of macOS.
/** Who connected: struct xucred. Read only (macOS). */
export const LOCAL_PEERCRED = perhaps('LOCAL_PEERCRED');
/** The process that connected. Read only (macOS). */
export const LOCAL_PEERPID = perhaps('LOCAL_PEERPID');
/** The process on whose behalf it connected. Read only (macOS). */
export const LOCAL_PEEREPID = perhaps('LOCAL_PEEREPID');
/** The UUID of the process that connected. Read only (macOS). */
export const LOCAL_PEERUUID = perhaps('LOCAL_PEERUUID');
/** The UUID of the process on whose behalf it connected. Read only (macOS). */
export const LOCAL_PEEREUUID = perhaps('LOCAL_PEEREUUID');
/** The audit token of the process that connected. Read only (macOS). */
export const LOCAL_PEERTOKEN = perhaps('LOCAL_PEERTOKEN');

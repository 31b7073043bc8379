/** Protocol families: other names of the address families, <sys/socket.h>. socket(2) takes either. */
import { known, perhaps } from './define.js';

/** The same as AF_UNSPEC. */
export const PF_UNSPEC = known('PF_UNSPEC');
/** The same as AF_UNIX. */
export const PF_UNIX = known('PF_UNIX');
/** The same as AF_LOCAL. */
export const PF_LOCAL = known('PF_LOCAL');
/** The same as AF_FILE. */
export const PF_FILE = perhaps('PF_FILE');
/** The same as AF_INET. */
export const PF_INET = known('PF_INET');
/** The same as AF_INET6. */
export const PF_INET6 = known('PF_INET6');
/** The same as AF_NETLINK. */
export const PF_NETLINK = known('PF_NETLINK');
/** The same as AF_ROUTE. */
export const PF_ROUTE = known('PF_ROUTE');
/** The same as AF_PACKET. */
export const PF_PACKET = known('PF_PACKET');
/** The same as AF_VSOCK. */
export const PF_VSOCK = known('PF_VSOCK');
/** The same as AF_CAN. */
export const PF_CAN = known('PF_CAN');
/** The same as AF_BLUETOOTH. */
export const PF_BLUETOOTH = known('PF_BLUETOOTH');
/** The same as AF_ALG. */
export const PF_ALG = known('PF_ALG');
/** The same as AF_TIPC. */
export const PF_TIPC = known('PF_TIPC');
/** The same as AF_XDP. */
export const PF_XDP = known('PF_XDP');
/** The same as AF_APPLETALK. */
export const PF_APPLETALK = known('PF_APPLETALK');
/** The same as AF_ASH. */
export const PF_ASH = known('PF_ASH');
/** The same as AF_ATMPVC. */
export const PF_ATMPVC = known('PF_ATMPVC');
/** The same as AF_ATMSVC. */
export const PF_ATMSVC = known('PF_ATMSVC');
/** The same as AF_AX25. */
export const PF_AX25 = known('PF_AX25');
/** The same as AF_BRIDGE. */
export const PF_BRIDGE = known('PF_BRIDGE');
/** The same as AF_CAIF. */
export const PF_CAIF = known('PF_CAIF');
/** The same as AF_DECnet. */
export const PF_DECnet = known('PF_DECnet');
/** The same as AF_ECONET. */
export const PF_ECONET = known('PF_ECONET');
/** The same as AF_IB. */
export const PF_IB = known('PF_IB');
/** The same as AF_IEEE802154. */
export const PF_IEEE802154 = known('PF_IEEE802154');
/** The same as AF_IPX. */
export const PF_IPX = known('PF_IPX');
/** The same as AF_IRDA. */
export const PF_IRDA = known('PF_IRDA');
/** The same as AF_ISDN. */
export const PF_ISDN = known('PF_ISDN');
/** The same as AF_IUCV. */
export const PF_IUCV = known('PF_IUCV');
/** The same as AF_KCM. */
export const PF_KCM = known('PF_KCM');
/** The same as AF_KEY. */
export const PF_KEY = known('PF_KEY');
/** The same as AF_LLC. */
export const PF_LLC = known('PF_LLC');
/** The same as AF_MCTP. */
export const PF_MCTP = known('PF_MCTP');
/** The same as AF_MPLS. */
export const PF_MPLS = known('PF_MPLS');
/** The same as AF_NETBEUI. */
export const PF_NETBEUI = known('PF_NETBEUI');
/** The same as AF_NETROM. */
export const PF_NETROM = known('PF_NETROM');
/** The same as AF_NFC. */
export const PF_NFC = known('PF_NFC');
/** The same as AF_PHONET. */
export const PF_PHONET = known('PF_PHONET');
/** The same as AF_PPPOX. */
export const PF_PPPOX = known('PF_PPPOX');
/** The same as AF_QIPCRTR. */
export const PF_QIPCRTR = known('PF_QIPCRTR');
/** The same as AF_RDS. */
export const PF_RDS = known('PF_RDS');
/** The same as AF_ROSE. */
export const PF_ROSE = known('PF_ROSE');
/** The same as AF_RXRPC. */
export const PF_RXRPC = known('PF_RXRPC');
/** The same as AF_SECURITY. */
export const PF_SECURITY = known('PF_SECURITY');
/** The same as AF_SMC. */
export const PF_SMC = known('PF_SMC');
/** The same as AF_SNA. */
export const PF_SNA = known('PF_SNA');
/** The same as AF_WANPIPE. */
export const PF_WANPIPE = known('PF_WANPIPE');
/** The same as AF_X25. */
export const PF_X25 = known('PF_X25');
/** The same as AF_MAX. */
export const PF_MAX = perhaps('PF_MAX');
/** The same as AF_LINK. */
export const PF_LINK = perhaps('PF_LINK');
/** The same as AF_SYSTEM. */
export const PF_SYSTEM = perhaps('PF_SYSTEM');
/** The same as AF_NDRV. */
export const PF_NDRV = perhaps('PF_NDRV');

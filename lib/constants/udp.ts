/** UDP, at level IPPROTO_UDP: udp(7), <netinet/udp.h>, <linux/udp.h>. */
import { known, perhaps } from './define.js';

/** Gather what is sent into one datagram, until it is turned off. */
export const UDP_CORK = known('UDP_CORK');
/** Cut what is sent into datagrams of this many bytes: GSO. */
export const UDP_SEGMENT = known('UDP_SEGMENT');
/** Receive several datagrams as one; a control message tells the size of each. */
export const UDP_GRO = known('UDP_GRO');
/** The socket carries tunnels: UDP_ENCAP_ESPINUDP … */
export const UDP_ENCAP = known('UDP_ENCAP');
/** No checksum on what is sent over IPv6. */
export const UDP_NO_CHECK6_TX = known('UDP_NO_CHECK6_TX');
/** Accept datagrams over IPv6 without a checksum. */
export const UDP_NO_CHECK6_RX = known('UDP_NO_CHECK6_RX');

// Values of UDP_ENCAP.
/** UDP_ENCAP: IPsec, of an old draft. */
export const UDP_ENCAP_ESPINUDP_NON_IKE = known('UDP_ENCAP_ESPINUDP_NON_IKE');
/** UDP_ENCAP: IPsec, RFC 3948. */
export const UDP_ENCAP_ESPINUDP = known('UDP_ENCAP_ESPINUDP');
/** UDP_ENCAP: L2TP, RFC 2661. */
export const UDP_ENCAP_L2TPINUDP = known('UDP_ENCAP_L2TPINUDP');
/** UDP_ENCAP: GTP of version 0, mobile networks. */
export const UDP_ENCAP_GTP0 = known('UDP_ENCAP_GTP0');
/** UDP_ENCAP: GTP of version 1, mobile networks. */
export const UDP_ENCAP_GTP1U = known('UDP_ENCAP_GTP1U');
/** UDP_ENCAP: RxRPC. */
export const UDP_ENCAP_RXRPC = known('UDP_ENCAP_RXRPC');

// macOS only.
/** No checksum on what is sent (macOS). */
export const UDP_NOCKSUM = perhaps('UDP_NOCKSUM');
/** Keepalives sent by the device (macOS). */
export const UDP_KEEPALIVE_OFFLOAD = perhaps('UDP_KEEPALIVE_OFFLOAD');
/** UDP-Lite, at IPPROTO_UDPLITE: how many bytes of what is sent the checksum covers. */
export const UDPLITE_SEND_CSCOV = known('UDPLITE_SEND_CSCOV');
/** UDP-Lite, at IPPROTO_UDPLITE: how many bytes it has to cover of what is received. */
export const UDPLITE_RECV_CSCOV = known('UDPLITE_RECV_CSCOV');

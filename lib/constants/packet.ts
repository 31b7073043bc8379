/** Packet sockets: packet(7), <linux/if_packet.h>, <linux/if_ether.h>. */
import { known } from './define.js';

// Options, at level SOL_PACKET.
/** Receive more: struct packet_mreq. */
export const PACKET_ADD_MEMBERSHIP = known('PACKET_ADD_MEMBERSHIP');
/** Receive less: struct packet_mreq. */
export const PACKET_DROP_MEMBERSHIP = known('PACKET_DROP_MEMBERSHIP');
/** Has no effect. */
export const PACKET_RECV_OUTPUT = known('PACKET_RECV_OUTPUT');
/** Receive through mapped memory: struct tpacket_req. */
export const PACKET_RX_RING = known('PACKET_RX_RING');
/** How many packets came and were dropped; reading clears it. Read only. */
export const PACKET_STATISTICS = known('PACKET_STATISTICS');
/** The longest packet to copy, in bytes. */
export const PACKET_COPY_THRESH = known('PACKET_COPY_THRESH');
/** Receive more about each packet: struct tpacket_auxdata. */
export const PACKET_AUXDATA = known('PACKET_AUXDATA');
/** Tell the device that the packet came by, not the bond above it. */
export const PACKET_ORIGDEV = known('PACKET_ORIGDEV');
/** The version of the ring: TPACKET_V1 is 0. */
export const PACKET_VERSION = known('PACKET_VERSION');
/** The length of the ring's header, in bytes. Read only. */
export const PACKET_HDRLEN = known('PACKET_HDRLEN');
/** Room before each frame in the ring, in bytes. */
export const PACKET_RESERVE = known('PACKET_RESERVE');
/** Send through mapped memory: struct tpacket_req. */
export const PACKET_TX_RING = known('PACKET_TX_RING');
/** Skip malformed packets of the sending ring. */
export const PACKET_LOSS = known('PACKET_LOSS');
/** Each packet begins with a struct virtio_net_hdr. */
export const PACKET_VNET_HDR = known('PACKET_VNET_HDR');
/** Has no effect: see PACKET_TIMESTAMP. */
export const PACKET_TX_TIMESTAMP = known('PACKET_TX_TIMESTAMP');
/** Which timestamps: SOF_TIMESTAMPING_RAW_HARDWARE … */
export const PACKET_TIMESTAMP = known('PACKET_TIMESTAMP');
/** Share the packets among several sockets: group and PACKET_FANOUT_HASH … */
export const PACKET_FANOUT = known('PACKET_FANOUT');
/** Frames of the sending ring tell where their data begin. */
export const PACKET_TX_HAS_OFF = known('PACKET_TX_HAS_OFF');
/** Send past the packet scheduler. */
export const PACKET_QDISC_BYPASS = known('PACKET_QDISC_BYPASS');
/** How often PACKET_FANOUT_ROLLOVER happened. Read only. */
export const PACKET_ROLLOVER_STATS = known('PACKET_ROLLOVER_STATS');
/** The BPF program of the group. */
export const PACKET_FANOUT_DATA = known('PACKET_FANOUT_DATA');
/** Do not receive what this host sends. */
export const PACKET_IGNORE_OUTGOING = known('PACKET_IGNORE_OUTGOING');
/** The size of the struct virtio_net_hdr, in bytes (Linux 6.6). */
export const PACKET_VNET_HDR_SZ = known('PACKET_VNET_HDR_SZ');

// What a packet is: sll_pkttype.
/** A packet for this host. */
export const PACKET_HOST = known('PACKET_HOST');
/** A packet for everybody. */
export const PACKET_BROADCAST = known('PACKET_BROADCAST');
/** A packet for a group. */
export const PACKET_MULTICAST = known('PACKET_MULTICAST');
/** A packet for somebody else. */
export const PACKET_OTHERHOST = known('PACKET_OTHERHOST');
/** A packet that this host sends. */
export const PACKET_OUTGOING = known('PACKET_OUTGOING');
/** A packet of the loopback. */
export const PACKET_LOOPBACK = known('PACKET_LOOPBACK');
/** A packet for a program. */
export const PACKET_USER = known('PACKET_USER');
/** A packet for the kernel. */
export const PACKET_KERNEL = known('PACKET_KERNEL');
/** Has no meaning any more. */
export const PACKET_FASTROUTE = known('PACKET_FASTROUTE');

// How PACKET_FANOUT shares.
/** PACKET_FANOUT: by a hash of the flow. */
export const PACKET_FANOUT_HASH = known('PACKET_FANOUT_HASH');
/** PACKET_FANOUT: in turn. */
export const PACKET_FANOUT_LB = known('PACKET_FANOUT_LB');
/** PACKET_FANOUT: by the CPU that received the packet. */
export const PACKET_FANOUT_CPU = known('PACKET_FANOUT_CPU');
/** PACKET_FANOUT: the next socket when one is full. */
export const PACKET_FANOUT_ROLLOVER = known('PACKET_FANOUT_ROLLOVER');
/** PACKET_FANOUT: at random. */
export const PACKET_FANOUT_RND = known('PACKET_FANOUT_RND');
/** PACKET_FANOUT: by the device's queue. */
export const PACKET_FANOUT_QM = known('PACKET_FANOUT_QM');
/** PACKET_FANOUT: a classic BPF program decides. */
export const PACKET_FANOUT_CBPF = known('PACKET_FANOUT_CBPF');
/** PACKET_FANOUT: an eBPF program decides. */
export const PACKET_FANOUT_EBPF = known('PACKET_FANOUT_EBPF');
/** PACKET_FANOUT: the next socket when the chosen one is full. */
export const PACKET_FANOUT_FLAG_ROLLOVER = known('PACKET_FANOUT_FLAG_ROLLOVER');
/** PACKET_FANOUT: the kernel chooses the group's number. */
export const PACKET_FANOUT_FLAG_UNIQUEID = known('PACKET_FANOUT_FLAG_UNIQUEID');
/** PACKET_FANOUT: do not receive what this host sends (newer Linux). */
export const PACKET_FANOUT_FLAG_IGNORE_OUTGOING = known('PACKET_FANOUT_FLAG_IGNORE_OUTGOING');
/** PACKET_FANOUT: put fragments together first. */
export const PACKET_FANOUT_FLAG_DEFRAG = known('PACKET_FANOUT_FLAG_DEFRAG');

// What PACKET_ADD_MEMBERSHIP adds.
/** PACKET_ADD_MEMBERSHIP: a group. */
export const PACKET_MR_MULTICAST = known('PACKET_MR_MULTICAST');
/** PACKET_ADD_MEMBERSHIP: everything. */
export const PACKET_MR_PROMISC = known('PACKET_MR_PROMISC');
/** PACKET_ADD_MEMBERSHIP: every group. */
export const PACKET_MR_ALLMULTI = known('PACKET_MR_ALLMULTI');
/** PACKET_ADD_MEMBERSHIP: another address of this host. */
export const PACKET_MR_UNICAST = known('PACKET_MR_UNICAST');

// Protocols of Ethernet, for socket(2) in network byte order.
/** Every protocol. */
export const ETH_P_ALL = known('ETH_P_ALL');
/** IPv4. */
export const ETH_P_IP = known('ETH_P_IP');
/** IPv6. */
export const ETH_P_IPV6 = known('ETH_P_IPV6');
/** ARP. */
export const ETH_P_ARP = known('ETH_P_ARP');
/** RARP. */
export const ETH_P_RARP = known('ETH_P_RARP');
/** A VLAN. */
export const ETH_P_8021Q = known('ETH_P_8021Q');
/** A VLAN of a provider. */
export const ETH_P_8021AD = known('ETH_P_8021AD');
/** Frames of IEEE 802.2. */
export const ETH_P_802_2 = known('ETH_P_802_2');
/** Frames of IEEE 802.3. */
export const ETH_P_802_3 = known('ETH_P_802_3');
/** Authentication of ports, IEEE 802.1X. */
export const ETH_P_PAE = known('ETH_P_PAE');
/** PPP over Ethernet: discovery. */
export const ETH_P_PPP_DISC = known('ETH_P_PPP_DISC');
/** PPP over Ethernet: session. */
export const ETH_P_PPP_SES = known('ETH_P_PPP_SES');
/** MPLS. */
export const ETH_P_MPLS_UC = known('ETH_P_MPLS_UC');
/** MPLS, multicast. */
export const ETH_P_MPLS_MC = known('ETH_P_MPLS_MC');
/** LLDP. */
export const ETH_P_LLDP = known('ETH_P_LLDP');
/** Precision time, IEEE 1588. */
export const ETH_P_1588 = known('ETH_P_1588');
/** Ethernet loopback. */
export const ETH_P_LOOPBACK = known('ETH_P_LOOPBACK');
/** CAN. */
export const ETH_P_CAN = known('ETH_P_CAN');
/** CAN FD. */
export const ETH_P_CANFD = known('ETH_P_CANFD');

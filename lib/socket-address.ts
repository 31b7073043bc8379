/** An IPv4 address: ip(7). */
export interface IPv4Address {
  /** As Node spells it. */
  family: 'IPv4';
  /** In dotted form: `'127.0.0.1'`. `'0.0.0.0'` is every address of this host. */
  address: string;
  /** 0 to 65535; 0 to bind: the kernel chooses. */
  port: number;
}

/** An IPv6 address: ipv6(7). */
export interface IPv6Address {
  /** As Node spells it. */
  family: 'IPv6';
  /** `'::1'`. `'::'` is every address of this host; `'fe80::1%eth0'` says the scope id too. */
  address: string;
  /** 0 to 65535; 0 to bind: the kernel chooses. */
  port: number;
  /** 0 to 2^20 - 1; left out where it is 0. */
  flowlabel?: number;
  /** The index of the interface, for link-local addresses; left out where it is 0. */
  scopeid?: number;
}

/** The name of a unix socket: unix(7). */
export interface UnixAddress {
  /** AF_UNIX. */
  family: 'Unix';
  /** A path; `''`: no name (to bind: the kernel chooses one); `'\0name'`: an abstract name (Linux). */
  path: string;
}

/** The name of a unix socket in bytes: so a name that is not UTF-8 is told, and any name can be given. */
export interface UnixBytesAddress {
  /** AF_UNIX. */
  family: 'Unix';
  /** A path; or behind a zero byte an abstract name (Linux). */
  path: Buffer;
}

/** The address of a netlink socket (Linux): netlink(7). */
export interface NetlinkAddress {
  /** AF_NETLINK. */
  family: 'Netlink';
  /** The port id: 0 is the kernel. */
  pid: number;
  /** The multicast groups, as bits. */
  groups: number;
}

/** The address of a packet socket (Linux): packet(7), `struct sockaddr_ll`. What is left out is 0. */
export interface PacketAddress {
  /** AF_PACKET. */
  family: 'Packet';
  /** The interface's index; 0 to bind: every interface. */
  ifindex: number;
  /** ETH_P_*, in the host's byte order. */
  protocol: number;
  /** ARPHRD_*: the kind of the device. */
  hatype?: number;
  /** PACKET_HOST, PACKET_OUTGOING …: where the packet was going. */
  pkttype?: number;
  /** The hardware address: the sender's, or to send the destination's; 32 bytes at most. */
  address?: Uint8Array;
}

/** An address between virtual machines and their host (Linux): vsock(7), `struct sockaddr_vm`. */
export interface VSockAddress {
  /** AF_VSOCK. */
  family: 'VSock';
  /** The machine: VMADDR_CID_HOST, VMADDR_CID_ANY … */
  cid: number;
  /** 0 to 2^32 - 1; VMADDR_PORT_ANY to bind: the kernel chooses. */
  port: number;
  /** VMADDR_FLAG_TO_HOST; left out where it is 0. */
  flags?: number;
}

/** The address of a CAN socket (Linux): `struct sockaddr_can`, <linux/can.h>. */
export interface CanAddress {
  /** AF_CAN. */
  family: 'CAN';
  /** The interface's index; 0 to bind: every interface. */
  ifindex: number;
  /** Of CAN_ISOTP: the identifiers of the frames. */
  tp?: {
    /** Those that come. */
    rx_id: number;
    /** Those that go. */
    tx_id: number;
  };
  /** Of CAN_J1939. */
  j1939?: {
    /** 64 bits; J1939_NO_NAME. */
    name: bigint;
    /** The parameter group; J1939_NO_PGN. */
    pgn: number;
    /** 0 to 255; J1939_NO_ADDR. */
    addr: number;
  };
}

/** An address of any other family. */
export interface RawAddress {
  /** Not told by name. */
  family: 'raw';
  /** The bytes of its sockaddr, the family's number first. */
  sockaddr: Uint8Array;
}

/**
 * Where a socket is, or shall be. `family` is spelled as Node spells it, so what `net.Server#address()` returns goes
 * straight into `connect`.
 */
export type SocketAddress =
  | IPv4Address
  | IPv6Address
  | UnixAddress
  | UnixBytesAddress
  | NetlinkAddress
  | PacketAddress
  | VSockAddress
  | CanAddress
  | RawAddress;

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

/** The address of a netlink socket (Linux): netlink(7). */
export interface NetlinkAddress {
  /** AF_NETLINK. */
  family: 'Netlink';
  /** The port id: 0 is the kernel. */
  pid: number;
  /** The multicast groups, as bits. */
  groups: number;
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
export type SocketAddress = IPv4Address | IPv6Address | UnixAddress | NetlinkAddress | RawAddress;

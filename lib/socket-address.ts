/**
 * Where a socket is, or shall be. `family` is spelled as Node spells it, so what
 * `net.Server#address()` returns goes straight into `connect`.
 */
export type SocketAddress =
  /** IPv4: `address` in dotted form, `port` 0 to 65535 (0: the kernel chooses). */
  | { family: 'IPv4'; address: string; port: number }
  /** IPv6: `scopeid` is the interface's index, for link-local addresses; `fe80::1%eth0` says it too. */
  | { family: 'IPv6'; address: string; port: number; flowlabel?: number; scopeid?: number }
  /** A unix socket's path. `''` is unnamed (bind: the kernel chooses a name); `'\0name'` is abstract (Linux). */
  | { family: 'Unix'; path: string }
  /** Netlink (Linux): port id and multicast groups. */
  | { family: 'Netlink'; pid: number; groups: number }
  /** Any other family, as the bytes of its sockaddr, the family's number first. */
  | { family: 'raw'; sockaddr: Uint8Array };

/** The types of what native/layout.cc exports: where the fields of C's structs are. */

/** Where a field of a C struct is: its offset and its size in bytes. */
export type Field = readonly [offset: number, size: number];

/** A C struct: its size in bytes, and its fields. */
export type StructLayout<Name extends string> = { readonly size: number } & Readonly<Record<Name, Field>>;

/** The structs whose layout the addon tells. */
export interface Layout {
  readonly Reply: StructLayout<'length' | 'value' | 'flags' | 'controlLength' | 'address'>;
  readonly sockaddr: StructLayout<'sa_family'> & { readonly sa_len?: Field };
  readonly sockaddr_in: StructLayout<'sin_port' | 'sin_addr'>;
  readonly sockaddr_in6: StructLayout<'sin6_port' | 'sin6_flowinfo' | 'sin6_addr' | 'sin6_scope_id'>;
  readonly sockaddr_un: StructLayout<'sun_path'>;
  readonly cmsghdr: StructLayout<'cmsg_len' | 'cmsg_level' | 'cmsg_type'> & {
    readonly data: number;
    readonly align: number;
  };
  readonly pollfd: StructLayout<'fd' | 'events' | 'revents'>;
  readonly InterfaceName: StructLayout<'index' | 'name'>;
  readonly timeval: StructLayout<'tv_sec' | 'tv_usec'>;
  readonly timespec: StructLayout<'tv_sec' | 'tv_nsec'>;
  readonly linger: StructLayout<'l_onoff' | 'l_linger'>;
  readonly ip_mreq: StructLayout<'imr_multiaddr' | 'imr_interface'>;
  readonly ip_mreqn: StructLayout<'imr_multiaddr' | 'imr_address' | 'imr_ifindex'>;
  readonly ip_mreq_source: StructLayout<'imr_multiaddr' | 'imr_interface' | 'imr_sourceaddr'>;
  readonly group_source_req: StructLayout<'gsr_interface' | 'gsr_group' | 'gsr_source'>;
  readonly ipv6_mreq: StructLayout<'ipv6mr_multiaddr' | 'ipv6mr_interface'>;
  readonly in_pktinfo: StructLayout<'ipi_ifindex' | 'ipi_spec_dst' | 'ipi_addr'>;
  readonly in6_pktinfo: StructLayout<'ipi6_addr' | 'ipi6_ifindex'>;
  // Linux only.
  readonly sockaddr_nl?: StructLayout<'nl_pid' | 'nl_groups'>;
  readonly sockaddr_ll?: StructLayout<
    'sll_protocol' | 'sll_ifindex' | 'sll_hatype' | 'sll_pkttype' | 'sll_halen' | 'sll_addr'
  >;
  readonly sockaddr_vm?: StructLayout<'svm_port' | 'svm_cid' | 'svm_flags'>;
  readonly sockaddr_can?: StructLayout<'can_ifindex' | 'can_addr.tp.rx_id' | 'can_addr.tp.tx_id'> &
    Partial<Readonly<Record<`can_addr.j1939.${'name' | 'pgn' | 'addr'}`, Field>>>;
  readonly ucred?: StructLayout<'pid' | 'uid' | 'gid'>;
  readonly sock_extended_err?: StructLayout<'ee_errno' | 'ee_origin' | 'ee_type' | 'ee_code' | 'ee_info' | 'ee_data'>;
  readonly ifreq?: StructLayout<'ifr_name' | 'ifr_flags' | 'ifr_ifindex' | 'ifr_mtu' | 'ifr_addr' | 'ifr_hwaddr'>;
  readonly sock_filter?: StructLayout<'code' | 'jt' | 'jf' | 'k'>;
}

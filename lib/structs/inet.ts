/** Groups, and the interface of a datagram: the structs of ip(7) and ipv6(7). */
import type { Field } from '../layout.js';
import { native } from '../native.js';
import { asText } from '../validate.js';
import { bytesToDecode, count, ipv4, ipv6, struct, unsigned, type Kind, type Struct } from './codec.js';

const { layout } = native;

/** `struct ip_mreq`: IP_ADD_MEMBERSHIP; ip(7). */
export interface IpMreq {
  /** The group's address. */
  multiaddr: string;
  /** The local address of the interface; '0.0.0.0': the kernel chooses. */
  interface: string;
}

/** `struct ip_mreqn`: IP_ADD_MEMBERSHIP, IP_MULTICAST_IF; ip(7). */
export interface IpMreqn {
  /** The group's address. */
  multiaddr: string;
  /** The local address of the interface. */
  address: string;
  /** The interface's index, which counts more than its address; 0 for none. */
  ifindex: number;
}

/** `struct ip_mreq_source`: IP_ADD_SOURCE_MEMBERSHIP, IP_BLOCK_SOURCE; ip(7). */
export interface IpMreqSource {
  /** The group's address. */
  multiaddr: string;
  /** The local address of the interface. */
  interface: string;
  /** The sender's address. */
  sourceaddr: string;
}

/** `struct ipv6_mreq`: IPV6_JOIN_GROUP, IPV6_JOIN_ANYCAST; ipv6(7). */
export interface Ipv6Mreq {
  /** The group's address. */
  multiaddr: string;
  /** The interface's index; 0: the kernel chooses. */
  interface: number;
}

/** `struct in_pktinfo`: IP_PKTINFO; ip(7). */
export interface InPktinfo {
  /** The interface's index. */
  ifindex: number;
  /** The local address: to send, the source; received, the address the datagram came in by. */
  spec_dst: string;
  /** The destination in the datagram's header; not used to send. */
  addr: string;
}

/** `struct in6_pktinfo`: IPV6_PKTINFO; ipv6(7). */
export interface In6Pktinfo {
  /** The local address: to send, the source; received, the destination in the datagram's header. */
  addr: string;
  /** The interface's index. */
  ifindex: number;
}

/** An address by itself: text, and the bytes of the field that it is elsewhere. */
function alone(name: string, kind: Kind<string>, [, size]: Field): Struct<string> {
  return {
    size,
    encode(value, argument = 'value') {
      const bytes = Buffer.alloc(size);
      kind.write(bytes, [0, size], value, asText(argument, 'name'));
      return bytes;
    },
    decode: (bytes) => kind.read(bytesToDecode(bytes, name, size, size), [0, size]),
  };
}

/**
 * `struct in_addr`: an IPv4 address, in text; IP_MULTICAST_IF of ip(7).
 *
 * @example
 * in_addr.decode(getsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, in_addr.size)) // '127.0.0.1'
 */
export const in_addr: Struct<string> = alone('in_addr', ipv4, layout.sockaddr_in.sin_addr);

/** `struct in6_addr`: an IPv6 address, in text, without a zone; ipv6(7). */
export const in6_addr: Struct<string> = alone('in6_addr', ipv6, layout.sockaddr_in6.sin6_addr);

/** `struct ip_mreq`: joining and leaving a group by the interface's address; IP_ADD_MEMBERSHIP of ip(7). */
export const ip_mreq: Struct<IpMreq> = struct('ip_mreq', layout.ip_mreq, {
  multiaddr: ['imr_multiaddr', ipv4],
  interface: ['imr_interface', ipv4],
});

/** `struct ip_mreqn`: joining and leaving a group by the interface's index; IP_ADD_MEMBERSHIP of ip(7). */
export const ip_mreqn: Struct<IpMreqn> = struct('ip_mreqn', layout.ip_mreqn, {
  multiaddr: ['imr_multiaddr', ipv4],
  address: ['imr_address', ipv4],
  ifindex: ['imr_ifindex', count],
});

/** `struct ip_mreq_source`: one sender of a group; IP_ADD_SOURCE_MEMBERSHIP of ip(7). */
export const ip_mreq_source: Struct<IpMreqSource> = struct('ip_mreq_source', layout.ip_mreq_source, {
  multiaddr: ['imr_multiaddr', ipv4],
  interface: ['imr_interface', ipv4],
  sourceaddr: ['imr_sourceaddr', ipv4],
});

/** `struct ipv6_mreq`: joining and leaving a group; IPV6_JOIN_GROUP of ipv6(7). */
export const ipv6_mreq: Struct<Ipv6Mreq> = struct('ipv6_mreq', layout.ipv6_mreq, {
  multiaddr: ['ipv6mr_multiaddr', ipv6],
  interface: ['ipv6mr_interface', unsigned],
});

/** `struct in_pktinfo`: interface and addresses of a datagram; IP_PKTINFO of ip(7). */
export const in_pktinfo: Struct<InPktinfo> = struct('in_pktinfo', layout.in_pktinfo, {
  ifindex: ['ipi_ifindex', count],
  spec_dst: ['ipi_spec_dst', ipv4],
  addr: ['ipi_addr', ipv4],
});

/** `struct in6_pktinfo`: interface and address of a datagram; IPV6_PKTINFO of ipv6(7). */
export const in6_pktinfo: Struct<In6Pktinfo> = struct('in6_pktinfo', layout.in6_pktinfo, {
  addr: ['ipi6_addr', ipv6],
  ifindex: ['ipi6_ifindex', unsigned],
});

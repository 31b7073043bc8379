/** Multicast groups of IPv4 and IPv6, of any sender or of one: a choice among the options of setsockopt(2). */
import {
  IP_ADD_MEMBERSHIP,
  IP_ADD_SOURCE_MEMBERSHIP,
  IP_DROP_MEMBERSHIP,
  IP_DROP_SOURCE_MEMBERSHIP,
  IPPROTO_IP,
  IPPROTO_IPV6,
  MCAST_JOIN_SOURCE_GROUP,
  MCAST_LEAVE_SOURCE_GROUP,
} from '../constants/in.js';
import { IPV6_JOIN_GROUP, IPV6_LEAVE_GROUP } from '../constants/in6.js';
import type { StructOption } from '../constants/define.js';
import { isIP } from '../ip.js';
import { group_source_req, ip_mreq, ip_mreq_source, ip_mreqn, ipv6_mreq } from '../structs.js';
import { if_nametoindex } from '../syscalls/inet.js';
import { setsockopt } from '../syscalls/sockopt.js';
import { asFd, asObject, asText, INT32_MAX, integer, invalidValue } from '../validate.js';

/** What {@link joinGroup} and {@link leaveGroup} can be given. */
export interface GroupOptions {
  /**
   * The interface by which the group is heard: its name (`'eth0'`), its index, or, for an IPv4 group, its local address.
   * Left out, or 0: the kernel chooses.
   */
  interface?: string | number;
  /** The only sender to hear (source-specific multicast); it may be joined again for another one. Left out: every sender. */
  source?: string;
}

type Change = (fd: number, level: number, option: StructOption, bytes: Buffer) => void;

/** The options that join, and those that leave. */
const JOIN = [IP_ADD_MEMBERSHIP, IP_ADD_SOURCE_MEMBERSHIP, IPV6_JOIN_GROUP, MCAST_JOIN_SOURCE_GROUP] as const;
const LEAVE = [IP_DROP_MEMBERSHIP, IP_DROP_SOURCE_MEMBERSHIP, IPV6_LEAVE_GROUP, MCAST_LEAVE_SOURCE_GROUP] as const;

/**
 * Joins a multicast group: `setsockopt(2)` with IP_ADD_MEMBERSHIP of ip(7), IPV6_JOIN_GROUP of ipv6(7), or, for one sender,
 * IP_ADD_SOURCE_MEMBERSHIP or MCAST_JOIN_SOURCE_GROUP. To hear it the socket has to be bound to the group's port.
 *
 * @param fd - a datagram socket of the group's family (on Linux an IPv6 one may join an IPv4 group); it stays yours
 * @param group - the group's address, IPv4 or IPv6, without a zone
 * @param options - the interface, and the sender
 * @throws SocketError EADDRINUSE (joined already), EINVAL (no group's address), ENODEV (no such interface, or none to choose),
 * EADDRNOTAVAIL, ENOBUFS (too many groups), ENOPROTOOPT, EBADF, ENOTSOCK
 * @example
 * joinGroup(fd, '224.0.0.251', { interface: 'eth0' })
 */
export function joinGroup(fd: number, group: string, options: GroupOptions = {}): void {
  change(fd, group, options, JOIN);
}

/**
 * Leaves a multicast group: `setsockopt(2)`, with the options that undo those of {@link joinGroup}. Closing the socket
 * leaves all its groups.
 *
 * @param fd - the socket that joined; it stays yours
 * @param group - the group's address
 * @param options - what joinGroup was given: the kernel does not know that a name and a local address are one interface
 * @throws SocketError EADDRNOTAVAIL (not joined so), EINVAL, ENODEV, ENOPROTOOPT, EBADF, ENOTSOCK
 */
export function leaveGroup(fd: number, group: string, options: GroupOptions = {}): void {
  change(fd, group, options, LEAVE);
}

function change(fd: number, group: string, options: GroupOptions, to: typeof JOIN): void {
  asFd(fd);
  const isIPv6Group = asText(group, 'group').includes(':');
  const { interface: given, source } = asObject(options, 'options') as GroupOptions;
  if (source !== undefined) asText(source, 'options.source');
  const { index, address } = interfaceOf(given, isIPv6Group);
  const [plain, ofSource, plain6, ofSourceByIndex] = to;
  const set: Change = setsockopt;
  if (source !== undefined && (isIPv6Group || index !== 0)) {
    const family = isIPv6Group ? 'IPv6' : 'IPv4';
    const bytes = group_source_req.encode({
      interface: index,
      group: { family, address: group, port: 0 },
      source: { family, address: source, port: 0 },
    });
    set(fd, isIPv6Group ? IPPROTO_IPV6 : IPPROTO_IP, ofSourceByIndex, bytes);
  } else if (source !== undefined) {
    set(fd, IPPROTO_IP, ofSource, ip_mreq_source.encode({ multiaddr: group, interface: address, sourceaddr: source }));
  } else if (isIPv6Group) {
    set(fd, IPPROTO_IPV6, plain6, ipv6_mreq.encode({ multiaddr: group, interface: index }));
  } else if (index !== 0) {
    set(fd, IPPROTO_IP, plain, ip_mreqn.encode({ multiaddr: group, address, ifindex: index }));
  } else {
    set(fd, IPPROTO_IP, plain, ip_mreq.encode({ multiaddr: group, interface: address }));
  }
}

/** An interface as the structs tell it: by its index, or, where that is 0, by its local address. */
function interfaceOf(given: unknown, isIPv6Group: boolean): { index: number; address: string } {
  const address = '0.0.0.0';
  if (given === undefined) return { index: 0, address };
  if (typeof given === 'number') return { index: integer(given, 'options.interface', 0, INT32_MAX), address };
  const text = asText(given, 'options.interface');
  if (isIP(text) !== 4) return { index: if_nametoindex(text), address };
  if (!isIPv6Group) return { index: 0, address: text };
  throw invalidValue('options.interface', 'must be a name or an index for an IPv6 group', text);
}

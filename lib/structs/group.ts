/** One sender of a group, with the interface's index, in IPv4 and IPv6 alike: RFC 3678, <netinet/in.h>. */
import { native } from '../native.js';
import { decodeName, encodeAddress } from '../sockaddr.js';
import type { SocketAddress } from '../socket-address.js';
import { struct, unsigned, type Kind, type Struct } from './codec.js';

/** `struct group_source_req`: MCAST_JOIN_SOURCE_GROUP, MCAST_LEAVE_SOURCE_GROUP; RFC 3678. */
export interface GroupSourceReq {
  /** The interface's index; 0: the kernel chooses. */
  interface: number;
  /** The group's address; its port does not count. */
  group: SocketAddress;
  /** The sender's address; its port does not count. */
  source: SocketAddress;
}

/** A struct sockaddr_storage. */
const storage: Kind<SocketAddress> = {
  read: (bytes, [offset, size]) => decodeName(bytes.subarray(offset, offset + size), size),
  write: (bytes, [offset], value) => {
    bytes.set(encodeAddress(value as SocketAddress), offset);
  },
};

/** `struct group_source_req`: one sender of a group by the interface's index; MCAST_JOIN_SOURCE_GROUP of RFC 3678. */
export const group_source_req: Struct<GroupSourceReq> = struct('group_source_req', native.layout.group_source_req, {
  interface: ['gsr_interface', unsigned],
  group: ['gsr_group', storage],
  source: ['gsr_source', storage],
});

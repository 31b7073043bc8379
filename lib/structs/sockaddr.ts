/** struct sockaddr, where an option or a control message carries one. Pure. */
import { native } from '../native.js';
import { decodeName, encodeAddress } from '../sockaddr.js';
import type { SocketAddress } from '../socket-address.js';
import { asPlainBytes } from '../validate.js';
import type { Struct } from './codec.js';

/**
 * A socket address of any family: `struct sockaddr`, in as many bytes as its family has. `size` is enough for all, and
 * what is behind the address does not count.
 *
 * @example
 * sockaddr.decode(getsockopt(fd, SOL_IP, SO_ORIGINAL_DST, sockaddr.size)) // where a redirected connection was going
 */
export const sockaddr: Struct<SocketAddress> = {
  size: native.layout.Reply.address[1],
  encode: (address) => Buffer.from(encodeAddress(address)), // a copy: ours are kept
  decode(given) {
    const bytes = asPlainBytes(given, 'bytes');
    return decodeName(bytes, bytes.length);
  },
};

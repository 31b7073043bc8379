/** Ends sockets that no program has any more: SOCK_DESTROY of sock_diag(7). It takes CAP_NET_ADMIN. */
import { LITTLE } from '../../bytes.js';
import { parseIPv4, parseIPv6 } from '../../ip.js';
import { AF_INET, AF_INET6, IPPROTO_TCP } from './calls.js';
import { ALL_STATES, type Endpoint } from './inet-diag.js';
import { encodeCommand, tell } from './netlink.js';

const SOCK_DESTROY = 21;
const REQUEST_SIZE = 56; // struct inet_diag_req_v2
const [SPORT, DPORT, SRC, DST, INTERFACE, COOKIE] = [8, 10, 12, 28, 44, 48];

/**
 * Ends one TCP socket: a connection in TIME_WAIT, or one that the kernel still closes.
 *
 * @throws SocketError EPERM (it takes root), ENOENT (it has gone), EOPNOTSUPP or EINVAL (the kernel was built without
 * CONFIG_INET_DIAG_DESTROY); as `ask`
 */
export function destroyTcp(local: Endpoint, remote: Endpoint, interfaceIndex = 0): void {
  const isIPv6 = local.address.includes(':');
  const body = new Uint8Array(REQUEST_SIZE);
  const view = new DataView(body.buffer);
  body[0] = isIPv6 ? AF_INET6 : AF_INET;
  body[1] = IPPROTO_TCP;
  view.setUint32(4, ALL_STATES, LITTLE);
  view.setUint16(SPORT, local.port); // network byte order
  view.setUint16(DPORT, remote.port);
  const parse = isIPv6 ? parseIPv6 : parseIPv4;
  parse(local.address, 'local', body.subarray(SRC, SRC + (isIPv6 ? 16 : 4)));
  parse(remote.address, 'remote', body.subarray(DST, DST + (isIPv6 ? 16 : 4)));
  view.setUint32(INTERFACE, interfaceIndex, LITTLE);
  view.setUint32(COOKIE, 0xffffffff, LITTLE); // INET_DIAG_NOCOOKIE
  view.setUint32(COOKIE + 4, 0xffffffff, LITTLE);
  tell(encodeCommand(SOCK_DESTROY, body));
}

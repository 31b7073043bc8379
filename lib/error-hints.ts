/** What helps, where an error's name does not say it: looked up when the call has failed, never guessed. */
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { IPPROTO_ICMP, IPPROTO_ICMPV6 } from './constants/in.js';
import { AF_INET, AF_INET6, SOCK_DGRAM, SOCK_RAW } from './constants/socket.js';

const PING_GROUPS = '/proc/sys/net/ipv4/ping_group_range';
/** The type, without SOCK_NONBLOCK and SOCK_CLOEXEC. */
const TYPE_MASK = 0xf;

/** Of a call with an IP address that failed. */
export function addressHint(
  code: string,
  { address = '', hasScope }: { address?: string; hasScope?: boolean },
): string {
  if (code === 'EINVAL' && /^fe[89ab][^%]*$/i.test(address) && !hasScope) {
    return ` (a link-local address needs its interface: '${address}%eth0', or scopeid)`;
  }
  if (code === 'ENETUNREACH') {
    const isLoopback = address === '::1' || /^127(\.\d+){3}$/.test(address);
    if (isLoopback && !hasLoopback()) return ' (no loopback interface is up here: ip link set lo up)';
  }
  return '';
}

/** Of socket(2) that failed. */
export function socketHint(code: string, domain: number, type: number, protocol: number): string {
  if (domain !== AF_INET && domain !== AF_INET6) return '';
  const kind = type & TYPE_MASK;
  const isIcmp = protocol === (domain === AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
  if (code === 'EPERM' && kind === SOCK_RAW) {
    return ` (SOCK_RAW needs CAP_NET_RAW${isIcmp ? '; SOCK_DGRAM pings without it' : ''})`;
  }
  if (code !== 'EACCES' || kind !== SOCK_DGRAM || !isIcmp) return '';
  const [first, last] = pingGroups() ?? [];
  if (first === undefined || last === undefined) return '';
  const who = Number(first) > Number(last) ? 'no group' : `only groups ${first} to ${last}`;
  return ` (${who} may ping here: sysctl -w net.ipv4.ping_group_range='0 2147483647')`;
}

/** Is there a loopback interface that is up? Node lists those that are. */
function hasLoopback(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => internal));
}

/** The first and the last group that may ping without CAP_NET_RAW. */
function pingGroups(): [first: string, last: string] | undefined {
  try {
    const [first = '', last = ''] = readFileSync(PING_GROUPS, 'latin1').trim().split(/\s+/);
    return [first, last];
  } catch {
    return undefined; // no Linux, or no /proc
  }
}

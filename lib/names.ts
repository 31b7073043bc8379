/** The way back from numbers to the names of C's headers, for messages and listings. Pure. */
import { IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP, IPPROTO_UDP, SOL_SOCKET } from './constants.js';
import { native } from './native.js';
import { asText, integer } from './validate.js';

// Where C gives several meanings one prefix: 'SO_' means options, so SO_EE_ORIGIN_ICMP has no part in it.
const OTHER_MEANINGS = [
  ...['SO_EE_', 'SO_EE_CODE_', 'SO_EE_ORIGIN_', 'SO_VM_SOCKETS_', 'SO_J1939_', 'SO_ORIGINAL_DST'],
  ...['IP_PMTUDISC_', 'IP_DEFAULT_', 'IP_MAX_', 'IP_PORTRANGE_'],
  ...['IPV6_PMTUDISC_', 'IPV6_RTHDR_', 'IPV6_PREFER_', 'IPV6_FLOWINFO_FLOWLABEL', 'IPV6_FLOWINFO_PRIORITY'],
  ...['IPV6_FL_A_', 'IPV6_FL_F_', 'IPV6_FL_S_', 'IPV6_PRIORITY_', 'IPV6_TLV_'],
  ...['TCP_CA_', 'TCP_COOKIE_', 'TCP_S_', 'TCP_AO_KEYF_', 'TCP_AO_MAXKEYLEN', 'TCP_MD5SIG_FLAG_', 'TCP_MD5SIG_MAX'],
  ...['TCP_MSS', 'TCP_MAXWIN', 'TCP_MAX_', 'TCP_MAXHLEN', 'TCP_MINMSS', 'TCP_ENCAP_', 'TCP_RECEIVE_'],
  ...['TCP_REPAIR_ON', 'TCP_REPAIR_OFF', 'TCP_NO_QUEUE', 'TCP_RECV_QUEUE', 'TCP_SEND_QUEUE', 'UDP_ENCAP_'],
  ...['MCAST_INCLUDE', 'MCAST_EXCLUDE'],
  ...[
    'AF_MAX',
    'SOCK_SNDBUF_',
    'SOCK_RCVBUF_',
    'SOCK_BUF_',
    'SOCK_TXREHASH_',
    'SCM_TSTAMP_',
    'SCM_J1939_',
    'IFA_F_',
    'SOL_CAN_BASE',
  ],
  ...['PACKET_FANOUT_', 'PACKET_MR_', 'SKF_AD_', 'CAN_RAW_', 'SOF_TXTIME_', 'F_OFD_'],
];

function means(prefix: string, name: string): boolean {
  return (
    name.startsWith(prefix) && !OTHER_MEANINGS.some((other) => other.length > prefix.length && name.startsWith(other))
  );
}

/** The constants of a prefix, the usual name of a number before its other names. */
function constantsOf(prefix: string): [name: string, value: number][] {
  asText(prefix, 'prefix');
  return Object.entries(native.constants).filter(([name]) => means(prefix, name));
}

/**
 * The name of a number among the constants of a prefix, or undefined where no constant has it.
 *
 * Where a number has several names, the usual one: AF_UNIX, not AF_LOCAL. Where C gives one prefix
 * several meanings, a short prefix is the families, types, levels, protocols or options, and a longer
 * one the rest: `'SO_EE_ORIGIN_'`, `'IP_PMTUDISC_'`, `'TCP_CA_'`.
 *
 * @param prefix - how the names begin: `'AF_'`, `'SO_'`, `'IPPROTO_'` …
 * @example
 * constantName('SO_', SO_REUSEADDR) // 'SO_REUSEADDR'
 */
export function constantName(prefix: string, value: number): string | undefined {
  return constantsOf(prefix).find(([, number]) => number === value)?.[0];
}

/**
 * The names of the flags in a number, lowest bit first; bits without a name come last, as one hexadecimal number.
 *
 * @param prefix - how the names begin: `'MSG_'`, `'POLL'`, `'SOF_TIMESTAMPING_'` …
 * @example
 * flagNames('MSG_', MSG_PEEK | MSG_DONTWAIT) // ['MSG_PEEK', 'MSG_DONTWAIT']
 */
export function flagNames(prefix: string, flags: number): string[] {
  const names: string[] = [];
  let rest = integer(flags, 'flags', -(2 ** 31), 2 ** 32 - 1) >>> 0;
  const bits = constantsOf(prefix).filter(([, bit]) => bit > 0 && (bit & (bit - 1)) === 0);
  for (const [name, bit] of bits.sort(([, a], [, b]) => a - b)) {
    if ((rest & bit) === 0) continue;
    names.push(name);
    rest = (rest & ~bit) >>> 0;
  }
  if (rest !== 0) names.push(`0x${rest.toString(16)}`);
  return names;
}

const OPTIONS = new Map([
  [SOL_SOCKET, 'SO_'],
  [IPPROTO_IP, 'IP_'],
  [IPPROTO_IPV6, 'IPV6_'],
  [IPPROTO_TCP, 'TCP_'],
  [IPPROTO_UDP, 'UDP_'],
]);

/**
 * The name of an option at a level, or undefined where it is not known.
 *
 * @param level - SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP or IPPROTO_UDP
 * @example
 * optionName(IPPROTO_TCP, TCP_NODELAY) // 'TCP_NODELAY'
 */
export function optionName(level: number, option: number): string | undefined {
  const prefix = OPTIONS.get(level);
  if (prefix === undefined) return undefined;
  const both = level === IPPROTO_IP || level === IPPROTO_IPV6;
  return constantName(prefix, option) ?? (both ? constantName('MCAST_', option) : undefined);
}

/** The name of a TCP state, as tcp_info and /proc/net/tcp tell it, or undefined: tcp(7). Linux. */
export function tcpStateName(state: number): string | undefined {
  return STATES.find((name) => native.constants[name] === state);
}

const STATES = [
  ...['TCP_ESTABLISHED', 'TCP_SYN_SENT', 'TCP_SYN_RECV', 'TCP_FIN_WAIT1', 'TCP_FIN_WAIT2', 'TCP_TIME_WAIT'],
  ...['TCP_CLOSE', 'TCP_CLOSE_WAIT', 'TCP_LAST_ACK', 'TCP_LISTEN', 'TCP_CLOSING'],
];

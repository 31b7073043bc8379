/**
 * The options that sequences set and get. Left out: what tells times, counters or a state on its way (TCP_INFO), what
 * changes the machine, waits or makes descriptors, and TCP Fast Open, which remembers hosts.
 */
import * as s from 'bsd-sockets';

/** An option, and its values. */
export interface Option {
  level: number;
  option: number;
  name: string;
  /** Ints to set; the generator adds some that fit no option. */
  ints?: readonly number[];
  /** Bytes to set, in hex. */
  bytes?: readonly string[];
  /** As many bytes are asked for, or a few more or less. */
  size: number;
}

const BOOLEAN = [0, 1, 1, 1];
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function ints(level: number, values: readonly number[], options: Record<string, number | undefined>): Option[] {
  return Object.entries(options).flatMap(([name, option]) =>
    option === undefined ? [] : [{ level, option, name, ints: values, size: 4 }],
  );
}

function structs(level: number, options: Record<string, [number | undefined, number, Uint8Array[]]>): Option[] {
  return Object.entries(options).flatMap(([name, [option, size, values]]) =>
    option === undefined ? [] : [{ level, option, name, bytes: values.map(hex), size }],
  );
}

const group = { multiaddr: '239.1.2.3', interface: '127.0.0.1' };
const filter = (answer: number): Uint8Array => s.sock_filter.encode([{ code: s.BPF_RET, jt: 0, jf: 0, k: answer }]);

/** The options of every socket. */
const SOCKET = [
  ...ints(s.SOL_SOCKET, BOOLEAN, {
    SO_REUSEADDR: s.SO_REUSEADDR,
    SO_REUSEPORT: s.SO_REUSEPORT,
    SO_KEEPALIVE: s.SO_KEEPALIVE,
    SO_BROADCAST: s.SO_BROADCAST,
    SO_OOBINLINE: s.SO_OOBINLINE,
    SO_DONTROUTE: s.SO_DONTROUTE,
    SO_PASSCRED: s.SO_PASSCRED,
    SO_TIMESTAMP: s.SO_TIMESTAMP,
    SO_TIMESTAMPNS: s.SO_TIMESTAMPNS,
    SO_RXQ_OVFL: s.SO_RXQ_OVFL,
    SO_WIFI_STATUS: s.SO_WIFI_STATUS,
    SO_LOCK_FILTER: s.SO_LOCK_FILTER,
    SO_DETACH_FILTER: s.SO_DETACH_FILTER,
    SO_SELECT_ERR_QUEUE: s.SO_SELECT_ERR_QUEUE,
    SO_ZEROCOPY: s.SO_ZEROCOPY,
  }),
  ...ints(s.SOL_SOCKET, [0, 1, 5, 64, 4096, 100000], {
    SO_RCVBUF: s.SO_RCVBUF,
    SO_SNDBUF: s.SO_SNDBUF,
    SO_RCVLOWAT: s.SO_RCVLOWAT,
    SO_PRIORITY: s.SO_PRIORITY,
    SO_MARK: s.SO_MARK,
    SO_PEEK_OFF: s.SO_PEEK_OFF,
    SO_TYPE: s.SO_TYPE,
    SO_DOMAIN: s.SO_DOMAIN,
    SO_PROTOCOL: s.SO_PROTOCOL,
    SO_ERROR: s.SO_ERROR,
    SO_ACCEPTCONN: s.SO_ACCEPTCONN,
    SO_SNDLOWAT: s.SO_SNDLOWAT,
  }),
  ...structs(s.SOL_SOCKET, {
    // Only times that close need not wait for.
    SO_LINGER: [
      s.SO_LINGER,
      8,
      [s.linger.encode({ onoff: true, linger: 0 }), s.linger.encode({ onoff: false, linger: 5 })],
    ],
    SO_RCVTIMEO: [
      s.SO_RCVTIMEO,
      16,
      [s.timeval.encode({ sec: 1, usec: 500000 }), s.timeval.encode({ sec: 0, usec: 1 })],
    ],
    SO_SNDTIMEO: [s.SO_SNDTIMEO, 16, [s.timeval.encode({ sec: 0, usec: 0 }), s.timeval.encode({ sec: 3, usec: 0 })]],
    SO_PEERCRED: [s.SO_PEERCRED, 12, []],
    SO_BINDTODEVICE: [s.SO_BINDTODEVICE, 16, [Buffer.from('lo\0'), Buffer.from('nothere'), Buffer.from('\0')]],
    // None that cuts: of a stream the cut bytes come again, and when is a matter of time.
    SO_ATTACH_FILTER: [s.SO_ATTACH_FILTER, 16, [filter(0), filter(65535)]],
  }),
];

/** The options of IPv4. */
const IPV4 = [
  ...ints(s.IPPROTO_IP, BOOLEAN, {
    IP_PKTINFO: s.IP_PKTINFO,
    IP_RECVTTL: s.IP_RECVTTL,
    IP_RECVTOS: s.IP_RECVTOS,
    IP_RECVERR: s.IP_RECVERR,
    IP_FREEBIND: s.IP_FREEBIND,
    IP_TRANSPARENT: s.IP_TRANSPARENT,
    IP_BIND_ADDRESS_NO_PORT: s.IP_BIND_ADDRESS_NO_PORT,
    IP_MULTICAST_LOOP: s.IP_MULTICAST_LOOP,
    IP_MULTICAST_ALL: s.IP_MULTICAST_ALL,
    IP_RETOPTS: s.IP_RETOPTS,
  }),
  ...ints(s.IPPROTO_IP, [0, 1, 2, 8, 16, 64, 255], {
    IP_TTL: s.IP_TTL,
    IP_TOS: s.IP_TOS,
    IP_MTU: s.IP_MTU,
    IP_MTU_DISCOVER: s.IP_MTU_DISCOVER,
    IP_MULTICAST_TTL: s.IP_MULTICAST_TTL,
    IP_MINTTL: s.IP_MINTTL,
  }),
  ...structs(s.IPPROTO_IP, {
    IP_ADD_MEMBERSHIP: [
      s.IP_ADD_MEMBERSHIP,
      8,
      [s.ip_mreq.encode(group), s.ip_mreqn.encode({ multiaddr: group.multiaddr, address: '0.0.0.0', ifindex: 1 })],
    ],
    IP_DROP_MEMBERSHIP: [s.IP_DROP_MEMBERSHIP, 8, [s.ip_mreq.encode(group)]],
    IP_MULTICAST_IF: [
      s.IP_MULTICAST_IF,
      4,
      [Uint8Array.of(127, 0, 0, 1), s.ip_mreqn.encode({ multiaddr: '0.0.0.0', address: '0.0.0.0', ifindex: 1 })],
    ],
    IP_OPTIONS: [s.IP_OPTIONS, 40, [Uint8Array.of(1, 1, 1, 1), Uint8Array.of(1, 0), new Uint8Array(44)]],
  }),
];

/** The options of IPv6. */
const IPV6 = [
  ...ints(s.IPPROTO_IPV6, BOOLEAN, {
    IPV6_V6ONLY: s.IPV6_V6ONLY,
    IPV6_RECVPKTINFO: s.IPV6_RECVPKTINFO,
    IPV6_RECVHOPLIMIT: s.IPV6_RECVHOPLIMIT,
    IPV6_RECVTCLASS: s.IPV6_RECVTCLASS,
    IPV6_RECVERR: s.IPV6_RECVERR,
    IPV6_DONTFRAG: s.IPV6_DONTFRAG,
    IPV6_MULTICAST_LOOP: s.IPV6_MULTICAST_LOOP,
    IPV6_AUTOFLOWLABEL: s.IPV6_AUTOFLOWLABEL,
    IPV6_FREEBIND: s.IPV6_FREEBIND,
  }),
  ...ints(s.IPPROTO_IPV6, [0, 1, 2, 10, 64, 255, 1280], {
    IPV6_UNICAST_HOPS: s.IPV6_UNICAST_HOPS,
    IPV6_MULTICAST_HOPS: s.IPV6_MULTICAST_HOPS,
    IPV6_TCLASS: s.IPV6_TCLASS,
    IPV6_MTU: s.IPV6_MTU,
    IPV6_MTU_DISCOVER: s.IPV6_MTU_DISCOVER,
    IPV6_MULTICAST_IF: s.IPV6_MULTICAST_IF,
    IPV6_ADDRFORM: s.IPV6_ADDRFORM,
  }),
  ...structs(s.IPPROTO_IPV6, {
    IPV6_JOIN_GROUP: [s.IPV6_JOIN_GROUP, 20, [s.ipv6_mreq.encode({ multiaddr: 'ff11::123', interface: 1 })]],
    IPV6_LEAVE_GROUP: [s.IPV6_LEAVE_GROUP, 20, [s.ipv6_mreq.encode({ multiaddr: 'ff11::123', interface: 1 })]],
  }),
];

/** The options of TCP. */
const TCP = [
  ...ints(s.IPPROTO_TCP, BOOLEAN, {
    TCP_NODELAY: s.TCP_NODELAY,
    TCP_CORK: s.TCP_CORK,
    TCP_SAVE_SYN: s.TCP_SAVE_SYN,
    TCP_INQ: s.TCP_INQ,
  }),
  ...ints(s.IPPROTO_TCP, [0, 1, 5, 7, 60, 536, 1460], {
    TCP_MAXSEG: s.TCP_MAXSEG,
    TCP_KEEPIDLE: s.TCP_KEEPIDLE,
    TCP_KEEPINTVL: s.TCP_KEEPINTVL,
    TCP_KEEPCNT: s.TCP_KEEPCNT,
    TCP_SYNCNT: s.TCP_SYNCNT,
    TCP_LINGER2: s.TCP_LINGER2,
    TCP_DEFER_ACCEPT: s.TCP_DEFER_ACCEPT,
    TCP_WINDOW_CLAMP: s.TCP_WINDOW_CLAMP,
    TCP_NOTSENT_LOWAT: s.TCP_NOTSENT_LOWAT,
  }),
  ...structs(s.IPPROTO_TCP, {
    TCP_CONGESTION: [s.TCP_CONGESTION, 16, [Buffer.from('reno'), Buffer.from('cubic')]],
  }),
];

/** The options of UDP and of netlink. */
const UDP = [
  ...ints(s.IPPROTO_UDP, BOOLEAN, { UDP_CORK: s.UDP_CORK, UDP_GRO: s.UDP_GRO }),
  ...ints(s.IPPROTO_UDP, [0, 1, 10, 1000], { UDP_SEGMENT: s.UDP_SEGMENT }),
];
const NETLINK = ints(s.SOL_NETLINK, [0, 1, 2, 5], {
  NETLINK_ADD_MEMBERSHIP: s.NETLINK_ADD_MEMBERSHIP,
  NETLINK_DROP_MEMBERSHIP: s.NETLINK_DROP_MEMBERSHIP,
  NETLINK_PKTINFO: s.NETLINK_PKTINFO,
  NETLINK_BROADCAST_ERROR: s.NETLINK_BROADCAST_ERROR,
  NETLINK_NO_ENOBUFS: s.NETLINK_NO_ENOBUFS,
  NETLINK_CAP_ACK: s.NETLINK_CAP_ACK,
  NETLINK_EXT_ACK: s.NETLINK_EXT_ACK,
});

/** What a level and an option are that nothing has. */
const NONE = ints(999, BOOLEAN, { none: 1 }).concat(
  ints(s.SOL_SOCKET, BOOLEAN, { none: 9999 }),
  ints(-1, [1], { none: -1 }),
);

/** Every option. */
export const OPTIONS: readonly Option[] = [...SOCKET, ...IPV4, ...IPV6, ...TCP, ...UDP, ...NETLINK, ...NONE];

/** Options that make the kernel tell more about a message. */
const TELLING = new Set(
  'SO_PASSCRED SO_TIMESTAMP IP_PKTINFO IP_RECVTTL IP_RECVTOS IP_RECVERR IPV6_RECVPKTINFO IPV6_RECVHOPLIMIT IPV6_RECVTCLASS IPV6_RECVERR TCP_INQ UDP_GRO'.split(
    ' ',
  ),
);

/** Of the options that a socket has, those that make the kernel tell more about a message. */
export function tellingOptionsOf(domain: number, type: number): readonly Option[] {
  return optionsOf(domain, type).filter(({ name }) => TELLING.has(name));
}

/** The options that a socket of the domain and type has. */
export function optionsOf(domain: number, type: number): readonly Option[] {
  if (domain === s.AF_UNIX) return SOCKET;
  if (domain === s.AF_NETLINK) return [...SOCKET, ...NETLINK];
  const transport = type === s.SOCK_STREAM ? TCP : UDP;
  return domain === s.AF_INET ? [...SOCKET, ...IPV4, ...transport] : [...SOCKET, ...IPV4, ...IPV6, ...transport];
}

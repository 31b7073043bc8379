/** Every function that the package exports, with arguments that make sense: the start of every hostile call. */
import * as s from 'bsd-sockets';
import { native } from '../../lib/native.js';
import type { Machine } from './machine.js';

type Arguments = (machine: Machine) => unknown[];
type Callable = (...args: unknown[]) => unknown;

const DOMAINS = [s.AF_INET, s.AF_INET6, s.AF_UNIX, s.AF_NETLINK];
const TYPES = [s.SOCK_STREAM, s.SOCK_DGRAM, s.SOCK_SEQPACKET, s.SOCK_RAW];
const LEVELS = [s.SOL_SOCKET, s.IPPROTO_IP, s.IPPROTO_TCP, s.IPPROTO_UDP, s.IPPROTO_IPV6, 58, 255, 270, 271, 282];
const COMMANDS = [s.F_DUPFD, s.F_DUPFD_CLOEXEC, s.F_GETFD, s.F_SETFD, s.F_GETFL, s.F_SETFL, s.F_GETOWN, s.F_GETSIG];
const REQUESTS = [
  ...[s.FIONREAD, s.FIONBIO, s.SIOCOUTQ, s.SIOCOUTQNSD, s.SIOCATMARK, s.IOCTL_VM_SOCKETS_GET_LOCAL_CID, s.SIOCGIFNAME],
  ...[s.SIOCGIFINDEX, s.SIOCGIFFLAGS, s.SIOCGIFMTU, s.SIOCGIFHWADDR, s.SIOCGIFADDR, s.SIOCGIFNETMASK, 0x8933, 0x541b],
];

const level = (m: Machine): number => (m.random.chance(95) ? m.random.pick(LEVELS) : m.random.below(300));
const length = (m: Machine): number => m.random.pick([0, 1, 2, 3, 4, 7, 8, 16, 32, 128, 136, 256, 1000, 65_536]);

/** Most calls do not wait; those that do wait for as long as the socket's own timeouts say. */
function flags(m: Machine): number {
  const wait = m.random.chance(97) ? s.MSG_DONTWAIT : 0;
  return m.random.chance(80) ? wait : wait | (1 << m.random.below(31));
}

function buffers(m: Machine): unknown[] {
  const count = m.random.chance(1) ? m.random.pick([0, 1024, 1025, 2000]) : 1 + m.random.below(3);
  return Array.from({ length: count }, () => m.view(count > 3 ? 1 : undefined));
}

function timespec(m: Machine): unknown {
  return { sec: m.random.below(100), nsec: m.random.below(1000) };
}

function control(m: Machine): unknown {
  switch (m.random.below(6)) {
    case 0:
      return { level: s.SOL_SOCKET, type: s.SCM_RIGHTS, fds: Array.from({ length: m.random.below(4) }, () => m.fd()) };
    case 1:
      return {
        level: s.SOL_SOCKET,
        type: s.SCM_CREDENTIALS,
        credentials: { pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() },
      };
    case 2:
      return { level: s.IPPROTO_IP, type: s.IP_TTL, ttl: m.random.below(256) };
    case 3:
      return { level: s.SOL_SOCKET, type: s.SCM_TIMESTAMPING, timestamping: [timespec(m), timespec(m)] };
    case 4:
      return {
        level: s.IPPROTO_IP,
        type: s.IP_PKTINFO,
        pktinfo: { ifindex: 1, spec_dst: '127.0.0.1', addr: '0.0.0.0' },
      };
    default:
      // The types of the first ones only: a source route would lead away from this host.
      return {
        level: level(m),
        type: m.random.below(6),
        data: m.random.bytes(m.random.pick([0, 1, 4, 8, 12, 16, 100])),
      };
  }
}

function message(m: Machine): Record<string, unknown> {
  return {
    buffers: buffers(m),
    ...(m.random.chance(30) ? { control: [control(m), control(m)] } : {}),
    ...(m.random.chance(30) ? { address: m.address() } : {}),
    flags: flags(m),
  };
}

const READY = 2_000_000; // a descriptor that is closed is ready at once: no poll waits

function pollfds(m: Machine): unknown[] {
  const entry = (fd: number): unknown => ({ fd, events: m.random.below(2 ** 15), revents: 0 });
  return [entry(READY), ...Array.from({ length: m.random.below(4) }, () => entry(m.fd()))];
}

function optionValue(m: Machine): unknown {
  const ints = [0, 1, -1, 2, 5, 64, 255, 65_536, 2 ** 31 - 1];
  return m.random.pick([m.random.pick(ints), m.random.chance(50), m.random.bytes(m.random.below(64)), m.view(8)]);
}

const program = [
  { code: s.BPF_LD | s.BPF_W | s.BPF_ABS, jt: 0, jf: 0, k: 0 },
  { code: s.BPF_RET | s.BPF_K, jt: 0, jf: 0, k: -1 },
];
const [ip, ip6] = ['127.0.0.1', '::1'];

/** The structs: what `encode` takes. */
const STRUCTS: Record<string, unknown> = {
  timeval: { sec: 1, usec: 5 },
  timespec: { sec: 1, nsec: 5 },
  linger: { onoff: true, linger: 5 },
  ip_mreq: { multiaddr: '224.0.0.1', interface: ip },
  ip_mreqn: { multiaddr: '224.0.0.1', address: ip, ifindex: 1 },
  ip_mreq_source: { multiaddr: '224.0.0.1', interface: ip, sourceaddr: ip },
  group_source_req: {
    interface: 1,
    group: { family: 'IPv4', address: '224.0.0.1', port: 0 },
    source: { family: 'IPv4', address: ip, port: 0 },
  },
  ifreq: { name: 'lo', hwaddr: { family: 1, data: Buffer.alloc(6) } },
  in_addr: ip,
  in6_addr: ip6,
  ipv6_mreq: { multiaddr: 'ff02::1', interface: 1 },
  in_pktinfo: { ifindex: 1, spec_dst: ip, addr: ip },
  in6_pktinfo: { addr: ip6, ifindex: 1 },
  ucred: { pid: 1, uid: 2, gid: 3 },
  sock_extended_err: {
    errno: 1,
    origin: 2,
    type: 3,
    code: 4,
    info: 5,
    data: 6,
    offender: { family: 'IPv4', address: ip, port: 0 },
  },
  sock_filter: program,
  sockaddr: { family: 'IPv6', address: ip6, port: 80 },
};

const CODECS = new Set([...Object.keys(STRUCTS), 'tcp_info']);

function codecCalls(name: string): [string, Arguments][] {
  const { size } = (s as unknown as Record<string, { size: number }>)[name] ?? { size: 0 };
  const bytes: Arguments = (m) => [m.random.bytes(size + m.random.pick([0, 0, 0, -1, 1, 16, 100]))];
  const decode: [string, Arguments] = [`${name}.decode`, bytes];
  return name in STRUCTS ? [decode, [`${name}.encode`, () => [structuredClone(STRUCTS[name]), 'name']]] : [decode];
}

/** Arguments for every function, by its name. */
export const CALLS: Readonly<Record<string, Arguments>> = {
  // Not 262, MPTCP: its accept(2) does not know SO_RCVTIMEO, and would wait for ever.
  socket: (m) => [m.random.pick(DOMAINS), m.random.pick(TYPES), m.random.chance(80) ? 0 : m.random.below(262)],
  socketpair: (m) => [s.AF_UNIX, m.random.pick(TYPES) | s.SOCK_NONBLOCK, 0],
  bind: (m) => [m.ownFd(), m.address()],
  listen: (m) => [m.ownFd(), m.random.pick([0, 1, 128, -5])],
  listenOn: (m) => [
    m.random.chance(50) ? 0 : m.address(),
    { type: s.SOCK_STREAM, backlog: 5, reuseAddress: true, reusePort: false, v6Only: false },
  ],
  // Groups of which the network is never told.
  joinGroup: (m) => [m.ownFd(), m.random.pick(['224.0.0.1', 'ff02::1']), { interface: m.random.pick(['lo', 1, ip]) }],
  leaveGroup: (m) => [m.ownFd(), m.random.pick(['224.0.0.1', 'ff02::1']), { interface: 1, source: ip }],
  accept: (m) => [m.fd()],
  connect: (m) => [m.ownFd(), m.address()],
  recv: (m) => [m.fd(), m.view(), flags(m)],
  recvfrom: (m) => [m.fd(), m.view(), flags(m)],
  recvmsg: (m) => [
    m.fd(),
    buffers(m),
    { controlLength: m.random.pick([0, 1, 16, 20, 24, 100, 1000]), flags: flags(m) },
  ],
  recvmmsg: (m) => [m.fd(), buffers(m), flags(m)],
  send: (m) => [m.fd(), m.view(), flags(m)],
  sendto: (m) => [m.fd(), m.view(), flags(m), m.address()],
  sendmsg: (m) => [m.fd(), message(m)],
  sendmmsg: (m) => [m.fd(), Array.from({ length: m.random.below(4) }, () => message(m)), flags(m)],
  shutdown: (m) => [m.ownFd(), m.random.below(4)],
  close: (m) => [m.ownFd()],
  getsockname: (m) => [m.fd()],
  getpeername: (m) => [m.fd()],
  getsockopt: (m) => [m.fd(), level(m), m.random.below(130), m.random.chance(50) ? undefined : length(m)],
  setsockopt: (m) => [m.ownFd(), level(m), m.random.below(130), optionValue(m)],
  poll: (m) => [pollfds(m), m.random.pick([0, 1, 1000])],
  fcntl: (m) => [m.ownFd(), m.random.pick(COMMANDS), m.random.pick([0, 1, s.O_NONBLOCK, 5000])],
  ioctl: (m) => [m.ownFd(), m.random.pick(REQUESTS), m.random.pick([undefined, 0, 1, true, m.view(s.ifreq.size)])],
  sockatmark: (m) => [m.fd()],
  inet_pton: (m) => [m.random.pick([s.AF_INET, s.AF_INET6]), m.random.pick([ip, ip6, '1::2', '1.2.3', 'x'])],
  inet_ntop: (m) => [m.random.pick([s.AF_INET, s.AF_INET6]), m.view(m.random.pick([4, 16]))],
  inet_aton: (m) => [m.random.pick([ip, '127.1', '0x7f.1', 'x', '1.2.3.4.5'])],
  inet_ntoa: (m) => [m.view(4)],
  htons: (m) => [m.random.below(2 ** 16)],
  ntohs: (m) => [m.random.below(2 ** 16)],
  htonl: (m) => [m.random.below(2 ** 31)],
  ntohl: (m) => [m.random.below(2 ** 31)],
  if_nameindex: () => [],
  if_nametoindex: (m) => [m.random.pick(['lo', 'none', 'a'.repeat(15), 'a'.repeat(16)])],
  if_indextoname: (m) => [m.random.below(5)],
  controlSpace: (m) => [m.random.below(100), 4],
  constantName: (m) => [m.random.pick(['AF_', 'SO_', 'X']), m.random.below(10)],
  flagNames: (m) => ['MSG_', m.random.below(2 ** 20)],
  optionName: (m) => [level(m), m.random.below(20)],
  tcpStateName: (m) => [m.random.below(20)],
  SocketError: (m) => ['bind', -m.random.below(200), m.address()],
  // No export: here the length of the bytes is the caller's, and what is written behind them shows.
  'native.getsockopt': (m) => [m.fd(), level(m), m.random.below(130), blank(m)],
  ...Object.fromEntries([...CODECS].flatMap(codecCalls)),
};

function blank(m: Machine): Uint8Array {
  const view = m.view(m.random.pick([1, 2, 3, 4, 8, 12, 16, 64, 200]));
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).fill(0);
}

/** The functions of the package, and those of its structs, by name. */
export function exportedFunctions(): Map<string, Callable> {
  const found = new Map<string, Callable>();
  for (const [name, value] of Object.entries(s as Record<string, unknown>)) {
    if (typeof value === 'function') found.set(name, callable(value as Callable));
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, method] of Object.entries(value)) {
      if (typeof method === 'function') found.set(`${name}.${key}`, method as Callable); // no method uses `this`
    }
  }
  return found;
}

function callable(value: Callable): Callable {
  return value === (s.SocketError as unknown) ? (...args) => Reflect.construct(value, args) as unknown : value;
}

/** The native call that fills the caller's own bytes. It checks nothing itself: it gets good arguments only. */
export function nativeGetsockopt(...args: unknown[]): unknown {
  const [fd, level, option, bytes] = args as [number, number, number, Uint8Array];
  native.getsockopt(fd, level, option, bytes);
  return undefined;
}

#!/usr/bin/env node
// Writes native/constants_table.h from the names in lib/constants/, and native/errno_table.h: `node
// native/constants.mjs`. With --check it only says whether these files are up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

// Linux never changes its numbers, so a name that these headers lack gets the kernel's own: names
// newer than the headers of the oldest systems that we build on, enumerators (no #ifdef can see
// them), and names of headers that libc's do not go together with (linux/in6.h, linux/icmp.h). They
// are the same on every architecture that Node runs on.
const LINUX_NUMBERS = {
  ...{ AF_MCTP: 45, AF_SMC: 43, AF_XDP: 44, MSG_SOCK_DEVMEM: 0x2000000 },
  ...{ SCM_SECURITY: 3, SCM_PIDFD: 4, SCM_TXTIME: 61, SCM_DEVMEM_LINEAR: 78, SCM_DEVMEM_DMABUF: 79 },
  ...{ SCM_TS_OPT_ID: 81, SCM_INQ: 84 },
  ...numbered(61, 'SO_TXTIME SO_BINDTOIFINDEX SO_TIMESTAMP_NEW SO_TIMESTAMPNS_NEW SO_TIMESTAMPING_NEW'),
  ...numbered(66, 'SO_RCVTIMEO_NEW SO_SNDTIMEO_NEW SO_DETACH_REUSEPORT_BPF SO_PREFER_BUSY_POLL SO_BUSY_POLL_BUDGET'),
  ...numbered(71, 'SO_NETNS_COOKIE SO_BUF_LOCK SO_RESERVE_MEM SO_TXREHASH SO_RCVMARK SO_PASSPIDFD SO_PEERPIDFD'),
  ...numbered(78, 'SO_DEVMEM_LINEAR SO_DEVMEM_DMABUF SO_DEVMEM_DONTNEED'),
  ...numbered(82, 'SO_RCVPRIORITY SO_PASSRIGHTS SO_INQ'),
  ...{ SOCK_SNDBUF_LOCK: 1, SOCK_RCVBUF_LOCK: 2, SOCK_BUF_LOCK_MASK: 3 },
  ...{ SOCK_TXREHASH_DEFAULT: 255, SOCK_TXREHASH_DISABLED: 0, SOCK_TXREHASH_ENABLED: 1 },
  ...{ SO_TIMESTAMP_OLD: 29, SO_TIMESTAMPNS_OLD: 35, SO_TIMESTAMPING_OLD: 37, SO_GET_FILTER: 26 },
  ...numbered(281, 'SOL_KCM SOL_TLS SOL_XDP SOL_MPTCP SOL_MCTP SOL_SMC SOL_VSOCK'),
  ...{ IPPROTO_L2TP: 115, IPPROTO_ETHERNET: 143, IPPROTO_AGGFRAG: 144, IPPROTO_SMC: 256, IPPROTO_MPTCP: 262 },
  ...{ IP_RECVERR_RFC4884: 26, IP_LOCAL_PORT_RANGE: 51, IP_PROTOCOL: 52, ICMP_FILTER: 1 },
  ...{ IPV6_FLOWINFO: 11, IPV6_MULTICAST_ALL: 29, IPV6_ROUTER_ALERT_ISOLATE: 30, IPV6_RECVERR_RFC4884: 31 },
  ...{ IPV6_FLOWLABEL_MGR: 32, IPV6_FLOWINFO_SEND: 33, IPV6_FLOWINFO_FLOWLABEL: 0xfffff },
  ...{ IPV6_FLOWINFO_PRIORITY: 0xff00000, IPV6_FL_A_GET: 0, IPV6_FL_A_PUT: 1, IPV6_FL_A_RENEW: 2 },
  ...{ IPV6_FL_F_CREATE: 1, IPV6_FL_F_EXCL: 2, IPV6_FL_F_REFLECT: 4, IPV6_FL_F_REMOTE: 8, IPV6_FL_S_ANY: 255 },
  ...numbered(0, 'IPV6_FL_S_NONE IPV6_FL_S_EXCL IPV6_FL_S_PROCESS IPV6_FL_S_USER'),
  ...{ IPV6_PREFER_SRC_TMP: 1, IPV6_PREFER_SRC_PUBLIC: 2, IPV6_PREFER_SRC_PUBTMP_DEFAULT: 0x100 },
  ...{ IPV6_PREFER_SRC_COA: 4, IPV6_PREFER_SRC_HOME: 0x400, IPV6_PREFER_SRC_CGA: 8, IPV6_PREFER_SRC_NONCGA: 0x800 },
  ...{ IPV6_PRIORITY_UNCHARACTERIZED: 0, IPV6_PRIORITY_FILLER: 0x100, IPV6_PRIORITY_UNATTENDED: 0x200 },
  ...{ IPV6_PRIORITY_RESERVED1: 0x300, IPV6_PRIORITY_BULK: 0x400, IPV6_PRIORITY_RESERVED2: 0x500 },
  ...{ IPV6_PRIORITY_INTERACTIVE: 0x600, IPV6_PRIORITY_CONTROL: 0x700, IPV6_PRIORITY_8: 0x800 },
  ...{ IPV6_PRIORITY_9: 0x900, IPV6_PRIORITY_10: 0xa00, IPV6_PRIORITY_11: 0xb00, IPV6_PRIORITY_12: 0xc00 },
  ...{ IPV6_PRIORITY_13: 0xd00, IPV6_PRIORITY_14: 0xe00, IPV6_PRIORITY_15: 0xf00, IPV6_TLV_PAD1: 0, IPV6_TLV_PADN: 1 },
  ...{ IPV6_TLV_ROUTERALERT: 5, IPV6_TLV_CALIPSO: 7, IPV6_TLV_IOAM: 49, IPV6_TLV_JUMBO: 194, IPV6_TLV_HAO: 201 },
  ...numbered(32, 'TCP_MD5SIG_EXT TCP_FASTOPEN_KEY TCP_FASTOPEN_NO_COOKIE TCP_ZEROCOPY_RECEIVE TCP_INQ TCP_TX_DELAY'),
  ...numbered(38, 'TCP_AO_ADD_KEY TCP_AO_DEL_KEY TCP_AO_INFO TCP_AO_GET_KEYS TCP_AO_REPAIR TCP_IS_MPTCP'),
  ...numbered(44, 'TCP_RTO_MAX_MS TCP_RTO_MIN_US TCP_DELACK_MAX_US'),
  ...numbered(1, 'TCP_ESTABLISHED TCP_SYN_SENT TCP_SYN_RECV TCP_FIN_WAIT1 TCP_FIN_WAIT2 TCP_TIME_WAIT TCP_CLOSE'),
  ...numbered(8, 'TCP_CLOSE_WAIT TCP_LAST_ACK TCP_LISTEN TCP_CLOSING'),
  ...numbered(0, 'TCP_CA_Open TCP_CA_Disorder TCP_CA_CWR TCP_CA_Recovery TCP_CA_Loss'),
  ...numbered(0, 'TCP_NO_QUEUE TCP_RECV_QUEUE TCP_SEND_QUEUE'),
  ...{ TCP_CM_INQ: 36, TCP_REPAIR_ON: 1, TCP_REPAIR_OFF: 0, TCP_REPAIR_OFF_NO_WP: -1, TCP_MD5SIG_MAXKEYLEN: 80 },
  ...{ TCP_MD5SIG_FLAG_PREFIX: 1, TCP_MD5SIG_FLAG_IFINDEX: 2, TCP_AO_MAXKEYLEN: 80, TCP_AO_KEYF_IFINDEX: 1 },
  ...{ TCP_AO_KEYF_EXCLUDE_OPT: 2, TCP_RECEIVE_ZEROCOPY_FLAG_TLB_CLEAN_HINT: 1, TCP_ENCAP_ESPINTCP: 7 },
  ...{ TCP_MSS_DEFAULT: 536, TCP_MSS_DESIRED: 1220 },
  ...{ UDP_SEGMENT: 103, UDP_GRO: 104, UDP_NO_CHECK6_TX: 101, UDP_NO_CHECK6_RX: 102 },
  ...numbered(4, 'UDP_ENCAP_GTP0 UDP_ENCAP_GTP1U UDP_ENCAP_RXRPC'),
  ...{ SO_EE_ORIGIN_TXTIME: 6, SO_EE_CODE_ZEROCOPY_COPIED: 1, SO_EE_CODE_TXTIME_INVALID_PARAM: 1 },
  ...{ SO_EE_CODE_TXTIME_MISSED: 2, SO_EE_RFC4884_FLAG_INVALID: 1 },
  ...numbered(0, 'SCM_TSTAMP_SND SCM_TSTAMP_SCHED SCM_TSTAMP_ACK SCM_TSTAMP_COMPLETION'),
  ...flags(
    'SOF_TIMESTAMPING_',
    'TX_HARDWARE TX_SOFTWARE RX_HARDWARE RX_SOFTWARE SOFTWARE SYS_HARDWARE RAW_HARDWARE OPT_ID TX_SCHED TX_ACK ' +
      'OPT_CMSG OPT_TSONLY OPT_STATS OPT_PKTINFO OPT_TX_SWHW BIND_PHC OPT_ID_TCP OPT_RX_FILTER TX_COMPLETION',
  ),
  ...{ SOF_TIMESTAMPING_TX_RECORD_MASK: 0x303, SOF_TXTIME_DEADLINE_MODE: 1, SOF_TXTIME_REPORT_ERRORS: 2 },
  ...{ NETLINK_SMC: 22, NETLINK_GET_STRICT_CHK: 12 },
  ...{ PACKET_IGNORE_OUTGOING: 23, PACKET_VNET_HDR_SZ: 24, PACKET_FANOUT_FLAG_UNIQUEID: 0x2000 },
  ...{ PACKET_FANOUT_FLAG_IGNORE_OUTGOING: 0x4000, CAN_J1939: 7, CAN_RAW_FILTER_MAX: 512 },
  ...numbered(1, 'CAN_RAW_FILTER CAN_RAW_ERR_FILTER CAN_RAW_LOOPBACK CAN_RAW_RECV_OWN_MSGS CAN_RAW_FD_FRAMES'),
  ...numbered(6, 'CAN_RAW_JOIN_FILTERS CAN_RAW_XL_FRAMES'),
  ...{ VMADDR_CID_LOCAL: 1, VMADDR_FLAG_TO_HOST: 1, SO_VM_SOCKETS_CONNECT_TIMEOUT_OLD: 6 },
  ...{ SO_VM_SOCKETS_CONNECT_TIMEOUT_NEW: 8 },
};

// The errors of the systems that we build on; of two names of one number the usual one is first.
const ERRNOS = [
  ...words('E2BIG EACCES EADDRINUSE EADDRNOTAVAIL EADV EAFNOSUPPORT EAGAIN EALREADY EAUTH EBADARCH EBADE EBADEXEC'),
  ...words('EBADF EBADFD EBADMACHO EBADMSG EBADR EBADRPC EBADRQC EBADSLT EBFONT EBUSY ECANCELED ECHILD ECHRNG ECOMM'),
  ...words('ECONNABORTED ECONNREFUSED ECONNRESET EDEADLK EDESTADDRREQ EDEVERR EDOM EDOTDOT EDQUOT EEXIST EFAULT'),
  ...words('EFBIG EFTYPE EHOSTDOWN EHOSTUNREACH EHWPOISON EIDRM EILSEQ EINPROGRESS EINTR EINVAL EIO EISCONN EISDIR'),
  ...words('EISNAM EKEYEXPIRED EKEYREJECTED EKEYREVOKED EL2HLT EL2NSYNC EL3HLT EL3RST ELIBACC ELIBBAD ELIBEXEC'),
  ...words('ELIBMAX ELIBSCN ELNRNG ELOOP EMEDIUMTYPE EMFILE EMLINK EMSGSIZE EMULTIHOP ENAMETOOLONG ENAVAIL ENEEDAUTH'),
  ...words('ENETDOWN ENETRESET ENETUNREACH ENFILE ENOANO ENOATTR ENOBUFS ENOCSI ENODATA ENODEV ENOENT ENOEXEC ENOKEY'),
  ...words('ENOLCK ENOLINK ENOMEDIUM ENOMEM ENOMSG ENONET ENOPKG ENOPOLICY ENOPROTOOPT ENOSPC ENOSR ENOSTR ENOSYS'),
  ...words('ENOTBLK ENOTCONN ENOTDIR ENOTEMPTY ENOTNAM ENOTRECOVERABLE ENOTSOCK ENOTTY ENOTUNIQ ENXIO EOPNOTSUPP'),
  ...words('EOVERFLOW EOWNERDEAD EPERM EPFNOSUPPORT EPIPE EPROCLIM EPROCUNAVAIL EPROGMISMATCH EPROGUNAVAIL EPROTO'),
  ...words('EPROTONOSUPPORT EPROTOTYPE EPWROFF EQFULL ERANGE EREMCHG EREMOTE EREMOTEIO ERESTART ERFKILL EROFS'),
  ...words('ERPCMISMATCH ESHLIBVERS ESHUTDOWN ESOCKTNOSUPPORT ESPIPE ESRCH ESRMNT ESTALE ESTRPIPE ETIME ETIMEDOUT'),
  ...words('ETOOMANYREFS ETXTBSY EUCLEAN EUNATCH EUSERS EXDEV EXFULL EWOULDBLOCK EDEADLOCK ENOTSUP'),
];

function words(text) {
  return text.split(' ');
}

function numbered(first, names) {
  return Object.fromEntries(names.split(' ').map((name, index) => [name, first + index]));
}

function flags(prefix, names) {
  return Object.fromEntries(names.split(' ').map((name, bit) => [prefix + name, 2 ** bit]));
}

function read(path) {
  return readFileSync(join(root, path), 'utf8');
}

function entry(name) {
  const number = LINUX_NUMBERS[name];
  const otherwise = number === undefined ? '' : `#elif defined(__linux__)\nNUMBER(${name}, ${number})\n`;
  return `#ifdef ${name}\nNAME(${name})\n${otherwise}#endif\n`;
}

const files = [...read('lib/constants.ts').matchAll(/'\.\/(constants\/\w+)\.js'/g)].map(([, file]) => `lib/${file}.ts`);
const names = files.flatMap((file) =>
  [...read(file).matchAll(/^export const (\w+) = (?:known|knownStruct|knownString|perhaps)\('\1'\);$/gm)].map(
    ([, name]) => name,
  ),
);
for (const name of Object.keys(LINUX_NUMBERS)) {
  if (!names.includes(name)) throw new Error(`${name} has a number, but no export in lib/constants/`);
}
const text = `// Generated by native/constants.mjs from lib/constants/: do not edit.\n// clang-format off\n${names.map(entry).join('')}`;
const errnos = `// Generated by native/constants.mjs: do not edit.\n// clang-format off\n${ERRNOS.map(entry).join('')}`;

for (const [file, wanted] of [
  ['native/constants_table.h', text],
  ['native/errno_table.h', errnos],
]) {
  if (!process.argv.includes('--check')) writeFileSync(join(root, file), wanted);
  else if (read(file) !== wanted) {
    process.stderr.write(`${file} is out of date: node native/constants.mjs\n`);
    process.exitCode = 1;
  }
}

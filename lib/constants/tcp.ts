/** TCP, at level IPPROTO_TCP: tcp(7), <netinet/tcp.h>, <linux/tcp.h>. */
import { known, knownString, knownStruct, perhaps } from './define.js';

/** Send small segments at once. */
export const TCP_NODELAY = known('TCP_NODELAY');
/** The largest segment, in bytes. */
export const TCP_MAXSEG = known('TCP_MAXSEG');
/** Hold back partial segments. */
export const TCP_CORK = known('TCP_CORK');
/** Idle seconds before the first keepalive probe. */
export const TCP_KEEPIDLE = known('TCP_KEEPIDLE');
/** Seconds between keepalive probes. */
export const TCP_KEEPINTVL = known('TCP_KEEPINTVL');
/** How many keepalive probes before giving up. */
export const TCP_KEEPCNT = known('TCP_KEEPCNT');
/** How many SYNs before giving up. */
export const TCP_SYNCNT = known('TCP_SYNCNT');
/** Seconds that an orphan stays in FIN_WAIT2. */
export const TCP_LINGER2 = known('TCP_LINGER2');
/** accept(2) only once data have come, in seconds. */
export const TCP_DEFER_ACCEPT = known('TCP_DEFER_ACCEPT');
/** The largest window to advertise, in bytes. */
export const TCP_WINDOW_CLAMP = known('TCP_WINDOW_CLAMP');
/** The state of the connection: struct tcp_info. */
export const TCP_INFO = knownStruct('TCP_INFO');
/** Acknowledge at once. */
export const TCP_QUICKACK = known('TCP_QUICKACK');
/** The congestion control: its name. */
export const TCP_CONGESTION = knownString('TCP_CONGESTION');
/** A key to sign segments with, RFC 2385: struct tcp_md5sig. */
export const TCP_MD5SIG = knownStruct('TCP_MD5SIG');
/** Timeouts of thin streams do not double. */
export const TCP_THIN_LINEAR_TIMEOUTS = known('TCP_THIN_LINEAR_TIMEOUTS');
/** Has no effect on Linux any more. */
export const TCP_THIN_DUPACK = known('TCP_THIN_DUPACK');
/** Milliseconds that sent data may stay unacknowledged. */
export const TCP_USER_TIMEOUT = known('TCP_USER_TIMEOUT');
/** The state of the connection can be read and written: TCP_REPAIR_ON … */
export const TCP_REPAIR = known('TCP_REPAIR');
/** TCP_REPAIR: which queue: TCP_NO_QUEUE … */
export const TCP_REPAIR_QUEUE = known('TCP_REPAIR_QUEUE');
/** TCP_REPAIR: the sequence number of the queue. */
export const TCP_QUEUE_SEQ = known('TCP_QUEUE_SEQ');
/** TCP_REPAIR: the options of the connection: struct tcp_repair_opt. */
export const TCP_REPAIR_OPTIONS = known('TCP_REPAIR_OPTIONS');
/** TCP_REPAIR: the windows: struct tcp_repair_window. */
export const TCP_REPAIR_WINDOW = known('TCP_REPAIR_WINDOW');
/** Data in the SYN: the length of the queue. */
export const TCP_FASTOPEN = known('TCP_FASTOPEN');
/** Data in the SYN: connect(2) waits for the first send(2). */
export const TCP_FASTOPEN_CONNECT = known('TCP_FASTOPEN_CONNECT');
/** The key of the cookies of Fast Open: bytes. */
export const TCP_FASTOPEN_KEY = known('TCP_FASTOPEN_KEY');
/** Data in the SYN without a cookie. */
export const TCP_FASTOPEN_NO_COOKIE = known('TCP_FASTOPEN_NO_COOKIE');
/** The clock of the connection's timestamps. */
export const TCP_TIMESTAMP = known('TCP_TIMESTAMP');
/** Not writable while so many bytes are not sent yet. */
export const TCP_NOTSENT_LOWAT = known('TCP_NOTSENT_LOWAT');
/** What the congestion control tells. Read only. */
export const TCP_CC_INFO = known('TCP_CC_INFO');
/** Listener: keep the headers of each SYN. */
export const TCP_SAVE_SYN = known('TCP_SAVE_SYN');
/** The headers of the connection's SYN: bytes. Read only. */
export const TCP_SAVED_SYN = known('TCP_SAVED_SYN');
/** A protocol above TCP in the kernel: its name, 'tls'. */
export const TCP_ULP = knownString('TCP_ULP');
/** As TCP_MD5SIG, for a range of addresses: struct tcp_md5sig. */
export const TCP_MD5SIG_EXT = known('TCP_MD5SIG_EXT');
/** Received data mapped into memory: struct tcp_zerocopy_receive. */
export const TCP_ZEROCOPY_RECEIVE = known('TCP_ZEROCOPY_RECEIVE');
/** Receive how many bytes are left to read: TCP_CM_INQ. */
export const TCP_INQ = known('TCP_INQ');
/** In control messages: how many bytes are left to read, an int. */
export const TCP_CM_INQ = known('TCP_CM_INQ');
/** Delay of what is sent, in microseconds: for tests. */
export const TCP_TX_DELAY = known('TCP_TX_DELAY');
/** Adds a key of the authentication option: struct tcp_ao_add (Linux 6.7). */
export const TCP_AO_ADD_KEY = known('TCP_AO_ADD_KEY');
/** Deletes a key of the authentication option: struct tcp_ao_del (Linux 6.7). */
export const TCP_AO_DEL_KEY = known('TCP_AO_DEL_KEY');
/** The authentication option of the connection: struct tcp_ao_info_opt (Linux 6.7). */
export const TCP_AO_INFO = known('TCP_AO_INFO');
/** The keys of the authentication option: struct tcp_ao_getsockopt (Linux 6.7). */
export const TCP_AO_GET_KEYS = known('TCP_AO_GET_KEYS');
/** TCP_REPAIR: the authentication option: struct tcp_ao_repair (Linux 6.7). */
export const TCP_AO_REPAIR = known('TCP_AO_REPAIR');
/** Is it Multipath TCP? Read only (newer Linux). */
export const TCP_IS_MPTCP = known('TCP_IS_MPTCP');
/** The longest retransmission timeout, in milliseconds (Linux 6.15). */
export const TCP_RTO_MAX_MS = known('TCP_RTO_MAX_MS');
/** The shortest retransmission timeout, in microseconds (newer Linux). */
export const TCP_RTO_MIN_US = known('TCP_RTO_MIN_US');
/** The longest delay of an acknowledgement, in microseconds (newer Linux). */
export const TCP_DELACK_MAX_US = known('TCP_DELACK_MAX_US');

// States, as TCP_INFO and /proc/net/tcp tell them.
/** A state: connected. */
export const TCP_ESTABLISHED = known('TCP_ESTABLISHED');
/** A state: connect(2) waits for an answer. */
export const TCP_SYN_SENT = known('TCP_SYN_SENT');
/** A state: the peer's SYN has come, its acknowledgement not yet. */
export const TCP_SYN_RECV = known('TCP_SYN_RECV');
/** A state: closed here, not yet acknowledged. */
export const TCP_FIN_WAIT1 = known('TCP_FIN_WAIT1');
/** A state: closed here, the peer not yet. */
export const TCP_FIN_WAIT2 = known('TCP_FIN_WAIT2');
/** A state: closed on both sides, and waiting for stray segments. */
export const TCP_TIME_WAIT = known('TCP_TIME_WAIT');
/** A state: not connected. */
export const TCP_CLOSE = known('TCP_CLOSE');
/** A state: the peer has closed, this side not yet. */
export const TCP_CLOSE_WAIT = known('TCP_CLOSE_WAIT');
/** A state: closed on both sides, not yet acknowledged. */
export const TCP_LAST_ACK = known('TCP_LAST_ACK');
/** A state: listening. */
export const TCP_LISTEN = known('TCP_LISTEN');
/** A state: both closed at once. */
export const TCP_CLOSING = known('TCP_CLOSING');

// States of the congestion control, in tcp_info.
/** A state of congestion control: nothing bad happened. */
export const TCP_CA_Open = known('TCP_CA_Open');
/** A state of congestion control: duplicate acknowledgements came. */
export const TCP_CA_Disorder = known('TCP_CA_Disorder');
/** A state of congestion control: the window shrinks after a notification. */
export const TCP_CA_CWR = known('TCP_CA_CWR');
/** A state of congestion control: fast retransmission. */
export const TCP_CA_Recovery = known('TCP_CA_Recovery');
/** A state of congestion control: a timeout, retransmission of everything. */
export const TCP_CA_Loss = known('TCP_CA_Loss');

// Values of TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_MD5SIG_EXT and others.
/** TCP_REPAIR: begin. */
export const TCP_REPAIR_ON = known('TCP_REPAIR_ON');
/** TCP_REPAIR: end, with a probe of the window. */
export const TCP_REPAIR_OFF = known('TCP_REPAIR_OFF');
/** TCP_REPAIR: end, without a probe of the window. */
export const TCP_REPAIR_OFF_NO_WP = known('TCP_REPAIR_OFF_NO_WP');
/** TCP_REPAIR_QUEUE: none. */
export const TCP_NO_QUEUE = known('TCP_NO_QUEUE');
/** TCP_REPAIR_QUEUE: the receive queue. */
export const TCP_RECV_QUEUE = known('TCP_RECV_QUEUE');
/** TCP_REPAIR_QUEUE: the send queue. */
export const TCP_SEND_QUEUE = known('TCP_SEND_QUEUE');
/** The longest key of TCP_MD5SIG, in bytes. */
export const TCP_MD5SIG_MAXKEYLEN = known('TCP_MD5SIG_MAXKEYLEN');
/** TCP_MD5SIG_EXT: the key is for a prefix of addresses. */
export const TCP_MD5SIG_FLAG_PREFIX = known('TCP_MD5SIG_FLAG_PREFIX');
/** TCP_MD5SIG_EXT: the key is for an interface. */
export const TCP_MD5SIG_FLAG_IFINDEX = known('TCP_MD5SIG_FLAG_IFINDEX');
/** The longest key of the authentication option, in bytes. */
export const TCP_AO_MAXKEYLEN = known('TCP_AO_MAXKEYLEN');
/** TCP_AO_ADD_KEY: the key is for an interface. */
export const TCP_AO_KEYF_IFINDEX = known('TCP_AO_KEYF_IFINDEX');
/** TCP_AO_ADD_KEY: other options are not signed. */
export const TCP_AO_KEYF_EXCLUDE_OPT = known('TCP_AO_KEYF_EXCLUDE_OPT');
/** TCP_ZEROCOPY_RECEIVE: the mapping needs no flush. */
export const TCP_RECEIVE_ZEROCOPY_FLAG_TLB_CLEAN_HINT = known('TCP_RECEIVE_ZEROCOPY_FLAG_TLB_CLEAN_HINT');
/** IPsec in TCP, RFC 8229. */
export const TCP_ENCAP_ESPINTCP = known('TCP_ENCAP_ESPINTCP');
/** The largest segment where nothing is known, in bytes: IPv4. */
export const TCP_MSS_DEFAULT = known('TCP_MSS_DEFAULT');
/** The largest segment that IPv6 tunnels pass, in bytes. */
export const TCP_MSS_DESIRED = known('TCP_MSS_DESIRED');

// Of BSD's and glibc's header, and obsolete.
/** The largest segment where nothing is known, in bytes, says BSD's header. */
export const TCP_MSS = perhaps('TCP_MSS');
/** The largest window without scaling, in bytes. */
export const TCP_MAXWIN = perhaps('TCP_MAXWIN');
/** The largest shift of the window scale. */
export const TCP_MAX_WINSHIFT = perhaps('TCP_MAX_WINSHIFT');
/** Gone from Linux 3.10. */
export const TCP_COOKIE_TRANSACTIONS = perhaps('TCP_COOKIE_TRANSACTIONS');
/** Gone from Linux 3.10. */
export const TCP_COOKIE_MIN = perhaps('TCP_COOKIE_MIN');
/** Gone from Linux 3.10. */
export const TCP_COOKIE_MAX = perhaps('TCP_COOKIE_MAX');
/** Gone from Linux 3.10. */
export const TCP_COOKIE_PAIR_SIZE = perhaps('TCP_COOKIE_PAIR_SIZE');
/** Gone from Linux 3.10. */
export const TCP_COOKIE_IN_ALWAYS = perhaps('TCP_COOKIE_IN_ALWAYS');
/** Gone from Linux 3.10. */
export const TCP_COOKIE_OUT_NEVER = perhaps('TCP_COOKIE_OUT_NEVER');
/** Gone from Linux 3.10. */
export const TCP_S_DATA_IN = perhaps('TCP_S_DATA_IN');
/** Gone from Linux 3.10. */
export const TCP_S_DATA_OUT = perhaps('TCP_S_DATA_OUT');

// macOS only: tcp(4).
/** Hold back partial segments (macOS). */
export const TCP_NOPUSH = perhaps('TCP_NOPUSH');
/** Use no options of TCP (macOS). */
export const TCP_NOOPT = perhaps('TCP_NOOPT');
/** Idle seconds before the first keepalive probe (macOS). */
export const TCP_KEEPALIVE = perhaps('TCP_KEEPALIVE');
/** How long connect(2) may wait, in seconds (macOS). */
export const TCP_CONNECTIONTIMEOUT = perhaps('TCP_CONNECTIONTIMEOUT');
/** How long to retransmit before the connection is dropped, in seconds (macOS). */
export const TCP_RXT_CONNDROPTIME = perhaps('TCP_RXT_CONNDROPTIME');
/** Drop the connection after the third retransmission of the FIN (macOS). */
export const TCP_RXT_FINDROP = perhaps('TCP_RXT_FINDROP');
/** Acknowledge every other segment (macOS). */
export const TCP_SENDMOREACKS = perhaps('TCP_SENDMOREACKS');
/** Congestion notification (macOS). */
export const TCP_ENABLE_ECN = perhaps('TCP_ENABLE_ECN');
/** The state of the connection: struct tcp_connection_info. Read only (macOS). */
export const TCP_CONNECTION_INFO = perhaps('TCP_CONNECTION_INFO');
/** The smallest segment, in bytes (macOS). */
export const TCP_MINMSS = perhaps('TCP_MINMSS');
/** How many SACK blocks a segment has at most (macOS). */
export const TCP_MAX_SACK = perhaps('TCP_MAX_SACK');
/** The longest header, in bytes (macOS). */
export const TCP_MAXHLEN = perhaps('TCP_MAXHLEN');

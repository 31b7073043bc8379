/** The error queue and timestamps: ip(7), <linux/errqueue.h>, <linux/net_tstamp.h>. */
import { known } from './define.js';

// Where an error comes from: `origin` of struct sock_extended_err.
/** The origin of an error: none. */
export const SO_EE_ORIGIN_NONE = known('SO_EE_ORIGIN_NONE');
/** The origin of an error: this host. */
export const SO_EE_ORIGIN_LOCAL = known('SO_EE_ORIGIN_LOCAL');
/** The origin of an error: ICMP. */
export const SO_EE_ORIGIN_ICMP = known('SO_EE_ORIGIN_ICMP');
/** The origin of an error: ICMPv6. */
export const SO_EE_ORIGIN_ICMP6 = known('SO_EE_ORIGIN_ICMP6');
/** The origin of a message: the status of a sent frame. */
export const SO_EE_ORIGIN_TXSTATUS = known('SO_EE_ORIGIN_TXSTATUS');
/** The origin of a message: a timestamp; the same number as TXSTATUS. */
export const SO_EE_ORIGIN_TIMESTAMPING = known('SO_EE_ORIGIN_TIMESTAMPING');
/** The origin of a message: MSG_ZEROCOPY is done with a buffer. */
export const SO_EE_ORIGIN_ZEROCOPY = known('SO_EE_ORIGIN_ZEROCOPY');
/** The origin of an error: SO_TXTIME. */
export const SO_EE_ORIGIN_TXTIME = known('SO_EE_ORIGIN_TXTIME');
/** The code of MSG_ZEROCOPY: the kernel had to copy after all. */
export const SO_EE_CODE_ZEROCOPY_COPIED = known('SO_EE_CODE_ZEROCOPY_COPIED');
/** The code of SO_TXTIME: a bad time. */
export const SO_EE_CODE_TXTIME_INVALID_PARAM = known('SO_EE_CODE_TXTIME_INVALID_PARAM');
/** The code of SO_TXTIME: too late. */
export const SO_EE_CODE_TXTIME_MISSED = known('SO_EE_CODE_TXTIME_MISSED');
/** An extended error of ICMP is malformed. */
export const SO_EE_RFC4884_FLAG_INVALID = known('SO_EE_RFC4884_FLAG_INVALID');

// Which timestamp it is: `info` of struct sock_extended_err.
/** A timestamp: passed to the device, or sent by it. */
export const SCM_TSTAMP_SND = known('SCM_TSTAMP_SND');
/** A timestamp: entered the packet scheduler. */
export const SCM_TSTAMP_SCHED = known('SCM_TSTAMP_SCHED');
/** A timestamp: acknowledged by the peer. */
export const SCM_TSTAMP_ACK = known('SCM_TSTAMP_ACK');
/** A timestamp: the device says that it is sent (Linux 6.15). */
export const SCM_TSTAMP_COMPLETION = known('SCM_TSTAMP_COMPLETION');

// Flags of SO_TIMESTAMPING.
/** Make timestamps: sent, by the device. */
export const SOF_TIMESTAMPING_TX_HARDWARE = known('SOF_TIMESTAMPING_TX_HARDWARE');
/** Make timestamps: sent, by the kernel. */
export const SOF_TIMESTAMPING_TX_SOFTWARE = known('SOF_TIMESTAMPING_TX_SOFTWARE');
/** Make timestamps: received, by the device. */
export const SOF_TIMESTAMPING_RX_HARDWARE = known('SOF_TIMESTAMPING_RX_HARDWARE');
/** Make timestamps: received, by the kernel. */
export const SOF_TIMESTAMPING_RX_SOFTWARE = known('SOF_TIMESTAMPING_RX_SOFTWARE');
/** Report timestamps of the kernel. */
export const SOF_TIMESTAMPING_SOFTWARE = known('SOF_TIMESTAMPING_SOFTWARE');
/** Has no effect any more. */
export const SOF_TIMESTAMPING_SYS_HARDWARE = known('SOF_TIMESTAMPING_SYS_HARDWARE');
/** Report timestamps of the device. */
export const SOF_TIMESTAMPING_RAW_HARDWARE = known('SOF_TIMESTAMPING_RAW_HARDWARE');
/** Number each packet, to tell its timestamps. */
export const SOF_TIMESTAMPING_OPT_ID = known('SOF_TIMESTAMPING_OPT_ID');
/** Make timestamps: before the packet scheduler. */
export const SOF_TIMESTAMPING_TX_SCHED = known('SOF_TIMESTAMPING_TX_SCHED');
/** Make timestamps: acknowledged by the peer. */
export const SOF_TIMESTAMPING_TX_ACK = known('SOF_TIMESTAMPING_TX_ACK');
/** Receive IP_PKTINFO with each timestamp of the error queue. */
export const SOF_TIMESTAMPING_OPT_CMSG = known('SOF_TIMESTAMPING_OPT_CMSG');
/** Receive the timestamp without the packet. */
export const SOF_TIMESTAMPING_OPT_TSONLY = known('SOF_TIMESTAMPING_OPT_TSONLY');
/** Receive statistics of TCP too: SCM_TIMESTAMPING_OPT_STATS. */
export const SOF_TIMESTAMPING_OPT_STATS = known('SOF_TIMESTAMPING_OPT_STATS');
/** Receive interface and length too: SCM_TIMESTAMPING_PKTINFO. */
export const SOF_TIMESTAMPING_OPT_PKTINFO = known('SOF_TIMESTAMPING_OPT_PKTINFO');
/** Timestamps of both the kernel and the device. */
export const SOF_TIMESTAMPING_OPT_TX_SWHW = known('SOF_TIMESTAMPING_OPT_TX_SWHW');
/** Timestamps of a given hardware clock (Linux 5.14). */
export const SOF_TIMESTAMPING_BIND_PHC = known('SOF_TIMESTAMPING_BIND_PHC');
/** Number the bytes of TCP from a fixed point (Linux 6.2). */
export const SOF_TIMESTAMPING_OPT_ID_TCP = known('SOF_TIMESTAMPING_OPT_ID_TCP');
/** Only the timestamps that this socket asked for (Linux 6.12). */
export const SOF_TIMESTAMPING_OPT_RX_FILTER = known('SOF_TIMESTAMPING_OPT_RX_FILTER');
/** Make timestamps: the device says that it is sent (Linux 6.15). */
export const SOF_TIMESTAMPING_TX_COMPLETION = known('SOF_TIMESTAMPING_TX_COMPLETION');
/** The flags that a control message of one send may set, as the header says. */
export const SOF_TIMESTAMPING_TX_RECORD_MASK = known('SOF_TIMESTAMPING_TX_RECORD_MASK');

// Flags of SO_TXTIME: struct sock_txtime.
/** SO_TXTIME: the time is a deadline. */
export const SOF_TXTIME_DEADLINE_MODE = known('SOF_TXTIME_DEADLINE_MODE');
/** SO_TXTIME: report errors in the error queue. */
export const SOF_TXTIME_REPORT_ERRORS = known('SOF_TXTIME_REPORT_ERRORS');

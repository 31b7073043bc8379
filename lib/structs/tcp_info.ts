/** struct tcp_info: what the kernel knows about a TCP connection. */
import { LITTLE, readField } from '../bytes.js';
import type { Field } from '../layout.js';
import { bytesToDecode, missing, unsigned64, type Struct } from './codec.js';

/**
 * `struct tcp_info`: TCP_INFO of tcp(7), linux/tcp.h. Linux.
 *
 * The counters of 64 bits are bigint. What the running kernel does not give is left out.
 */
export interface TcpInfo {
  /** TCP_ESTABLISHED, TCP_LISTEN … */
  state: number;
  /** The state of the congestion control: TCP_CA_Open … */
  ca_state: number;
  /** How often the oldest unacknowledged segment was sent again. */
  retransmits: number;
  /** Keepalive or window probes that no answer came to. */
  probes: number;
  /** How often the timeout was doubled. */
  backoff: number;
  /** A mask: 1 timestamps, 2 SACK, 4 window scale, 8 ECN, 16 ECN seen, 32 data in the SYN. */
  options: number;
  /** The window scale of the peer. */
  snd_wscale: number;
  /** The window scale of this side. */
  rcv_wscale: number;
  /** Is `delivery_rate` limited by the program, which had nothing to send? */
  delivery_rate_app_limited: boolean;
  /** Why data in the SYN did not work: 0 nothing, 1 no cookie, 2 data not acknowledged, 3 SYN sent again. */
  fastopen_client_fail: number;
  /** The retransmission timeout, in microseconds. */
  rto: number;
  /** The timeout of delayed acknowledgements, in microseconds. */
  ato: number;
  /** The largest segment to send, in bytes. */
  snd_mss: number;
  /** The largest segment received, in bytes. */
  rcv_mss: number;
  /** Segments sent and not acknowledged; of a listener, connections that wait for accept(2). */
  unacked: number;
  /** Segments acknowledged selectively; of a listener, its backlog. */
  sacked: number;
  /** Segments that seem lost. */
  lost: number;
  /** Segments sent again and not yet acknowledged. */
  retrans: number;
  /** Has no meaning any more. */
  fackets: number;
  /** Milliseconds since data were sent. */
  last_data_sent: number;
  /** Not kept: 0. */
  last_ack_sent: number;
  /** Milliseconds since data were received. */
  last_data_recv: number;
  /** Milliseconds since an acknowledgement was received. */
  last_ack_recv: number;
  /** The path MTU, in bytes. */
  pmtu: number;
  /** The threshold of the receive window, in bytes. */
  rcv_ssthresh: number;
  /** The round trip time, smoothed, in microseconds. */
  rtt: number;
  /** Its mean deviation, in microseconds. */
  rttvar: number;
  /** The threshold of slow start, in segments. */
  snd_ssthresh: number;
  /** The congestion window, in segments. */
  snd_cwnd: number;
  /** The largest segment that this side advertises, in bytes. */
  advmss: number;
  /** How far segments may be out of order. */
  reordering: number;
  /** The round trip time as the receiver sees it, in microseconds. */
  rcv_rtt: number;
  /** The room of the receive queue, in bytes. */
  rcv_space: number;
  /** Segments sent again, of all time. */
  total_retrans: number;
  /** Bytes a second; 2^64 - 1: not paced. */
  pacing_rate?: bigint;
  /** SO_MAX_PACING_RATE, in bytes a second; 2^64 - 1: no limit. */
  max_pacing_rate?: bigint;
  /** Bytes acknowledged by the peer. */
  bytes_acked?: bigint;
  /** Bytes received. */
  bytes_received?: bigint;
  /** Segments sent. */
  segs_out?: number;
  /** Segments received. */
  segs_in?: number;
  /** Bytes in the send queue that were not sent yet. */
  notsent_bytes?: number;
  /** The shortest round trip time, in microseconds. */
  min_rtt?: number;
  /** Segments with data received. */
  data_segs_in?: number;
  /** Segments with data sent. */
  data_segs_out?: number;
  /** The latest rate of delivery, in bytes a second. */
  delivery_rate?: bigint;
  /** Microseconds busy with sending. */
  busy_time?: bigint;
  /** Microseconds limited by the peer's window. */
  rwnd_limited?: bigint;
  /** Microseconds limited by the send buffer. */
  sndbuf_limited?: bigint;
  /** Segments delivered. */
  delivered?: number;
  /** Segments delivered that were marked by congestion. */
  delivered_ce?: number;
  /** Bytes sent, those sent again too. */
  bytes_sent?: bigint;
  /** Bytes sent again. */
  bytes_retrans?: bigint;
  /** Segments that the peer says came twice. */
  dsack_dups?: number;
  /** How often segments came out of order at the peer. */
  reord_seen?: number;
  /** Segments received out of order. */
  rcv_ooopack?: number;
  /** The peer's window, in bytes. */
  snd_wnd?: number;
  /** The window of this side, in bytes (Linux 6.2). */
  rcv_wnd?: number;
  /** How often another path was tried (Linux 6.2). */
  rehash?: number;
  /** Retransmission timeouts (Linux 6.7). */
  total_rto?: number;
  /** Recoveries after timeouts (Linux 6.7). */
  total_rto_recoveries?: number;
  /** Milliseconds in recoveries after timeouts (Linux 6.7). */
  total_rto_time?: number;
  /** Segments received that were marked by congestion (Linux 6.18). */
  received_ce?: number;
  /** Bytes delivered with the mark ECT(1) (Linux 6.18). */
  delivered_e1_bytes?: number;
  /** Bytes delivered with the mark ECT(0) (Linux 6.18). */
  delivered_e0_bytes?: number;
  /** Bytes delivered with the mark CE (Linux 6.18). */
  delivered_ce_bytes?: number;
  /** Bytes received with the mark ECT(1) (Linux 6.18). */
  received_e1_bytes?: number;
  /** Bytes received with the mark ECT(0) (Linux 6.18). */
  received_e0_bytes?: number;
  /** Bytes received with the mark CE (Linux 6.18). */
  received_ce_bytes?: number;
}

type Bits = 'snd_wscale' | 'rcv_wscale' | 'delivery_rate_app_limited' | 'fastopen_client_fail';

// The kernel only ever adds at the end, and nothing is padded; headers know less of it than kernels
// do, so the order stands here. A number is the size of the fields after it, in bytes. What Linux 6.18
// gives after received_ce_bytes is left out: other releases have other fields in those four bytes.
const ORDER = [
  ...[1, 'state', 'ca_state', 'retransmits', 'probes', 'backoff', 'options', 'wscales', 'bits'],
  ...[4, 'rto', 'ato', 'snd_mss', 'rcv_mss', 'unacked', 'sacked', 'lost', 'retrans', 'fackets'],
  ...['last_data_sent', 'last_ack_sent', 'last_data_recv', 'last_ack_recv', 'pmtu', 'rcv_ssthresh', 'rtt', 'rttvar'],
  ...['snd_ssthresh', 'snd_cwnd', 'advmss', 'reordering', 'rcv_rtt', 'rcv_space', 'total_retrans'],
  ...[8, 'pacing_rate', 'max_pacing_rate', 'bytes_acked', 'bytes_received'],
  ...[4, 'segs_out', 'segs_in', 'notsent_bytes', 'min_rtt', 'data_segs_in', 'data_segs_out'],
  ...[8, 'delivery_rate', 'busy_time', 'rwnd_limited', 'sndbuf_limited', 4, 'delivered', 'delivered_ce'],
  ...[8, 'bytes_sent', 'bytes_retrans', 4, 'dsack_dups', 'reord_seen', 'rcv_ooopack', 'snd_wnd', 'rcv_wnd', 'rehash'],
  ...[2, 'total_rto', 'total_rto_recoveries', 4, 'total_rto_time', 'received_ce'],
  ...['delivered_e1_bytes', 'delivered_e0_bytes', 'delivered_ce_bytes'],
  ...['received_e1_bytes', 'received_e0_bytes', 'received_ce_bytes'],
] as const;

type Name = Exclude<(typeof ORDER)[number], number>;

/** Where each field is: its offset and its size in bytes. */
export const TCP_INFO_FIELDS: ReadonlyMap<Name, Field> = (() => {
  const fields = new Map<Name, Field>();
  let offset = 0;
  let size = 0;
  for (const item of ORDER) {
    if (typeof item === 'number') size = item;
    else {
      fields.set(item, [offset, size]);
      offset += size;
    }
  }
  return fields;
})();

const LINUX = process.platform === 'linux';

/** The fields up to total_retrans: every Linux gives them. */
const LEAST = 104;

/** The fields above, and room for what a newer kernel adds. */
const SIZE = 512;

/** `wscales` and `bits` are bit fields of C: the first one is low on a little-endian machine only. */
function bitFields(wscales: number, bits: number): Pick<TcpInfo, Bits> {
  const at = (value: number, skip: number, width: number): number =>
    (value >> (LITTLE ? skip : 8 - skip - width)) & (2 ** width - 1);
  return {
    snd_wscale: at(wscales, 0, 4),
    rcv_wscale: at(wscales, 4, 4),
    delivery_rate_app_limited: at(bits, 0, 1) === 1,
    fastopen_client_fail: at(bits, 1, 2),
  };
}

/**
 * `struct tcp_info`: the state of a connection or listener; TCP_INFO of tcp(7). Linux.
 *
 * Only to read: there is nothing to encode. `size` leaves room for newer kernels.
 *
 * @example
 * const { rtt, total_retrans } = tcp_info.decode(getsockopt(fd, IPPROTO_TCP, TCP_INFO, tcp_info.size))
 */
export const tcp_info: Pick<Struct<TcpInfo>, 'size' | 'decode'> = {
  size: LINUX ? SIZE : 0,
  decode(given) {
    if (!LINUX) throw missing('tcp_info');
    const bytes = bytesToDecode(given, 'tcp_info', LEAST);
    const info: Partial<Record<Name, number | bigint>> = {};
    for (const [name, field] of TCP_INFO_FIELDS) {
      const [offset, size] = field;
      if (offset + size > bytes.length) break;
      info[name] = size === 8 ? unsigned64(bytes, field) : readField(bytes, field);
    }
    const { wscales, bits, ...fields } = info;
    return { ...fields, ...bitFields(wscales as number, bits as number) } as TcpInfo;
  },
};

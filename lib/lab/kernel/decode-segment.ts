/** A TCP segment of an IPv4 packet. Pure. */
import type { Packet } from '../protocol.js';

const IPPROTO_TCP = 6;
/** The bits of the header's flags, in the order in which they are told. */
const FLAGS = [
  ['SYN', 0x02],
  ['FIN', 0x01],
  ['RST', 0x04],
  ['PSH', 0x08],
  ['ACK', 0x10],
] as const;

/** Undefined where it is no TCP segment over IPv4, a later fragment of one, or its headers are cut short. */
export function decodeSegment(packet: Uint8Array): Packet | undefined {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  if (view.byteLength < 20 || view.getUint8(0) >> 4 !== 4) return undefined;
  const ipLength = (view.getUint8(0) & 0xf) * 4;
  const isFirst = (view.getUint16(6) & 0x1fff) === 0;
  if (ipLength < 20 || !isFirst || view.getUint8(9) !== IPPROTO_TCP) return undefined;
  if (view.byteLength < ipLength + 20) return undefined;
  const tcpLength = (view.getUint8(ipLength + 12) >> 4) * 4;
  const bytes = view.getUint16(2) - ipLength - tcpLength; // the IP header's length counts, not what was captured
  if (tcpLength < 20 || bytes < 0) return undefined;
  const bits = view.getUint8(ipLength + 13);
  return {
    from: view.getUint16(ipLength),
    to: view.getUint16(ipLength + 2),
    flags: FLAGS.flatMap(([name, bit]) => ((bits & bit) === 0 ? [] : [name])),
    bytes,
  };
}

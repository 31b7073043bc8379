/** byteorder(3): numbers of the host as the network has them, and back. Pure. */
import { LITTLE } from './bytes.js';
import { integer, UINT16_MAX, UINT32_MAX } from './validate.js';

function swapped16(value: number): number {
  return LITTLE ? ((value & 255) << 8) | (value >> 8) : value;
}

function swapped32(value: number): number {
  return LITTLE ? (swapped16(value & UINT16_MAX) * 2 ** 16 + swapped16(value >>> 16)) >>> 0 : value;
}

/**
 * A number of 16 bits in network byte order: `htons(3)`. The protocol of a packet socket is one.
 *
 * @param value - 0 to 65535
 * @example
 * socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP))
 */
export function htons(value: number): number {
  return swapped16(integer(value, 'value', 0, UINT16_MAX));
}

/**
 * A number of 16 bits in the host's byte order: `ntohs(3)`.
 *
 * @param value - 0 to 65535
 */
export function ntohs(value: number): number {
  return swapped16(integer(value, 'value', 0, UINT16_MAX));
}

/**
 * A number of 32 bits in network byte order: `htonl(3)`.
 *
 * @param value - 0 to 2^32 - 1
 */
export function htonl(value: number): number {
  return swapped32(integer(value, 'value', 0, UINT32_MAX));
}

/**
 * A number of 32 bits in the host's byte order: `ntohl(3)`.
 *
 * @param value - 0 to 2^32 - 1
 */
export function ntohl(value: number): number {
  return swapped32(integer(value, 'value', 0, UINT32_MAX));
}

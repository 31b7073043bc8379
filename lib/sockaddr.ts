/**
 * Socket addresses: objects here, `struct sockaddr` bytes in the kernel. Pure: no socket needed.
 */
import { readField, writeField } from './bytes.js';
import { AF_INET, AF_INET6, AF_UNIX } from './constants/socket.js';
import { formatIPv4, formatIPv6, interfaceIndex, parseIPv4, parseIPv6 } from './ip.js';
import { native, reply } from './native.js';
import { keepBytes, keepSender, knownBytes, knownSender } from './peers.js';
import { blank, readNetworkOrder, writeNetworkOrder } from './sockaddr-fields.js';
import { decodeLinux, encodeLinux } from './sockaddr-linux.js';
import type { SocketAddress } from './socket-address.js';
import { asObject, asPlainBytes, asPort, integer, invalidType, invalidValue, UINT32_MAX } from './validate.js';

const { layout } = native;
const [familyOffset, familySize] = layout.sockaddr.sa_family;
const [pathOffset, pathSize] = layout.sockaddr_un.sun_path;
const storageSize = layout.Reply.address[1];

/**
 * The bytes of a socket address, as bind(2) and connect(2) take them.
 *
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_IP_ADDRESS, ERR_SOCKET_BAD_PORT, ERR_OUT_OF_RANGE
 */
export function encodeAddress(address: SocketAddress): Uint8Array {
  const given = asObject(address, 'address');
  const { family } = given;
  switch (family) {
    case 'IPv4':
      return encodeIPv4(given);
    case 'IPv6':
      return encodeIPv6(given);
    case 'Unix':
      return encodeUnix(given['path']);
    case 'raw':
      return encodeRaw(given['sockaddr']);
    default:
      return encodeLinux(given, family) ?? refuseFamily(family);
  }
}

function refuseFamily(family: unknown): never {
  const families = "'IPv4', 'IPv6', 'Unix', 'Netlink', 'Packet', 'VSock', 'CAN' or 'raw'";
  throw invalidValue('address.family', `must be ${families}`, family);
}

function encodeIPv4(given: Record<string, unknown>): Uint8Array {
  const { address, port } = given;
  const known = knownBytes(address, port);
  if (known !== undefined) return known;
  const { sin_addr, sin_port } = layout.sockaddr_in;
  const bytes = blank(layout.sockaddr_in.size, AF_INET);
  parseIPv4(address, 'address.address', bytes.subarray(sin_addr[0], sin_addr[0] + sin_addr[1]));
  writeNetworkOrder(bytes, sin_port, asPort(port, 'address.port'));
  keepBytes(address as string, port as number, bytes);
  return bytes;
}

function encodeIPv6(given: Record<string, unknown>): Uint8Array {
  const { sin6_addr, sin6_port, sin6_flowinfo, sin6_scope_id } = layout.sockaddr_in6;
  const { flowlabel, scopeid } = given;
  const bytes = blank(layout.sockaddr_in6.size, AF_INET6);
  const zone = parseIPv6(
    given['address'],
    'address.address',
    bytes.subarray(sin6_addr[0], sin6_addr[0] + sin6_addr[1]),
  );
  writeNetworkOrder(bytes, sin6_port, asPort(given['port'], 'address.port'));
  if (flowlabel !== undefined) {
    const view = new DataView(bytes.buffer);
    view.setUint32(sin6_flowinfo[0], integer(flowlabel, 'address.flowlabel', 0, 2 ** 20 - 1)); // network byte order
  }
  const scope = scopeid === undefined ? 0 : integer(scopeid, 'address.scopeid', 0, UINT32_MAX);
  writeField(bytes, sin6_scope_id, scope === 0 && zone !== '' ? interfaceIndex(zone) : scope);
  return bytes;
}

function encodeUnix(path: unknown): Uint8Array {
  if (typeof path !== 'string' && !ArrayBuffer.isView(path)) {
    throw invalidType('address.path', 'of type string or an instance of Buffer', path);
  }
  const text = typeof path === 'string' ? Buffer.from(path) : asPlainBytes(path, 'address.path');
  const abstract = text[0] === 0 && process.platform === 'linux';
  if (!abstract && text.includes(0)) {
    throw invalidValue('address.path', 'must be without null bytes, where the kernel would cut it', path);
  }
  if (text.length > pathSize)
    throw invalidValue('address.path', `must be at most ${String(pathSize)} bytes long`, path);
  const bytes = blank(
    pathOffset + text.length + (text.length > 0 && text.length < pathSize && !abstract ? 1 : 0),
    AF_UNIX,
  );
  bytes.set(text, pathOffset);
  return bytes;
}

function encodeRaw(sockaddr: unknown): Uint8Array {
  const bytes = asPlainBytes(sockaddr, 'address.sockaddr');
  if (bytes.length > storageSize) {
    throw invalidValue('address.sockaddr', `must be at most ${String(storageSize)} bytes long`, sockaddr);
  }
  return bytes;
}

/**
 * The address in bytes that the kernel wrote, or null where it wrote none.
 *
 * @param length - how many bytes of it count; a unix path may be one byte longer than there is room for
 */
export function decodeAddress(bytes: Uint8Array, length: number): SocketAddress | null {
  if (length < familyOffset + familySize) return null;
  const family = readField(bytes, layout.sockaddr.sa_family);
  if (family === AF_INET && length >= layout.sockaddr_in.size) return decodeIPv4(bytes);
  if (family === AF_INET6 && length >= layout.sockaddr_in6.size) return decodeIPv6(bytes);
  if (family === AF_UNIX) return decodeUnix(bytes, length);
  return decodeLinux(bytes, length, family) ?? { family: 'raw', sockaddr: bytes.slice(0, length) };
}

/** Who sent what was just received, in an object that is the caller's; null where the kernel does not say. */
export function decodeSender(): SocketAddress | null {
  const known = knownSender();
  if (known !== undefined) return known;
  const address = decodeAddress(reply.address, reply.addressLength());
  if (address?.family === 'IPv4') keepSender(address);
  return address;
}

/** As {@link decodeAddress}, for a name that every socket has: where the kernel wrote none, an address of no bytes. */
export function decodeName(bytes: Uint8Array, length: number): SocketAddress {
  return decodeAddress(bytes, length) ?? { family: 'raw', sockaddr: new Uint8Array(0) };
}

function decodeIPv4(bytes: Uint8Array): SocketAddress {
  const { sin_addr, sin_port } = layout.sockaddr_in;
  return { family: 'IPv4', address: formatIPv4(bytes, sin_addr[0]), port: readNetworkOrder(bytes, sin_port) };
}

function decodeIPv6(bytes: Uint8Array): SocketAddress {
  const { sin6_addr, sin6_port, sin6_flowinfo, sin6_scope_id } = layout.sockaddr_in6;
  const address = formatIPv6(bytes.subarray(sin6_addr[0], sin6_addr[0] + sin6_addr[1]));
  const flowlabel = new DataView(bytes.buffer, bytes.byteOffset).getUint32(sin6_flowinfo[0]) & 0xfffff;
  const scopeid = readField(bytes, sin6_scope_id);
  return {
    family: 'IPv6',
    address,
    port: readNetworkOrder(bytes, sin6_port),
    ...(flowlabel === 0 ? {} : { flowlabel }),
    ...(scopeid === 0 ? {} : { scopeid }),
  };
}

/** An abstract name keeps its NULs; a path ends at the first one. A name that is not UTF-8 stays bytes. */
function decodeUnix(bytes: Uint8Array, length: number): SocketAddress {
  let end = Math.min(length, pathOffset + pathSize);
  if (bytes[pathOffset] !== 0) {
    const nul = bytes.subarray(pathOffset, end).indexOf(0);
    if (nul !== -1) end = pathOffset + nul;
  }
  const name = Buffer.from(bytes.subarray(pathOffset, Math.max(end, pathOffset)));
  const path = name.toString();
  return Buffer.from(path).equals(name) ? { family: 'Unix', path } : { family: 'Unix', path: name };
}

/**
 * The addresses of those who send datagrams. The same few send again and again, and an answer goes to whom it came
 * from: so an address is decoded once, and keeps its bytes.
 */
import { native, reply } from '../../native.js';
import { decodeAddress, encodeAddress } from '../../sockaddr.js';
import type { IPv4Address, SocketAddress } from '../../socket-address.js';

const { sockaddr_in: layout, Reply } = native.layout;
const words = new Int32Array(native.reply, Reply.address[0], 2); // family and port; the address

/** An IPv4 address with its bytes. It is shared, and so it is frozen. */
class Peer implements IPv4Address {
  readonly family = 'IPv4';
  readonly address: string;
  readonly port: number;
  readonly #sockaddr: Uint8Array;

  constructor({ address, port }: IPv4Address, sockaddr: Uint8Array) {
    this.address = address;
    this.port = port;
    this.#sockaddr = sockaddr;
    Object.freeze(this);
  }

  static sockaddrOf(address: object): Uint8Array | undefined {
    return #sockaddr in address ? address.#sockaddr : undefined;
  }
}

const SLOTS = 1024;
const first = new Int32Array(SLOTS);
const second = new Int32Array(SLOTS);
const peers: (Peer | undefined)[] = Array.from({ length: SLOTS }, () => undefined);

/** Who sent what was just received; null where the kernel does not say. IPv4 addresses are frozen. */
export function sender(): SocketAddress | null {
  const length = reply.addressLength();
  if (length !== layout.size) return decodeAddress(reply.address, length);
  const [familyAndPort, host] = words as unknown as [number, number];
  const slot = ((familyAndPort >>> 16) ^ host ^ (host >>> 21)) & (SLOTS - 1);
  const known = peers[slot];
  if (known !== undefined && first[slot] === familyAndPort && second[slot] === host) return known;
  const address = decodeAddress(reply.address, length);
  if (address?.family !== 'IPv4') return address;
  first[slot] = familyAndPort;
  second[slot] = host;
  return (peers[slot] = new Peer(address, reply.address.slice(0, length)));
}

/** The bytes of an address, as encodeAddress gives them. */
export function sockaddrOf(address: SocketAddress): Uint8Array {
  const known = typeof address === 'object' && (address as object | null) !== null && Peer.sockaddrOf(address);
  return known || encodeAddress(address);
}

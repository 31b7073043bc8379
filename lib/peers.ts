/**
 * The IPv4 addresses of those who send datagrams, and the bytes of those who get them. The same few send again and
 * again, and an answer goes to whom it came from: so an address is decoded once, and encoded once at most.
 */
import { native, reply } from './native.js';
import type { IPv4Address } from './socket-address.js';

/** An address and its bytes, which nobody changes. */
interface Peer {
  readonly address: string;
  readonly port: number;
  readonly sockaddr: Uint8Array;
}

const { sockaddr_in: layout, Reply } = native.layout;
const words = new Int32Array(native.reply, Reply.address[0], 2); // family and port; the address

const SLOTS = 1024;
const none = (): (Peer | undefined)[] => Array.from({ length: SLOTS }, () => undefined);
const first = new Int32Array(SLOTS);
const second = new Int32Array(SLOTS);
const byBytes = none();
const byText = none();
let last: Peer | undefined;

function slotOfText(address: string, port: number): number {
  const end = address.length;
  const letters =
    address.charCodeAt(end - 1) * 67 + address.charCodeAt(end - 2) * 131 + address.charCodeAt(end - 3) * 17;
  return (port + letters) & (SLOTS - 1);
}

/** The bytes of an address that was sent to, or that sent; undefined where they are not known. */
export function knownBytes(address: unknown, port: unknown): Uint8Array | undefined {
  if (last !== undefined && last.address === address && last.port === port) return last.sockaddr;
  if (typeof address !== 'string' || typeof port !== 'number') return undefined;
  const peer = byText[slotOfText(address, port)];
  if (peer?.address !== address || peer.port !== port) return undefined;
  last = peer;
  return peer.sockaddr;
}

/** Keeps the bytes of an address. */
export function keepBytes(address: string, port: number, sockaddr: Uint8Array): void {
  last = byText[slotOfText(address, port)] = { address, port, sockaddr };
}

const familyAndPort = (): number => words[0] as number;
const host = (): number => words[1] as number;
const slotOfReply = (): number => ((familyAndPort() >>> 16) ^ host() ^ (host() >>> 21)) & (SLOTS - 1);

/** Who sent what was just received: an object of the caller's own. undefined where the sender is not known. */
export function knownSender(): IPv4Address | undefined {
  if (reply.addressLength() !== layout.size) return undefined;
  const slot = slotOfReply();
  const peer = byBytes[slot];
  if (peer === undefined || first[slot] !== familyAndPort() || second[slot] !== host()) return undefined;
  return { family: 'IPv4', address: peer.address, port: peer.port };
}

/** Keeps who sent what was just received: its bytes, too, since it will be answered. */
export function keepSender({ address, port }: IPv4Address): void {
  const slot = slotOfReply();
  first[slot] = familyAndPort();
  second[slot] = host();
  const peer = { address, port, sockaddr: reply.address.slice(0, layout.size) };
  byBytes[slot] = byText[slotOfText(address, port)] = peer;
}

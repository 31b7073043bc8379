/** IP addresses: text here, bytes in network order in the kernel. */
import { AF_INET, AF_INET6 } from './constants/socket.js';
import { check, isError } from './errors.js';
import { native } from './native.js';
import { asText, invalidAddress, invalidType } from './validate.js';

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const textBytes = Buffer.alloc(64);
const addressBytes = Buffer.alloc(16);

function isAddress(family: number, text: string, bytes: Uint8Array): boolean {
  const result = native.inet_pton(family, text, bytes);
  return !isError(result) && check(result, 'inet_pton') === 1;
}

/** Writes the sixteen bytes of `text`, and returns its zone, or ''; undefined where it is no address. */
function readIPv6(text: string, bytes: Uint8Array): string | undefined {
  const [address = '', zone, ...rest] = text.split('%');
  if (zone === '' || rest.length > 0 || !isAddress(AF_INET6, address, bytes)) return undefined;
  return zone ?? '';
}

/** 4 or 6 for the text of an IP address, which may have a zone if it is 6; 0 for anything else. Node's own loads its sockets. */
export function isIP(text: unknown): 0 | 4 | 6 {
  if (typeof text !== 'string' || text.includes('\0')) return 0; // C would see what is before the zero
  if (isAddress(AF_INET, text, addressBytes)) return 4;
  return readIPv6(text, addressBytes) === undefined ? 0 : 6;
}

/** Writes the four bytes of `text` into `bytes`. What inet_pton(3) refuses is refused: a leading zero, 1.2.3. */
export function parseIPv4(text: unknown, name: string, bytes: Uint8Array): void {
  if (typeof text !== 'string') throw invalidType(name, 'of type string', text);
  const parts = IPV4.exec(text);
  if (parts === null) throw invalidAddress('IPv4', text);
  for (let i = 0; i < 4; i++) {
    const part = parts[i + 1] as string;
    const value = Number(part);
    if (value > 255 || (part.length > 1 && part.startsWith('0'))) throw invalidAddress('IPv4', text);
    bytes[i] = value;
  }
}

/** Writes the sixteen bytes of `text` into `bytes` and returns its zone: the `eth0` of `fe80::1%eth0`, or ''. */
export function parseIPv6(text: unknown, name: string, bytes: Uint8Array): string {
  const zone = readIPv6(asText(text, name), bytes);
  if (zone === undefined) throw invalidAddress('IPv6', text as string);
  return zone;
}

/** The index of the interface in a zone: a name or a number. */
export function interfaceIndex(zone: string): number {
  return /^\d{1,9}$/.test(zone) ? Number(zone) : check(native.if_nametoindex(zone), 'if_nametoindex');
}

let lastNumber = -1;
let lastText = '';

/** The text of the four bytes at `offset`. The last one is remembered: a server's clients are often one host. */
export function formatIPv4(bytes: Uint8Array, offset: number): string {
  const a = bytes[offset] as number;
  const b = bytes[offset + 1] as number;
  const c = bytes[offset + 2] as number;
  const d = bytes[offset + 3] as number;
  const number = (a << 24) | (b << 16) | (c << 8) | d;
  if (number !== lastNumber || lastText === '') {
    lastNumber = number;
    lastText = `${String(a)}.${String(b)}.${String(c)}.${String(d)}`;
  }
  return lastText;
}

/** The text of sixteen bytes. */
export function formatIPv6(bytes: Uint8Array): string {
  const length = check(native.inet_ntop(AF_INET6, bytes, textBytes), 'inet_ntop');
  return textBytes.toString('latin1', 0, length);
}

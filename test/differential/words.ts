/** The words of a call and of its answer, as words.h and answers.h read and write them. */
import { AF_UNIX, type SocketAddress } from 'bsd-sockets';

/** The parts of a list; "-" is an empty one. */
export function parts(word: string, separator: string): string[] {
  return word === '-' ? [] : word.split(separator);
}

/** LENGTH:SEED, a pattern. */
export function dataOf(word = ''): Buffer {
  const [length = 0, seed = 0] = word.split(':').map(Number);
  const data = Buffer.alloc(length);
  for (let i = 0; i < length; i++) data[i] = (seed + 7 * i) & 255;
  return data;
}

/** LENGTH: room that holds 0xaa, to see what is written. */
export function roomOf(word: string): Buffer {
  return Buffer.alloc(Number(word), 0xaa);
}

/** The bytes of HEX; "-" has none. */
export function hexOf(word: string): Buffer {
  return Buffer.from(word === '-' ? '' : word, 'hex');
}

/** What addresses refer to: other sockets' names, this side's folder, and the prefix of its abstract names. */
export interface AddressContext {
  name: (slot: string) => SocketAddress;
  folder: string;
  prefix: string;
}

/** 4/IP/PORT 6/IP/PORT/FLOW/SCOPE a/NAME x/HEX p/NAME u n/PORTID/GROUPS r/HEX @SLOT */
export function addressOf(word: string, { name, folder, prefix }: AddressContext): SocketAddress {
  if (word.startsWith('@')) return name(word.slice(1));
  const [kind, first = '', second = '', third, fourth] = word.split('/');
  const port = (text: string): number => {
    if (!text.startsWith('@')) return Number(text);
    const address = name(text.slice(1));
    return address.family === 'IPv4' || address.family === 'IPv6' ? address.port : 0;
  };
  switch (kind) {
    case '4':
      return { family: 'IPv4', address: first, port: port(second) };
    case '6':
      return { family: 'IPv6', address: first, port: port(second), flowlabel: Number(third), scopeid: Number(fourth) };
    case 'a':
      return { family: 'Unix', path: `\0${prefix}${word.slice(2)}` };
    case 'p':
      return { family: 'Unix', path: `${folder}/${word.slice(2)}` };
    case 'n': {
      const address = first.startsWith('@') ? name(first.slice(1)) : null;
      const pid = address === null ? Number(first) : address.family === 'Netlink' ? address.pid : 0;
      return { family: 'Netlink', pid, groups: Number(second) };
    }
    case 'x':
      return { family: 'raw', sockaddr: Buffer.concat([familyOf(AF_UNIX), Buffer.from(`\0${prefix}`), hexOf(first)]) };
    case 'r':
      return { family: 'raw', sockaddr: hexOf(first) };
    default:
      return { family: 'Unix', path: '' };
  }
}

/** The beginning of a sockaddr on Linux. */
function familyOf(family: number): Uint8Array {
  return new Uint8Array(Uint16Array.of(family).buffer);
}

/** An address as answers.h prints it. */
export function addressText(address: SocketAddress | null): string {
  if (address === null) return 'none';
  switch (address.family) {
    case 'IPv4':
      return `4/${address.address}/${String(address.port)}`;
    case 'IPv6': {
      const { flowlabel = 0, scopeid = 0 } = address;
      return `6/${address.address}/${String(address.port)}/${String(flowlabel)}/${String(scopeid)}`;
    }
    case 'Unix':
      return `u/${hexText(Buffer.from(address.path))}`;
    case 'Netlink':
      return `n/${String(address.pid)}/${String(address.groups)}`;
    case 'Packet':
    case 'VSock':
    case 'CAN':
      throw new Error(`no call here makes a socket of ${address.family}`);
    case 'raw':
      return address.sockaddr.length < 2 ? 'none' : `r/${hexText(address.sockaddr)}`;
  }
}

/** Bytes in hex. */
export function hexText(bytes: Uint8Array): string {
  return bytes.length === 0 ? '-' : Buffer.from(bytes).toString('hex');
}

const { imul } = Math; // to look into the globals of jest's context for each byte takes longer than all the rest

/** Bytes in hex, or where they are many their number and a hash. */
export function bytesText(bytes: Uint8Array): string {
  if (bytes.length <= 64) return hexText(bytes);
  let hash = 2166136261;
  for (let i = 0; i < bytes.length; i++) hash = imul(hash ^ (bytes[i] as number), 16777619);
  return `${String(bytes.length)}#${(hash >>> 0).toString(16).padStart(8, '0')}`;
}

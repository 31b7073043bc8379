/** One network interface, as ioctl(2) asks for it: netdevice(7). */
import { readField, readText } from '../bytes.js';
import type { Field } from '../layout.js';
import { native } from '../native.js';
import { decodeName, encodeAddress } from '../sockaddr.js';
import type { SocketAddress } from '../socket-address.js';
import { asObject, asPlainBytes, asText, invalidValue } from '../validate.js';
import { count, struct, unsigned, type Fields, type Kind, type Struct } from './codec.js';

const { ifreq: layout } = native.layout;

/** A hardware address: a struct sockaddr whose family is a kind of device. */
export interface HardwareAddress {
  /** ARPHRD_*: 1 is Ethernet, 772 the loopback. */
  family: number;
  /** 14 bytes; Ethernet's address is the first six. */
  data: Uint8Array;
}

/** What a request wrote into the bytes, in every reading that C has: the request says which one counts. */
export interface Ifreq {
  /** The interface's name. */
  name: string;
  /** IFF_UP and others: SIOCGIFFLAGS. */
  flags: number;
  /** The interface's index: SIOCGIFINDEX. */
  ifindex: number;
  /** The longest packet, in bytes: SIOCGIFMTU. */
  mtu: number;
  /** SIOCGIFADDR, SIOCGIFDSTADDR, SIOCGIFBRDADDR, SIOCGIFNETMASK. */
  addr: SocketAddress;
  /** SIOCGIFHWADDR. */
  hwaddr: HardwareAddress;
}

/** What a request asks for: the interface's name, and what the request takes beside it, one member at most. */
export type IfreqRequest = Partial<Ifreq>;

/** Text that has zeros behind it. */
const name: Kind<string> = {
  read: readText,
  write: (bytes, [offset, size], value, argument) => {
    const text = Buffer.from(value === undefined ? '' : asText(value, argument));
    if (text.length >= size) throw invalidValue(argument, `must be at most ${String(size - 1)} bytes long`, value);
    bytes.set(text, offset);
  },
};

/** A struct sockaddr: no more than its 16 bytes. */
const addr: Kind<SocketAddress> = {
  read: (bytes, [offset, size]) => decodeName(bytes.subarray(offset, offset + size), size),
  write: (bytes, field, value, argument) => {
    put(bytes, field, encodeAddress(value as SocketAddress), argument, value);
  },
};

const [familyOffset, familySize] = native.layout.sockaddr.sa_family;
const dataOffset = familyOffset + familySize;

const hwaddr: Kind<HardwareAddress> = {
  read: (bytes, [offset, size]) => ({
    family: readField(bytes, [offset + familyOffset, familySize]),
    data: bytes.slice(offset + dataOffset, offset + size),
  }),
  write: (bytes, [offset, size], value, argument) => {
    const { family, data } = asObject(value, argument);
    unsigned.write(bytes, [offset + familyOffset, familySize], family, `${argument}.family`);
    const given = asPlainBytes(data, `${argument}.data`);
    put(bytes, [offset + dataOffset, size - dataOffset], given, `${argument}.data`, data);
  },
};

function put(bytes: Uint8Array, [offset, size]: Field, given: Uint8Array, argument: string, value: unknown): void {
  if (given.length > size) throw invalidValue(argument, `must be at most ${String(size)} bytes long`, value);
  bytes.set(given, offset);
}

type CName = `ifr_${keyof Ifreq}`;
const NAME = { name: ['ifr_name', name] } as const;
const MEMBERS: Fields<Omit<Ifreq, 'name'>, CName> = {
  flags: ['ifr_flags', unsigned],
  ifindex: ['ifr_ifindex', count],
  mtu: ['ifr_mtu', count],
  addr: ['ifr_addr', addr],
  hwaddr: ['ifr_hwaddr', hwaddr],
};
const whole: Struct<Ifreq> = struct<Ifreq, CName>('ifreq', layout, { ...NAME, ...MEMBERS });
const bare = struct('ifreq', layout, NAME);
/** With one member beside the name. */
const withMember = new Map(
  Object.entries(MEMBERS).map(([member, field]) => [member, struct('ifreq', layout, { ...NAME, [member]: field })]),
);

/**
 * `struct ifreq`: an interface, for `ioctl`; netdevice(7). Linux. Beside the name C has a union: `encode` takes one of
 * its members, `decode` reads the bytes as every one of them.
 *
 * @example
 * ifreq.decode(ioctl(fd, SIOCGIFMTU, ifreq.encode({ name: 'lo' }))).mtu // 65536
 */
export const ifreq: Struct<Ifreq, IfreqRequest> = {
  size: whole.size,
  encode(value, argument = 'value') {
    const given = asObject(value, asText(argument, 'name'));
    const told = [...withMember].filter(([member]) => given[member] !== undefined);
    if (told.length > 1) throw invalidValue(argument, 'must have one member beside its name: they are a union', value);
    const [, one] = told[0] ?? ['', bare];
    return one.encode(value as Ifreq, argument);
  },
  decode: (bytes) => whole.decode(bytes),
};

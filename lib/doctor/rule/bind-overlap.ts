/**
 * Do two sockets want the same address? As Linux compares them (inet_rcv_saddr_equal in
 * net/ipv4/inet_connection_sock.c): pure, no socket.
 */
import { parseIPv4, parseIPv6 } from '../../ip.js';

/** Yes, no, or undefined: it depends on what is not known. */
export type Maybe = boolean | undefined;

/** Do all hold? */
export function all(...parts: Maybe[]): Maybe {
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

/** Does one hold? */
export function some(...parts: Maybe[]): Maybe {
  return not(all(...parts.map(not)));
}

/** The contrary, if it is known. */
export function not(part: Maybe): Maybe {
  return part === undefined ? undefined : !part;
}

/** Are both the same, if both are known? */
export function same<Value>(a: Value | undefined, b: Value | undefined): Maybe {
  return a === undefined || b === undefined ? undefined : a === b;
}

/** A local address, as the kernel's comparison needs it. */
export interface Span {
  /** Of an IPv4 socket; `false`: of an IPv6 socket. */
  readonly isIPv4: boolean;
  /** `any`: `::`. `mapped`: IPv4, also in an IPv6 socket. */
  readonly kind: 'any' | 'mapped' | 'specific';
  /** The IPv4 address as a number, 0 for all of them. */
  readonly ipv4: number;
  /** The sixteen bytes in hex; of an IPv4 socket `''`. */
  readonly ipv6: string;
  /** Takes it no IPv4? */
  readonly v6only: Maybe;
  /** The device it is bound to: an index, a name, 0: none. */
  readonly device: number | string | undefined;
}

/** What of a socket makes its place. */
export interface Placed {
  readonly address: string;
  readonly v6only?: Maybe;
  readonly interfaceIndex?: number | undefined;
}

/** What the kernel notes as the IPv4 address of a socket with a specific IPv6 address: 127.0.0.6, LOOPBACK4_IPV6. */
const IPV4_OF_IPV6 = 0x7f000006;
const MAPPED_PREFIX = '00000000000000000000ffff';

/**
 * The place of a socket.
 *
 * @throws ERR_INVALID_IP_ADDRESS
 */
export function spanOf({ address, v6only, interfaceIndex }: Placed): Span {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  if (!address.includes(':')) {
    parseIPv4(address, 'address', bytes);
    return {
      isIPv4: true,
      kind: 'mapped',
      ipv4: view.getUint32(0),
      ipv6: '',
      v6only: false,
      device: interfaceIndex,
    };
  }
  const zone = parseIPv6(address, 'address', bytes);
  const device = zone === '' || (interfaceIndex ?? 0) !== 0 ? interfaceIndex : /^\d+$/.test(zone) ? Number(zone) : zone;
  const ipv6 = Buffer.from(bytes).toString('hex');
  if (ipv6.startsWith(MAPPED_PREFIX)) {
    return { isIPv4: false, kind: 'mapped', ipv4: view.getUint32(12), ipv6, v6only: false, device };
  }
  const isAny = /^0+$/.test(ipv6);
  return {
    isIPv4: false,
    kind: isAny ? 'any' : 'specific',
    ipv4: isAny ? 0 : IPV4_OF_IPV6,
    ipv6,
    v6only,
    device,
  };
}

/** May both use the same device? A socket that is bound to none uses all. */
export function sharesDevice(a: Span, b: Span): Maybe {
  if (a.device === 0 || b.device === 0) return true;
  return typeof a.device === typeof b.device ? same(a.device, b.device) : undefined;
}

/** Would `b` get in the way of `a`, which binds? */
export function overlaps(a: Span, b: Span): Maybe {
  return compare(a, b, true);
}

/** Does `a` take in every address of `b`, by the short comparison of a remembered bind (sk_reuseport_match)? */
export function covers(a: Span, b: Span): Maybe {
  return compare(a, b, false);
}

function compare(a: Span, b: Span, wildcardOfB: boolean): Maybe {
  const results = both(a.v6only).flatMap((aOnly) =>
    both(b.v6only).map((bOnly) => equal({ ...a, v6only: aOnly }, { ...b, v6only: bOnly }, wildcardOfB)),
  );
  return results.every((result) => result === results[0]) ? results[0] : undefined;
}

function both(value: Maybe): boolean[] {
  return value === undefined ? [true, false] : [value];
}

function equal(a: Span, b: Span, wildcardOfB: boolean): boolean {
  if (a.isIPv4 || (a.kind === 'mapped' && b.kind === 'mapped'))
    return b.v6only !== true && (a.ipv4 === b.ipv4 || a.ipv4 === 0 || (wildcardOfB && b.ipv4 === 0));
  if (wildcardOfB && b.kind === 'any' && !(b.v6only === true && a.kind === 'mapped')) return true;
  if (a.kind === 'any' && !(a.v6only === true && b.kind === 'mapped')) return true;
  return a.ipv6 === b.ipv6;
}

/** What the doctor can be asked about, checked before anything is tried. */
import type { Language } from '../../language.js';
import type { Protocol } from './inet-diag.js';
import { isIP } from '../../ip.js';
import { SocketError, type IPv4Address, type IPv6Address, type UnixAddress } from './calls.js';
import { encodeAddress } from '../../sockaddr.js';
import { asObject, asPort, invalidAddress, invalidType, invalidValue, outOfRange } from '../../validate.js';
import type { Target } from './observation.js';
import { hasIPv6 } from './system.js';

/** A port, or an address: what `server.address()` returns, or a unix path. */
export type Place =
  | number
  | {
      /** 1 to 65535. */
      port: number;
      /**
       * An IP address of this host. Left out: all, as where Node's `listen(port)` is given no address: `'::'` for both
       * families, and `'0.0.0.0'` too; `'0.0.0.0'` where there is no IPv6, for UDP, or with `family: 'IPv4'`.
       */
      address?: string;
      /** Left out: what the address is. */
      family?: 'IPv4' | 'IPv6';
    }
  | {
      /** A path; `'\0name'`: an abstract name. */
      path: string;
      /** May be left out. */
      family?: 'Unix';
    };

/** How a place is asked about. */
export interface PlaceOptions {
  /** Left out: `'tcp'`. It says nothing for a unix path. */
  protocol?: Protocol;
}

/** How it is told. */
export interface WordOptions {
  /** The language of the sentences: English or Chinese. Default `'en'`. */
  language?: Language;
}

/** @throws ERR_INVALID_ARG_VALUE */
export function languageFor(options: WordOptions): Language {
  const language: unknown = asObject(options, 'options')['language'] ?? 'en';
  if (language !== 'en' && language !== 'zh') throw invalidValue('options.language', "must be 'en' or 'zh'", language);
  return language;
}

/** Every IPv4 address of this host. */
export const ANY_IPV4 = '0.0.0.0';

/**
 * The target that is meant.
 *
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_IP_ADDRESS, ERR_SOCKET_BAD_PORT, ERR_OUT_OF_RANGE
 */
export function asTarget(place: Place, options: PlaceOptions = {}): Target {
  const protocol: unknown = asObject(options, 'options')['protocol'] ?? 'tcp';
  if (protocol !== 'tcp' && protocol !== 'udp') {
    throw invalidValue('options.protocol', "must be 'tcp' or 'udp'", protocol);
  }
  const given: Record<string, unknown> = typeof place === 'number' ? { port: place } : asObject(place, 'address');
  if ('path' in given) return { protocol: 'unix', address: asUnixAddress(given) };
  const portName = typeof place === 'number' ? 'port' : 'address.port';
  if (given['address'] !== undefined) return { protocol, address: asInetAddress(given, portName) };
  const { family } = given;
  const address = asInetAddress({ ...given, address: family === 'IPv6' ? '::' : ANY_IPV4 }, portName);
  if (family !== undefined || protocol === 'udp' || !hasIPv6()) return { protocol, address };
  return { protocol, address: { family: 'IPv6', address: '::', port: address.port }, dual: true };
}

function asUnixAddress({ family, path }: Record<string, unknown>): UnixAddress {
  if (family !== undefined && family !== 'Unix') throw invalidValue('address.family', "must be 'Unix'", family);
  if (typeof path !== 'string') throw invalidType('address.path', 'of type string', path);
  if (path === '') throw invalidValue('address.path', 'must not be empty: then the kernel chooses a name', path);
  const address = { family: 'Unix', path } as const;
  encodeAddress(address);
  return address;
}

function asInetAddress(given: Record<string, unknown>, portName: string): IPv4Address | IPv6Address {
  const { address: text } = given;
  if (typeof text !== 'string') throw invalidType('address.address', 'of type string', text);
  if (isIP(text) === 0) throw invalidAddress('IP', text);
  const port = asPort(given['port'], portName);
  if (port === 0) throw outOfRange(portName, '>= 1 && <= 65535: for port 0 the kernel chooses a free one', port);
  const family = given['family'] ?? (text.includes(':') ? 'IPv6' : 'IPv4');
  if (family !== 'IPv4' && family !== 'IPv6') throw invalidValue('address.family', "must be 'IPv4' or 'IPv6'", family);
  const scopeid = given['scopeid'];
  const address = { family, address: text, port, ...(scopeid !== undefined && { scopeid }) } as IPv4Address;
  checkAddress(address);
  return address;
}

/** An interface that is not there is no mistake in the argument: bind says so. */
function checkAddress(address: IPv4Address | IPv6Address): void {
  try {
    encodeAddress(address);
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
  }
}

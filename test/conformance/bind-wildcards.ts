/** bind(2) of one port at two addresses, any and specific, IPv4 and IPv6; and who can have the port then. */
import * as s from 'bsd-sockets';
import { outcome, type Case } from './case.js';
import { ADDR, ANY4, freePort, NONE, open, PORT, v4, v6 } from './endpoints.js';
import { NEEDS_IPV6 } from './fixtures.js';

const ENDS = {
  v4any: (port) => v4(port, ANY4),
  v4lo: (port) => v4(port),
  v6any: (port) => v6(port, '::'),
  v6only: (port) => v6(port, '::'),
  v6lo: (port) => v6(port),
  mapany: (port) => v6(port, '::ffff:0.0.0.0'),
  maplo: (port) => v6(port, '::ffff:127.0.0.1'),
} satisfies Record<string, (port: number) => s.SocketAddress>;
type End = keyof typeof ENDS;

const AFTERWARDS: readonly End[] = ['v4any', 'v4lo', 'v6any', 'v6lo', 'mapany', 'maplo'];

/**
 * The two ends that are bound, then the answers without an option, with SO_REUSEADDR and with SO_REUSEPORT on those
 * two: one for each of the two, and for each of six sockets without options afterwards. '.' ok, 'E' EADDRINUSE.
 */
const PAIRS: readonly (readonly [End, End, string])[] = [
  ['v4any', 'v4lo', '.EEEE.EE ..EEE.EE ..EEE.EE'],
  ['v4any', 'v6any', '.EEEE.EE ..EEEEEE ..EEEEEE'],
  ['v4any', 'v6lo', '..EEEEEE ..EEEEEE ..EEEEEE'],
  ['v4lo', 'v6any', '.EEEE.EE ..EEEEEE ..EEEEEE'],
  ['v4lo', 'v6only', '..EEEEEE ..EEEEEE ..EEEEEE'],
  ['v4lo', 'v6lo', '..EEEEEE ..EEEEEE ..EEEEEE'],
  ['v4lo', 'mapany', '.EEEE.EE ..EEE.EE ..EEE.EE'],
  ['v4lo', 'maplo', '.EEEE.EE ..EEE.EE ..EEE.EE'],
  ['v6any', 'v6any', '.EEEEEEE ..EEEEEE ..EEEEEE'],
  ['v6any', 'v6only', '.EEEEEEE ..EEEEEE ..EEEEEE'],
  ['v6any', 'v6lo', '.EEEEEEE ..EEEEEE ..EEEEEE'],
  ['v6only', 'v4lo', '..EEEEEE ..EEEEEE ..EEEEEE'],
  ['v6only', 'v6any', '.E.EEEEE ..EEEEEE ..EEEEEE'],
  ['v6only', 'v6only', '.E.EEEEE ...EEEEE ...EEEEE'],
  ['v6only', 'v6lo', '.E.EEEEE ...EEEEE ...EEEEE'],
  ['v6only', 'mapany', '..EEEEEE ..EEEEEE ..EEEEEE'],
  ['v6only', 'maplo', '..EEEEEE ..EEEEEE ..EEEEEE'],
  ['v6lo', 'v4any', '..EEEEEE ..EEEEEE ..EEEEEE'],
  ['v6lo', 'v6any', '.E.EEEEE ..EEEEEE ..EEEEEE'],
  ['v6lo', 'v6only', '.E.EEEEE ...EEEEE ...EEEEE'],
  ['v6lo', 'mapany', '..EEEEEE ..EEEEEE ..EEEEEE'],
  ['v6lo', 'maplo', '..EEEEEE ..EEEEEE ..EEEEEE'],
  ['mapany', 'v4any', '.EEEE.EE ..EEE.EE ..EEE.EE'],
  ['mapany', 'v6only', '..EEEEEE ..EEEEEE ..EEEEEE'],
  ['maplo', 'v4lo', '.EEEE.EE ..EEE.EE ..EEE.EE'],
  ['maplo', 'v6any', '.EEEE.EE ..EEEEEE ..EEEEEE'],
  ['maplo', 'v6lo', '..EEEEEE ..EEEEEE ..EEEEEE'],
  ['maplo', 'mapany', '.EEEE.EE ..EEE.EE ..EEE.EE'],
];

function bindEnd(end: End, port: number, options: readonly number[]): string {
  const address = ENDS[end](port);
  const fd = open(address, options);
  if (end === 'v6only') s.setsockopt(fd, s.IPPROTO_IPV6, s.IPV6_V6ONLY, 1);
  const result = outcome(() => s.bind(fd, address));
  return { ok: '.', EADDRINUSE: 'E' }[result] ?? result;
}

function answers(first: End, second: End): string {
  const row = (options: readonly number[]): string => {
    const port = freePort();
    const both = [first, second].map((end) => bindEnd(end, port, options));
    return [...both, ...AFTERWARDS.map((end) => bindEnd(end, port, NONE))].join('');
  };
  return [NONE, ADDR, PORT].map(row).join(' ');
}

export const bindWildcardCases: Case[] = PAIRS.map(([first, second, expected]) => ({
  id: `BWILD-${first}-${second}`,
  what: 'who can bind',
  run: () => answers(first, second),
  expected,
  skip: NEEDS_IPV6,
}));

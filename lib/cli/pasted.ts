/** What people paste after `why`: a port, an address, a URL, or the whole line of an error. Pure. */
import { isIP } from '../ip.js';

/** What was meant. A host may be a name still. */
export type Pasted = { port: number; host?: string; protocol?: 'tcp' | 'udp' } | { path: string };

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  ws: 80,
  https: 443,
  wss: 443,
  ftp: 21,
  ssh: 22,
  redis: 6379,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mongodb: 27_017,
};

/** What a text names; undefined where it names no port and no path. */
export function parsePasted(given: string): Pasted | undefined {
  const text = given.trim().replace(/->\d+(?=\/(?:tcp|udp)\b)/g, ''); // of docker ps: the port inside
  return asUrl(text) ?? asPlace(text) ?? (/[\s=]/.test(text) ? fromSentence(text) : undefined);
}

/** `3000`, `:3000`, `:::3000`, `*:3000`, `127.0.0.1:3000`, `[::1]:3000`, `::1:3000`, `localhost:3000`; `/tcp` behind it. */
function asPlace(text: string): Pasted | undefined {
  const [, place = '', protocol] = /^(\S+?)(?:\/(tcp|udp)[46]?)?$/.exec(text) ?? [];
  const alone = asPort(place);
  if (alone !== undefined) return withProtocol({ port: alone }, protocol);
  const [, host = '', digits = ''] = /^(.*):(\d{1,5})$/.exec(place) ?? [];
  const port = asPort(digits);
  if (port === undefined) return undefined;
  const name = hostOf(host);
  if (name === undefined) return undefined;
  return withProtocol(name === '' ? { port } : { port, host: name }, protocol);
}

function withProtocol(given: { port: number; host?: string }, protocol: string | undefined): Pasted {
  return protocol === 'tcp' || protocol === 'udp' ? { ...given, protocol } : given;
}

/** The host before the port; `''`: any. As Node writes it, `::` has no brackets: `:::3000`. */
function hostOf(host: string): string | undefined {
  if (host === '' || host === '*' || host === '0' || host === '[*]') return '';
  const [, inBrackets] = /^\[(.+)\]$/.exec(host) ?? [];
  const name = inBrackets ?? host;
  // `::` is what Node's listen(port) binds, and says so; localhost may be ::1 to one and 127.0.0.1 to another.
  if (name === '::' || name === 'localhost') return '';
  if (isIP(name) !== 0) return name;
  return inBrackets === undefined && /^[\w-]+(?:\.[\w-]+)*\.?$/.test(name) && !/^\d+$/.test(name) ? name : undefined;
}

function asPort(digits: string): number | undefined {
  if (!/^\d{1,5}$/.test(digits)) return undefined;
  const port = Number(digits);
  return port <= 65_535 ? port : undefined;
}

function asUrl(text: string): Pasted | undefined {
  const [, scheme = ''] = /^([a-z][a-z\d+.-]*):\/\/\S+$/i.exec(text) ?? [];
  if (scheme === '') return undefined;
  if (scheme === 'unix') return { path: text.slice('unix://'.length) };
  try {
    // Only for the schemes of the web does URL leave out a port that is the usual one.
    const { hostname, port } = new URL(text.replace(/^[^:]+/, 'foreign').replace(/:\/\/\*/, '://[::]'));
    const number = port === '' ? DEFAULT_PORTS[scheme.toLowerCase()] : Number(port);
    const host = hostOf(hostname);
    if (number === undefined || host === undefined) return undefined;
    return withProtocol(host === '' ? { port: number } : { port: number, host }, scheme.toLowerCase().slice(0, 3));
  } catch {
    return undefined;
  }
}

/** Places in the words of an error, the surest first. */
function fromSentence(text: string): Pasted | undefined {
  const protocol = /\budp[46]?\b/i.test(text) ? 'udp' : undefined;
  const [, path] =
    /(?:already in use|EADDRINUSE:?|EACCES:?|permission denied)\s+["'`(]*([/@][^\s"'`)]+)/i.exec(text) ??
    /["'`](\/[^"'`:]+\.sock\w*)["'`]/.exec(text) ??
    [];
  if (path !== undefined) return { path };
  const named = hostAndPort(text);
  if (named !== undefined) return withProtocol(named, protocol);
  for (const word of text.split(/[\s,"'`<>|]+|[()](?=\s|$|["'])|(?<=\s)\(/)) {
    const trimmed = word.replace(/^(?:[({]+|-\w(?=:))/, '').replace(/[)};.!?]+$/, '');
    // A time (12:34:56) and a place in a file (server.js:12) are no addresses.
    if (!trimmed.includes(':') || /^\d\d?:\d\d(:\d\d)?$/.test(trimmed) || /\.[cm]?[jt]sx?(:\d+)+$/.test(trimmed))
      continue;
    const found = asUrl(trimmed) ?? asPlace(trimmed.replace(/:$/, ''));
    if (found !== undefined && !('path' in found) && isLikely(found)) return withProtocol(found, protocol);
  }
  const [, digits = ''] =
    /\bport(?:[:=]|:?\s+#?)(\d{1,5})\b/i.exec(text) ?? /^(?:localhost|\*)\s+(\d{1,5})$/.exec(text) ?? [];
  const port = asPort(digits);
  return port === undefined ? undefined : withProtocol({ port }, protocol);
}

/** A host that is a name needs a look: `node:net:1300` in a stack is none. */
const isLikely = (found: { host?: string }): boolean =>
  found.host === undefined || isIP(found.host) !== 0 || found.host === 'localhost' || found.host.includes('.');

/** `('127.0.0.1', 8000)`, `"127.0.0.1" port 3000`, `address: '::', port: 3000`. */
function hostAndPort(text: string): { port: number; host?: string } | undefined {
  const [, host = '', digits = ''] =
    /["']([^"'\s]*)["'],\s*(\d{1,5})\b/.exec(text) ??
    /["']?([\w.:]+)["']?\s+port\s+(\d{1,5})\b/i.exec(text) ??
    /address:\s*["']([^"']+)["'],?\s+port:\s*(\d{1,5})\b/.exec(text) ??
    [];
  const port = asPort(digits);
  const name = hostOf(host);
  if (port === undefined || (name !== '' && (name === undefined || (isIP(name) === 0 && name !== 'localhost'))))
    return undefined;
  return name === '' ? { port } : { port, host: name };
}

/** Who may ask the lab, and what. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Refused } from './answer.js';

/** The longest body, in bytes. */
export const MOST_BODY = 64 * 1024;

/** What is left of a request that may be answered: the path below the token, and what it asks besides. */
export interface Route {
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * Lets a request through that comes from the lab's own page: it knows the token, and was sent to this very host, so that
 * no page of another site can make a browser ask, nor a name that leads here.
 *
 * @throws Refused 400, 403, 404
 */
export function routeOf(request: IncomingMessage, port: number, token: string): Route {
  const hosts = [`127.0.0.1:${String(port)}`, `localhost:${String(port)}`];
  const { host, origin } = request.headers;
  if (host === undefined || !hosts.includes(host)) throw new Refused(403, 'The lab answers to 127.0.0.1 only.');
  if (origin !== undefined && origin !== `http://${host}`) throw new Refused(403, 'The lab answers its own page only.');
  const [, given = '', path = '', query = ''] = /^\/([^/?#]*)\/([^?#]*)(?:\?([^#]*))?$/.exec(request.url ?? '') ?? [];
  if (!isSame(given, token)) throw new Refused(404, 'There is nothing here: the address has a token in it.');
  return { path, query: new URLSearchParams(query) };
}

/** In a time that tells nothing of how much is right. */
function isSame(given: string, token: string): boolean {
  const [one, other] = [given, token].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(one, other);
}

/** @throws Refused 405 */
export function allow(request: IncomingMessage, ...methods: readonly string[]): void {
  if (methods.includes(request.method ?? '')) return;
  throw new Refused(405, `Only ${methods.join(' and ')} here.`, { Allow: methods.join(', ') });
}

/**
 * The JSON of a request.
 *
 * @throws Refused 400 (no JSON), 413 (too long), 415 (not said to be JSON)
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new Refused(415, 'A step is application/json.');
  const chunks: Buffer[] = [];
  let size = 0;
  if (Number(request.headers['content-length'] ?? 0) > MOST_BODY) throw tooLong();
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY) throw tooLong();
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
  } catch {
    throw new Refused(400, 'This is no JSON.');
  }
}

const tooLong = (): Refused => new Refused(413, `A step has ${String(MOST_BODY)} bytes at most.`);

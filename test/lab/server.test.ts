import { describe, expect, test } from '@jest/globals';
import { connect as connectTo } from 'node:net';
import { MOST_BODY } from '../../lib/lab/server/guard.js';
import { MOST_SESSIONS } from '../../lib/lab/server/sessions.js';
import { startLab } from '../../lib/lab/server/lab-server.js';
import { ask, handshake, lab, openSession, type Answered } from './lab-client.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const STEP = { actor: 'server', call: 'socket', on: 'listener' };

/** A session's address for steps. */
async function stepsUrl(): Promise<string> {
  const { url } = await lab();
  return `${url}sessions/${(await openSession(url)).hello.session}/steps`;
}

const post = (url: string, body: string, headers: Record<string, string> = JSON_TYPE): Promise<Answered> =>
  ask(url, { method: 'POST', headers }, body);

const oneLine = expect.stringMatching(/^[^\n]+\n$/);

describe('the lab’s server', () => {
  test('listens on 127.0.0.1 only, at an address that nobody can guess', async () => {
    const { url } = await lab();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{24}\/$/);
    expect(new URL((await lab()).url).pathname).not.toBe(new URL(url).pathname);
  });

  test('serves its page with headers that keep it to itself', async () => {
    const { status, headers, text } = await ask((await lab()).url);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toMatch(/^<!doctype html>/i);
    expect(headers['content-security-policy']).toMatch(/default-src 'none'/);
    expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });

  test.each([
    ['no token', (url: string) => new URL('/', url).href],
    ['another token', (url: string) => new URL(`/${'x'.repeat(24)}/`, url).href],
    ['half of the token', (url: string) => `${url.slice(0, -8)}/`],
    ['an unknown path', (url: string) => `${url}nothing`],
    ['a path that leads out', (url: string) => `${url}..%2f..%2fetc/passwd`],
    ['an unknown session', (url: string) => `${url}sessions/none/steps`],
    ['the name of a method of objects', (url: string) => `${url}sessions/none/constructor`],
  ])('has nothing at %s: 404', async (_, change) => {
    const { status, text } = await ask(change((await lab()).url));
    expect([status, text]).toEqual([404, oneLine]);
  });

  test.each([
    ['another host', { Host: 'example.com' }],
    ['a name that leads here', { Host: 'lab.example.com:80' }],
    ['the right host with another port', { Host: '127.0.0.1:1' }],
    ['a page of another site', { Origin: 'http://example.com' }],
    ['a page of no origin', { Origin: 'null' }],
  ])('refuses %s: 403', async (_, headers) => {
    const { url } = await lab();
    for (const path of ['', 'events']) {
      const { status, text } = await ask(`${url}${path}`, { headers });
      expect([status, text]).toEqual([403, oneLine]);
    }
  });

  test('takes localhost for its name, and its own page for an origin', async () => {
    const { url } = await lab();
    const { port, origin } = new URL(url);
    expect((await ask(url, { headers: { Host: `localhost:${port}` } })).status).toBe(200);
    expect((await ask(url, { headers: { Origin: origin } })).status).toBe(200);
  });

  test('takes each request by its method only: 405', async () => {
    const { url } = await lab();
    const { hello } = await openSession(url);
    for (const [path, method] of [
      ['', 'POST'],
      ['events', 'POST'],
      [`sessions/${hello.session}/steps`, 'GET'],
      [`sessions/${hello.session}/why`, 'POST'],
      [`sessions/${hello.session}/export`, 'DELETE'],
    ] as const) {
      const { status, headers, text } = await ask(`${url}${path}`, { method });
      expect([status, text]).toEqual([405, oneLine]);
      expect(headers.allow).not.toContain(method);
    }
  });

  test.each([[{}], [{ 'Content-Type': 'text/plain' }], [{ 'Content-Type': 'application/x-www-form-urlencoded' }]])(
    'takes a step as JSON only, and not with %j: 415',
    async (headers) => {
      expect(await post(await stepsUrl(), JSON.stringify(STEP), headers)).toMatchObject({ status: 415, text: oneLine });
    },
  );

  test('takes no body that is too long, however it comes: 413', async () => {
    const url = await stepsUrl();
    const long = JSON.stringify({ ...STEP, more: 'x'.repeat(MOST_BODY) });
    expect(await post(url, long)).toMatchObject({ status: 413, text: oneLine });
    expect(await post(url, long, { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' })).toMatchObject({ status: 413 });
    expect((await post(url, JSON.stringify(STEP))).status).toBe(200);
  });

  test.each(['', '{', 'nonsense'])('says of the body %j that it is no JSON: 400', async (body) => {
    expect(await post(await stepsUrl(), body)).toMatchObject({ status: 400, text: oneLine });
  });

  test.each([
    ['null', 'step'],
    ['[]', 'actor'],
    ['{"actor":"server","call":"exec"}', 'call'],
    ['{"actor":"server","call":"constructor"}', 'call'],
    ['{"actor":"server","call":"bind","on":"__proto__"}', 'on'],
  ])('says of the step %s what is wrong', async (body, field) => {
    const { status, text } = await post(await stepsUrl(), body);
    const message = `This is no step: its “${field}” is wrong.`;
    expect([status, JSON.parse(text)]).toEqual([400, { code: 'ERR_LAB_STEP', message }]);
  });

  test('goes on after bytes that are no HTTP', async () => {
    const { url } = await lab();
    await new Promise<void>((resolve) => {
      const socket = connectTo(Number(new URL(url).port), '127.0.0.1', () => socket.end('\0\0 nonsense\r\n\r\n'));
      socket
        .on('close', () => resolve())
        .on('error', () => undefined)
        .resume();
    });
    expect((await ask(url)).status).toBe(200);
  });

  test(`has ${String(MOST_SESSIONS)} sessions at most, each with a port of its own: then 503`, async () => {
    const { url } = await lab();
    const clients = await Promise.all(Array.from({ length: MOST_SESSIONS }, () => openSession(url)));
    expect(new Set(clients.map(({ hello }) => hello.port)).size).toBe(MOST_SESSIONS);
    expect(await ask(`${url}events`)).toMatchObject({ status: 503, text: oneLine });
    expect(await handshake(`${url}events`)).toMatchObject({ status: 503 }); // a WebSocket counts as the others do
    const [first] = clients;
    first?.close();
    while ((await ask(`${url}sessions/${first?.hello.session ?? ''}/why`)).text.includes('has failed'));
    await openSession(url);
  });

  test('says who is in the way where its port is taken', async () => {
    const { url } = await lab();
    await expect(startLab(Number(new URL(url).port), 'en')).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test.each([
    ['c', 'lab.c', 'text/x-c', /^\/\*/],
    ['ts', 'lab.mjs', 'text/javascript', /^\/\//],
    ['page', 'lab.html', 'text/html', /^<!doctype html>/i],
  ])('gives a session as %s: a file to keep', async (as, file, type, begin) => {
    const client = await openSession((await lab()).url);
    const { status, headers, text } = await client.ask(`export?as=${as}`);
    expect([status, headers['content-type']]).toEqual([200, `${type}; charset=utf-8`]);
    expect(headers['content-disposition']).toBe(`attachment; filename="${file}"`);
    expect(text).toMatch(begin);
  });

  test.each([
    ['why?call=1&lang=xx', 400],
    ['why?call=0', 404],
    ['why', 404],
    ['export', 400],
    ['export?as=exe', 400],
    ['export?as=constructor', 400],
  ])('answers the question %s of a session with %i', async (question, status) => {
    const client = await openSession((await lab()).url);
    expect(await client.ask(question)).toMatchObject({ status, text: oneLine });
  });
});

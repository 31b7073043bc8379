import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { frame } from '../../lib/lab/server/event-stream.js';
import type { LabEvent } from '../../lib/lab/protocol.js';
import { ask, handshake, KEY, lab, lives } from './lab-client.js';
import { until } from '../support/until.js';

const linux = process.platform === 'linux' ? test : test.skip; // /proc tells which processes live
const MASK = 0x80;

/** The messages of whole frames: `[opcode, text]`. */
function messagesOf(bytes: Buffer): [number, string][] {
  const found: [number, string][] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const size = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (at + size > bytes.length) break;
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (at + size + length > bytes.length) break;
    found.push([(bytes[at] ?? 0) & 0xf, bytes.toString('utf8', at + size, at + size + length)]);
    at += size + length;
  }
  return found;
}

/** Opens a session, and gives its first three events. */
async function open(url: string): Promise<{ socket: Socket; events: LabEvent[] }> {
  const { socket, first = Buffer.alloc(0) } = await handshake(`${url}events`);
  if (socket === undefined) throw new Error('no WebSocket');
  let bytes = first;
  while (messagesOf(bytes).length < 3) bytes = Buffer.concat([bytes, ...((await once(socket, 'data')) as Buffer[])]);
  return { socket, events: messagesOf(bytes).map(([, text]) => JSON.parse(text) as LabEvent) };
}

const pidsOf = (events: readonly LabEvent[]): number[] =>
  events.flatMap((event) => (event.kind === 'actor' ? [event.pid] : []));

describe('the events of a session over a WebSocket', () => {
  test('begin as over server-sent events, after the handshake of RFC 6455', async () => {
    const { url } = await lab();
    const { status, headers, socket } = await handshake(`${url}events`);
    const accepted = createHash('sha1').update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    expect([status, headers.upgrade, headers['sec-websocket-accept']]).toEqual([101, 'websocket', accepted]);
    socket?.destroy();
    const { socket: other, events } = await open(url);
    expect(events.map(({ kind }) => kind)).toEqual(['hello', 'actor', 'actor']);
    other.destroy();
  });

  linux.each([
    ['the page closes it', (socket: Socket) => socket.write(Buffer.from([0x88, MASK, 0, 0, 0, 0]))],
    ['the page’s process ends', (socket: Socket) => socket.destroy()],
    ['the page sends no more', (socket: Socket) => socket.end()],
  ])('end with their processes where %s', async (_, close) => {
    const { socket, events } = await open((await lab()).url);
    socket.on('error', () => undefined).resume();
    close(socket);
    await until(() => !pidsOf(events).some(lives));
    socket.destroy();
  });

  linux('end where the lab does', async () => {
    const started = await lab();
    const { socket, events } = await open(started.url);
    socket.resume();
    const closed = once(socket, 'close');
    await started.close();
    await closed;
    expect(pidsOf(events).filter(lives)).toEqual([]);
  });

  test('go on after a message of the page, which says nothing', async () => {
    const { url } = await lab();
    const { socket, events } = await open(url);
    socket.write(Buffer.from([0x81, MASK | 1, 0, 0, 0, 0, 0x41]));
    const id = events[0]?.kind === 'hello' ? events[0].session : '';
    const body = JSON.stringify({ actor: 'server', call: 'socket', on: 'listener' });
    const told = once(socket, 'data');
    const headers = { 'Content-Type': 'application/json' };
    expect((await ask(`${url}sessions/${id}/steps`, { method: 'POST', headers }, body)).status).toBe(200);
    const [bytes] = (await told) as [Buffer];
    expect(messagesOf(bytes)[0]?.[1]).toContain('"kind":"called"');
    socket.destroy();
  });

  test.each([
    ['another host', 403, 'events', { Host: 'example.com' }],
    ['a page of another site', 403, 'events', { Origin: 'http://example.com' }],
    ['a short key', 400, 'events', { 'Sec-WebSocket-Key': 'AAAA' }],
    ['another version', 400, 'events', { 'Sec-WebSocket-Version': '8' }],
    ['another protocol', 400, 'events', { Upgrade: 'h2c' }],
    ['another path', 404, '', {}],
    ['another token', 404, '../x/events', {}],
  ] as const)('are not told to %s: %i', async (_, status, path, headers) => {
    const { url } = await lab();
    expect((await handshake(new URL(path, url).href, headers)).status).toBe(status);
    expect((await ask(url)).status).toBe(200);
  });
});

describe('a frame', () => {
  test.each([0, 1, 125, 126, 65_535, 65_536, 100_000])('of %i bytes is read as it was written', (length) => {
    const text = 'x'.repeat(length);
    expect(messagesOf(frame(1, text))).toEqual([[1, text]]);
    expect(messagesOf(Buffer.concat([frame(9, ''), frame(1, text)]))).toEqual([
      [9, ''],
      [1, text],
    ]);
  });
});

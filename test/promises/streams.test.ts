import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { connect } from 'bsd-sockets/promises';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import * as http from 'node:http';
import { Readable } from 'node:stream';
import { text as all } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { listening, pair, say, tcpPair, text, turns } from '../support/owned.js';
import { thrownBy } from '../support/sockets.js';

const MEGABYTES = randomBytes(4_000_000);
const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('toDuplex', () => {
  test('carries megabytes both ways through pipeline, unchanged, and closes the socket at the end', async () => {
    const [client, server] = await tcpPair();
    const echo = server.toDuplex();
    const echoing = pipeline(echo, echo);
    const stream = client.toDuplex();
    const received: Buffer[] = [];
    await Promise.all([
      pipeline(Readable.from([MEGABYTES.subarray(0, 1_000_001), MEGABYTES.subarray(1_000_001)]), stream, { end: true }),
      (async () => {
        for await (const chunk of stream) received.push(chunk as Buffer);
      })(),
    ]).catch(() => undefined);
    await echoing;
    expect(hash(Buffer.concat(received))).toBe(hash(MEGABYTES));
    await turns();
    expect([client.fd, server.fd]).toEqual([-1, -1]);
  });

  test('what is written while it cannot send leaves in order: more buffers than one call takes, empty ones too', async () => {
    const [ours, peer] = pair();
    const stream = ours.toDuplex();
    const parts = Array.from({ length: 3000 }, (_, i) =>
      MEGABYTES.subarray(i * 1000, i * 1000 + (i % 7 === 0 ? 0 : 1000)),
    );
    for (const part of parts) stream.write(part);
    stream.end();
    const received: Buffer[] = [];
    for await (const chunk of peer.chunks()) received.push(chunk);
    expect(hash(Buffer.concat(received))).toBe(hash(Buffer.concat(parts)));
    stream.destroy();
  });

  test('half-close: the peer sees the end, and can still answer', async () => {
    const [ours, peer] = await tcpPair();
    const stream = ours.toDuplex();
    stream.end('question');
    expect([await text(peer), await text(peer)]).toEqual(['question', '']);
    await say(peer, 'answer');
    peer.close();
    expect(await all(stream)).toBe('answer');
  });

  test('back-pressure: while nobody reads, the sender waits', async () => {
    const [ours, peer] = await tcpPair();
    const stream = ours.toDuplex();
    let sent = false;
    const sending = peer.sendAll(Buffer.alloc(16_000_000)).then(() => {
      sent = true;
    });
    stream.read(0);
    await turns(50);
    expect([sent, stream.readableLength <= 2 * 65_536]).toEqual([false, true]);
    let length = 0;
    stream.on('data', (chunk: Buffer) => (length += chunk.length));
    await sending;
    peer.close();
    await once(stream, 'end');
    expect(length).toBe(16_000_000);
    stream.destroy();
  });

  test('a reset destroys the stream with ECONNRESET; destroy() and a signal close the socket', async () => {
    const [ours, peer] = await tcpPair();
    const stream = ours.toDuplex().resume();
    peer.setsockopt(s.SOL_SOCKET, s.SO_LINGER, s.linger.encode({ onoff: true, linger: 0 }));
    peer.close();
    expect(((await once(stream, 'error')) as [NodeJS.ErrnoException])[0].code).toBe('ECONNRESET');
    const [other] = await tcpPair();
    const controller = new AbortController();
    const aborted = other.toDuplex({ signal: controller.signal }).resume();
    controller.abort();
    expect(((await once(aborted, 'error')) as [Error])[0].name).toBe('AbortError');
    expect(other.fd).toBe(-1);
  });

  test('serves and asks as an HTTP connection', async () => {
    const server = http.createServer((request, response) => void request.pipe(response));
    const listener = listening();
    const accepting = listener.accept();
    const client = (await connect(listener.getsockname())).toDuplex();
    server.emit('connection', (await accepting).socket.toDuplex());
    const request = http.request({ method: 'POST', createConnection: () => client });
    request.end('over our own sockets');
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    expect(await all(response)).toBe('over our own sockets');
    client.destroy();
    server.close();
  });

  test('refuses what is no connected stream, which stays open', () => {
    const [datagrams] = pair(s.SOCK_DGRAM);
    expect(thrownBy(() => datagrams.toDuplex()).code).toBe('ERR_INVALID_ARG_VALUE');
    expect(thrownBy(() => listening().toWeb()).code).toBe('ENOTCONN');
    expect(datagrams.fd).not.toBe(-1);
  });
});

describe('toWeb', () => {
  test('carries megabytes both ways through pipeTo, and closes the socket at the end', async () => {
    const [client, server] = await tcpPair();
    const echo = server.toWeb();
    const echoing = echo.readable.pipeTo(echo.writable);
    const ends = client.toWeb();
    const sending = Readable.toWeb(Readable.from([MEGABYTES])).pipeTo(ends.writable as never);
    const received: Uint8Array[] = [];
    for await (const chunk of ends.readable) received.push(chunk);
    await Promise.all([echoing, sending]);
    expect(hash(Buffer.concat(received))).toBe(hash(MEGABYTES));
    expect([client.fd, server.fd]).toEqual([-1, -1]);
  });

  test("a reader's own buffer is filled, and never more than it holds", async () => {
    const [ours, peer] = await tcpPair();
    const { readable } = ours.toWeb();
    await say(peer, 'abcdef');
    peer.shutdown(s.SHUT_WR);
    const reader = readable.getReader({ mode: 'byob' });
    const first = await reader.read(new Uint8Array(4));
    expect(String(Buffer.from(first.value ?? []))).toBe('abcd');
    const second = await reader.read(new Uint8Array(4));
    expect(String(Buffer.from(second.value ?? []))).toBe('ef');
    expect((await reader.read(new Uint8Array(4))).done).toBe(true);
    ours.close();
  });

  test('an abort ends both directions with its reason; cancel and close together close the socket', async () => {
    const [ours] = await tcpPair();
    const { readable, writable } = ours.toWeb();
    const reading = readable.getReader().read();
    await writable.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    expect(ours.fd).toBe(-1);
    const [other] = await tcpPair();
    const ends = other.toWeb();
    await ends.readable.cancel();
    expect(other.fd).not.toBe(-1);
    await ends.writable.close();
    expect(other.fd).toBe(-1);
  });

  test('a reset fails the reader and the writer', async () => {
    const [ours, peer] = await tcpPair();
    const { readable, writable } = ours.toWeb();
    peer.setsockopt(s.SOL_SOCKET, s.SO_LINGER, s.linger.encode({ onoff: true, linger: 0 }));
    peer.close();
    await expect(readable.getReader().read()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(writable.getWriter().write(Buffer.from('x'))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

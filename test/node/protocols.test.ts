/** What Node's protocols and undici ask of a connection, asked of a Duplex of ours. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { listenWith } from 'bsd-sockets/node';
import { connect, type SocketStream } from 'bsd-sockets/promises';
import { once } from 'node:events';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import { text as all } from 'node:stream/consumers';
import { Pool } from 'undici';
import { listening, tcpPair, turns } from '../support/owned.js';
import { thrownBy } from '../support/sockets.js';

let address: s.SocketAddress;
const server = http.createServer((request, response) => {
  void all(request).then((body) => response.end(`${request.method ?? ''} ${request.url ?? ''} ${body}`));
});
beforeAll(async () => {
  const listener = listening();
  address = listener.getsockname();
  await listenWith(server, listener);
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const dial = async (): Promise<SocketStream> => (await connect(address)).toDuplex();

describe('over a Duplex of ours', () => {
  test('an http.Agent keeps connections alive, and a request times out', async () => {
    let dialed = 0;
    const agent = Object.assign(new http.Agent({ keepAlive: true, timeout: 30_000 }), {
      createConnection(_options: unknown, done?: (error: Error | null, stream: SocketStream) => void): undefined {
        dialed++;
        void dial().then((stream) => done?.(null, stream));
      },
    });
    const ask = async (path: string): Promise<string> => {
      const [response] = (await once(http.get({ host: 'x', path, agent }), 'response')) as [http.IncomingMessage];
      const body = await all(response);
      await turns(); // the agent has it back
      return body;
    };
    expect([await ask('/one'), await ask('/two'), dialed]).toEqual(['GET /one ', 'GET /two ', 1]);
    agent.destroy();

    const silent = listening();
    const stream = (await connect(silent.getsockname())).toDuplex();
    const request = http.get({ createConnection: () => stream }).setTimeout(5);
    await once(request, 'timeout');
    request.on('error', () => undefined).destroy();
    silent.close();
  });

  test('undici asks and gets, connections used again, bodies of 100,000 bytes', async () => {
    let dialed = 0;
    const pool = new Pool('http://x', {
      connections: 1,
      connect: (_options, done) => {
        dialed++;
        void dial().then((stream) => {
          done(null, stream as never);
        });
      },
    });
    const body = 'x'.repeat(100_000);
    for (const path of ['/one', '/two']) {
      const answer = await pool.request({ path, method: 'POST', body });
      expect(await answer.body.text()).toBe(`POST ${path} ${body}`);
    }
    expect(dialed).toBe(1);
    await pool.close();
  });

  test('HTTP/2: a client, and a server that is given a Duplex for a connection', async () => {
    const h2 = http2.createServer();
    h2.on('stream', (stream) => {
      stream.respond({ ':status': 200 });
      stream.end('over HTTP/2');
    });
    const [ours, theirs] = await tcpPair();
    const stream = ours.toDuplex();
    h2.emit('connection', theirs.toDuplex());
    const client = http2.connect('http://x', { createConnection: () => stream });
    const answers = Array.from({ length: 3 }, () => all(client.request({ ':path': '/' })));
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 3 }, () => 'over HTTP/2'));
    client.close();
    await once(client, 'close');
  });

  test('options as net.Socket has them', async () => {
    const [ours, peer] = await tcpPair();
    const stream = ours.toDuplex();
    expect([stream.remoteFamily, stream.remoteAddress, stream.remotePort]).toEqual([
      ...['IPv4', '127.0.0.1', (peer.getsockname() as { port: number }).port],
    ]);
    stream.setNoDelay().setKeepAlive(true, 7999);
    expect(ours.getsockopt(s.IPPROTO_TCP, s.TCP_NODELAY)).toBe(1);
    expect(ours.getsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE)).toBe(1);
    if (process.platform === 'linux') expect(ours.getsockopt(s.IPPROTO_TCP, s.TCP_KEEPIDLE)).toBe(7);
    stream.setNoDelay(false).setKeepAlive();
    expect(ours.getsockopt(s.IPPROTO_TCP, s.TCP_NODELAY)).toBe(0);
    expect(ours.getsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE)).toBe(0);
    for (const wrong of [NaN, -1, 2 ** 31, 1.5]) {
      expect(thrownBy(() => stream.setTimeout(wrong)).code).toBe('ERR_OUT_OF_RANGE');
      expect(thrownBy(() => stream.setKeepAlive(true, wrong)).code).toBe('ERR_OUT_OF_RANGE');
    }
    stream.destroy();
    expect(thrownBy(() => stream.setNoDelay()).code).toBe('EBADF');
    peer.close();
  });

  test("'timeout' comes while nothing does, once for each silence, and not any more when it is switched off", async () => {
    const [ours, peer] = await tcpPair();
    const stream = ours.toDuplex().resume();
    let told = 0;
    stream.setTimeout(5, () => told++);
    expect(stream.timeout).toBe(5);
    await once(stream, 'timeout');
    expect(told).toBe(1);
    stream.setTimeout(0);
    await peer.sendAll(Buffer.from('x'));
    await once(stream, 'data');
    expect(stream.destroyed).toBe(false);
    stream.destroy();
    peer.close();
  });
});

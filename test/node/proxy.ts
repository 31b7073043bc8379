/** Sends bytes both ways at once through a proxy: are they the same, how long does it take, what does the proxy need? */
import { fork } from 'node:child_process';
import { createHash, randomBytes, type Hash } from 'node:crypto';
import { once } from 'node:events';
import * as net from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface ProxyResult {
  equal: boolean;
  ms: number;
  cpuMs: number;
  maxRssKiB: number;
}

const BLOCK = randomBytes(65_536);

function* blocks(bytes: number, sent: Hash): Generator<Buffer> {
  for (let at = 0; at < bytes; at += BLOCK.length) {
    BLOCK.writeDoubleLE(at, 0);
    const block = Buffer.from(BLOCK.subarray(0, Math.min(BLOCK.length, bytes - at)));
    sent.update(block);
    yield block;
  }
}

/** Sends and receives: the hashes of both. */
async function talk(socket: net.Socket, bytes: number): Promise<[sent: string, received: string]> {
  const [sent, received] = [createHash('sha1'), createHash('sha1')];
  socket.on('data', (chunk) => received.update(chunk));
  const ended = once(socket, 'end');
  await pipeline(Readable.from(blocks(bytes, sent)), socket, { end: true });
  await ended;
  return [sent.digest('hex'), received.digest('hex')];
}

/** `bytes` in each direction, through a proxy of this kind. */
export async function proxied(kind: 'net' | 'duplex' | 'web', bytes: number): Promise<ProxyResult> {
  const server = net.createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const proxy = fork(join(import.meta.dirname, 'proxy-server.js'), [kind, String(port)]);
  try {
    const [at] = (await once(proxy, 'message')) as [number];
    const accepted = once(server, 'connection') as Promise<[net.Socket]>;
    const started = performance.now();
    const client = net.connect({ port: at, host: '127.0.0.1', allowHalfOpen: true });
    const [upstream] = await accepted;
    const [a, b] = await Promise.all([talk(client, bytes), talk(upstream, bytes)]);
    const ms = performance.now() - started;
    proxy.send('tell');
    const [told] = (await once(proxy, 'message')) as [{ cpuMs: number; maxRssKiB: number }];
    return { equal: a[0] === b[1] && b[0] === a[1], ms, ...told };
  } finally {
    server.close();
    proxy.kill('SIGKILL');
  }
}

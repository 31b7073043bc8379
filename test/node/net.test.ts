import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { fromNodeSocket, listenWith, takeUnread, toNodeSocket, unshift } from 'bsd-sockets/node';
import { connect, Socket } from 'bsd-sockets/promises';
import { once } from 'node:events';
import * as http from 'node:http';
import * as net from 'node:net';
import { text as all } from 'node:stream/consumers';
import { listening, outcome, owned, pair, rejection, say, tcpPair, text } from '../support/owned.js';
import { closing, LOOPBACK, thrownBy } from '../support/sockets.js';
import { usage } from '../support/usage.js';

const onLinux = process.platform === 'linux' ? test : test.skip;

/** A connection: Node's end, and ours. */
async function nodeAndOurs(): Promise<[net.Socket, Socket]> {
  const listener = listening();
  const node = net.connect((listener.getsockname() as { port: number }).port, '127.0.0.1');
  const { socket } = await listener.accept();
  if (node.connecting) await once(node, 'connect');
  return [node, owned(socket)];
}

describe('toNodeSocket', () => {
  test.each(['TCP', 'unix'])('gives Node a connection that talks both ways, and closes it: %s', async (kind) => {
    const [ours, peer] = kind === 'TCP' ? await tcpPair() : pair();
    const node = toNodeSocket(ours);
    expect(ours.fd).toBe(-1);
    await say(peer, 'to node');
    expect(String((await once(node, 'data'))[0])).toBe('to node');
    node.end('from node');
    expect(await text(peer)).toBe('from node');
    expect(await text(peer)).toBe('');
    peer.close();
    await once(node, 'close');
  });

  test('rejects what waits with ECANCELED, and gives what was put in front first', async () => {
    const [ours, peer] = await tcpPair();
    const waits = outcome(ours.recv(Buffer.alloc(1)));
    unshift(ours, Buffer.from('first '));
    const node = toNodeSocket(ours);
    expect(await waits).toBe('ECANCELED');
    await peer.sendAll(Buffer.from('second'));
    peer.shutdown(s.SHUT_WR);
    expect(await all(node)).toBe('first second');
  });

  test('what was sent and not awaited has left', async () => {
    const [ours, peer] = await tcpPair();
    const sent = ours.send(Buffer.from('one '));
    const node = toNodeSocket(ours);
    expect(await sent).toBe(4);
    node.end('two');
    let received = '';
    for await (const chunk of peer.chunks()) received += String(chunk);
    expect(received).toBe('one two');
  });

  test('leaves what it refuses open, and ours: a datagram socket, a listener, one that is not connected', () => {
    const listener = listening();
    expect(thrownBy(() => toNodeSocket(listener)).code).toBe('ENOTCONN');
    const [datagrams] = pair(s.SOCK_DGRAM);
    expect(thrownBy(() => toNodeSocket(datagrams)).code).toBe('ERR_INVALID_ARG_VALUE');
    expect(datagrams.fd).not.toBe(-1);
    expect(thrownBy(() => toNodeSocket(5 as never)).code).toBe('ERR_INVALID_ARG_TYPE');
    const closed = owned(new Socket(s.AF_INET, s.SOCK_STREAM));
    closed.close();
    expect(thrownBy(() => toNodeSocket(closed)).code).toBe('EBADF');
  });
});

describe('fromNodeSocket', () => {
  test('gives first what Node has read and nobody has taken, then what comes', async () => {
    const [node, peer] = await nodeAndOurs();
    await say(peer, 'already read');
    await once(node, 'readable');
    const ours = owned(await fromNodeSocket(node));
    await say(peer, ', and later');
    peer.shutdown(s.SHUT_WR);
    expect(node.destroyed).toBe(true);
    let received = '';
    for await (const chunk of ours.chunks({ size: 5 })) received += String(chunk);
    expect(received).toBe('already read, and later');
  });

  test('what Node was given to write leaves first, also where it is megabytes', async () => {
    const [node, peer] = await nodeAndOurs();
    const bytes = Buffer.alloc(8_000_000, 'node ');
    node.write(bytes);
    const moving = fromNodeSocket(node);
    let length = 0;
    const receiving = (async () => {
      for await (const chunk of peer.chunks()) length += chunk.length;
    })();
    const ours = owned(await moving);
    await ours.sendAll(Buffer.from('ours'));
    ours.close();
    await receiving;
    expect(length).toBe(bytes.length + 4);
  });

  test("what is to leave can be waited for no longer than a signal says, and the connection stays Node's", async () => {
    const [node, peer] = await nodeAndOurs();
    node.write(Buffer.alloc(8_000_000));
    const controller = new AbortController();
    const moving = fromNodeSocket(node, { signal: controller.signal });
    controller.abort(new Error('enough'));
    expect((await rejection(moving)).message).toBe('enough');
    expect(node.destroyed).toBe(false);
    node.destroy();
    peer.close();
  });

  test('the end that Node has read is there to be received', async () => {
    const [node, peer] = await nodeAndOurs();
    await say(peer, 'last');
    peer.shutdown(s.SHUT_WR);
    await once(node, 'readable');
    const ours = owned(await fromNodeSocket(node));
    expect([await text(ours), await text(ours)]).toEqual(['last', '']);
  });

  test('takes a connection that HTTP has upgraded, with what came behind the request', async () => {
    const server = http.createServer();
    const upgraded = new Promise<Socket>((resolve, reject) => {
      server.on('upgrade', (_request, socket: net.Socket, head: Buffer) => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
        fromNodeSocket(socket).then((ours) => {
          unshift(ours, head);
          resolve(owned(ours));
        }, reject);
      });
    });
    const listener = listening();
    const address = listener.getsockname();
    await listenWith(server, listener);
    const client = owned(await connect(address));
    await say(client, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nbehind it');
    const ours = await upgraded;
    expect(await text(ours)).toBe('behind it');
    await say(ours, 'ours');
    let received = '';
    while (!received.endsWith('ours')) received += await text(client, 200);
    expect(received).toMatch(/^HTTP\/1.1 101/);
    server.close();
  });

  test.each<[string, () => unknown]>([
    ['TLS', () => Object.assign(new net.Socket(), { encrypted: true })],
    ['one that HTTP reads from', () => Object.assign(new net.Socket(), { parser: {} })],
    ['one with an encoding', () => new net.Socket().setEncoding('utf8')],
    ['one that is not connected', () => new net.Socket()],
  ])('refuses %s: ERR_INVALID_ARG_VALUE', async (_what, make) => {
    expect(await outcome(fromNodeSocket(make() as net.Socket))).toBe('ERR_INVALID_ARG_VALUE');
  });

  onLinux('moves a connection to and fro without a descriptor too many (counted in /proc)', async () => {
    const [node, peer] = await nodeAndOurs();
    const before = usage().fds;
    let moving = node;
    for (let i = 0; i < 20; i++) {
      const ours = await fromNodeSocket(moving);
      await say(peer, String(i % 10));
      moving = toNodeSocket(ours);
    }
    await new Promise(setImmediate);
    expect(usage().fds).toBe(before);
    peer.shutdown(s.SHUT_WR);
    expect(await all(moving)).toBe('01234567890123456789');
  });

  onLinux("where there is no descriptor left, the connection stays Node's (the limit of /proc)", async () => {
    const [node, peer] = await nodeAndOurs();
    const taken: number[] = [];
    try {
      for (;;) taken.push(closing(s.fcntl(peer.fd, s.F_DUPFD_CLOEXEC, 3)));
    } catch {
      expect(await outcome(fromNodeSocket(node))).toBe('EMFILE');
    }
    node.end('still here');
    expect(await text(peer)).toBe('still here');
  });
});

describe('unshift', () => {
  test('puts bytes in front of every call that receives; MSG_PEEK leaves them, MSG_WAITALL goes on', async () => {
    const [ours, peer] = await tcpPair();
    await say(peer, 'fghij');
    unshift(ours, Buffer.from('de'));
    unshift(ours, Buffer.from('abc'));
    const buffer = Buffer.alloc(2);
    await ours.recv(buffer, { flags: s.MSG_PEEK });
    expect(String(buffer)).toBe('ab');
    await ours.recvfrom(buffer);
    expect(String(buffer)).toBe('ab');
    const { bytesRead } = await ours.recvmsg([Buffer.alloc(1)]);
    expect(bytesRead).toBe(1);
    const rest = Buffer.alloc(7);
    expect(await ours.recv(rest, { flags: s.MSG_WAITALL })).toBe(7);
    expect(String(rest)).toBe('defghij');
  });

  test('takeUnread takes them back, also when the descriptor is detached', async () => {
    const [ours] = await tcpPair();
    unshift(ours, Buffer.from('abc'));
    closing(ours.detach());
    expect(String(takeUnread(ours))).toBe('abc');
    expect(takeUnread(ours)).toHaveLength(0);
  });

  test('of a closed socket does not hide that it is closed: EBADF', async () => {
    const [ours] = await tcpPair(LOOPBACK);
    unshift(ours, Buffer.from('abc'));
    ours.close();
    expect(await outcome(ours.recv(Buffer.alloc(1)))).toBe('EBADF');
  });
});

import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { fromDgram, getsockname, getsockopt, setsockopt, toDgram } from 'bsd-sockets/node';
import { connect } from 'bsd-sockets/promises';
import * as dgram from 'node:dgram';
import { once } from 'node:events';
import { outcome, owned, pair, rejection, tcpPair, text, udp } from '../support/owned.js';
import { thrownBy } from '../support/sockets.js';

async function bound(type: 'udp4' | 'udp6' = 'udp4', before?: (socket: dgram.Socket) => void): Promise<dgram.Socket> {
  const socket = dgram.createSocket(type);
  before?.(socket);
  socket.bind(0, type === 'udp4' ? '127.0.0.1' : '::1');
  await once(socket, 'listening');
  return socket;
}

describe('toDgram', () => {
  test('gives Node a socket that receives and sends, with its options as they were', async () => {
    const ours = udp();
    const peer = udp();
    const address = ours.getsockname();
    const node = toDgram(ours);
    expect(ours.fd).toBe(-1);
    expect(getsockopt(node, s.SOL_SOCKET, s.SO_REUSEADDR)).toBe(0); // libuv turns it on
    await peer.sendto(Buffer.from('to node'), address);
    expect(String((await once(node, 'message'))[0])).toBe('to node');
    node.send('from node', (peer.getsockname() as { port: number }).port, '127.0.0.1');
    expect(await text(peer)).toBe('from node');
    node.close();
  });

  test('a connected socket stays connected', async () => {
    const peer = udp();
    const node = toDgram(await connect(peer.getsockname(), { type: s.SOCK_DGRAM }));
    await once(node, 'connect');
    node.send('no address');
    expect(await text(peer)).toBe('no address');
    node.close();
  });

  test('refuses what is no UDP, which stays open', async () => {
    const [unix] = pair(s.SOCK_DGRAM);
    const [stream] = await tcpPair();
    for (const socket of [unix, stream]) {
      expect(thrownBy(() => toDgram(socket)).code).toBe('ERR_INVALID_ARG_VALUE');
      expect(socket.fd).not.toBe(-1);
    }
  });
});

describe('fromDgram', () => {
  test('gives us the socket with its port; what was sent right before leaves first', async () => {
    const node = await bound();
    const peer = udp();
    const { port } = peer.getsockname() as { port: number };
    for (const word of ['one', 'two']) node.send(word, port, '127.0.0.1');
    const address = getsockname(node);
    const ours = owned(await fromDgram(node));
    expect(ours.getsockname()).toEqual(address);
    expect([await text(peer), await text(peer)].sort()).toEqual(['one', 'two']);
    await peer.sendto(Buffer.from('to ours'), address);
    expect(await text(ours)).toBe('to ours');
    expect(await outcome(fromDgram(node))).toBe('ERR_INVALID_ARG_VALUE'); // closed
  });

  test("refuses what is not bound, and what is no dgram socket; an aborted signal leaves it Node's", async () => {
    const unbound = dgram.createSocket('udp4');
    expect(await outcome(fromDgram(unbound))).toBe('ERR_INVALID_ARG_VALUE');
    unbound.close();
    expect(await outcome(fromDgram({} as never))).toBe('ERR_INVALID_ARG_TYPE');
    const node = await bound();
    expect((await rejection(fromDgram(node, { signal: AbortSignal.abort(new Error('no')) }))).message).toBe('no');
    node.close();
  });
});

describe('options of a dgram socket', () => {
  test.each(['udp4', 'udp6'] as const)('are set before it is bound: %s', async (type) => {
    const node = await bound(type, (socket) => {
      setsockopt(socket, s.SOL_SOCKET, s.SO_BROADCAST, true);
      setsockopt(socket, s.SOL_SOCKET, s.SO_RCVBUF, 100_000);
    });
    expect(getsockopt(node, s.SOL_SOCKET, s.SO_BROADCAST)).not.toBe(0);
    expect(getsockopt(node, s.SOL_SOCKET, s.SO_RCVBUF)).toBeGreaterThanOrEqual(100_000);
    expect(getsockopt(node, s.SOL_SOCKET, s.SO_REUSEADDR)).toBe(0);
    setsockopt(node, s.SOL_SOCKET, s.SO_BROADCAST, false);
    expect(getsockopt(node, s.SOL_SOCKET, s.SO_BROADCAST)).toBe(0);
    node.close();
  });

  test('that the kernel refuses are emitted as an error', async () => {
    const node = dgram.createSocket('udp4');
    setsockopt(node, s.SOL_SOCKET, 9999, 1);
    node.bind(0);
    expect(((await once(node, 'error')) as [NodeJS.ErrnoException])[0].code).toBe('ENOPROTOOPT');
    node.close();
  });
});

import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { connect, type AcceptedSocket } from 'bsd-sockets/promises';
import { listening, outcome, owned, pair, say, stillWaits, tcpPair, text, turns, udp } from '../support/owned.js';
import { reset } from '../support/peers.js';

describe('incoming', () => {
  test('gives each connection, until the listener is closed', async () => {
    const listener = listening();
    const address = listener.getsockname();
    const clients = [owned(await connect(address)), owned(await connect(address)), owned(await connect(address))];
    const peers: s.SocketAddress[] = [];
    for await (const { socket, address: peer } of listener.incoming()) {
      owned(socket);
      if (peers.push(peer) === clients.length) listener.close();
    }
    expect(peers).toEqual(clients.map((client) => client.getsockname()));
  });

  test('left early leaves the listener open, and the next connection in its queue', async () => {
    const listener = listening();
    owned(await connect(listener.getsockname()));
    const second = owned(await connect(listener.getsockname()));
    for await (const { socket } of listener.incoming()) {
      owned(socket);
      break;
    }
    const { socket, address } = await listener.accept();
    owned(socket);
    expect(address).toEqual(second.getsockname());
  });

  test('two loops share the connections', async () => {
    const listener = listening();
    const accepted: AcceptedSocket[] = [];
    const loop = async (): Promise<void> => {
      for await (const each of listener.incoming()) {
        owned(each.socket);
        if (accepted.push(each) === 10) listener.close();
      }
    };
    const loops = [loop(), loop()];
    const address = listener.getsockname();
    for (let i = 0; i < 10; i++) owned(await connect(address));
    await Promise.all(loops);
    expect(accepted.length).toBe(10);
  });

  test('ends with an error that does not pass', async () => {
    const [socket] = pair();
    const told: string[] = [];
    const loop = socket.incoming({ onError: ({ code }) => told.push(code) });
    expect(await outcome(loop.next())).toBe('EINVAL');
    expect(told).toEqual([]);
    expect(await loop.next()).toEqual({ done: true, value: undefined });
  });
});

describe('chunks', () => {
  test('are the bytes of a stream, until its end', async () => {
    const [socket, peer] = await tcpPair();
    const bytes = Buffer.alloc(1_000_000).map((_, index) => index % 251) as Buffer;
    const sending = peer.sendAll(bytes).then(() => peer.shutdown(s.SHUT_WR));
    const chunks: Buffer[] = [];
    for await (const chunk of socket.chunks()) chunks.push(chunk);
    await sending;
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    expect(chunks.every(({ length }) => length > 0 && length <= 65_536)).toBe(true);
  });

  test('asked for several at a time come in order, and then the end, as often as it is asked for', async () => {
    const [a, b] = pair();
    const chunks = a.chunks({ size: 1 });
    const asked = Array.from({ length: 5 }, () => chunks.next());
    await say(b, 'abc');
    b.close();
    const results = await Promise.all(asked);
    expect(results.map(({ value, done }) => [value?.toString(), done])).toEqual([
      ['a', false],
      ['b', false],
      ['c', false],
      [undefined, true],
      [undefined, true],
    ]);
    expect(await chunks.next()).toEqual({ value: undefined, done: true });
  });

  test('are over once they were left, thrown into, or ended by a signal', async () => {
    const [a, b] = pair();
    await say(b, 'abc');
    const left = a.chunks();
    expect(await left.return()).toEqual({ value: undefined, done: true });
    const thrown = a.chunks();
    expect(await outcome(thrown.throw(new RangeError('x')))).toBe('RangeError: x');
    const aborted = a.chunks({ signal: AbortSignal.abort('y') });
    await expect(aborted.next()).rejects.toBe('y');
    for (const loop of [left, thrown, aborted]) expect(await loop.next()).toEqual({ value: undefined, done: true });
    expect(await text(a)).toBe('abc');
  });

  test('are yours: the next one does not change them', async () => {
    const [socket, peer] = pair();
    const loop = socket.chunks({ size: 4 });
    const kept: Buffer[] = [];
    for (const words of ['a', 'bb', 'cccc', 'dddd', 'e']) {
      await say(peer, words);
      kept.push((await loop.next()).value as Buffer);
    }
    kept[0]?.fill('X');
    expect(kept.map(String)).toEqual(['X', 'bb', 'cccc', 'dddd', 'e']);
  });

  test('are no larger than asked for', async () => {
    const [socket, peer] = pair();
    await say(peer, 'abcdefg');
    peer.close();
    const chunks: string[] = [];
    for await (const chunk of socket.chunks({ size: 3 })) chunks.push(String(chunk));
    expect(chunks).toEqual(['abc', 'def', 'g']);
  });

  test('left early leave what was not received, and the socket open', async () => {
    const [socket, peer] = pair();
    await say(peer, 'abcdef');
    for await (const chunk of socket.chunks({ size: 2 })) {
      expect(String(chunk)).toBe('ab');
      break;
    }
    expect(await text(socket)).toBe('cdef');
  });

  test('end with the error of the peer, after what came before', async () => {
    const [socket, peer] = await tcpPair();
    const chunks: string[] = [];
    const loop = (async () => {
      for await (const chunk of socket.chunks()) {
        chunks.push(String(chunk));
        reset(peer.detach());
      }
    })();
    await say(peer, 'before');
    expect([await outcome(loop), chunks]).toEqual(['ECONNRESET', ['before']]);
  });

  test('end where their own loop closes the socket', async () => {
    const [socket, peer] = pair();
    await say(peer, 'x');
    let count = 0;
    for await (const chunk of socket.chunks()) {
      count += chunk.length;
      socket.close();
    }
    expect(count).toBe(1);
  });

  test('of a seqpacket socket are its messages, until the peer closes', async () => {
    const [socket, peer] = pair(s.SOCK_SEQPACKET);
    await say(peer, 'one');
    await say(peer, 'two');
    peer.close();
    const chunks: string[] = [];
    for await (const chunk of socket.chunks()) chunks.push(String(chunk));
    expect(chunks).toEqual(['one', 'two']);
  });

  test('of a hundred sockets at once do not mix', async () => {
    const pairs = Array.from({ length: 100 }, () => pair());
    const all = pairs.map(async ([socket]) => {
      let words = '';
      for await (const chunk of socket.chunks({ size: 16 })) words += String(chunk);
      return words;
    });
    const expected = pairs.map((_, index) => `${String(index)},`.repeat(40));
    await Promise.all(
      pairs.map(async ([, peer], index) => {
        await peer.sendAll(Buffer.from(expected[index] ?? ''));
        peer.close();
      }),
    );
    expect(await Promise.all(all)).toEqual(expected);
  });

  test.each([0, -1, 1.5, 2 ** 31, NaN, '1', null])('of size %p are refused at once', (size) => {
    const [socket] = pair();
    for (const loop of [() => socket.chunks({ size } as never), () => socket.datagrams({ size } as never)]) {
      expect(loop).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^ERR_(OUT_OF_RANGE|INVALID_ARG_TYPE)$/) }),
      );
    }
  });
});

describe('datagrams', () => {
  test('come with their senders, empty ones too', async () => {
    const [socket, peer] = [udp(), udp()];
    const loop = socket.datagrams();
    for (const words of ['one', '', 'three']) {
      await peer.sendto(Buffer.from(words), socket.getsockname());
      const { value } = await loop.next();
      expect(value).toEqual({ data: Buffer.from(words), address: peer.getsockname(), truncated: false });
    }
  });

  test('that are longer than asked for are cut, and say so', async () => {
    const [socket, peer] = [udp(), udp()];
    await peer.sendto(Buffer.from('abcdef'), socket.getsockname());
    await peer.sendto(Buffer.from('abc'), socket.getsockname());
    const loop = socket.datagrams({ size: 3 });
    const both = [(await loop.next()).value, (await loop.next()).value].map((datagram) => datagram ?? undefined);
    expect(both.map((datagram) => [String(datagram?.data), datagram?.truncated])).toEqual([
      ['abc', true],
      ['abc', false],
    ]);
  });

  test('left early leave the next one', async () => {
    const [socket, peer] = pair(s.SOCK_DGRAM);
    await say(peer, 'one');
    await say(peer, 'two');
    for await (const { data, address } of socket.datagrams()) {
      expect([String(data), address]).toEqual(['one', null]);
      break;
    }
    expect(await text(socket)).toBe('two');
  });

  test('end with an error, and can be gone on with', async () => {
    const [socket, peer] = [udp(), udp()];
    const address = peer.getsockname();
    peer.close();
    await socket.connect(address);
    const loop = socket.datagrams();
    const next = outcome(loop.next());
    await turns();
    await outcome(say(socket, 'anybody?'));
    expect(await next).toBe('ECONNREFUSED');
    expect(await stillWaits(socket.datagrams().next())).toBe(true);
  });

  test('of a socket that is connected end when the peer closes', async () => {
    const [socket, peer] = pair(s.SOCK_SEQPACKET);
    await say(peer, 'one');
    peer.close();
    const all: string[] = [];
    for await (const { data } of socket.datagrams()) all.push(String(data));
    expect(all).toEqual(['one']);
  });
});

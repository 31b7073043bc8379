import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import {
  drain,
  fill,
  listening,
  outcome,
  owned,
  pair,
  say,
  stillWaits,
  tcpPair,
  text,
  turns,
} from '../support/owned.js';
import { WAIT_NAMES, waitOf } from './waits.js';

describe('a call that waits', () => {
  const waits = WAIT_NAMES.filter((name) => name !== 'connect of TCP'); // nobody will answer that one

  test.each(waits)('goes on when it can: %s', async (name) => {
    const { call, happens } = await waitOf(name);
    const waiting = call();
    expect(await stillWaits(waiting)).toBe(true);
    await happens?.();
    expect(await outcome(waiting)).toBe('ok');
  });

  test.each(waits)('goes on when it can, although it was made in the turn in which that happened: %s', async (name) => {
    const { call, happens } = await waitOf(name);
    const [waiting] = [outcome(call()), happens?.()];
    expect(await waiting).toBe('ok');
  });

  test('does not stop the event loop', async () => {
    const [socket, peer] = pair();
    const waiting = text(socket);
    let timers = 0;
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (++timers < 5) return;
        clearInterval(timer);
        resolve();
      }, 1);
    });
    await say(peer, 'late');
    expect(await waiting).toBe('late');
  });
});

describe('several calls in one direction', () => {
  test('get what comes in the order in which they were made', async () => {
    const [socket, peer] = pair(s.SOCK_SEQPACKET);
    const all = Array.from({ length: 100 }, () => text(socket));
    await turns();
    for (let i = 0; i < 100; i++) await say(peer, String(i));
    expect(await Promise.all(all)).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
  });

  test('get it in that order also where it is there before all of them', async () => {
    const [socket, peer] = pair(s.SOCK_SEQPACKET);
    for (let i = 0; i < 5; i++) await say(peer, String(i));
    expect(await Promise.all(Array.from({ length: 5 }, () => text(socket)))).toEqual(['0', '1', '2', '3', '4']);
  });

  test('of different kinds wait in one queue', async () => {
    const [socket, peer] = pair(s.SOCK_DGRAM);
    const [buffer, other] = [Buffer.alloc(1), Buffer.alloc(1)];
    const order: string[] = [];
    const all = [
      socket.recv(buffer).then(() => order.push(`recv ${buffer.toString()}`)),
      socket.recvmsg([other]).then(() => order.push(`recvmsg ${other.toString()}`)),
      socket
        .datagrams()
        .next()
        .then(({ value }) => order.push(`datagrams ${String(value?.data)}`)),
    ];
    await turns();
    for (const word of ['a', 'b', 'c']) await say(peer, word);
    await Promise.all(all);
    expect(order).toEqual(['recv a', 'recvmsg b', 'datagrams c']);
  });

  test('a call that could go on at once does not pass one that waits', async () => {
    const [socket, peer] = pair(s.SOCK_SEQPACKET);
    const first = text(socket);
    await turns();
    s.send(peer.fd, Buffer.from('one')); // it is there, but the event loop has not turned
    const second = text(socket);
    await say(peer, 'two');
    expect([await first, await second]).toEqual(['one', 'two']);
  });

  test('sends keep their order behind a sendAll that waits, byte for byte', async () => {
    const [socket, peer] = pair();
    const large = Buffer.alloc(3_000_000, 'a');
    const sends = [socket.sendAll(large), socket.sendAll(Buffer.from('b')), socket.send(Buffer.from('c'))];
    let received = '';
    while (received.length < large.length + 2) received += await text(peer, 100_000);
    expect(await Promise.all(sends)).toEqual([large.length, 1, 1]);
    expect(received === `${'a'.repeat(large.length)}bc`).toBe(true);
  });

  test('connections go to the accepts in their order', async () => {
    const listener = listening();
    const accepts = Array.from({ length: 5 }, async () => {
      const { socket, address } = await listener.accept();
      owned(socket);
      return address;
    });
    const clients: s.SocketAddress[] = [];
    for (let i = 0; i < 5; i++) {
      const client = owned(new Socket(s.AF_INET, s.SOCK_STREAM));
      await client.connect(listener.getsockname());
      clients.push(client.getsockname());
    }
    expect(await Promise.all(accepts)).toEqual(clients);
  });
});

describe('both directions', () => {
  test('wait apart: a send that waits does not hold up what is received, nor the other way round', async () => {
    const [socket, peer] = pair();
    fill(socket);
    const sending = socket.send(Buffer.from('x'));
    const receiving = text(socket);
    await turns();
    await say(peer, 'to you');
    expect(await receiving).toBe('to you');
    expect(await stillWaits(sending)).toBe(true);
    const next = text(socket);
    drain(peer);
    expect(await sending).toBe(1);
    expect(await stillWaits(next)).toBe(true);
    await say(peer, 'again');
    expect(await next).toBe('again');
  });

  test('two peers that send more than fits and receive at the same time come to an end', async () => {
    const ends = await tcpPair();
    const bytes = Buffer.alloc(8_000_000, 'x');
    const received = ends.map(async (socket) => {
      let length = 0;
      for await (const chunk of socket.chunks()) length += chunk.length;
      return length;
    });
    await Promise.all(
      ends.map(async (socket) => {
        await socket.sendAll(bytes);
        socket.shutdown(s.SHUT_WR);
      }),
    );
    expect(await Promise.all(received)).toEqual([bytes.length, bytes.length]);
  });
});

describe('many sockets', () => {
  test('more than one answer of the kernel can name are all served', async () => {
    const pairs = Array.from({ length: 1500 }, () => Socket.pair(s.AF_UNIX, s.SOCK_STREAM));
    const all = pairs.map(async ([socket], index) => (await text(socket)) === String(index));
    await turns();
    pairs.forEach(([, peer], index) => s.send(peer.fd, Buffer.from(String(index))));
    const served = await Promise.all(all);
    for (const socket of pairs.flat()) socket.close();
    expect(served.filter(Boolean).length).toBe(1500);
  });
});

/** What the peer does while a call waits: it resets, closes one half, closes, or is gone. */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import type { Socket } from 'bsd-sockets/promises';
import { fill, outcome, owned, pair, rejection, say, stillWaits, tcpPair, text, turns, udp } from '../support/owned.js';
import { reset } from '../support/peers.js';
import { deserted } from '../conformance/fixtures.js';

const receives: Record<string, (socket: Socket) => Promise<unknown>> = {
  recv: (socket) => socket.recv(Buffer.alloc(9)),
  recvfrom: (socket) => socket.recvfrom(Buffer.alloc(9)).then(({ bytesRead }) => bytesRead),
  recvmsg: (socket) => socket.recvmsg([Buffer.alloc(9)]).then(({ bytesRead }) => bytesRead),
  chunks: async (socket) => ((await socket.chunks().next()).done === true ? 0 : 1),
};
const sends: Record<string, (socket: Socket) => Promise<unknown>> = {
  send: (socket) => socket.send(Buffer.alloc(9)),
  sendAll: (socket) => socket.sendAll(Buffer.alloc(9)),
  sendmsg: (socket) => socket.sendmsg({ buffers: [Buffer.alloc(9)] }),
};

describe.each(Object.entries(receives))('%s', (_, call) => {
  test('tells that the peer reset the connection while it waits', async () => {
    const [socket, peer] = await tcpPair();
    const waiting = call(socket);
    await turns();
    reset(peer.detach());
    expect((await rejection(waiting)).code).toBe('ECONNRESET');
    expect(await call(socket)).toBe(0); // it is told once
  });

  test('gives 0 where the peer closes while it waits, and from then on', async () => {
    const [socket, peer] = await tcpPair();
    const waiting = call(socket);
    await turns();
    peer.close();
    expect([await waiting, await call(socket), await call(socket)]).toEqual([0, 0, 0]);
  });

  test('gives 0 where the peer has sent its last, and what we send still arrives', async () => {
    const [socket, peer] = await tcpPair();
    const waiting = call(socket);
    await turns();
    peer.shutdown(s.SHUT_WR);
    expect(await waiting).toBe(0);
    await say(socket, 'still here');
    expect(await text(peer)).toBe('still here');
  });

  test('gives 0 where our own half is shut down while it waits', async () => {
    const [socket] = await tcpPair();
    const waiting = call(socket);
    await turns();
    socket.shutdown(s.SHUT_RD);
    expect(await waiting).toBe(0);
  });
});

describe.each(Object.entries(sends))('%s', (_, call) => {
  test('tells that the peer reset the connection while it waits', async () => {
    const [socket, peer] = await tcpPair();
    fill(socket);
    const waiting = call(socket);
    await turns();
    reset(peer.detach());
    expect((await rejection(waiting)).code).toBe('ECONNRESET');
    expect((await rejection(call(socket))).code).toBe('EPIPE');
  });

  test('tells that the peer is gone while it waits: EPIPE', async () => {
    const [socket, peer] = pair();
    fill(socket);
    const waiting = call(socket);
    await turns();
    peer.close();
    expect((await rejection(waiting)).code).toBe('EPIPE');
  });

  test('tells that our own half is shut down while it waits: EPIPE', async () => {
    const [socket] = await tcpPair();
    fill(socket);
    const waiting = call(socket);
    await turns();
    socket.shutdown(s.SHUT_WR);
    expect((await rejection(waiting)).code).toBe('EPIPE');
  });
});

describe('the end of a stream', () => {
  /** The ways in which the calls before it make us believe that nothing is left. */
  const preludes: Record<string, (socket: Socket, peer: Socket) => Promise<unknown>> = {
    'a socket that has never waited': () => Promise.resolve(),
    'a socket that has waited': async (socket, peer) => {
      const waiting = text(socket);
      await turns();
      await say(peer, 'x');
      await waiting;
    },
    'a call that was aborted': async (socket) => {
      const controller = new AbortController();
      const waiting = outcome(socket.recv(Buffer.alloc(1), { signal: controller.signal }));
      await turns();
      controller.abort();
      await waiting;
    },
  };

  describe.each(Object.entries(preludes))('after %s', (_, prelude) => {
    test.each([0, 5])('that comes together with data is not missed (%i turns later)', async (later) => {
      const [socket, peer] = await tcpPair();
      await prelude(socket, peer);
      s.send(peer.fd, Buffer.from('last'));
      s.shutdown(peer.fd, s.SHUT_WR);
      await turns(later);
      expect([await text(socket), await text(socket), await text(socket)]).toEqual(['last', '', '']);
    });

    test.each([0, 5])('that comes while a call waits for more is not missed (%i turns later)', async (later) => {
      const [socket, peer] = await tcpPair();
      await prelude(socket, peer);
      const first = text(socket);
      await turns();
      s.send(peer.fd, Buffer.from('last'));
      s.close(peer.detach());
      await turns(later);
      expect([await first, await text(socket)]).toEqual(['last', '']);
    });

    test('is not missed where a send had to wait between', async () => {
      const [socket, peer] = await tcpPair();
      await prelude(socket, peer);
      s.send(peer.fd, Buffer.from('last'));
      s.shutdown(peer.fd, s.SHUT_WR);
      await turns();
      fill(socket);
      const sending = outcome(socket.send(Buffer.alloc(1)));
      await turns();
      expect([await text(socket), await text(socket)]).toEqual(['last', '']);
      socket.close();
      await sending;
    });
  });

  test('is not missed in a thousand conversations of one message', async () => {
    for (let i = 0; i < 1000; i++) {
      const [socket, peer] = pair();
      const talk = (async () => [await text(socket), await text(socket)])();
      if (i % 2 === 0) await turns(1);
      s.send(peer.fd, Buffer.from('m'));
      if (i % 3 === 0) await turns(1);
      peer.close();
      expect(await talk).toEqual(['m', '']);
      socket.close();
    }
  });
});

describe('a short answer', () => {
  test('before urgent data is not the last one', async () => {
    const [socket, peer] = await tcpPair();
    const first = text(socket);
    await turns();
    s.send(peer.fd, Buffer.from('ab'));
    s.send(peer.fd, Buffer.from('!'), s.MSG_OOB);
    s.send(peer.fd, Buffer.from('cd'));
    const rest = async (): Promise<string> => {
      let said = await first;
      while (said.length < 4) said += await text(socket);
      return said;
    };
    expect(await rest()).toBe('abcd');
  });

  test('of a unix stream, which ends at descriptors that were passed, is not the last one', async () => {
    const [socket, peer] = pair();
    const first = text(socket);
    await turns();
    const passed = { level: s.SOL_SOCKET, type: s.SCM_RIGHTS, fds: [0] };
    s.sendmsg(peer.fd, { buffers: [Buffer.from('a')], control: [passed] });
    s.send(peer.fd, Buffer.from('b'));
    let said = await first;
    while (said.length < 2) said += await text(socket);
    expect(said).toBe('ab');
  });

  test('of datagrams is none: each comes by itself', async () => {
    const [socket, peer] = pair(s.SOCK_DGRAM);
    const first = text(socket);
    await turns();
    for (const word of ['a', 'b', 'c']) s.send(peer.fd, Buffer.from(word));
    expect([await first, await text(socket), await text(socket)]).toEqual(['a', 'b', 'c']);
  });
});

describe('a datagram socket whose peer is not there', () => {
  test('is told in the call that waits: ECONNREFUSED, and goes on', async () => {
    const socket = udp();
    await socket.connect(deserted(s.SOCK_DGRAM));
    const waiting = text(socket);
    await turns();
    await outcome(say(socket, 'anybody?'));
    expect((await rejection(waiting)).code).toBe('ECONNREFUSED');
    const peer = udp();
    await socket.connect(peer.getsockname());
    await peer.connect(socket.getsockname());
    const next = text(socket);
    await say(peer, 'here');
    expect(await next).toBe('here');
  });

  test('waits on where it is connected to nobody', async () => {
    const socket = owned(udp());
    const waiting = text(socket);
    await socket.sendto(Buffer.from('anybody?'), deserted(s.SOCK_DGRAM));
    expect(await stillWaits(waiting)).toBe(true);
    await socket.sendto(Buffer.from('myself'), socket.getsockname());
    expect(await waiting).toBe('myself');
  });
});

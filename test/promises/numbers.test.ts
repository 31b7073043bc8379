/** The number of a descriptor is given out again at once: no call may take it for the socket that had it. */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { fill, outcome, owned, pair, say, stillWaits, text, turns } from '../support/owned.js';

/** Closes the descriptor of a socket behind its back, and makes others until one has its number. */
function taken<Made extends { fd: number }>(fd: number, make: () => Made[]): Made {
  for (let i = 0; i < 10; i++) {
    const found = make().find((made) => made.fd === fd);
    if (found) return found;
  }
  throw new Error(`nobody got descriptor ${String(fd)}`);
}

describe('a number that another socket has at once', () => {
  test('after close: the old call is ended, and never sees the new data', async () => {
    const [old] = pair();
    const { fd } = old;
    const buffer = Buffer.alloc(9);
    const waiting = outcome(old.recv(buffer));
    await turns();
    old.close();
    const ends = pair();
    const now = ends.find((socket) => socket.fd === fd) as Socket;
    const peer = ends.find((socket) => socket !== now) as Socket;
    await say(peer, 'new');
    expect([await waiting, await text(now)]).toEqual(['ECANCELED', 'new']);
    expect(buffer.equals(Buffer.alloc(9))).toBe(true);
  });

  test('after close, a thousand times', async () => {
    for (let i = 0; i < 1000; i++) {
      const [socket, peer] = Socket.pair(s.AF_UNIX, s.SOCK_STREAM);
      const words = [text(socket), text(socket)].map(outcome);
      if (i % 2 === 0) await turns(1);
      if (i % 3 === 0) s.send(peer.fd, Buffer.from('x'));
      socket.close();
      peer.close();
      expect((await Promise.all(words)).filter((word) => word !== 'ok' && word !== 'ECANCELED')).toEqual([]);
    }
  });

  test('after detach: the new owner gets what comes', async () => {
    const [old, peer] = pair();
    const waiting = outcome(text(old));
    await turns();
    const now = owned(Socket.fromFd(old.detach()));
    const word = text(now);
    await say(peer, 'new');
    expect([await waiting, await word]).toEqual(['ECANCELED', 'new']);
  });

  test('after close(2) behind its back: the calls that wait fail with EBADF, and later ones too', async () => {
    const [old] = pair();
    const { fd } = old;
    const waiting = [text(old), say(old, 'x'), text(old)].map(outcome);
    await turns();
    s.close(fd);
    const now = taken(fd, pair);
    expect(await Promise.all(waiting)).toEqual(['EBADF', 'ok', 'EBADF']);
    expect(await outcome(text(old))).toBe('EBADF');
    old.close(); // it is not its any more
    expect(s.getsockopt(now.fd, s.SOL_SOCKET, s.SO_TYPE)).toBe(s.SOCK_STREAM);
  });

  test('after close(2) behind its back, with nothing waiting: it fails with EBADF, and closes nobody', async () => {
    const [old] = pair();
    const { fd } = old;
    s.close(fd);
    const now = taken(fd, pair);
    expect(await outcome(text(old))).toBe('EBADF');
    expect(await outcome(say(old, 'x'))).toBe('EBADF');
    expect(() => old.getsockname()).toThrow(expect.objectContaining({ code: 'EBADF' }));
    old.close();
    expect(now.getsockname()).toEqual({ family: 'Unix', path: '' });
  });

  test('after close(2) behind its back, by somebody else: a call that waits never sees his data', async () => {
    const [old] = pair();
    const { fd } = old;
    const buffer = Buffer.alloc(9);
    const waiting = old.recv(buffer);
    await turns();
    s.close(fd);
    const raw = (): { fd: number }[] => s.socketpair(s.AF_UNIX, s.SOCK_STREAM).map((made) => ({ fd: made }));
    const made: { fd: number }[] = [];
    const stranger = taken(fd, () => {
      const ends = raw();
      made.push(...ends);
      return ends;
    });
    const peer = made.find((end) => end !== stranger) as { fd: number };
    s.send(peer.fd, Buffer.from('his'));
    expect(await stillWaits(waiting)).toBe(true);
    expect(s.recv(stranger.fd, buffer)).toBe(3);
    for (const end of made) if (end !== stranger) s.close(end.fd);
    old.close(); // this closes the stranger: nothing tells that the number has changed hands
    expect(await outcome(waiting)).toBe('ECANCELED');
  });

  test('after close(2) behind its back, and nobody else yet: close is harmless', async () => {
    const [old] = pair();
    const adopted = Socket.fromFd(pair()[0].detach());
    for (const socket of [old, adopted]) {
      const waiting = outcome(text(socket));
      await turns();
      s.close(socket.fd);
      socket.close();
      expect(await waiting).toBe('ECANCELED');
    }
  });

  test('while a send waits: the bytes do not go to the new socket', async () => {
    const [old] = pair();
    const { fd } = old;
    fill(old);
    const waiting = outcome(old.sendAll(Buffer.from('old')));
    await turns();
    old.close();
    const ends = pair();
    const peer = ends.find((socket) => socket.fd !== fd) as Socket;
    const word = text(peer);
    expect([await waiting, await stillWaits(word)]).toEqual(['ECANCELED', true]);
  });
});

describe('a descriptor that has a copy', () => {
  test('and is closed is told of no more', async () => {
    const [socket, peer] = pair();
    const copy = s.fcntl(socket.fd, s.F_DUPFD_CLOEXEC);
    const { fd } = socket;
    const waiting = outcome(text(socket));
    await turns();
    socket.close();
    const now = taken(fd, pair);
    const word = text(now);
    await say(peer, 'to the copy');
    expect([await waiting, await stillWaits(word)]).toEqual(['ECANCELED', true]);
    s.close(copy);
  });
});

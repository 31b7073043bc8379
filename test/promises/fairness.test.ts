/** Nobody is starved: not the other sockets, not the timers, by a peer that floods or a loop that never ends. */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { connect, Socket } from 'bsd-sockets/promises';
import { abstractName, fill, listening, owned, pair, say, tcpPair, text, turns, udp } from '../support/owned.js';

/** Runs `work` until the event loop has turned and its timers have run, both many times. */
async function whileOthersRun(
  work: (done: () => boolean) => Promise<void>,
  enough = 10,
): Promise<{ timers: number; turns: number }> {
  const seen = { timers: 0, turns: 0 };
  const done = (): boolean => seen.timers >= 3 && seen.turns >= enough;
  const timer = setInterval(() => seen.timers++, 1);
  const count = (): void => {
    seen.turns++;
    if (!done()) setImmediate(count);
  };
  setImmediate(count);
  await work(done);
  clearInterval(timer);
  return seen;
}

const LOOPS: Record<string, () => Promise<(done: () => boolean) => Promise<void>>> = {
  'receiving what a peer floods': async () => {
    const [socket, peer] = await tcpPair();
    return async (done) => {
      const buffer = Buffer.alloc(16);
      while (!done()) {
        try {
          s.send(peer.fd, Buffer.alloc(1000), s.MSG_DONTWAIT);
        } catch {
          // it is full
        }
        await socket.recv(buffer);
      }
    };
  },
  'chunks of a flood': async () => {
    const [socket, peer] = await tcpPair();
    return async (done) => {
      fill(peer);
      for await (const chunk of socket.chunks({ size: 16 })) {
        if (done()) break;
        s.send(peer.fd, chunk, s.MSG_DONTWAIT);
      }
    };
  },
  'sending datagrams': () => {
    const [socket, peer] = [udp(), udp()];
    return Promise.resolve(async (done) => {
      while (!done()) await socket.sendto(Buffer.alloc(1), peer.getsockname());
    });
  },
  'echoing to oneself': () => {
    const [socket, peer] = pair();
    return Promise.resolve(async (done) => {
      const buffer = Buffer.alloc(1);
      while (!done()) {
        await socket.send(buffer);
        await peer.recv(buffer);
      }
    });
  },
  'receiving with MSG_PEEK': async () => {
    const [socket, peer] = pair();
    await say(peer, 'x');
    return async (done) => {
      while (!done()) await socket.recv(Buffer.alloc(1), { flags: s.MSG_PEEK });
    };
  },
  'receiving after the end': () => {
    const [socket, peer] = pair();
    peer.close();
    return Promise.resolve(async (done) => {
      while (!done()) await socket.recv(Buffer.alloc(1));
    });
  },
  'accepting what floods': () => {
    const listener = listening();
    return Promise.resolve(async (done) => {
      while (!done()) {
        (await connect(listener.getsockname())).close();
        (await listener.accept()).socket.close();
      }
    });
  },
};

describe('timers and other work of the event loop go on', () => {
  test.each(Object.entries(LOOPS))('while a loop is %s without end', async (_, make) => {
    const seen = await whileOthersRun(await make());
    expect(seen.timers).toBeGreaterThanOrEqual(3);
    expect(seen.turns).toBeGreaterThanOrEqual(10);
  });

  const onLinux = process.platform === 'linux' ? test : test.skip;
  const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';
  onLinux(`while a loop makes one socket after the other without end${only}`, async () => {
    const listener = listening(abstractName());
    const enough = 3; // thousands of sockets
    const seen = await whileOthersRun(async (done) => {
      while (!done()) {
        (await connect(listener.getsockname())).close();
        s.close(s.accept(listener.fd).fd);
      }
    }, enough);
    expect(seen.timers).toBeGreaterThanOrEqual(3);
    expect(seen.turns).toBeGreaterThanOrEqual(enough);
  });
});

describe('a peer that floods', () => {
  test('gets no more turns than the others, who say little', async () => {
    const [flooded, flooder] = await tcpPair();
    const quiet = await Promise.all(Array.from({ length: 10 }, () => tcpPair()));
    const flood = { served: 0, ends: false };
    const flooding = (async () => {
      const buffer = Buffer.alloc(64);
      fill(flooder);
      while (!flood.ends) {
        await flooded.recv(buffer);
        flood.served++;
        s.send(flooder.fd, buffer, s.MSG_DONTWAIT);
      }
    })();
    const served = await Promise.all(
      quiet.map(async ([socket, peer]) => {
        const before = flood.served;
        for (let i = 0; i < 20; i++) {
          s.send(peer.fd, Buffer.from('x'));
          await text(socket);
        }
        return flood.served - before;
      }),
    );
    flood.ends = true;
    await flooding;
    // A turn serves a budget of calls of each socket, once or twice: not all that is there, which never ends.
    expect(Math.max(...served)).toBeLessThan(20 * 1000);
  });

  test('of sendAll on the other side does not hold up what others send', async () => {
    const [large, reader] = await tcpPair();
    const [small, peer] = await tcpPair();
    const bytes = Buffer.alloc(1_000_000);
    const work = { ends: false };
    const sending = (async () => {
      while (!work.ends) await large.sendAll(bytes);
      large.close();
    })();
    const reading = (async () => {
      while ((await reader.recv(bytes)) > 0);
    })();
    for (let i = 0; i < 20; i++) {
      await say(small, 'x');
      expect(await text(peer)).toBe('x');
    }
    work.ends = true;
    await Promise.all([sending, reading]);
  });
});

test('many sockets that are ready at once are served in the turn in which they are', async () => {
  const pairs = Array.from({ length: 300 }, () => pair());
  const counts = new Map<Socket, number>();
  for (const [socket] of pairs) {
    void (async () => {
      const buffer = Buffer.alloc(1);
      while ((await socket.recv(buffer)) > 0) counts.set(socket, (counts.get(socket) ?? 0) + 1);
    })().catch(() => undefined);
  }
  await turns();
  for (const [, peer] of pairs) s.send(peer.fd, Buffer.from('ab'));
  await turns(10);
  expect([...new Set(counts.values())]).toEqual([2]);
  for (const [socket] of pairs) owned(socket).close();
});

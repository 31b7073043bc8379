/** Who closes a descriptor: fromFd, detach, and what is set for whom. */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { connect, listen, Socket } from 'bsd-sockets/promises';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { connect as netConnect, Socket as NetSocket } from 'node:net';
import { once } from 'node:events';
import { listening, outcome, owned, pair, say, tcpPair, text, turns } from '../support/owned.js';
import { openSockets } from '../support/peers.js';
import { thrownBy } from '../support/sockets.js';

describe('Socket.fromFd', () => {
  test('takes a socket of the raw API, and closes it', async () => {
    const [first, second] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
    const [socket, peer] = [owned(Socket.fromFd(first)), owned(Socket.fromFd(second))];
    const word = text(socket);
    await say(peer, 'hello');
    expect([await word, socket.fd]).toEqual(['hello', first]);
    socket.close();
    expect(thrownBy(() => s.getsockname(first)).code).toBe('EBADF');
  });

  test('makes the open file non-blocking; close-on-exec stays as it was', () => {
    const [first, second] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
    s.fcntl(first, s.F_SETFD, 0);
    owned(Socket.fromFd(first));
    owned(Socket.fromFd(second));
    expect(s.fcntl(first, s.F_GETFL) & s.O_NONBLOCK).toBe(s.O_NONBLOCK);
    expect(s.fcntl(first, s.F_GETFD) & s.FD_CLOEXEC).toBe(0);
  });

  test.each(['/dev/null', process.execPath])('of a file, %s: ENOTSOCK, and it stays the caller’s', (path) => {
    const fd = openSync(path, 'r');
    const flags = s.fcntl(fd, s.F_GETFL);
    expect(thrownBy(() => Socket.fromFd(fd)).code).toBe('ENOTSOCK');
    expect(s.fcntl(fd, s.F_GETFL)).toBe(flags);
    closeSync(fd);
  });

  test('of a pipe: ENOTSOCK', () => {
    const code = `import { Socket } from 'bsd-sockets/promises';
      try { Socket.fromFd(0) } catch (error) { console.log(error.code, error.syscall) }`;
    const { stdout } = spawnSync('sh', ['-c', 'echo | "$0" --input-type=module -e "$1"', process.execPath, code], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    expect(stdout).toBe('ENOTSOCK getsockopt\n');
  });

  test('of a descriptor that is closed: EBADF; of what is none: a TypeError or RangeError', () => {
    const [first, second] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
    s.close(first);
    s.close(second);
    expect(thrownBy(() => Socket.fromFd(first)).code).toBe('EBADF');
    expect(thrownBy(() => Socket.fromFd(-1)).code).toBe('ERR_OUT_OF_RANGE');
    expect(thrownBy(() => Socket.fromFd('3' as never)).code).toBe('ERR_INVALID_ARG_TYPE');
  });

  test('of a listener of any kind accepts', async () => {
    const fd = s.socket(s.AF_INET, s.SOCK_STREAM);
    s.bind(fd, { family: 'IPv4', address: '127.0.0.1', port: 0 });
    s.listen(fd);
    const listener = owned(Socket.fromFd(fd));
    const client = owned(await connect(listener.getsockname()));
    const { socket, address } = await listener.accept();
    owned(socket);
    expect(address).toEqual(client.getsockname());
  });

  test('of bytes that came before gives them', async () => {
    const [first, second] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
    s.send(second, Buffer.from('early'));
    s.close(second);
    const socket = owned(Socket.fromFd(first));
    expect([await text(socket), await text(socket)]).toEqual(['early', '']);
  });
});

describe('detach', () => {
  test('gives the descriptor back: it is open, and ours no more', async () => {
    const [socket, peer] = pair();
    const { fd } = socket;
    const waiting = outcome(text(socket));
    await turns();
    expect([socket.detach(), socket.fd]).toEqual([fd, -1]);
    expect([await waiting, await outcome(text(socket))]).toEqual(['ECANCELED', 'EBADF']);
    socket.close();
    await say(peer, 'x');
    expect(s.recv(fd, Buffer.alloc(9))).toBe(1);
    s.close(fd);
  });

  test('and fromFd, there and back a hundred times, loses nothing', async () => {
    let [socket, peer] = Socket.pair(s.AF_UNIX, s.SOCK_STREAM);
    let length = 0;
    for (let i = 0; i < 100; i++) {
      const waiting = text(socket, 200).then(
        (words) => (length += words.length),
        () => undefined, // given away meanwhile
      );
      if (i % 2 === 0) await turns(1);
      s.send(peer.fd, Buffer.from('x'));
      [socket, peer] = [Socket.fromFd(socket.detach()), Socket.fromFd(peer.detach())];
      await waiting;
    }
    while (length < 100) length += (await text(socket, 200)).length;
    expect(length).toBe(100);
    socket.close();
    peer.close();
  });

  test('gives a socket to node:net', async () => {
    const [client, server] = await tcpPair();
    const socket = new NetSocket({ fd: client.detach() });
    socket.end('from node');
    socket.resume();
    expect([await text(server), await text(server)]).toEqual(['from node', '']);
    server.close();
    await once(socket, 'close');
  });
});

describe('options', () => {
  test('that were not asked for stay as the kernel made them', async () => {
    const fd = s.socket(s.AF_INET, s.SOCK_STREAM);
    const asked = [
      [s.SOL_SOCKET, s.SO_REUSEADDR],
      [s.SOL_SOCKET, s.SO_REUSEPORT],
      [s.SOL_SOCKET, s.SO_KEEPALIVE],
      [s.SOL_SOCKET, s.SO_RCVBUF],
      [s.IPPROTO_TCP, s.TCP_NODELAY],
    ] as const;
    const ofKernel = asked.map(([level, option]) => s.getsockopt(fd, level, option));
    s.close(fd);
    const listener = listening();
    expect(asked.map(([level, option]) => listener.getsockopt(level, option))).toEqual(ofKernel);
    const [client] = await tcpPair();
    expect([s.SO_REUSEADDR, s.SO_KEEPALIVE].map((option) => client.getsockopt(s.SOL_SOCKET, option))).toEqual([0, 0]);
    expect(client.getsockopt(s.IPPROTO_TCP, s.TCP_NODELAY)).toBe(0);
  });

  test('of listen are set where they are named, on and off', () => {
    const loopback = { family: 'IPv4', address: '127.0.0.1', port: 0 } as const;
    for (const on of [true, false]) {
      const listener = owned(listen(loopback, { reuseAddress: on, reusePort: on }));
      const read = [s.SO_REUSEADDR, s.SO_REUSEPORT].map((option) => listener.getsockopt(s.SOL_SOCKET, option) !== 0);
      expect(read).toEqual([on, on]);
    }
  });

  test('are set and read as in the raw API, ints and structs', () => {
    const [socket] = pair();
    socket.setsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE, true);
    expect(socket.getsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE)).not.toBe(0);
    socket.setsockopt(s.SOL_SOCKET, s.SO_RCVTIMEO, s.timeval.encode(1500));
    expect(s.timeval.decode(socket.getsockopt(s.SOL_SOCKET, s.SO_RCVTIMEO, s.timeval.size))).toEqual({
      sec: 1,
      usec: 500_000,
    });
  });

  test('a receive timeout of the kernel does not end a call that waits: it does not block', async () => {
    const [socket, peer] = pair();
    socket.setsockopt(s.SOL_SOCKET, s.SO_RCVTIMEO, s.timeval.encode(1));
    const waiting = text(socket);
    // eslint-disable-next-line no-restricted-syntax -- twenty times the timeout, which must not end the call
    await new Promise((resolve) => setTimeout(resolve, 20));
    await say(peer, 'x');
    expect(await waiting).toBe('x');
  });

  test('of listen that fail leave nothing open', () => {
    const before = openSockets();
    const listener = listening();
    const taken = listener.getsockname();
    const wrong: (() => unknown)[] = [
      () => listen(taken),
      () => listen({ family: 'IPv4', address: '192.0.2.1', port: 0 }),
      () => listen({ family: 'IPv5' } as never),
      () => listen(null as never),
      () => listen(taken, 7 as never),
      () => listen({ family: 'IPv4', address: '127.0.0.1', port: 0 }, { type: s.SOCK_DGRAM }),
      () => listen({ family: 'IPv4', address: '127.0.0.1', port: 0 }, { backlog: 'many' as never }),
    ];
    expect(wrong.map((call) => thrownBy(call).code)).toEqual([
      'EADDRINUSE',
      'EADDRNOTAVAIL',
      'ERR_INVALID_ARG_VALUE',
      'ERR_INVALID_ARG_TYPE',
      'ERR_INVALID_ARG_TYPE',
      'EOPNOTSUPP',
      'ERR_INVALID_ARG_TYPE',
    ]);
    listener.close();
    expect(openSockets()).toEqual(before);
  });
});

test('the flag that makes a socket non-blocking may be given, and changes nothing', async () => {
  if (process.platform !== 'linux') return;
  const socket = owned(new Socket(s.AF_UNIX, s.SOCK_DGRAM | s.SOCK_NONBLOCK | s.SOCK_CLOEXEC));
  socket.bind({ family: 'Unix', path: '' });
  const waiting = text(socket);
  await socket.sendto(Buffer.from('x'), socket.getsockname());
  expect(await waiting).toBe('x');
});

test('a listener takes connections of node:net', async () => {
  const listener = listening();
  const client = netConnect(listener.getsockname() as { port: number; address: string; family: string } as never);
  client.end('hi');
  client.resume();
  const { socket } = await listener.accept();
  expect([await text(owned(socket)), await text(socket)]).toEqual(['hi', '']);
  socket.close();
  await once(client, 'close');
});

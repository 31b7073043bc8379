import { describe, expect, test } from '@jest/globals';
import {
  accept,
  AF_INET,
  AF_INET6,
  AF_UNIX,
  bind,
  connect,
  getsockname,
  listen,
  SOCK_DGRAM,
  SOCK_STREAM,
  socket,
} from 'bsd-sockets';
import { closing, connection, listener, tcp, thrownBy, timed } from '../support/sockets.js';

describe('listen', () => {
  test('takes any int as backlog', () => {
    const { fd } = listener();
    for (const backlog of [0, -1, 2 ** 31 - 1]) listen(fd, backlog);
  });

  test('on a datagram socket: EOPNOTSUPP', () => {
    expect(
      thrownBy(() => {
        listen(closing(socket(AF_INET, SOCK_DGRAM)));
      }),
    ).toMatchObject({ code: 'EOPNOTSUPP', syscall: 'listen' });
  });
});

describe('accept', () => {
  test("gives a new descriptor and the peer's address", () => {
    const { fd, address } = listener();
    const client = tcp();
    connect(client, address);
    const accepted = accept(fd);
    closing(accepted.fd);
    expect(accepted).toEqual({ fd: expect.any(Number), address: getsockname(client) });
  });

  test('tells two clients apart, over IPv6 too', () => {
    const { fd, address } = listener({ family: 'IPv6', address: '::1', port: 0 }, AF_INET6);
    const clients = [tcp(AF_INET6), tcp(AF_INET6)];
    for (const client of clients) connect(client, address);
    const peers = clients.map(() => {
      const accepted = accept(fd);
      closing(accepted.fd);
      return accepted.address;
    });
    expect(peers).toEqual(clients.map((client) => getsockname(client)));
  });

  test('of a unix client without a name gives an empty path', () => {
    const path = `\0bsd-sockets-accept-${String(process.pid)}`;
    if (process.platform !== 'linux') return;
    const server = timed(closing(socket(AF_UNIX, SOCK_STREAM)), 5000);
    bind(server, { family: 'Unix', path });
    listen(server);
    connect(closing(socket(AF_UNIX, SOCK_STREAM)), { family: 'Unix', path });
    const accepted = accept(server);
    closing(accepted.fd);
    expect(accepted.address).toEqual({ family: 'Unix', path: '' });
  });

  test('on a socket that does not listen: EINVAL', () => {
    const { client } = connection();
    expect(thrownBy(() => accept(client))).toMatchObject({ code: 'EINVAL', syscall: 'accept' });
  });

  test('waits for SO_RCVTIMEO at most: EAGAIN', () => {
    const { fd } = listener();
    timed(fd, 1);
    expect(thrownBy(() => accept(fd)).code).toBe('EAGAIN');
  });
});

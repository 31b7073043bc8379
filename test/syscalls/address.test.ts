import { describe, expect, test } from '@jest/globals';
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  bind,
  connect,
  getpeername,
  getsockname,
  listen,
  SOCK_STREAM,
  socket,
} from 'bsd-sockets';
import net from 'node:net';
import { runScript } from '../support/scripts.js';
import { closeNow, closing, connection, listener, LOOPBACK, tcp, thrownBy } from '../support/sockets.js';

describe('bind', () => {
  test('to port 0 gets a free port, which getsockname tells', () => {
    const fd = tcp();
    bind(fd, { family: 'IPv4', address: '0.0.0.0', port: 0 });
    expect(getsockname(fd)).toEqual({ family: 'IPv4', address: '0.0.0.0', port: expect.any(Number) });
  });

  test("refuses a port that is being listened on, with Node's error in every field", async () => {
    const { address } = listener();
    const { port } = address as { port: number };
    const error = thrownBy(() => {
      bind(tcp(), address);
    });
    const nodes = await new Promise<NodeJS.ErrnoException>((resolve) =>
      net.createServer().once('error', resolve).listen(port, '127.0.0.1'),
    );
    expect(error).toMatchObject({
      code: 'EADDRINUSE',
      syscall: 'bind',
      address: '127.0.0.1',
      port,
      errno: nodes.errno,
    });
    expect(error.message).toBe(`bind EADDRINUSE: address already in use 127.0.0.1:${String(port)}`);
    expect(error.message).toBe(nodes.message.replace('listen', 'bind'));
    expect(Object.keys(error).sort()).toEqual(Object.keys(nodes).sort());
  });

  test('refuses an address of another host: EADDRNOTAVAIL', () => {
    expect(
      thrownBy(() => {
        bind(tcp(), { family: 'IPv4', address: '4.4.4.4', port: 0 });
      }).code,
    ).toBe('EADDRNOTAVAIL');
  });

  test('refuses a socket that is bound already: EINVAL', () => {
    const { fd } = listener();
    expect(
      thrownBy(() => {
        bind(fd, LOOPBACK);
      }),
    ).toMatchObject({ code: 'EINVAL', port: 0 });
  });

  test('refuses an IPv4 address on an IPv6 socket: EINVAL', () => {
    expect(
      thrownBy(() => {
        bind(tcp(AF_INET6), LOOPBACK);
      }).code,
    ).toBe('EINVAL');
  });

  test('takes an IPv6 address, and says it in an error as Node does', () => {
    const { address } = listener({ family: 'IPv6', address: '::1', port: 0 }, AF_INET6);
    const { port } = address as { port: number };
    expect(address).toEqual({ family: 'IPv6', address: '::1', port: expect.any(Number) });
    const error = thrownBy(() => {
      bind(tcp(AF_INET6), address);
    });
    expect(error.message).toBe(`bind EADDRINUSE: address already in use ::1:${String(port)}`);
  });

  test('takes a path and, on Linux, an abstract name', () => {
    const name =
      process.platform === 'linux' ? `\0bsd-sockets-${String(process.pid)}` : `/tmp/bsd-sockets-${String(process.pid)}`;
    const fd = closing(socket(AF_UNIX, SOCK_STREAM));
    bind(fd, { family: 'Unix', path: name });
    expect(getsockname(fd)).toEqual({ family: 'Unix', path: name });
  });
});

describe('connect', () => {
  test('reaches a listener; each end knows the other', () => {
    const { client, server } = connection();
    expect(getpeername(client)).toEqual(getsockname(server));
    expect(getpeername(server)).toEqual(getsockname(client));
  });

  test('goes straight to what net.Server#address() returns', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const fd = tcp();
    connect(fd, server.address() as net.AddressInfo & { family: 'IPv4' });
    expect(getpeername(fd)).toEqual(server.address());
    closeNow(fd);
    await new Promise((resolve) => server.close(resolve));
  });

  test('is refused where nobody listens: ECONNREFUSED, with the address', () => {
    const { fd, address } = listener();
    closeNow(fd);
    const { port } = address as { port: number };
    expect(
      thrownBy(() => {
        connect(tcp(), address);
      }),
    ).toMatchObject({
      code: 'ECONNREFUSED',
      syscall: 'connect',
      address: '127.0.0.1',
      port,
    });
  });

  test('needs an address: for a host name it says who looks it up', () => {
    const error = thrownBy(() => {
      connect(tcp(), { family: 'IPv4', address: 'localhost', port: 80 });
    });
    expect(error.code).toBe('ERR_INVALID_IP_ADDRESS');
    expect(error.message).toContain('node:dns');
  });
});

describe('getpeername', () => {
  test('of a socket that is not connected: ENOTCONN', () => {
    const fd = closing(socket(AF_INET, SOCK_STREAM));
    expect(thrownBy(() => getpeername(fd)).code).toBe('ENOTCONN');
  });
});

describe('listen', () => {
  test('fails where another socket listens already, although bind succeeded: EADDRINUSE', async () => {
    const { setsockopt, SOL_SOCKET, SO_REUSEADDR } = await import('bsd-sockets');
    const [first, second] = [tcp(), tcp()] as const;
    for (const fd of [first, second]) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, true);
    bind(first, LOOPBACK);
    bind(second, getsockname(first));
    listen(first);
    expect(
      thrownBy(() => {
        listen(second);
      }),
    ).toMatchObject({ code: 'EADDRINUSE', syscall: 'listen' });
  });
});

test('an EADDRINUSE that nobody handles says by which command to see who has the address', async () => {
  const { fd } = listener();
  const address = getsockname(fd);
  const { code, stderr } = await runScript(`
    import { AF_INET, bind, SOCK_STREAM, socket } from 'bsd-sockets';
    bind(socket(AF_INET, SOCK_STREAM), ${JSON.stringify(address)});`).ended;
  expect(code).toBe(1);
  expect(stderr).toContain(`npx bsd-sockets why ${String((address as { port: number }).port)} --host 127.0.0.1`);
});

import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { fromBoundSocket, getsockname, getsockopt, listenWith, setsockopt, toNodeSocket } from 'bsd-sockets/node';
import { connect, Socket } from 'bsd-sockets/promises';
import { once } from 'node:events';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as net from 'node:net';
import { abstractName, listening, outcome, owned, pair, text } from '../support/owned.js';
import { closing, listener as rawListener, LOOPBACK, thrownBy } from '../support/sockets.js';

const onLinux = process.platform === 'linux' ? test : test.skip;
const { BoundSocket } = net as unknown as { BoundSocket?: new (options: object) => never };

async function body(url: string): Promise<string> {
  return (await fetch(url, { headers: { connection: 'close' } })).text();
}

function port(target: net.Server): number {
  return (target.address() as net.AddressInfo).port;
}

describe('listenWith', () => {
  test.each(['a Socket', 'a descriptor'])(
    'makes an HTTP server listen on %s, which the server then owns',
    async (kind) => {
      const server = http.createServer((_request, response) => response.end('hello'));
      const listener = listening();
      const { port } = listener.getsockname() as { port: number };
      await listenWith(server, kind === 'a Socket' ? listener : listener.detach());
      expect(listener.fd).toBe(-1);
      expect(await body(`http://127.0.0.1:${String(port)}/`)).toBe('hello');
      server.close();
      await once(server, 'close');
      expect(await outcome(connect({ ...LOOPBACK, port }))).toBe('ECONNREFUSED');
    },
  );

  test('accepts what waited in the queue, and ends the loop that accepted before', async () => {
    const listener = listening();
    const client = owned(await connect(listener.getsockname()));
    const server = net.createServer((socket) => socket.end('node'));
    await listenWith(server, listener);
    expect(await text(client)).toBe('node');
    server.close();
  });

  test('makes an HTTP/2 server listen', async () => {
    const server = http2.createServer((_request, response) => response.end('h2'));
    await listenWith(server, listening());
    const session = http2.connect(`http://127.0.0.1:${String(port(server))}`);
    const request = session.request({ ':path': '/' });
    expect(String((await once(request, 'data'))[0])).toBe('h2');
    session.close();
    server.close();
  });

  onLinux('works on a unix socket (an abstract name, of Linux)', async () => {
    const address = abstractName();
    const server = net.createServer((socket) => socket.end('unix'));
    await listenWith(server, listening(address));
    expect(await text(owned(await connect(address)))).toBe('unix');
    server.close();
  });

  onLinux('leaves the backlog as it was, or sets the one it is given (TCP_INFO, of Linux)', async () => {
    for (const backlog of [undefined, 9]) {
      const listener = owned(new Socket(s.AF_INET, s.SOCK_STREAM));
      listener.bind(LOOPBACK);
      listener.listen(7);
      const server = net.createServer();
      await listenWith(server, listener, backlog === undefined ? {} : { backlog });
      const info = getsockopt(server, s.IPPROTO_TCP, s.TCP_INFO, s.tcp_info.size);
      expect(s.tcp_info.decode(info).sacked).toBe(backlog ?? 7);
      server.close();
    }
  });

  test('where it fails, the listener is still open, and still yours', async () => {
    const listener = listening();
    const server = net.createServer();
    await listenWith(server, listening());
    expect(await outcome(listenWith(server, listener))).toBe('ERR_INVALID_ARG_VALUE');
    server.close();
    const taken = owned(new Socket(s.AF_INET, s.SOCK_STREAM));
    const { fd, address } = rawListener();
    s.setsockopt(fd, s.SOL_SOCKET, s.SO_REUSEADDR, true);
    expect(await outcome(listenWith(net.createServer(), 1_000_000))).toBe('EBADF');
    const [datagrams] = pair(s.SOCK_DGRAM);
    expect(await outcome(listenWith(net.createServer(), datagrams))).toBe('ERR_INVALID_ARG_VALUE');
    const [connected] = pair();
    expect(await outcome(listenWith(net.createServer(), connected))).toBe('EINVAL');
    expect([listener.fd, datagrams.fd, connected.fd, taken.fd]).not.toContain(-1);
    expect(address).toBeDefined();
  });
});

describe('net.BoundSocket', () => {
  (BoundSocket ? test : test.skip)('gets its options set, and listens (Node 24 and later have it)', async () => {
    const bound = new (BoundSocket as new (options: object) => never)({ host: '127.0.0.1' });
    setsockopt(bound, s.SOL_SOCKET, s.SO_RCVBUF, 100_000);
    const server = net.createServer((socket) => socket.end('bound'));
    await listenWith(server, bound);
    expect(getsockopt(server, s.SOL_SOCKET, s.SO_RCVBUF)).toBeGreaterThanOrEqual(100_000);
    expect(await text(owned(await connect(getsockname(server))))).toBe('bound');
    server.close();
    const ours = owned(fromBoundSocket(new (BoundSocket as new (options: object) => never)({ host: '127.0.0.1' })));
    ours.listen();
    owned(await connect(ours.getsockname()));
  });

  test('is what fromBoundSocket takes, and nothing else', () => {
    expect(thrownBy(() => fromBoundSocket({} as never)).code).toBe('ERR_INVALID_ARG_TYPE');
  });
});

describe("options of Node's own", () => {
  test('SO_REUSEADDR can be off for an HTTP server: the port of a connection in TIME_WAIT is then refused', async () => {
    const serve = async (reuse: boolean, at: number): Promise<http.Server> => {
      const server = http.createServer((_request, response) => response.end('x'));
      setsockopt(server, s.SOL_SOCKET, s.SO_REUSEADDR, reuse);
      server.listen(at, '127.0.0.1');
      await once(server, 'listening');
      return server;
    };
    const server = await serve(false, 0);
    const at = port(server);
    expect(getsockopt(server, s.SOL_SOCKET, s.SO_REUSEADDR)).toBe(0);
    await body(`http://127.0.0.1:${String(at)}/`); // the server closes first: Connection: close
    server.close();
    await once(server, 'close');
    expect(await outcome(serve(false, at))).toBe('EADDRINUSE');
    const other = await serve(true, 0);
    expect(getsockopt(other, s.SOL_SOCKET, s.SO_REUSEADDR)).not.toBe(0);
    other.close();
  });

  test('are set before bind for every listen, also where no host is given; errors are emitted', async () => {
    const server = net.createServer();
    const size = Buffer.alloc(4);
    new Int32Array(size.buffer, size.byteOffset, 1)[0] = 200_000;
    setsockopt(server, s.SOL_SOCKET, s.SO_RCVBUF, size);
    size.fill(0); // it was copied
    for (let round = 0; round < 2; round++) {
      server.listen();
      await once(server, 'listening');
      expect(getsockopt(server, s.SOL_SOCKET, s.SO_RCVBUF)).toBeGreaterThanOrEqual(200_000);
      expect(['IPv4', 'IPv6']).toContain(getsockname(server).family);
      server.close();
      await once(server, 'close');
    }
    setsockopt(server, s.SOL_SOCKET, 9999, 1);
    server.listen();
    expect(((await once(server, 'error')) as [NodeJS.ErrnoException])[0].code).toBe('ENOPROTOOPT');
  });

  onLinux('reach a server on a unix path, and a connection: TCP_USER_TIMEOUT, TCP_INFO (of Linux)', async () => {
    const unix = net.createServer();
    setsockopt(unix, s.SOL_SOCKET, s.SO_PASSCRED, true);
    unix.listen((abstractName() as { path: string }).path);
    await once(unix, 'listening');
    expect(getsockopt(unix, s.SOL_SOCKET, s.SO_PASSCRED)).toBe(1);
    unix.close();
    const listener = listening();
    const client = owned(await connect(listener.getsockname()));
    const node = toNodeSocket(client);
    setsockopt(node, s.IPPROTO_TCP, s.TCP_USER_TIMEOUT, 1234);
    expect(getsockopt(node, s.IPPROTO_TCP, s.TCP_USER_TIMEOUT)).toBe(1234);
    const info = s.tcp_info.decode(getsockopt(node, s.IPPROTO_TCP, s.TCP_INFO, s.tcp_info.size));
    expect(info.state).toBe(s.TCP_ESTABLISHED);
    node.destroy();
    expect(thrownBy(() => setsockopt(node, s.IPPROTO_TCP, s.TCP_USER_TIMEOUT, 1)).code).toBe('ERR_INVALID_ARG_VALUE');
  });

  test('are refused where there is no socket at all', () => {
    expect(thrownBy(() => getsockopt(net.createServer(), s.SOL_SOCKET, s.SO_RCVBUF)).code).toBe(
      'ERR_INVALID_ARG_VALUE',
    );
    expect(thrownBy(() => setsockopt(new net.Socket(), s.SOL_SOCKET, s.SO_RCVBUF, 1)).code).toBe(
      'ERR_INVALID_ARG_VALUE',
    );
    expect(thrownBy(() => getsockname(7 as never)).code).toBe('ERR_INVALID_ARG_TYPE');
    expect(thrownBy(() => getsockname({} as never)).code).toBe('ERR_INVALID_ARG_TYPE');
    expect(thrownBy(() => setsockopt(net.createServer(), s.SOL_SOCKET, s.SO_RCVBUF, NaN)).code).toBe(
      'ERR_OUT_OF_RANGE',
    );
    expect(closing(s.socket(s.AF_INET, s.SOCK_STREAM))).toBeGreaterThan(2);
  });
});

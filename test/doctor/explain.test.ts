import { describe, expect, test } from '@jest/globals';
import { AF_INET, bind, listen, setsockopt, SO_REUSEADDR, SOCK_STREAM, socket, SOL_SOCKET } from 'bsd-sockets';
import { explain, say } from 'bsd-sockets/doctor';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect as connectTo, createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '../support/programs.js';
import { closeNow, closing, tcp, thrownBy } from '../support/sockets.js';
import { bound, boundUdp, portOf } from './situations.js';

const BUSY = { binds: { none: 'EADDRINUSE' } };
const LOOPBACK = '127.0.0.1';

/** The error of node:net's server. */
async function netError(where: { port: number; host: string } | { path: string }): Promise<unknown> {
  const [error] = (await once(createServer().listen(where), 'error').catch((error: unknown) => [error])) as unknown[];
  return error;
}

describe('explain', () => {
  test("finds what why finds, from the error of this library's bind", () => {
    const port = portOf(bound());
    const error = thrownBy(() => bind(tcp(), { family: 'IPv4', address: LOOPBACK, port }));
    expect(explain(error)).toMatchObject({ ...BUSY, port, host: LOOPBACK, protocol: 'tcp' });
  });

  test('takes the protocol from the error of this library, and the address that an error does not tell', () => {
    const udp = portOf(boundUdp());
    const error = thrownBy(() => bind(boundUdp(), { family: 'IPv4', address: LOOPBACK, port: udp }));
    expect(explain(error)).toMatchObject({ ...BUSY, port: udp, protocol: 'udp' });
    const [first, second] = [bound({ reuseaddr: true }), closing(socket(AF_INET, SOCK_STREAM))];
    listen(first);
    const silent = thrownBy(() => listen(second, NaN));
    expect(explain(silent, { address: { port: portOf(first), address: LOOPBACK } })).toMatchObject(BUSY);
  });

  test('takes the error of a server of node:net', async () => {
    const fd = bound();
    listen(fd);
    const error = await netError({ port: portOf(fd), host: LOOPBACK });
    expect(explain(error)).toMatchObject({ ...BUSY, port: portOf(fd), host: LOOPBACK, protocol: 'tcp' });
  });

  test('takes the error of a server of node:net on a unix path', async () => {
    const path = join(temporaryFolder(), 'server');
    const server = createServer().listen(path);
    await once(server, 'listening');
    const diagnosis = explain(await netError({ path }));
    expect(diagnosis).toMatchObject({ ...BUSY, path, protocol: 'unix' });
    server.close();
    await once(server, 'close');
  });

  test('takes the error of a socket of node:dgram', async () => {
    const port = portOf(boundUdp());
    const udp = createSocket('udp4');
    const failed = new Promise((resolve) => udp.once('error', resolve));
    udp.bind(port, LOOPBACK);
    expect(explain(await failed)).toMatchObject({ ...BUSY, port, protocol: 'udp' });
    udp.close();
  });

  test("tells that an address is not this host's", () => {
    const error = thrownBy(() => bind(tcp(), { family: 'IPv4', address: '203.0.113.1', port: 8080 }));
    expect(explain(error)).toMatchObject({ verdict: 'not-local', host: '203.0.113.1' });
  });

  test('knows the address of listen from its own error, which says by which command to ask', () => {
    const [first, second] = [bound({ reuseaddr: true }), bound({ reuseaddr: true })];
    const port = portOf(first);
    closeNow(second);
    const third = closing(socket(AF_INET, SOCK_STREAM));
    setsockopt(third, SOL_SOCKET, SO_REUSEADDR, true);
    bind(third, { family: 'IPv4', address: LOOPBACK, port });
    listen(first);
    const error = thrownBy(() => listen(third));
    expect(error).toMatchObject({ syscall: 'listen', address: LOOPBACK, port, protocol: 'tcp' });
    expect((error as { why?: string }).why).toBe(`npx bsd-sockets why ${String(port)} --host ${LOOPBACK}`);
    expect(explain(error)).toMatchObject({ ...BUSY, port, protocol: 'tcp', verdict: 'listening' });
  });

  test('takes the error of a connection of node:net with a local port of its own for TCP', async () => {
    const server = createServer().listen(0, LOOPBACK);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connectTo({ host: LOOPBACK, port, localAddress: LOOPBACK, localPort: port });
    const [error] = (await once(client, 'error')) as [Error];
    expect(explain(error)).toMatchObject({ ...BUSY, port, protocol: 'tcp' });
    delete error.stack; // where the stack does not tell, it is looked whose port is in use
    expect(explain(error)).toMatchObject({ ...BUSY, port, protocol: 'tcp' });
    server.close();
    await once(server, 'close');
  });

  test('says that no port was left, of a bind to port 0', () => {
    const error = { code: 'EADDRINUSE', syscall: 'bind', address: LOOPBACK, port: 0, protocol: 'tcp' };
    const found = explain(error);
    expect(found).toMatchObject({ verdict: 'no-port', port: 0, binds: { none: 'ok' } });
    expect(found.summary).toMatch(/none was left .* now it would find one/);
  });

  test('says that no port was left, of a connect; and that a host without IPv6 reaches nobody by it', () => {
    const base = { code: 'EADDRNOTAVAIL', syscall: 'connect', address: '203.0.113.9', port: 443 };
    expect(explain(base)).toMatchObject({ verdict: 'no-port', binds: { none: '' } });
    expect(say(explain({ ...base, localAddress: LOOPBACK, localPort: 4000 })).join(' ')).toContain('both ends alike');
    const hasIPv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ family }) => family === 'IPv6'));
    expect(explain({ ...base, address: '::1' }).verdict).toBe(hasIPv6 ? 'no-port' : 'not-local');
    expect(explain({ ...base, code: 'EACCES' }).verdict).toBe('forbidden');
  });

  test('says of a unix path that may not be connected to how to see who may', () => {
    const error = { code: 'EACCES', syscall: 'connect', address: "/run/it's.sock" };
    expect(explain(error)).toMatchObject({ verdict: 'forbidden', path: "/run/it's.sock", protocol: 'unix' });
    expect(explain(error).advice[0]?.do).toContain("ls -lL '/run/it'\\''s.sock'");
  });

  test('finds the error of the system in another one', () => {
    const port = portOf(bound());
    const cause = thrownBy(() => bind(tcp(), { family: 'IPv4', address: LOOPBACK, port }));
    expect(explain(new Error('could not start', { cause }))).toMatchObject({ ...BUSY, port });
    expect(explain(new AggregateError([cause]))).toMatchObject({ ...BUSY, port });
  });

  test.each([
    { code: 'EADDRINUSE' },
    { code: 'EADDRINUSE', syscall: 'listen', address: 'no address', port: 80 },
    { code: 'EADDRINUSE', syscall: 'bind', address: LOOPBACK, port: 99_999 },
    { code: 'EACCES', syscall: 7, address: '', port: 'x' },
    { code: 'EADDRNOTAVAIL', syscall: 'connect' },
    { code: 'EADDRINUSE', syscall: 'bind', address: null, port: 0 },
    { code: 'EADDRINUSE', syscall: 'listen', address: 'x'.repeat(300), port: -1 },
  ])('always has an answer to such a code: %j', (error) => {
    expect(say(explain(error)).join(' ')).toContain(error.code);
  });

  test("takes the error of a worker's server, which has no address", () => {
    const port = portOf(bound());
    expect(explain({ code: 'EADDRINUSE', syscall: 'bind', address: null, port })).toMatchObject({ ...BUSY, port });
  });

  test.each([
    [null, 'ERR_INVALID_ARG_TYPE'],
    ['EADDRINUSE', 'ERR_INVALID_ARG_TYPE'],
    [new Error('without an address'), 'ERR_INVALID_ARG_VALUE'],
    [{ address: LOOPBACK, port: 99_999 }, 'ERR_SOCKET_BAD_PORT'],
  ])('refuses what is no such error: %s: %s', (error, code) => {
    expect(thrownBy(() => explain(error)).code).toBe(code);
  });
});

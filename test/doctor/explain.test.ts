import { describe, expect, test } from '@jest/globals';
import { AF_INET, bind, listen, SOCK_STREAM, socket } from 'bsd-sockets';
import { explain } from 'bsd-sockets/doctor';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '../support/programs.js';
import { closing, tcp, thrownBy } from '../support/sockets.js';
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

  test('takes the protocol and the address that the error does not tell', () => {
    const udp = portOf(boundUdp());
    const error = thrownBy(() => bind(boundUdp(), { family: 'IPv4', address: LOOPBACK, port: udp }));
    expect(explain(error, { protocol: 'udp' })).toMatchObject({ port: udp, protocol: 'udp' });
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

  test.each([
    [null, 'ERR_INVALID_ARG_TYPE'],
    ['EADDRINUSE', 'ERR_INVALID_ARG_TYPE'],
    [new Error('without an address'), 'ERR_INVALID_ARG_VALUE'],
    [{ address: LOOPBACK, port: 99_999 }, 'ERR_SOCKET_BAD_PORT'],
  ])('refuses what is no such error: %s: %s', (error, code) => {
    expect(thrownBy(() => explain(error)).code).toBe(code);
  });
});

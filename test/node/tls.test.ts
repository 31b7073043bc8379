import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { fromNodeSocket, getsockopt, listenWith } from 'bsd-sockets/node';
import { connect } from 'bsd-sockets/promises';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as all } from 'node:stream/consumers';
import * as tls from 'node:tls';
import { listening, outcome, owned, tcpPair } from '../support/owned.js';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const withOpenssl = hasOpenssl ? describe : describe.skip;

withOpenssl('TLS (openssl makes its certificate)', () => {
  let made: { key: Buffer; cert: Buffer };
  const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-tls-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeAll(() => {
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
    const args = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-subj',
      '/CN=x',
    ];
    spawnSync('openssl', [...args, '-keyout', key, '-out', cert]);
    made = { key: readFileSync(key), cert: readFileSync(cert) };
  });

  test('an HTTPS server listens on a socket of ours, and is asked over a Duplex of ours', async () => {
    const server = https.createServer(made, (_request, response) => response.end('over TLS'));
    await listenWith(server, listening());
    const { port } = server.address() as AddressInfo;
    const socket = (await connect({ family: 'IPv4', address: '127.0.0.1', port })).toDuplex();
    const secure = tls.connect({ socket, rejectUnauthorized: false });
    await once(secure, 'secureConnect');
    secure.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await all(secure)).toMatch(/^HTTP\/1.1 200 [^]*over TLS/);
    server.close();
  });

  test("an encrypted connection tells its options, and stays Node's: ERR_INVALID_ARG_VALUE", async () => {
    const server = tls.createServer(made);
    await listenWith(server, listening());
    const client = tls.connect({ port: (server.address() as AddressInfo).port, rejectUnauthorized: false });
    const [secure] = (await once(server, 'secureConnection')) as [tls.TLSSocket];
    expect(getsockopt(secure, s.SOL_SOCKET, s.SO_TYPE)).toBe(s.SOCK_STREAM);
    expect(await outcome(fromNodeSocket(secure))).toBe('ERR_INVALID_ARG_VALUE');
    secure.end('still talks');
    expect(await all(client)).toBe('still talks');
    server.close();
  });

  test('a TLS server takes a Duplex of ours for a connection', async () => {
    const [one, other] = await tcpPair();
    const secure = new tls.TLSSocket(owned(one).toDuplex(), { isServer: true, ...made });
    const client = tls.connect({ socket: owned(other).toDuplex(), rejectUnauthorized: false });
    secure.end('hello');
    expect(await all(client)).toBe('hello');
  });
});

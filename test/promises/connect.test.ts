import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { connect, listen, Socket } from 'bsd-sockets/promises';
import { deserted } from '../conformance/fixtures.js';
import {
  abstractName,
  fullListener,
  listening,
  outcome,
  owned,
  pair,
  rejection,
  say,
  stillWaits,
  text,
  turns,
  udp,
} from '../support/owned.js';
import { openSockets } from '../support/peers.js';
import { runScript } from '../support/scripts.js';
import { temporaryFolder } from '../support/programs.js';

const isLinux = process.platform === 'linux';
const only = isLinux ? '' : ' (skipped: Linux only)';
const onLinux = isLinux ? test : test.skip;
const tcp = (): Socket => owned(new Socket(s.AF_INET, s.SOCK_STREAM));

describe('connect', () => {
  test('connects', async () => {
    const listener = listening();
    const client = tcp();
    await client.connect(listener.getsockname());
    const { socket, address } = await listener.accept();
    owned(socket);
    expect(address).toEqual(client.getsockname());
    await say(client, 'hello');
    expect(await text(socket)).toBe('hello');
  });

  test('where nobody listens: ECONNREFUSED, with the address', async () => {
    const address = deserted();
    expect(await rejection(tcp().connect(address))).toMatchObject({
      code: 'ECONNREFUSED',
      syscall: 'connect',
      address: '127.0.0.1',
      port: (address as { port: number }).port,
    });
  });

  test('to where no route leads: ENETUNREACH or another error at once, with the address', async () => {
    const address = { family: 'IPv4', address: '255.255.255.255', port: 9 } as const; // never leaves this host
    const error = await rejection(tcp().connect(address));
    expect(['ENETUNREACH', 'EACCES', 'EHOSTUNREACH', 'EADDRNOTAVAIL']).toContain(error.code);
    expect(error).toMatchObject({ syscall: 'connect', address: '255.255.255.255' });
  });

  test('to another family: EAFNOSUPPORT or EINVAL', async () => {
    const error = await rejection(tcp().connect({ family: 'IPv6', address: '::1', port: 9 }));
    expect(['EAFNOSUPPORT', 'EINVAL']).toContain(error.code);
  });

  test('again, once connected: EISCONN; while it connects, it waits its turn', async () => {
    const listener = listening();
    const client = tcp();
    const [first, second] = [client.connect(listener.getsockname()), client.connect(listener.getsockname())];
    expect(await outcome(first)).toBe('ok');
    expect(['ok', 'EISCONN']).toContain(await outcome(second)); // Linux says it once that a connect has succeeded
    expect(await outcome(client.connect(listener.getsockname()))).toBe('EISCONN');
  });

  test('sends that were made meanwhile are sent once it is connected', async () => {
    const listener = listening();
    const client = tcp();
    const connecting = client.connect(listener.getsockname());
    const sending = client.sendAll(Buffer.from('early'));
    const { socket } = await listener.accept();
    owned(socket);
    expect([await outcome(connecting), await sending, await text(socket)]).toEqual(['ok', 5, 'early']);
  });

  test('of a datagram socket is done at once, and can be done again', async () => {
    const [socket, first, second] = [udp(), udp(), udp()];
    for (const peer of [first, second]) {
      await socket.connect(peer.getsockname());
      await say(socket, 'to you');
      expect(await text(peer)).toBe('to you');
    }
  });

  test('hundreds at a time all succeed', async () => {
    const listener = owned(listen({ family: 'IPv4', address: '127.0.0.1', port: 0 }, { backlog: 1000 }));
    const address = listener.getsockname();
    const clients = await Promise.all(Array.from({ length: 300 }, async () => owned(await connect(address))));
    const peers = await Promise.all(clients.map(async () => owned((await listener.accept()).socket)));
    expect(new Set(peers.map((peer) => JSON.stringify(peer.getpeername()))).size).toBe(300);
  });

  onLinux(`aborted, is ended, and the socket can only be closed${only}`, async () => {
    const listener = owned(new Socket(s.AF_INET, s.SOCK_STREAM));
    listener.bind({ family: 'IPv4', address: '127.0.0.1', port: 0 });
    listener.listen(0);
    owned(await connect(listener.getsockname()));
    const client = tcp();
    const controller = new AbortController();
    const connecting = client.connect(listener.getsockname(), { signal: controller.signal });
    expect(await stillWaits(connecting)).toBe(true);
    controller.abort();
    expect(await rejection(connecting)).toMatchObject({ name: 'AbortError' });
    client.close();
  });
});

describe('connect to a unix listener', () => {
  onLinux(`whose backlog is full waits, and goes on when there is room${only}`, async () => {
    const listener = await fullListener();
    const client = owned(new Socket(s.AF_UNIX, s.SOCK_STREAM));
    const connecting = client.connect(listener.getsockname());
    expect(await stillWaits(connecting)).toBe(true);
    owned((await listener.accept()).socket);
    await connecting;
    const { socket } = await listener.accept();
    await say(client, 'now');
    expect(await text(owned(socket))).toBe('now');
  });

  onLinux(`whose backlog is full ends when the listener does: ECONNREFUSED${only}`, async () => {
    const listener = await fullListener();
    const connecting = owned(new Socket(s.AF_UNIX, s.SOCK_STREAM)).connect(listener.getsockname());
    await turns();
    listener.close();
    expect((await rejection(connecting)).code).toBe('ECONNREFUSED');
  });

  onLinux(`whose backlog is full does not keep the process alive, unref'd${only}`, async () => {
    const script = runScript(
      `import { AF_UNIX, SOCK_STREAM } from 'bsd-sockets';
       import { connect, listen, Socket } from 'bsd-sockets/promises';
       const address = { family: 'Unix', path: '\\0bsd-sockets-' + process.pid };
       globalThis.listener = listen(address, { backlog: 0 });
       globalThis.first = await connect(address);
       globalThis.second = new Socket(AF_UNIX, SOCK_STREAM).unref();
       void second.connect(address);`,
    );
    expect(await script.ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('that is not there: ENOENT; that is gone: ECONNREFUSED; both with the path', async () => {
    const path = `${temporaryFolder()}/socket`;
    const unix = (): Socket => owned(new Socket(s.AF_UNIX, s.SOCK_STREAM));
    const error = await rejection(unix().connect({ family: 'Unix', path }));
    expect(error).toMatchObject({ code: 'ENOENT', syscall: 'connect', address: path });
    const listener = listening({ family: 'Unix', path });
    await unix().connect({ family: 'Unix', path });
    listener.close();
    expect(await outcome(unix().connect({ family: 'Unix', path }))).toBe('ECONNREFUSED');
  });

  onLinux(`by the shorthand: seqpacket too${only}`, async () => {
    const listener = owned(listen(abstractName(), { type: s.SOCK_SEQPACKET }));
    const client = owned(await connect(listener.getsockname(), { type: s.SOCK_SEQPACKET }));
    const { socket } = await listener.accept();
    await say(client, 'one');
    await say(client, 'two');
    expect([await text(owned(socket)), await text(socket)]).toEqual(['one', 'two']);
  });
});

describe('the shorthand connect', () => {
  test('leaves nothing open where it fails or is aborted', async () => {
    const before = openSockets();
    expect(await outcome(connect(deserted()))).toBe('ECONNREFUSED');
    expect(await outcome(connect(deserted(), { signal: AbortSignal.abort() }))).toBe('20');
    expect(await outcome(connect({ family: 'raw', sockaddr: new Uint8Array(16) }))).toBe('ERR_INVALID_ARG_VALUE');
    expect(await outcome(connect(deserted(), { type: 99 }))).toBe('EINVAL');
    expect(openSockets()).toEqual(before);
  });

  test('takes the address of a node:net server as it is', async () => {
    const { createServer } = await import('node:net');
    const server = createServer((peer) => peer.end('from node'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = owned(await connect(server.address() as s.SocketAddress));
    expect(await text(client)).toBe('from node');
    client.close();
    server.close();
  });

  test('to an unconnected pair end: EISCONN or EINVAL, and nothing breaks', async () => {
    const [socket] = pair();
    expect(await outcome(socket.connect({ family: 'Unix', path: '/nonexistent/x' }))).not.toBe('ok');
  });
});

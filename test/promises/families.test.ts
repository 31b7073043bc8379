/** Every family and type of socket: what is sent arrives, to whom it shall, with its sender. */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { connect, listen, Socket } from 'bsd-sockets/promises';
import { turnNumber } from '../../lib/promises/engine/turn.js';
import { NEEDS_IPV6 } from '../conformance/fixtures.js';
import {
  abstractName,
  listening,
  outcome,
  owned,
  pair,
  rejection,
  say,
  tcpPair,
  text,
  turns,
  udp,
} from '../support/owned.js';
import { thrownBy } from '../support/sockets.js';
import { temporaryFolder } from '../support/programs.js';

const isLinux = process.platform === 'linux';
const only = isLinux ? '' : ' (skipped: Linux only)';
const onLinux = isLinux ? test : test.skip;
const withIpv6 = NEEDS_IPV6 === undefined ? test : test.skip;
const noIpv6 = NEEDS_IPV6 === undefined ? '' : ` (skipped: ${NEEDS_IPV6})`;
const LOOPBACK6 = { family: 'IPv6', address: '::1', port: 0 } as const;

describe('streams', () => {
  const path = `${temporaryFolder()}/socket`;
  const addresses: Record<string, s.SocketAddress> = {
    IPv4: { family: 'IPv4', address: '127.0.0.1', port: 0 },
    ...(NEEDS_IPV6 === undefined ? { IPv6: LOOPBACK6 } : {}),
    'a unix path': { family: 'Unix', path },
    ...(isLinux ? { 'an abstract unix name': abstractName() } : {}),
  };

  test.each(Object.entries(addresses))('over %s carry both ways, and end', async (_, address) => {
    const [client, server] = await tcpPair(address);
    await client.sendAll(Buffer.from('question'));
    expect(await text(server)).toBe('question');
    await server.sendAll(Buffer.from('answer'));
    server.close();
    expect([await text(client), await text(client)]).toEqual(['answer', '']);
  });

  withIpv6(`of an IPv6 listener for both take IPv4 too, as a mapped address${noIpv6}`, async () => {
    const listener = owned(listen({ family: 'IPv6', address: '::', port: 0 }, { v6Only: false }));
    const { port } = listener.getsockname() as { port: number };
    owned(await connect({ family: 'IPv4', address: '127.0.0.1', port }));
    const { socket, address } = await listener.accept();
    owned(socket);
    expect(address).toMatchObject({ family: 'IPv6', address: '::ffff:127.0.0.1' });
  });
});

describe('datagrams', () => {
  test('over UDP come one by one with their senders, and are answered', async () => {
    const [server, client] = [udp(), udp()];
    await client.sendto(Buffer.from('ping'), server.getsockname());
    const buffer = Buffer.alloc(9);
    const { bytesRead, address } = await server.recvfrom(buffer);
    expect([buffer.toString('latin1', 0, bytesRead), address]).toEqual(['ping', client.getsockname()]);
    await server.sendto(Buffer.from('pong'), address as s.SocketAddress);
    expect(await text(client)).toBe('pong');
  });

  withIpv6(`over IPv6 too${noIpv6}`, async () => {
    const [server, client] = [udp(LOOPBACK6), udp(LOOPBACK6)];
    await client.sendmsg({ buffers: [Buffer.from('pi'), Buffer.from('ng')], address: server.getsockname() });
    const buffer = Buffer.alloc(9);
    const message = await server.recvmsg([buffer.subarray(0, 1), buffer.subarray(1)]);
    expect([message.bytesRead, message.address, String(buffer.subarray(0, 4))]).toEqual([
      4,
      client.getsockname(),
      'ping',
    ]);
  });

  test('too long are refused: EMSGSIZE, with the address', async () => {
    const [server, client] = [udp(), udp()];
    const error = await rejection(client.sendto(Buffer.alloc(70_000), server.getsockname()));
    expect(error).toMatchObject({ code: 'EMSGSIZE', syscall: 'sendto', address: '127.0.0.1' });
  });

  test('without an address: EDESTADDRREQ or ENOTCONN', async () => {
    expect(['EDESTADDRREQ', 'ENOTCONN']).toContain(await outcome(say(udp(), 'to whom?')));
  });

  test('longer than the buffer are cut; MSG_TRUNC tells the real length, and MSG_PEEK leaves them', async () => {
    const [socket, peer] = pair(s.SOCK_DGRAM);
    await say(peer, 'abcdef');
    await say(peer, 'next');
    const buffer = Buffer.alloc(3);
    expect(await socket.recv(buffer, { flags: s.MSG_PEEK })).toBe(3);
    if (isLinux) expect(await socket.recv(buffer, { flags: s.MSG_PEEK | s.MSG_TRUNC })).toBe(6);
    const { bytesRead, flags } = await socket.recvmsg([buffer]);
    expect([bytesRead, flags & s.MSG_TRUNC, await text(socket)]).toEqual([3, s.MSG_TRUNC, 'next']);
  });

  test('between unix sockets with names', async () => {
    const folder = temporaryFolder();
    const [server, client] = ['server', 'client'].map((name) => {
      const socket = owned(new Socket(s.AF_UNIX, s.SOCK_DGRAM));
      socket.bind({ family: 'Unix', path: `${folder}/${name}` });
      return socket;
    }) as [Socket, Socket];
    await client.sendto(Buffer.from('ping'), server.getsockname());
    const { address } = await server.recvfrom(Buffer.alloc(9));
    expect(address).toEqual({ family: 'Unix', path: `${folder}/client` });
    await server.connect(client.getsockname());
    await say(server, 'pong');
    expect(await text(client)).toBe('pong');
  });

  onLinux(`to a full receiver wait without spinning, and go on when it has room${only}`, async () => {
    const receiver = owned(new Socket(s.AF_UNIX, s.SOCK_DGRAM));
    receiver.bind(abstractName());
    const [filler, sender] = [s.SOCK_DGRAM, s.SOCK_DGRAM].map((type) => owned(new Socket(s.AF_UNIX, type))) as [
      Socket,
      Socket,
    ];
    const fillUp = (): void => {
      for (;;) s.sendto(filler.fd, Buffer.alloc(1), s.MSG_DONTWAIT, receiver.getsockname());
    };
    expect(thrownBy(fillUp).code).toBe('EAGAIN');
    const sending = sender.sendto(Buffer.from('at last'), receiver.getsockname());
    const before = turnNumber();
    // eslint-disable-next-line no-restricted-syntax -- a fifth of a second, to count the turns that it costs
    for (let round = 0; round < 10; round++) await new Promise((resolve) => setTimeout(resolve, 20));
    // It tries now and then; each attempt wakes the poller once. Spinning, it would be thousands of times.
    expect(turnNumber() - before).toBeLessThan(200);
    let words = '';
    while (words !== 'at last') words = await text(receiver);
    expect(await sending).toBe(7);
  });
});

describe('seqpackets', () => {
  onLinux(`keep their limits, and end${only}`, async () => {
    const listener = owned(listen(abstractName(), { type: s.SOCK_SEQPACKET }));
    const client = owned(await connect(listener.getsockname(), { type: s.SOCK_SEQPACKET }));
    const server = owned((await listener.accept()).socket);
    const words = Promise.all([text(server), text(server), text(server)]);
    await turns();
    await say(client, 'one');
    await say(client, 'two');
    client.close();
    expect(await words).toEqual(['one', 'two', '']);
  });
});

describe('urgent data', () => {
  test('is received with MSG_OOB, in its time', async () => {
    const [socket, peer] = await tcpPair();
    s.send(peer.fd, Buffer.from('ab'));
    s.send(peer.fd, Buffer.from('!'), s.MSG_OOB);
    expect(await text(socket)).toBe('ab');
    const buffer = Buffer.alloc(1);
    const codes: string[] = [];
    for (;;) {
      const code = await outcome(socket.recv(buffer, { flags: s.MSG_OOB }));
      codes.push(code);
      if (code === 'ok') break;
      await turns(1);
    }
    expect(buffer.toString()).toBe('!');
    expect(codes.filter((code) => code !== 'ok' && code !== 'EINVAL')).toEqual([]);
  });
});

describe('netlink', () => {
  onLinux(`answers${only}`, async () => {
    const socket = owned(new Socket(s.AF_NETLINK, s.SOCK_DGRAM));
    const request = Buffer.alloc(17); // nlmsghdr and rtgenmsg: RTM_GETLINK of all interfaces
    request.writeUInt32LE(17, 0);
    request.writeUInt16LE(18, 4);
    request.writeUInt16LE(0x301, 6);
    const waiting = socket.recvfrom(Buffer.alloc(65_536));
    await socket.sendto(request, { family: 'Netlink', pid: 0, groups: 0 });
    const { bytesRead, address } = await waiting;
    expect(bytesRead).toBeGreaterThan(16);
    expect(address).toEqual({ family: 'Netlink', pid: 0, groups: 0 });
  });
});

test('a listener of every family is told of at the same time', async () => {
  const listeners = [listening(), listening({ family: 'Unix', path: `${temporaryFolder()}/all` })];
  const accepts = listeners.map((listener) => listener.accept());
  await turns();
  for (const listener of listeners) owned(await connect(listener.getsockname()));
  const accepted = await Promise.all(accepts);
  expect(accepted.map(({ socket }) => owned(socket).getsockname())).toEqual(
    listeners.map((each) => each.getsockname()),
  );
});

import { describe, expect, test } from '@jest/globals';
import {
  AF_INET,
  AF_UNIX,
  bind,
  getsockname,
  MSG_DONTWAIT,
  MSG_PEEK,
  MSG_WAITALL,
  recv,
  recvfrom,
  send,
  sendto,
  setsockopt,
  SO_LINGER,
  SOCK_DGRAM,
  socket,
  socketpair,
  SOL_SOCKET,
  type IPv4Address,
} from 'bsd-sockets';
import assert from 'node:assert';
import { closeNow, closing, connection, thrownBy } from '../support/sockets.js';

const text = (buffer: Buffer, length: number): string => buffer.toString('latin1', 0, length);

describe('recv', () => {
  test('gives what is there, not a whole message', () => {
    const { client, server } = connection();
    send(client, Buffer.from('abc'));
    const buffer = Buffer.alloc(40);
    expect(text(buffer, recv(server, buffer))).toBe('abc');
  });

  test('writes into its view and nowhere else', () => {
    const { client, server } = connection();
    send(client, Buffer.from('abcdefgh'));
    const whole = Buffer.alloc(10, '.');
    expect(recv(server, whole.subarray(3, 6))).toBe(3);
    expect(whole.toString()).toBe('...abc....');
  });

  test.each([
    ['Uint16Array', new Uint16Array(4)],
    ['Float64Array', new Float64Array(1)],
    ['DataView', new DataView(new ArrayBuffer(12), 2, 8)],
    ['Uint8Array on shared memory', new Uint8Array(new SharedArrayBuffer(8))],
  ])('fills a %s by its bytes', (_, view) => {
    const { client, server } = connection();
    send(client, Buffer.from('abcdefghij'));
    expect(recv(server, view)).toBe(8);
    expect(Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString()).toBe('abcdefgh');
  });

  test('knows flags: MSG_PEEK leaves the data, MSG_WAITALL waits for all, MSG_DONTWAIT does not wait', () => {
    const { client, server } = connection();
    const buffer = Buffer.alloc(4);
    expect(thrownBy(() => recv(server, buffer, MSG_DONTWAIT))).toMatchObject({ code: 'EAGAIN', syscall: 'recv' });
    send(client, Buffer.from('ab'));
    expect(recv(server, buffer, MSG_PEEK)).toBe(2);
    send(client, Buffer.from('cd'));
    expect(recv(server, buffer, MSG_WAITALL)).toBe(4);
  });

  test('says 0 at the end of the stream, ECONNRESET after a reset', () => {
    const { client, server } = connection();
    closeNow(client);
    expect(recv(server, Buffer.alloc(1))).toBe(0);
    const other = connection();
    setsockopt(other.client, SOL_SOCKET, SO_LINGER, Buffer.from(new Int32Array([1, 0]).buffer));
    closeNow(other.client);
    expect(thrownBy(() => recv(other.server, Buffer.alloc(1))).code).toBe('ECONNRESET');
  });

  test('refuses a view whose buffer was transferred away, and loses no datagram by it', () => {
    const [a, b] = socketpair(AF_UNIX, SOCK_DGRAM).map(closing) as [number, number];
    send(a, Buffer.from('x'));
    const gone = new Uint8Array(8);
    structuredClone(gone, { transfer: [gone.buffer] });
    expect(thrownBy(() => recv(b, gone)).code).toBe('ERR_INVALID_ARG_VALUE');
    expect(recv(b, Buffer.alloc(8))).toBe(1);
  });

  test('takes a zero-length view, and then reads nothing', () => {
    const { client, server } = connection();
    send(client, Buffer.from('x'));
    expect(recv(server, Buffer.alloc(0))).toBe(0);
    expect(recv(server, Buffer.alloc(1))).toBe(1);
  });
});

test('the addresses that recvfrom gives are plain objects, one for each datagram', () => {
  const [a, b] = [0, 0].map(() => closing(socket(AF_INET, SOCK_DGRAM))) as [number, number];
  for (const fd of [a, b]) bind(fd, { family: 'IPv4', address: '127.0.0.1', port: 0 });
  const from = getsockname(b);
  const [first, second] = [0, 0].map(() => {
    sendto(b, Buffer.from('x'), 0, getsockname(a));
    return recvfrom(a, Buffer.alloc(1)).address;
  });
  assert.deepStrictEqual(first, from);
  expect(JSON.stringify(first)).toBe(JSON.stringify(from));
  expect(first).not.toBe(second);
  Object.assign(first as object, { port: 1 });
  assert.deepStrictEqual(second, from);
});

const linux = process.platform === 'linux'; // all of 127.0.0.0/8 is the loopback there
(linux ? test : test.skip)('recvfrom tells senders apart whose addresses differ in little (of Linux)', () => {
  const [receiver, first] = [0, 0].map(() => closing(socket(AF_INET, SOCK_DGRAM))) as [number, number];
  for (const fd of [receiver, first]) bind(fd, { family: 'IPv4', address: '127.0.0.1', port: 0 });
  const own = getsockname(first) as IPv4Address;
  const others = ['127.4.0.1', '127.8.0.1', '127.0.4.1'].map((address) => {
    const fd = closing(socket(AF_INET, SOCK_DGRAM));
    bind(fd, { ...own, address });
    return fd;
  });
  for (const fd of [first, ...others, first, ...others, others[0] as number]) {
    sendto(fd, Buffer.from('x'), 0, getsockname(receiver));
    expect(recvfrom(receiver, Buffer.alloc(1)).address).toEqual(getsockname(fd));
  }
});

describe('send', () => {
  test('of many bytes without waiting is short, and then EAGAIN', () => {
    const { client } = connection();
    const many = Buffer.alloc(64 * 1024 * 1024);
    const sent = send(client, many, MSG_DONTWAIT);
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(many.length);
    expect(
      thrownBy(() => {
        for (;;) send(client, many, MSG_DONTWAIT);
      }),
    ).toMatchObject({ code: 'EAGAIN', syscall: 'send' });
  });

  test('to a peer that has gone: EPIPE, and no signal ends the process', () => {
    const { client, server } = connection();
    closeNow(server);
    expect(
      thrownBy(() => {
        for (;;) send(client, Buffer.from('x'));
      }).code,
    ).toBe('EPIPE');
  });
});

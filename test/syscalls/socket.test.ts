import { describe, expect, test } from '@jest/globals';
import { AF_INET, AF_UNIX, close, send, SHUT_WR, shutdown, SOCK_STREAM, socket, socketpair, recv } from 'bsd-sockets';
import { readFileSync } from 'node:fs';
import { closeNow, closing, connection, thrownBy } from '../support/sockets.js';

describe('socket', () => {
  test('refuses a family that does not exist: EAFNOSUPPORT', () => {
    expect(thrownBy(() => socket(8675309, SOCK_STREAM))).toMatchObject({ code: 'EAFNOSUPPORT', syscall: 'socket' });
  });

  test('makes close-on-exec descriptors', () => {
    const fd = closing(socket(AF_INET, SOCK_STREAM));
    if (process.platform !== 'linux') return;
    const flags = /flags:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${String(fd)}`, 'utf8'))?.[1] ?? '';
    expect(parseInt(flags, 8) & 0o2000000).toBe(0o2000000);
  });
});

describe('socketpair', () => {
  test('makes two sockets that are connected', () => {
    const [a, b] = socketpair(AF_UNIX, SOCK_STREAM).map(closing) as [number, number];
    send(a, Buffer.from('hi'));
    const buffer = Buffer.alloc(8);
    expect(buffer.toString('latin1', 0, recv(b, buffer))).toBe('hi');
  });

  test('is refused for TCP: EOPNOTSUPP', () => {
    expect(thrownBy(() => socketpair(AF_INET, SOCK_STREAM)).code).toBe('EOPNOTSUPP');
  });
});

describe('shutdown', () => {
  test('of the sending half: the peer reads the end of the stream, and the other way stays open', () => {
    const { client, server } = connection();
    shutdown(client, SHUT_WR);
    expect(recv(server, Buffer.alloc(1))).toBe(0);
    send(server, Buffer.from('x'));
    expect(recv(client, Buffer.alloc(1))).toBe(1);
  });

  test('of a socket that is not connected: ENOTCONN', () => {
    const fd = closing(socket(AF_INET, SOCK_STREAM));
    expect(thrownBy(() => shutdown(fd, SHUT_WR)).code).toBe('ENOTCONN');
  });
});

describe('close', () => {
  test('of a closed descriptor: EBADF', () => {
    const fd = closing(socket(AF_INET, SOCK_STREAM));
    closeNow(fd);
    expect(thrownBy(() => close(fd))).toMatchObject({ code: 'EBADF', errno: -9, syscall: 'close' });
  });
});

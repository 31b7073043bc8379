import { describe, expect, test } from '@jest/globals';
import {
  AF_INET6,
  getsockopt,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPV6_V6ONLY,
  setsockopt,
  SO_BINDTODEVICE,
  SO_BROADCAST,
  SO_ERROR,
  SO_KEEPALIVE,
  SO_LINGER,
  SO_OOBINLINE,
  SO_RCVTIMEO,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SO_TYPE,
  SOCK_STREAM,
  SOL_SOCKET,
  TCP_CONGESTION,
  TCP_NODELAY,
  TCP_ULP,
} from 'bsd-sockets';
import { closing, tcp, thrownBy } from '../support/sockets.js';
import { socket } from 'bsd-sockets';

describe('setsockopt and getsockopt', () => {
  test.each([
    ['SO_REUSEADDR', SOL_SOCKET, SO_REUSEADDR],
    ['SO_REUSEPORT', SOL_SOCKET, SO_REUSEPORT],
    ['SO_KEEPALIVE', SOL_SOCKET, SO_KEEPALIVE],
    ['SO_OOBINLINE', SOL_SOCKET, SO_OOBINLINE],
    ['SO_BROADCAST', SOL_SOCKET, SO_BROADCAST],
    ['TCP_NODELAY', IPPROTO_TCP, TCP_NODELAY],
  ])('turn %s on and off, with a boolean or an int', (_, level, option) => {
    const fd = tcp();
    expect(getsockopt(fd, level, option)).toBe(0);
    setsockopt(fd, level, option, true);
    expect(getsockopt(fd, level, option)).not.toBe(0);
    setsockopt(fd, level, option, 0);
    expect(getsockopt(fd, level, option)).toBe(0);
  });

  test('know IPv6', () => {
    const fd = tcp(AF_INET6);
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, true);
    expect(getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY)).toBe(1);
  });

  test('move the bytes of a struct', () => {
    const fd = closing(socket(AF_INET6, SOCK_STREAM));
    setsockopt(fd, SOL_SOCKET, SO_LINGER, Buffer.from(new Int32Array([1, 7]).buffer));
    const bytes = getsockopt(fd, SOL_SOCKET, SO_LINGER, 64);
    expect(bytes).toEqual(Buffer.from(new Int32Array([1, 7]).buffer));
    expect(getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, 16)).toEqual(Buffer.alloc(16));
  });

  test('read what can only be read', () => {
    const fd = tcp();
    expect(getsockopt(fd, SOL_SOCKET, SO_TYPE)).toBe(SOCK_STREAM);
    expect(getsockopt(fd, SOL_SOCKET, SO_ERROR)).toBe(0);
    expect(
      thrownBy(() => {
        setsockopt(fd, SOL_SOCKET, SO_TYPE, 1);
      }).code,
    ).toBe('ENOPROTOOPT');
  });

  test('refuse an option that does not exist: ENOPROTOOPT', () => {
    expect(thrownBy(() => getsockopt(tcp(), SOL_SOCKET, 9999))).toMatchObject({
      code: 'ENOPROTOOPT',
      syscall: 'getsockopt',
    });
    expect(
      thrownBy(() => {
        setsockopt(tcp(), IPPROTO_TCP, 9999, 1);
      }),
    ).toMatchObject({ code: 'ENOPROTOOPT', syscall: 'setsockopt' });
  });
});

describe('an option that is a string', () => {
  const linux = process.platform === 'linux' ? test : test.skip;
  const where = process.platform === 'linux' ? '' : ': skipped, Linux only';

  linux(`is set as one, and read back without zero bytes${where}`, () => {
    const fd = tcp();
    setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, 'reno');
    expect(getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION)).toBe('reno');
    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, 'lo');
    expect(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE)).toBe('lo');
    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, '');
    expect(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE)).toBe('');
    expect(getsockopt(fd, IPPROTO_TCP, TCP_ULP)).toBe('');
    expect(getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, 16)).toHaveLength(16);
  });

  linux(`takes no string that C would cut, and others take none${where}`, () => {
    const fd = tcp();
    expect(thrownBy(() => setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, 're\0no'))).toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
    });
    expect(thrownBy(() => setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, 'no such'))).toMatchObject({ code: 'ENOENT' });
    expect(thrownBy(() => setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 'on' as never))).toMatchObject({
      code: 'ERR_INVALID_ARG_TYPE',
    });
  });
});

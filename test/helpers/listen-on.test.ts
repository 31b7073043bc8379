import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { listen } from 'bsd-sockets/promises';
import { openSockets } from '../support/peers.js';
import { runScript } from '../support/scripts.js';
import { closing, LOOPBACK, tcp, thrownBy } from '../support/sockets.js';

const portOf = (fd: number): number => (s.getsockname(fd) as s.IPv4Address).port;

/** Does a client of this family get through? */
function answers(family: 'IPv4' | 'IPv6', port: number): boolean {
  const client = tcp(family === 'IPv4' ? s.AF_INET : s.AF_INET6);
  try {
    s.connect(client, { family, address: family === 'IPv4' ? '127.0.0.1' : '::1', port });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
    return false;
  }
}

const hasIPv6 = ((): boolean => {
  try {
    s.close(s.listenOn({ family: 'IPv6', address: '::1', port: 0 }));
    return true;
  } catch {
    return false;
  }
})();
const onIPv6 = hasIPv6 ? test : test.skip;
const lacking = hasIPv6 ? '' : ' (skipped: no IPv6 here)';

describe('listenOn', () => {
  test('listens, and sets no option that was not asked for', () => {
    const fd = closing(s.listenOn(LOOPBACK));
    expect(answers('IPv4', portOf(fd))).toBe(true);
    closing(s.accept(fd).fd);
    for (const option of [s.SO_REUSEADDR, s.SO_REUSEPORT]) expect(s.getsockopt(fd, s.SOL_SOCKET, option)).toBe(0);
    expect(s.fcntl(fd, s.F_GETFD) & s.FD_CLOEXEC).toBe(s.FD_CLOEXEC);
  });

  test('sets the options that it was asked for', () => {
    const fd = closing(s.listenOn(LOOPBACK, { reuseAddress: true, reusePort: true, backlog: 3 }));
    for (const option of [s.SO_REUSEADDR, s.SO_REUSEPORT]) expect(s.getsockopt(fd, s.SOL_SOCKET, option)).not.toBe(0);
  });

  onIPv6(`with a port alone serves IPv6 and IPv4; with v6Only IPv6 alone${lacking}`, () => {
    const both = closing(s.listenOn(0));
    expect([answers('IPv4', portOf(both)), answers('IPv6', portOf(both))]).toEqual([true, true]);
    const one = closing(s.listenOn(0, { v6Only: true }));
    expect([answers('IPv4', portOf(one)), answers('IPv6', portOf(one))]).toEqual([false, true]);
    const promised = listen(0);
    expect(answers('IPv4', (promised.getsockname() as s.IPv4Address).port)).toBe(true);
    promised.close();
  });

  test('with a port alone serves IPv4 where the system has no IPv6', async () => {
    const { stdout } = await runScript(`
      import { native } from './dist/lib/native.js';
      import * as s from './dist/lib/index.js';
      const { socket } = native;
      native.socket = (domain, ...rest) => (domain === s.AF_INET6 ? -native.errnos.EAFNOSUPPORT : socket(domain, ...rest));
      console.log(s.getsockname(s.listenOn(0)).address);`).ended;
    expect(stdout).toBe('0.0.0.0\n');
  });

  test('that fails leaves nothing open, and tells the error of the call', () => {
    const address = s.getsockname(closing(s.listenOn(LOOPBACK)));
    const before = openSockets();
    expect(thrownBy(() => s.listenOn(address))).toMatchObject({ code: 'EADDRINUSE', syscall: 'bind' });
    expect(thrownBy(() => s.listenOn(LOOPBACK, { type: s.SOCK_DGRAM })).code).toBe('EOPNOTSUPP');
    expect(openSockets()).toEqual(before);
  });

  test('refuses arguments that make no sense, and leaves nothing open', () => {
    const before = openSockets();
    for (const port of [-1, 65536, NaN, 1.5, 2 ** 31]) {
      expect(thrownBy(() => s.listenOn(port)).code).toBe('ERR_SOCKET_BAD_PORT');
    }
    expect(thrownBy(() => s.listenOn('8080' as never)).code).toBe('ERR_INVALID_ARG_TYPE');
    expect(thrownBy(() => s.listenOn({ family: 'none' } as never)).code).toBe('ERR_INVALID_ARG_VALUE');
    expect(thrownBy(() => s.listenOn(0, null as never)).code).toBe('ERR_INVALID_ARG_TYPE');
    for (const key of ['reuseAddress', 'reusePort', 'v6Only', 'backlog', 'type']) {
      expect(thrownBy(() => s.listenOn(0, { [key]: 'yes' })).code).toBe('ERR_INVALID_ARG_TYPE');
    }
    for (const backlog of [NaN, 1.5, 2 ** 31]) {
      expect(thrownBy(() => s.listenOn(0, { backlog })).code).toBe('ERR_OUT_OF_RANGE');
    }
    expect(openSockets()).toEqual(before);
  });
});

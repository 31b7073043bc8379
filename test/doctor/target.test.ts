import { describe, expect, test } from '@jest/globals';
import { why } from 'bsd-sockets/doctor';
import { thrownBy } from '../support/sockets.js';
import { bound, portOf } from './situations.js';

describe('why refuses a mistake in its arguments:', () => {
  test.each([
    [0, {}, 'ERR_OUT_OF_RANGE'],
    [65536, {}, 'ERR_SOCKET_BAD_PORT'],
    [NaN, {}, 'ERR_SOCKET_BAD_PORT'],
    ['80', {}, 'ERR_INVALID_ARG_TYPE'],
    [null, {}, 'ERR_INVALID_ARG_TYPE'],
    [{}, {}, 'ERR_SOCKET_BAD_PORT'],
    [{ port: 80, address: 'localhost' }, {}, 'ERR_INVALID_IP_ADDRESS'],
    [{ port: 80, address: 7 }, {}, 'ERR_INVALID_ARG_TYPE'],
    [{ port: 80, address: '::1', family: 'IPv4' }, {}, 'ERR_INVALID_IP_ADDRESS'],
    [{ port: 80, family: 'Unix' }, {}, 'ERR_INVALID_ARG_VALUE'],
    [{ path: '' }, {}, 'ERR_INVALID_ARG_VALUE'],
    [{ path: 7 }, {}, 'ERR_INVALID_ARG_TYPE'],
    [{ path: 'x'.repeat(200) }, {}, 'ERR_INVALID_ARG_VALUE'],
    [{ path: 'x', family: 'IPv4' }, {}, 'ERR_INVALID_ARG_VALUE'],
    [80, { protocol: 'sctp' }, 'ERR_INVALID_ARG_VALUE'],
    [80, null, 'ERR_INVALID_ARG_TYPE'],
  ])('%j, %j: %s', (place, options, code) => {
    const given: [never, never] = [place as never, options as never];
    expect(thrownBy(() => why(...given)).code).toBe(code);
  });

  test('but takes an address as server.address() returns it', () => {
    const fd = bound();
    expect(why({ port: portOf(fd), address: '127.0.0.1', family: 'IPv4' })).toMatchObject({
      host: '127.0.0.1',
      binds: { none: 'EADDRINUSE' },
    });
  });
});

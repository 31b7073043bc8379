import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { thrownBy } from './support/sockets.js';

describe('the byte order', () => {
  test.each([
    ['htons', 'ntohs', Uint16Array, [0, 1, 80, 0x1234, 0xff00, 0xffff]],
    ['htonl', 'ntohl', Uint32Array, [0, 1, 0x12345678, 0x80000000, 0xff000000, 0xffffffff]],
  ] as const)('of %s is the network, and %s undoes it', (there, back, Words, values) => {
    for (const value of values) {
      const bytes = Buffer.from(new Words([s[there](value)]).buffer);
      expect(bytes.readUIntBE(0, bytes.length)).toBe(value);
      expect(s[back](s[there](value))).toBe(value);
    }
    const most = 2 ** (8 * Words.BYTES_PER_ELEMENT);
    for (const call of [s[there], s[back]]) {
      for (const wrong of [-1, most, 0.5, NaN]) expect(thrownBy(() => call(wrong)).code).toBe('ERR_OUT_OF_RANGE');
      expect(thrownBy(() => call('1' as never)).code).toBe('ERR_INVALID_ARG_TYPE');
    }
  });
});

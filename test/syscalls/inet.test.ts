import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { thrownBy } from '../support/sockets.js';

const SYS = '/sys/class/net';
const linux = process.platform === 'linux';

describe('if_nameindex', () => {
  (linux ? test : test.skip)(`lists what the kernel lists${linux ? '' : ' (skipped: this is not Linux)'}`, () => {
    const kernel = readdirSync(SYS)
      .filter((name) => !name.startsWith('bonding_'))
      .map((name) => ({ index: Number(readFileSync(`${SYS}/${name}/ifindex`, 'utf8')), name }));
    const byIndex = (a: s.InterfaceName, b: s.InterfaceName): number => a.index - b.index;
    expect(s.if_nameindex().sort(byIndex)).toEqual(kernel.sort(byIndex));
  });

  test('lists every interface with an address, and its names and indexes are those of the other two', () => {
    const list = s.if_nameindex();
    expect(list.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(networkInterfaces())));
    for (const { index, name } of list) {
      expect([s.if_nametoindex(name), s.if_indextoname(index)]).toEqual([index, name]);
    }
  });
});

test('if_indextoname takes every index of C, and answers ENXIO where there is none', () => {
  for (const index of [0, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]) {
    expect(thrownBy(() => s.if_indextoname(index)).code).toBe('ENXIO');
  }
  for (const index of [-1, 2 ** 32, 1.5]) expect(thrownBy(() => s.if_indextoname(index)).code).toBe('ERR_OUT_OF_RANGE');
});

describe('inet_aton', () => {
  test.each([
    ['127.0.0.1', [127, 0, 0, 1]],
    ['127.1', [127, 0, 0, 1]],
    ['10.1.2', [10, 1, 0, 2]],
    ['0x7f.0.0.010', [127, 0, 0, 8]],
    ['2130706433', [127, 0, 0, 1]],
    ['255.255.255.255', [255, 255, 255, 255]],
  ])('takes %s', (text, bytes) => {
    expect(s.inet_aton(text)).toEqual(Buffer.from(bytes));
    expect(s.inet_ntoa(s.inet_aton(text) as Buffer)).toBe(bytes.join('.'));
  });

  test.each(['', 'localhost', '256.0.0.1', '1.2.3.4.5', '::1', '4294967296'])('knows that %p is no address', (text) => {
    expect(s.inet_aton(text)).toBeNull();
  });

  test('refuses what is no text, and inet_ntoa what is not four bytes', () => {
    expect(thrownBy(() => s.inet_aton(1 as never)).code).toBe('ERR_INVALID_ARG_TYPE');
    expect(thrownBy(() => s.inet_aton('1.2.3.4\0')).code).toBe('ERR_INVALID_ARG_VALUE');
    expect(thrownBy(() => s.inet_ntoa(Buffer.alloc(5))).code).toBe('ERR_INVALID_ARG_VALUE');
    expect(thrownBy(() => s.inet_ntoa('1.2.3.4' as never)).code).toBe('ERR_INVALID_ARG_TYPE');
  });
});

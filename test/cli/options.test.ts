import { describe, expect, test } from '@jest/globals';
import { InvalidArgumentError } from 'commander';
import { parseHost, parsePort, resolveHost } from '../../lib/cli/options.js';

describe('parsePort', () => {
  test.each([
    ['0', 0],
    ['80', 80],
    ['65535', 65535],
  ])('takes %s', (text, port) => {
    expect(parsePort(text)).toBe(port);
  });

  test.each([
    '',
    ' ',
    '80x',
    '1e3',
    '0x50',
    '+80',
    '-1',
    '80.0',
    '65536',
    '99999',
    '000080',
    '\u0668\u0660',
    ' 80',
    '80\n',
  ])('refuses %j', (text) => {
    expect(() => parsePort(text)).toThrow(InvalidArgumentError);
  });
});

describe('parseHost', () => {
  test.each(['', ' '])('refuses %j', (text) => {
    expect(() => parseHost(text)).toThrow(InvalidArgumentError);
  });
});

describe('resolveHost', () => {
  test.each(['0.0.0.0', '::1', 'fe80::1%lo'])('leaves the address %s as it is', async (host) => {
    expect(await resolveHost(host)).toBe(host);
  });

  test('fails for a name without an address as a step of the program does', async () => {
    await expect(resolveHost('no..name')).rejects.toMatchObject({ step: 'host lookup failed' });
  });
});

import { expect, test } from '@jest/globals';
import * as net from 'node:net';
import { isIP } from '../lib/ip.js';

test.each([
  '127.0.0.1',
  '01.2.3.4',
  '1.2.3',
  '256.1.1.1',
  '::1',
  '::ffff:1.2.3.4',
  'fe80::1%eth0',
  'fe80::1%',
  'fe80::1%a%b',
  '1.2.3.4\0x',
  '::1\0',
  ' ::1',
  '',
  'localhost',
  'x'.repeat(100_000),
])('isIP answers as that of node:net (%#)', (text) => {
  expect(isIP(text)).toBe(net.isIP(text));
});

test.each([undefined, null, 5, {}])('%j is no IP address', (value) => {
  expect(isIP(value)).toBe(0);
});

import { describe, expect, test } from '@jest/globals';
import { printable } from '../lib/printable.js';

describe('printable', () => {
  test('leaves text as it is: accents, emoji, a backslash', () => {
    expect(printable('héllo 👩‍🚀 a\\b')).toBe('héllo 👩‍🚀 a\\b');
  });

  test('escapes control characters, C1 too, and what turns the direction of text', () => {
    expect(printable('\x1b[2Ja\nb\x7f\u009b\u202e')).toBe('\\x1b[2Ja\\x0ab\\x7f\\x9b\\u202e');
  });
});

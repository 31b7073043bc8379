import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { printable, quotedForShell } from '../lib/printable.js';

describe('text of others', () => {
  test.each([
    0x00, 0x1b, 0x7f, 0x9b, 0xad, 0x34f, 0x61c, 0x115f, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x202e,
    0x2060, 0x2066, 0x3164, 0xfeff, 0xfff9, 0xd800, 0xe0041,
  ])('shows U+%i', (code) => {
    const shown = printable(`a${String.fromCodePoint(code)}b`);
    expect(shown).toMatch(/^a\\(x|u)\{?[0-9a-f]+\}?b$/);
    expect(printable(shown)).toBe(shown);
  });

  test('stays as it is where all of it can be seen', () => {
    for (const text of ['node server.js --port=3000', 'grüße, мир, 世界, שלום, مرحبا, 👋'])
      expect(printable(text)).toBe(text);
  });
});

const hasBash = ((): boolean => {
  try {
    return execFileSync('bash', ['-c', 'echo yes'], { encoding: 'utf8' }) === 'yes\n';
  } catch {
    return false;
  }
})();
(hasBash ? test : test.skip)(`a word is the same word to a shell${hasBash ? '' : ' (skipped: no bash here)'}`, () => {
  for (const word of ['plain', "it's $HOME", '-rf', 'a b', 'tab\there', "\u001b[2J\u202e\\ 'x'", 'zero\u200bwidth']) {
    expect(execFileSync('bash', ['-c', `printf %s ${quotedForShell(word)}`], { encoding: 'utf8' })).toBe(word);
  }
});

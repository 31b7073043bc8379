import { describe, expect, test } from '@jest/globals';
import { columns, languageOf, padColumns, wrapColumns } from '../lib/language.js';

describe('the language of reports', () => {
  test.each([
    [{}, 'en'],
    [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LANG: 'zh' }, 'zh'],
    [{ LANG: 'zhuang' }, 'en'],
    [{ LANG: 'zh_TW', LC_MESSAGES: 'en_US.UTF-8' }, 'en'],
    [{ LANG: 'en_US', LC_ALL: 'zh_CN' }, 'zh'],
    [{ LANG: 'zh_CN', LC_ALL: '' }, 'zh'],
    [{ LANG: 'zh_CN', LC_ALL: 'C' }, 'en'],
  ])('is for the environment %j %s', (environment, language) => {
    expect(languageOf(environment)).toBe(language);
  });
});

describe('text with Chinese in it', () => {
  test('takes two columns for each Chinese character', () => {
    expect(columns('bind 成功。')).toBe(11);
    expect(padColumns('开', 4)).toBe('开  ');
  });

  test('is broken between characters, not in words and not before punctuation', () => {
    const text = '服务器调用 bind() 时，内核回答 EADDRINUSE（地址已被占用）。';
    for (let width = 12; width < 60; width++) {
      const lines = wrapColumns(text, width);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      for (const line of lines) {
        expect(line).not.toMatch(/^[，。）]/);
        expect(line).not.toMatch(/（$/);
        // A piece may have punctuation behind it that does not fit.
        expect(columns(line)).toBeLessThanOrEqual(Math.max(width, columns('EADDRINUSE')));
      }
      expect(lines.join('\n')).toContain('EADDRINUSE');
    }
  });
});

/** The pages in Chinese: they show what the English ones show, and no English. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { comparePage } from '../../lib/reuse/html/compare-page.js';
import { matrixPage } from '../../lib/reuse/html/matrix-page.js';
import { comparison } from './comparisons.js';
import { matrix } from './pages.js';
import { WAITED, withTimelines } from './timelines.js';

const CALLS = 'socket bind listen accept connect send recv read write close setsockopt getsockname listener connection';
/** What a Chinese reader of this subject meets in English. */
const TERMS = new Set(
  `${CALLS} ms bsd-sockets compare matrix reuseaddr reuseport ok unknown tcp udp Linux Tab`.split(' '),
);

const bodyOf = (page: string): string => page.slice(page.indexOf('<title>')).replace(/<style.*?<\/style>/gs, '');
const tagsOf = (page: string): string[] => bodyOf(page).match(/<\/?[a-z]\w*/gi) ?? [];
const wordsOf = (page: string): string[] => [
  ...[...bodyOf(page).matchAll(/ (?:aria-label|title)="([^"]*)"/g)].map(([, text = '']) => text),
  ...bodyOf(page).split(/<[^>]*>/),
];
/** Words of small letters that are no term. Names of constants, states, protocols and systems have capitals. */
const english = (page: string): string[] =>
  wordsOf(page)
    .flatMap((text) => text.replace(/&#?\w+;/g, ' ').match(/(?<![\w-])[a-z][a-z-]+(?![\w-])|\b[A-Z][a-z]+\b/g) ?? [])
    .filter((word) => !TERMS.has(word));

describe.each(['compare', 'matrix'])('the page of %s in Chinese', (name) => {
  const made = withTimelines(comparison('no no no ok'));
  const pages = { en: '', zh: '' };
  beforeAll(async () => {
    for (const language of ['en', 'zh'] as const) {
      pages[language] =
        name === 'compare' ? await comparePage(made, WAITED, language) : await matrixPage(matrix(), language);
    }
  });

  test('says that it is Chinese, and the English one that it is English', () => {
    expect(pages.zh).toContain('<html lang="zh">');
    expect(pages.en).toContain('<html lang="en">');
  });

  test('has no English words but those of the system', () => {
    expect([...new Set(english(pages.zh))].filter((word) => !/^(Address|already|in|use)$/.test(word))).toEqual([]);
    expect(english(pages.en).length).toBeGreaterThan(100);
  });

  test('shows the same, in the same order', () => {
    const withoutCode = (page: string): string[] => tagsOf(page).filter((tag) => !/code|strong/.test(tag));
    expect(withoutCode(pages.zh)).toEqual(withoutCode(pages.en));
  });

  test('gives the same numbers', () => {
    const numbers = (page: string): string[] =>
      wordsOf(page)
        .flatMap((text) => text.match(/\d+\.\d+/g) ?? [])
        .sort();
    expect(numbers(pages.zh)).toEqual(numbers(pages.en));
  });
});

test('the Chinese page of a comparison explains TIME_WAIT, in the words of the terminal', async () => {
  const page = await comparePage(withTimelines(comparison('no no no ok')), WAITED, 'zh');
  expect(page).toContain('先关闭的一方要在 TIME_WAIT 状态下把这个连接再记住一段时间');
  expect(page).toContain('拒绝 bind 的是内核');
  expect(page).toContain('<h1>前后两次运行都设置 SO_REUSEADDR，重启的服务器才能拿回端口</h1>');
});

test('each outcome has a headline in Chinese', async () => {
  for (let bits = 0; bits < 16; bits++) {
    const outcome = [8, 4, 2, 1].map((bit) => (bits & bit ? 'ok' : 'no')).join(' ');
    expect(await comparePage(comparison(outcome), undefined, 'zh')).toMatch(/<h1>[^<]*端口[^<]*<\/h1>/);
  }
});

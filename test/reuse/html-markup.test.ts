import { describe, expect, test } from '@jest/globals';
import { html, Markup, type Content } from '../../lib/reuse/html/markup.js';
import { draw } from '../../lib/reuse/html/plot.js';
import { DARK, LIGHT, type Palette } from '../../lib/reuse/html/style.js';
import { HOSTILE } from './pages.js';

describe('the template for HTML', () => {
  test('escapes texts, in content and in attributes', () => {
    expect(html`<p title="${`"'`}">${'<b>&'}</p>`.text).toBe('<p title="&quot;&#39;">&lt;b&gt;&amp;</p>');
  });

  test('takes HTML that is finished, lists, numbers, and nothing', () => {
    const list: Content[] = [new Markup('<b>1</b>'), 2, ['<'], false, undefined];
    expect(html`<p>${list}</p>`.text).toBe('<p><b>1</b>2&lt;</p>');
  });
});

describe('a chart', () => {
  test('is one picture with a description, and escapes what it is given', async () => {
    const { text } = await draw(HOSTILE, ({ text: words }) => ({
      marks: [words([{ text: HOSTILE, title: HOSTILE }], { text: 'text', title: 'title', frameAnchor: 'middle' })],
    }));
    expect(text).toMatch(/^<svg [^>]*role="img"/);
    expect(text).not.toContain('<script');
    expect(text).not.toContain('<img');
    expect(text).toContain('&lt;script');
  });
});

/** The contrast of two colours: WCAG 2.2, from 1 to 21. */
function contrast(one: string, other: string): number {
  const luminance = (color: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const value = parseInt(color.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe.each<[string, Palette]>([
  ['light', LIGHT],
  ['dark', DARK],
])('the %s colours', (_, palette) => {
  const color = (name: string): string => palette[name] ?? '';
  const states = ['listen', 'established', 'wait', 'other'];

  test.each([
    ...['ink', 'muted', 'good', 'bad'].flatMap((text) => ['page', 'card', 'band'].map((under) => [text, under])),
    ...[...states, 'good-pale', 'bad-pale'].map((under) => ['ink', under]),
    ['good', 'good-pale'],
    ['bad', 'bad-pale'],
  ])('can be read: %s on %s has a contrast of 4.5 or more', (text, under) => {
    expect(contrast(color(text), color(under))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(states)('can be told from the page: the edge of %s has a contrast of 3 or more', (state) => {
    expect(contrast(color(`${state}-edge`), color('card'))).toBeGreaterThanOrEqual(3);
  });
});

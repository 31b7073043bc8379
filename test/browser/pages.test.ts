import { beforeAll, describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparePage } from '../../lib/reuse/html/compare-page.js';
import { matrixPage } from '../../lib/reuse/html/matrix-page.js';
import { comparison } from '../reuse/comparisons.js';
import { matrix } from '../reuse/pages.js';
import { WAITED, withTimelines } from '../reuse/timelines.js';
import { temporaryFolder } from '../support/programs.js';
import { BROWSER, faults, LIMIT_MS, noBrowser, open, SCHEMES, withBrowser, type Opened, type Page } from './browser.js';

const inBrowser = BROWSER === undefined ? test.skip : test;

withBrowser();
const files = { compare: '', matrix: '', 'compare --lang zh': '', 'matrix --lang zh': '' };

beforeAll(async () => {
  if (BROWSER === undefined) return;
  const folder = temporaryFolder();
  const write = (name: keyof typeof files, text: string): void => {
    files[name] = join(folder, `${name}.html`);
    writeFileSync(files[name], text);
  };
  const compared = withTimelines(comparison('no no no ok'));
  write('compare', await comparePage(compared, WAITED));
  write('matrix', await matrixPage(matrix()));
  write('compare --lang zh', await comparePage(compared, WAITED, 'zh'));
  write('matrix --lang zh', await matrixPage(matrix(), 'zh'));
}, LIMIT_MS);

/** Is there more on the page than the window is wide? */
async function overflow(page: Page): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
}

describe.each(Object.keys(files) as (keyof typeof files)[])('the page of %s in a browser', (name) => {
  let opened: Opened;
  beforeAll(async () => {
    if (BROWSER !== undefined) opened = await open(files[name], 1280);
  }, LIMIT_MS);

  inBrowser(
    `has no text that is cut off in its charts${noBrowser}`,
    async () => {
      const cut = await opened.page.evaluate(`[...document.querySelectorAll('svg text')].filter((text) => {
        const [inner, outer] = [text, text.ownerSVGElement].map((element) => element.getBoundingClientRect());
        return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1;
      }).map((text) => text.textContent)`);
      expect(cut).toEqual([]);
    },
    LIMIT_MS,
  );

  inBrowser(
    `is dark on dark screens, light on light ones and on paper${noBrowser}`,
    async () => {
      const { page } = opened;
      const background = 'getComputedStyle(document.body).backgroundColor';
      const colors: unknown[] = [];
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ media: 'screen', colorScheme });
        colors.push(await page.evaluate(background));
        await page.emulateMedia({ media: 'print', colorScheme });
        expect(await page.evaluate(background)).toBe('rgb(255, 255, 255)');
      }
      expect(colors[0]).toBe('rgb(255, 255, 255)');
      expect(colors[1]).not.toBe(colors[0]);
    },
    LIMIT_MS,
  );

  inBrowser.each([390, 1280])(
    `fits a window of %i pixels, with everything unfolded too${noBrowser}`,
    async (width) => {
      const { page } = opened;
      await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
      await page.setViewportSize({ width, height: 800 });
      for (const open of ['false', 'true']) {
        await page.evaluate(`document.querySelectorAll('details').forEach((one) => (one.open = ${open}))`);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
      }
    },
    LIMIT_MS,
  );

  inBrowser.each(SCHEMES)(
    `has nothing that axe finds fault with: %s${noBrowser}`,
    async (colorScheme) => {
      const { page } = opened;
      await page.emulateMedia({ media: 'screen', colorScheme });
      await page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))");
      expect(await faults(opened)).toEqual([]);
    },
    LIMIT_MS,
  );

  inBrowser(
    `has opened from its file with nothing on the console, and asked for nothing else, light or dark${noBrowser}`,
    async () => {
      const { page, said, requests, url } = opened;
      await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
      await page.evaluate('document.fonts.ready.then(() => true)');
      expect({ said, requests }).toEqual({ said: [], requests: [url] });
      await page.close();
    },
    LIMIT_MS,
  );
});

describe('a screen reader', () => {
  inBrowser(
    `finds on the page of compare headings, pictures with words, and tables with captions${noBrowser}`,
    async () => {
      const { page } = await open(files.compare, 1280);
      await page.locator('summary').first().click();
      const snapshot = await page.locator('body').ariaSnapshot();
      expect(snapshot).toMatch(/heading "A restarted server gets its port back only .*" \[level=1\]/);
      expect(snapshot).toContain('heading "The four restarts, moment by moment" [level=2]');
      expect(snapshot).toContain('off, then off: ✗ EADDRINUSE" [level=3]');
      expect(snapshot).toContain('table "Did the restart get the port?');
      expect(snapshot).toContain('table "Calls and states, flag off, then off');
      expect(snapshot).toMatch(/img "Timeline of port \d+, flag off, then off, .*: EADDRINUSE\./);
      await page.close();
    },
    LIMIT_MS,
  );

  inBrowser(
    `finds on the page of the matrix headings, tables with captions, and cells that say what they are${noBrowser}`,
    async () => {
      const { page } = await open(files.matrix, 1280);
      await page.locator('summary').click();
      const snapshot = await page.locator('body').ariaSnapshot();
      expect(snapshot).toMatch(/heading "A second socket on the same port.*" \[level=1\]/);
      expect(snapshot).toContain('table "The old socket and its flags');
      expect(snapshot).toContain('table "What this kernel did, and what the model says"');
      expect(snapshot).toContain('rowheader "TIME_WAIT"');
      expect(snapshot).toContain('radio "TIME_WAIT with SO_REUSEADDR, new socket with no flag: EADDRINUSE from bind"');
      await page.close();
    },
    LIMIT_MS,
  );
});

describe('a cell of the matrix', () => {
  inBrowser(
    `shows its reason when it has the focus, and arrow keys go to the next${noBrowser}`,
    async () => {
      const { page } = await open(files.matrix, 390);
      const cells = page.locator('td:has(input)');
      const reasons = page.locator('.reason:visible');
      expect(await cells.count()).toBe(40);
      expect(await reasons.count()).toBe(0);
      await page.locator('td input').first().focus();
      expect(await reasons.count()).toBe(1);
      const first = await reasons.textContent();
      expect(first).toContain('LISTEN with no flag, new socket with no flag: ok. The model says something else');
      await page.keyboard.press('ArrowRight');
      expect(await reasons.count()).toBe(1);
      expect(await reasons.textContent()).toContain('new socket with SO_REUSEADDR');
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await page.close();
    },
    LIMIT_MS,
  );

  inBrowser(
    `shows its reason when it is pointed at${noBrowser}`,
    async () => {
      const { page } = await open(files.matrix, 1280);
      const cell = page.locator('td.differs').first();
      expect(await cell.locator('.reason').isVisible()).toBe(false);
      await cell.hover();
      expect(await cell.locator('.reason').isVisible()).toBe(true);
      await page.close();
    },
    LIMIT_MS,
  );
});

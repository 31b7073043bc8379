import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageOf } from '../../lib/lab/page/page.js';
import type { Recording } from '../../lib/lab/protocol.js';
import { startLab, type Lab } from '../../lib/lab/server/lab-server.js';
import { STORIES } from '../../lib/lab/stories/index.js';
import { LANGUAGES } from '../../lib/language.js';
import { temporaryFolder } from '../support/programs.js';
import { until } from '../support/until.js';
import {
  BROWSER,
  faults,
  LIMIT_MS,
  noBrowser,
  open,
  SCHEMES,
  withBrowser,
  type Opened,
  type Scheme,
} from './browser.js';

const isLinux = process.platform === 'linux';
const inBrowser = BROWSER !== undefined && isLinux ? test : test.skip;
const only = isLinux ? noBrowser : ' (skipped: only Linux has sock_diag)';

withBrowser();
let lab: Lab;
beforeAll(async () => {
  if (BROWSER === undefined || !isLinux) return;
  lab = await startLab(0, 'en');
}, LIMIT_MS);
afterAll(async () => {
  if (BROWSER === undefined || !isLinux) return;
  await lab.close();
}, LIMIT_MS);

/** Opens the page, and waits until its processes are there. */
async function opened(width = 1280, scheme: Scheme = 'light', address = lab.url): Promise<Opened> {
  const page = await open(address, width, scheme);
  await appears(page, "document.querySelectorAll('.offers button:enabled').length === 4");
  return page;
}

/** Waits until an expression is true in the page: it looks again when the page has changed. */
async function appears({ page }: Opened, expression: string): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const isTrue = () => Boolean(${expression});
    if (isTrue()) return resolve();
    const observer = new MutationObserver(() => {
      if (!isTrue()) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  })`);
}

const choose = ({ page }: Opened, name: 'story' | 'language', value: string): Promise<unknown> =>
  page.evaluate(`{
    const select = document.querySelector('select[name=${name}]');
    select.value = ${JSON.stringify(value)};
    select.dispatchEvent(new Event('change', { bubbles: true }));
  }`);

const click = ({ page }: Opened, text: string): Promise<unknown> =>
  page.evaluate(
    `[...document.querySelectorAll('button')].find((one) => one.textContent.startsWith(${JSON.stringify(text)})).click()`,
  );

const texts = ({ page }: Opened, selector: string): Promise<unknown> =>
  page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => one.textContent)`);

/** Plays a story to its end. */
async function play(page: Opened, story: string): Promise<void> {
  await choose(page, 'story', story);
  await appears(page, "document.querySelector('.player button.primary:enabled') !== null");
  await click(page, 'Play all');
  await appears(page, "document.querySelector('.moral, .trouble') !== null");
}

describe('the page of the lab', () => {
  let reader: Opened;
  beforeAll(async () => {
    if (BROWSER !== undefined && isLinux) reader = await opened();
  }, LIMIT_MS);

  inBrowser.each(STORIES.map(({ id }) => id))(
    `plays the story %s to its end, and nothing is otherwise than it says${only}`,
    async (id) => {
      await play(reader, id);
      expect([await texts(reader, '.trouble'), reader.said]).toEqual([[], []]);
    },
    LIMIT_MS,
  );

  inBrowser(
    `lights the states that the kernel lists, and answers why a call failed${only}`,
    async () => {
      await play(reader, 'failed-restart');
      expect(await texts(reader, '.node.lit text')).toEqual(['TIME_WAIT']);
      expect(await texts(reader, '.calls .failed .outcome')).toEqual([expect.stringContaining('EADDRINUSE (98)')]);
      await click(reader, 'Why did that fail?');
      await appears(reader, "/TIME_WAIT/.test(document.querySelector('.answer')?.textContent)");
      await reader.page.close();
    },
    LIMIT_MS,
  );

  inBrowser(
    `makes the calls of its buttons, and shows results, sockets and variables${only}`,
    async () => {
      const page = await opened();
      for (const [column, button, done] of [
        ['server', 'socket', 1],
        ['server', 'bind', 2],
        ['server', 'listen', 3],
        ['client', 'socket', 1],
        ['client', 'connect', 2],
        ['server', 'accept', 4],
      ] as const) {
        await page.page.evaluate(
          `[...document.querySelectorAll('.${column} .offers button')].find((one) => one.textContent === '${button}').click()`,
        );
        await appears(page, `document.querySelectorAll('.${column} .calls .done').length === ${String(done)}`);
      }
      await appears(page, "document.querySelectorAll('.sockets li').length === 3");
      expect(await texts(page, '.client .offers li:first-child code')).toEqual([
        'C int client2 = socket(AF_INET, SOCK_STREAM, 0);',
        'TS const client2 = socket(AF_INET, SOCK_STREAM);',
      ]);
      expect(await texts(page, '.sockets strong')).toEqual(expect.arrayContaining(['LISTEN', 'ESTABLISHED']));
      expect(await texts(page, '.server .choice option')).toEqual([
        expect.stringMatching(/^listener = \d+$/),
        expect.stringMatching(/^connection = \d+$/),
      ]);
      await page.page.close();
    },
    LIMIT_MS,
  );

  inBrowser.each(SCHEMES)(
    `has nothing that axe finds fault with, and nothing beside the window: %s${only}`,
    async (scheme) => {
      const page = await opened(1280, scheme);
      await play(page, 'off-and-on');
      await click(page, 'Why');
      await appears(page, "/TIME_WAIT/.test(document.querySelector('.answer')?.textContent)");
      for (const language of LANGUAGES) {
        await choose(page, 'language', language);
        await appears(page, `document.documentElement.lang === '${language}'`);
        expect(await faults(page)).toEqual([]);
      }
      for (const width of [390, 800, 1280, 1600]) {
        await page.page.setViewportSize({ width, height: 800 });
        expect([width, await page.page.evaluate('document.documentElement.scrollWidth - window.innerWidth')]).toEqual([
          width,
          0,
        ]);
      }
      await page.page.close();
    },
    LIMIT_MS,
  );

  inBrowser(
    `is played by keyboard alone${only}`,
    async () => {
      const page = await opened();
      const press = async (key: string): Promise<unknown> => {
        await page.page.keyboard.press(key);
        return page.page.evaluate('document.activeElement.textContent');
      };
      await page.page.evaluate("document.querySelector('select[name=language]').focus()");
      for (let tabs = 0; tabs < 20 && (await press('Tab')) !== 'socket'; tabs++);
      await press('Enter');
      await appears(page, "document.querySelectorAll('.server .calls .done').length === 1");
      await page.page.close();
    },
    LIMIT_MS,
  );

  inBrowser(
    `has a session of its own in each of several pages, which ends with the page${only}`,
    async () => {
      const pages = [await opened(), await opened(), await opened()];
      const pids = await Promise.all(
        pages.map((page) => texts(page, '.server h3 small, .client h3 small') as Promise<string[]>),
      );
      const numbers = pids.flat().map((text) => Number(/\d+/.exec(text)?.[0]));
      expect(new Set(numbers).size).toBe(6);
      for (const { page } of pages) await page.close();
      await ended(numbers);
    },
    LIMIT_MS,
  );

  inBrowser(
    `is a file without a server, of a recording${only}`,
    async () => {
      const recording: Recording = {
        title: 'node <script>.mjs',
        recordedAt: '2026-11-27T00:00:00.000Z',
        system: 'Linux',
        events: [
          { kind: 'hello', atMs: 0, session: '', port: 0, kernel: true, packets: 'recording' },
          { kind: 'called', atMs: 1, call: 1, actor: 'main', c: 'bind(3, 127.0.0.1:80)', ts: 'bind(3, 127.0.0.1:80)' },
          {
            kind: 'returned',
            atMs: 2,
            call: 1,
            actor: 'main',
            durationMs: 1,
            error: { code: 'EACCES', errno: 13, message: 'permission denied' },
          },
        ],
      };
      const file = join(temporaryFolder(), 'recording.html');
      writeFileSync(file, pageOf({ language: 'en', recording }).html);
      const page = await open(file, 1280);
      expect(await texts(page, 'h1')).toEqual(['node <script>.mjs']);
      expect(await texts(page, '.calls .failed')).toEqual([expect.stringContaining('EACCES (13) permission denied')]);
      expect(await texts(page, '.offers button')).toEqual([]);
      expect(await faults(page)).toEqual([]);
      expect([page.said, page.requests]).toEqual([[], [page.url]]);
      await page.page.close();
    },
    LIMIT_MS,
  );
});

/** Resolves when none of the processes is there any more. */
async function ended(pids: readonly number[]): Promise<void> {
  const isThere = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await until(() => !pids.some(isThere));
}

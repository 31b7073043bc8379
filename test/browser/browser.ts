/** A real browser: Chromium or Chrome, driven by playwright-core, which brings none of its own. */
import { afterAll, beforeAll } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** First the Chromium that has no windows: it starts and draws with less work than the whole one. */
const PLACES = [
  ...['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser's program; undefined where there is none that runs. */
export const BROWSER = PLACES.find((place) => spawnSync(place, ['--version'], { timeout: 15_000 }).status === 0);

/** For the titles of tests that need one: why they are skipped. */
export const noBrowser =
  BROWSER === undefined
    ? ` (skipped: none of ${PLACES.filter((place) => place.startsWith('/usr/')).join(', ')} runs)`
    : '';

/** What we use of playwright: its own types need those of a browser. */
interface Playwright {
  chromium: { launch(options: { executablePath: string }): Promise<Browser> };
}

export const SCHEMES = ['light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];

interface Browser {
  newPage(options: {
    viewport: { width: number; height: number };
    colorScheme: Scheme;
    reducedMotion: 'reduce';
  }): Promise<Page>;
  close(): Promise<void>;
}

export interface Page {
  on(event: 'console' | 'pageerror' | 'request', listener: (what: Told) => void): void;
  goto(url: string): Promise<unknown>;
  /** Runs a script in the page. */
  evaluate(script: string): Promise<unknown>;
  emulateMedia(options: { media: 'print' | 'screen'; colorScheme: Scheme }): Promise<void>;
  locator(selector: string): Locator;
  readonly keyboard: { press(key: string): Promise<void> };
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  close(): Promise<void>;
}

export interface Locator {
  first(): Locator;
  locator(selector: string): Locator;
  count(): Promise<number>;
  focus(): Promise<void>;
  hover(): Promise<void>;
  click(): Promise<void>;
  isVisible(): Promise<boolean>;
  textContent(): Promise<string | null>;
  ariaSnapshot(): Promise<string>;
}

interface Told {
  text?: () => string;
  url?: () => string;
  message?: string;
}

/** To start a browser takes its time where everything is slow; a dropped SYN is sent again after one, three, seven seconds. */
export const LIMIT_MS = 90_000;

let browser: Browser;

/** Starts the browser before the tests of a file, and closes it after them. Its sandbox is off: as root there is none. */
export function withBrowser(): void {
  beforeAll(async () => {
    if (BROWSER === undefined) return;
    const { chromium } = createRequire(import.meta.url)('playwright-core') as Playwright;
    browser = await chromium.launch({ executablePath: BROWSER });
  }, LIMIT_MS);
  afterAll(async () => {
    if (BROWSER !== undefined) await browser.close();
  }, LIMIT_MS);
}

/** A page that was opened from a file: what it said on its console, and everything that it asked for. */
export interface Opened {
  page: Page;
  said: string[];
  requests: string[];
  url: string;
}

/** Opens a file, or an address, in a window of this width. */
export async function open(file: string, width: number, colorScheme: Scheme = 'light'): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme, reducedMotion: 'reduce' });
  const [said, requests]: [string[], string[]] = [[], []];
  page.on('console', (message) => said.push(message.text?.() ?? ''));
  page.on('pageerror', (error) => said.push(error.message ?? ''));
  page.on('request', (request) => requests.push(request.url?.() ?? ''));
  const url = /^https?:/.test(file) ? file : pathToFileURL(file).href;
  await page.goto(url);
  return { page, said, requests, url };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds fault with. */
export async function faults({ page }: Opened): Promise<unknown> {
  if (!(await page.evaluate('Boolean(window.axe)'))) await page.evaluate(AXE);
  return page.evaluate(
    "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => " +
      '`${impact} ${id}: ${nodes.map((node) => node.target.join(" ")).slice(0, 3).join("; ")}`))',
  );
}

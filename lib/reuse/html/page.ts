/** The frame of every page: one file that asks for nothing else. */
import { type Language, tellIn } from '../../language.js';
import { html, type Content, type Markup } from './markup.js';
import { styleElement } from './style.js';

/** What is on a page. */
export interface PageContent {
  readonly language: Language;
  /** For the window's title. */
  readonly title: string;
  /** The sentence at the top: what was found. */
  readonly headline: string;
  /** Where it was found, above the headline. */
  readonly origin: string;
  readonly style: string;
  readonly body: Content;
}

// The browser itself sees to it that nothing is fetched and no script runs.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** The whole document. */
export function page({ language, title, headline, origin, style, body }: PageContent): string {
  const head: Markup = html`<meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title}</title>
    ${styleElement(style)}`;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        ${head}
      </head>
      <body>
        <header>
          <p class="origin">${origin}</p>
          <h1>${headline}</h1>
        </header>
        <main>${body}</main>
        <footer>
          <p>
            ${tellIn(language)(
              'Made by bsd-sockets on the machine that it tells about. One file: it fetches nothing and runs no script.',
              '由 bsd-sockets 在本页所说的那台机器上生成。只有这一个文件：不从网络取任何东西，也不运行脚本。',
            )}
          </p>
        </footer>
      </body>
    </html> `.text;
}

/** Colours and the style sheet. The colours are told apart by the colour-blind too, and nothing is told by colour alone. */
import { html, Markup } from './markup.js';

const STATE_KINDS: Readonly<Record<string, string>> = {
  LISTEN: 'listen',
  ESTABLISHED: 'established',
  TIME_WAIT: 'wait',
};

/** The colours of a state: a pale one, on which text can be read, and a strong one for its edge. */
export function stateColors(state: string): { fill: string; stroke: string } {
  const kind = STATE_KINDS[state] ?? 'other';
  return { fill: `var(--${kind})`, stroke: `var(--${kind}-edge)` };
}

/** Colours by the names of their custom properties: `ink` is `--ink`. */
export type Palette = Readonly<Record<string, string>>;

export const LIGHT: Palette = {
  page: '#ffffff',
  card: '#ffffff',
  band: '#eceff3',
  ink: '#1b1f24',
  muted: '#57606a',
  line: '#8a939e',
  rule: '#d3d9e0',
  good: '#005a9c',
  'good-pale': '#dcedfb',
  bad: '#a63a00',
  'bad-pale': '#fdeadd',
  focus: '#005a9c',
  listen: '#d3e7f8',
  'listen-edge': '#3d85bd',
  established: '#cfefe3',
  'established-edge': '#1d8a68',
  wait: '#fcdfc6',
  'wait-edge': '#c2561a',
  other: '#e9ebee',
  'other-edge': '#77818c',
};
export const DARK: Palette = {
  page: '#12161b',
  card: '#181d23',
  band: '#2a313a',
  ink: '#e9edf1',
  muted: '#a9b4c0',
  line: '#7c8793',
  rule: '#3a434d',
  good: '#7cc0ff',
  'good-pale': '#14324d',
  bad: '#ffa36b',
  'bad-pale': '#4a2510',
  focus: '#7cc0ff',
  listen: '#173a57',
  'listen-edge': '#5ba3dc',
  established: '#12443a',
  'established-edge': '#45b894',
  wait: '#5a2c10',
  'wait-edge': '#f08b4f',
  other: '#333b44',
  'other-edge': '#8e99a5',
};

const properties = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, color]) => `--${name}: ${color};`)
    .join(' ');

const SHEET = `
:root { color-scheme: light dark; ${properties(LIGHT)} }
@media screen and (prefers-color-scheme: dark) { :root { ${properties(DARK)} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main, header, footer { max-width: 1340px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 24px; }
h1 { font-size: clamp(1.5rem, 4vw, 2.2rem); line-height: 1.2; margin: 4px 0 12px; max-width: 24em; text-wrap: balance; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 44px 0 8px; }
h3 { font-size: 1.05rem; line-height: 1.3; margin: 0; }
p { max-width: 46em; margin: 8px 0; }
code { font-family: ui-monospace, monospace; font-size: .92em; }
.muted, caption, figcaption, footer { color: var(--muted); }
.origin { margin: 0; color: var(--muted); font-size: .9rem; }
.ok { color: var(--good); font-weight: 700; }
.refused { color: var(--bad); font-weight: 700; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .92rem; }
caption { text-align: left; padding: 4px 0; }
th, td { text-align: left; padding: 5px 12px 5px 8px; border-bottom: 1px solid var(--rule); vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
details { margin-top: 8px; }
summary { cursor: pointer; padding: 4px 0; }
footer { padding-top: 32px; padding-bottom: 32px; font-size: .9rem; }
svg { display: block; width: 100%; height: auto; }
@media print {
  body { font-size: 11pt; }
  main, header, footer { max-width: none; padding-left: 0; padding-right: 0; }
  h2, h3, caption { break-after: avoid; }
  figure, tr, .card { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .scroll { overflow: visible; }
}`;

/** The style sheet of every page, and what a page adds to it. */
export function styleElement(more: string): Markup {
  return html`<style>
    ${new Markup(SHEET + more)}
  </style>`;
}

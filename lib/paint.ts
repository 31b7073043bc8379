/** Colours for a terminal. */
import { styleText } from 'node:util';

const STYLES = ['bold', 'dim', 'red', 'green', 'yellow'] as const;

/** How text is coloured: picocolors has these, for one. */
export type Paint = Readonly<Record<(typeof STYLES)[number], (text: string) => string>>;

/** No colours. */
export const PLAIN = /* @__PURE__ */ paintWith((_, text) => text);

/** The colours of a terminal. Newer versions of Node would leave them away by the output that a process has. */
export const COLORED = /* @__PURE__ */ paintWith((style, text) => styleText(style, text, { validateStream: false }));

function paintWith(paint: (style: (typeof STYLES)[number], text: string) => string): Paint {
  return Object.fromEntries(STYLES.map((style) => [style, (text: string) => paint(style, text)])) as Paint;
}
